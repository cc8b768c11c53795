internal import Foundations

/// A node with its path, which reads it as one type or notes why it cannot.
struct NodeReader {
  let node: StudyNode
  let path: String
  let diagnostics: Diagnostics

  private var subject: String { path.isEmpty ? "The study" : "\(path)" }

  func fail(expected: String, remedy: String) {
    diagnostics.add(path, node.location, problem: "\(subject) is \(node.kindInWords), not \(expected).", remedy: remedy)
  }

  func string() -> String? {
    if let text = node.text { return text }
    fail(expected: "a text", remedy: "Give it one value.")
    return nil
  }

  func integer() -> Int? {
    if let integer = node.integer { return integer }
    fail(expected: "a whole number", remedy: "Write it in digits, such as 3.")
    return nil
  }

  func number() -> Double? {
    if let number = node.number { return number }
    fail(expected: "a number", remedy: "Write it as in 0.001 or 1e-3.")
    return nil
  }

  func truth() -> Bool? {
    if let truth = node.truth { return truth }
    fail(expected: "true or false", remedy: "Write true or false.")
    return nil
  }

  func choice<Choice: RawRepresentable & CaseIterable>(_: Choice.Type) -> Choice? where Choice.RawValue == String {
    choice(among: Choice.allCases.map(\.rawValue)).flatMap(Choice.init(rawValue:))
  }

  /// One of a few words.
  func choice(among names: [String]) -> String? {
    if let text = node.text, names.contains(text) { return text }
    let remedy = node.text.map { suggestion(for: $0, in: names) } ?? "Choose one of: \(names.joined(separator: ", "))."
    diagnostics.add(path, node.location, problem: "\(subject) cannot be \(node.kindInWords).", remedy: remedy)
    return nil
  }

  func list() -> [NodeReader]? {
    if case .list(let nodes) = node.content {
      return nodes.map { NodeReader(node: $0, path: path, diagnostics: diagnostics) }
    }
    fail(expected: "a list", remedy: "Write it in brackets, such as [a, b].")
    return nil
  }

  func strings() -> [String]? {
    guard let readers = list() else { return nil }
    let texts = readers.compactMap { $0.string() }
    return texts.count == readers.count ? texts : nil
  }

  /// A list of some of a few words.
  func choices<Choice: RawRepresentable & CaseIterable>(_ type: Choice.Type) -> [Choice]? where Choice.RawValue == String {
    guard let readers = list() else { return nil }
    let found = readers.compactMap { $0.choice(type) }
    return found.count == readers.count ? found : nil
  }

  func numbers() -> [Double]? {
    guard let readers = list() else { return nil }
    let numbers = readers.compactMap { $0.number() }
    return numbers.count == readers.count ? numbers : nil
  }

  /// The keys of a group; those that are not among `known` are noted.
  func group(known: [String], of what: String? = nil) -> GroupReader? {
    guard case .group(let entries) = node.content else {
      fail(expected: "a group of keys", remedy: "Give it keys, such as \(known.prefix(2).joined(separator: " and ")).")
      return nil
    }
    for entry in entries where !known.contains(entry.key) {
      diagnostics.addUnknownKey(
        path.isEmpty ? entry.key : "\(path).\(entry.key)", entry.location,
        problem: "There is no key “\(entry.key)” in \(path.isEmpty ? "a study" : path).",
        remedy: suggestion(for: entry.key, in: known))
    }
    return GroupReader(reader: self, entries: entries)
  }

  /// The entries of a group whose keys are names of the user's own.
  func namedEntries() -> [(name: String, reader: NodeReader)]? {
    guard case .group(let entries) = node.content else {
      fail(expected: "a group of names", remedy: "Give each a name and a colon.")
      return nil
    }
    return entries.map { ($0.key, NodeReader(node: $0.value, path: "\(path).\($0.key)", diagnostics: diagnostics)) }
  }
}

/// The keys of a group, read one by one.
struct GroupReader {
  let reader: NodeReader
  let entries: [StudyNode.Entry]

  subscript(key: String) -> NodeReader? {
    guard let entry = entries.first(where: { $0.key == key }) else { return nil }
    let path = reader.path.isEmpty ? key : "\(reader.path).\(key)"
    return NodeReader(node: entry.value, path: path, diagnostics: reader.diagnostics)
  }

  /// A key that must be there.
  func required(_ key: String) -> NodeReader? {
    if let found = self[key] { return found }
    let subject = reader.path.isEmpty ? "The study" : reader.path
    reader.diagnostics.add(
      reader.path.isEmpty ? key : "\(reader.path).\(key)", reader.node.location, problem: "\(subject) has no “\(key)”.",
      remedy: "Add the key “\(key)”.")
    return nil
  }

  /// Reads a key that is there into a value that has a default.
  func read<Value>(_ key: String, into value: inout Value, _ body: (NodeReader) -> Value?) {
    if let found = self[key], let read = body(found) { value = read }
  }

  /// Reads a key that is there into a value that may be nothing; `null` takes a default away.
  func read<Value>(_ key: String, into value: inout Value?, _ body: (NodeReader) -> Value?) {
    guard let found = self[key] else { return }
    if found.node.isNull {
      value = nil
    } else if let read = body(found) {
      value = read
    }
  }
}
