/// A value of a study file before its meaning is known, with the place where it was written.
struct StudyNode {
  enum Content {
    /// Text without quotes, which may be a number, a truth value or nothing.
    case plain(String)
    /// Text in quotes, which is only ever text.
    case quoted(String)
    case list([StudyNode])
    case group([Entry])
  }

  struct Entry {
    let key: String
    /// Where the key itself was written.
    let location: Violation.Location
    var value: StudyNode
  }

  var content: Content
  var location: Violation.Location

  /// What a person calls this kind of value.
  var kindInWords: String {
    switch content {
    case .plain where isNull: "nothing"
    case .plain(let text), .quoted(let text): "“\(text)”"
    case .list: "a list"
    case .group: "a group of keys"
    }
  }

  /// The text of a scalar, quoted or not.
  var text: String? {
    switch content {
    case .plain(let text): isNull ? nil : text
    case .quoted(let text): text
    case .list, .group: nil
    }
  }

  var isNull: Bool {
    if case .plain(let text) = content { return ["", "~", "null"].contains(text) }
    return false
  }

  var integer: Int? {
    if case .plain(let text) = content { return Int(text) }
    return nil
  }

  var number: Double? {
    if case .plain(let text) = content, let number = Double(text), number.isFinite { return number }
    return nil
  }

  var truth: Bool? {
    if case .plain(let text) = content { return Bool(text) }
    return nil
  }

  /// Where every key below this node was written, by dotted path.
  func locations(below path: String = "") -> [String: Violation.Location] {
    guard case .group(let entries) = content else { return [:] }
    var found = [String: Violation.Location]()
    for entry in entries {
      let entryPath = path.isEmpty ? entry.key : "\(path).\(entry.key)"
      found[entryPath] = entry.location
      found.merge(entry.value.locations(below: entryPath)) { first, _ in first }
    }
    return found
  }
}
