internal import Foundations

/// A `key=value` from the command line that stands above the study file.
struct Override {
  let text: String
  let path: [String]
  let value: StudyNode

  init(_ text: String) throws {
    self.text = text
    guard let sign = text.firstIndex(of: "=") else {
      throw StudiesError.malformedOverride(text, reason: "it has no “=”")
    }
    path = text[..<sign].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard path.allSatisfy({ !$0.isEmpty && !$0.contains(" ") }) else {
      throw StudiesError.malformedOverride(text, reason: "“\(text[..<sign])” is not the path of a key")
    }
    value = try StudyNode.parse(String(text[text.index(after: sign)...]), file: "", override: text)
  }

  /// Puts the value into a study's tree. A key that no study has is found later, when the tree is read.
  func apply(to root: inout StudyNode) throws { try apply(to: &root, at: 0) }

  private func apply(to node: inout StudyNode, at depth: Int) throws {
    guard depth < path.count else {
      node = value
      return
    }
    var entries: [StudyNode.Entry]
    switch node.content {
    case .group(let existing): entries = existing
    case .plain where node.isNull: entries = []
    default:
      let parent = path[..<depth].joined(separator: ".")
      throw StudiesError.malformedOverride(text, reason: "\(parent) is \(node.kindInWords), which has no keys")
    }
    if let index = entries.firstIndex(where: { $0.key == path[depth] }) {
      try apply(to: &entries[index].value, at: depth + 1)
      // The whole value is new, so errors in it are the override's.
      if depth == path.count - 1 {
        entries[index] = StudyNode.Entry(key: path[depth], location: .override(text), value: entries[index].value)
      }
    } else {
      // Tasks and initializations are made in the file: a name that is not there is a slip of the pen.
      if depth == 1, let what = ["tasks": "task", "initializations": "initialization"][path[0]] {
        throw StudiesError.unknownName(path[1], what: what, valid: entries.map(\.key))
      }
      var made = StudyNode(content: .group([]), location: .override(text))
      try apply(to: &made, at: depth + 1)
      entries.append(StudyNode.Entry(key: path[depth], location: .override(text), value: made))
    }
    node.content = .group(entries)
  }
}
