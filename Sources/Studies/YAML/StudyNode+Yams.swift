internal import Yams

extension StudyNode {
  /// Reads YAML text. `location` is nil for a file, whose lines then are the locations.
  static func parse(_ text: String, file: String, override: String? = nil) throws -> StudyNode {
    do {
      let fallback = override.map { Violation.Location.override($0) }
      guard let node = try Yams.compose(yaml: text) else {
        return StudyNode(content: .plain(""), location: fallback ?? .line(1))
      }
      return try convert(node, override: fallback, file: file)
    } catch let error as YamlError {
      let (line, reason) = describe(error)
      if let override { throw StudiesError.malformedOverride(override, reason: "its value is not valid YAML (\(reason))") }
      throw StudiesError.malformedYAML(file: file, line: line, reason: reason)
    }
  }

  private static func convert(_ node: Node, override: Violation.Location?, file: String) throws -> StudyNode {
    let location = override ?? .line(node.mark?.line ?? 1)
    switch node {
    case .scalar(let scalar):
      // A block scalar or a quoted one is text even where it looks like a number.
      let isPlain = scalar.style == .plain || scalar.style == .any
      return StudyNode(content: isPlain ? .plain(scalar.string) : .quoted(scalar.string), location: location)
    case .sequence(let sequence):
      return StudyNode(content: .list(try sequence.map { try convert($0, override: override, file: file) }), location: location)
    case .mapping(let mapping):
      let entries = try mapping.map { key, value in
        let keyLocation = override ?? .line(key.mark?.line ?? 1)
        guard case .scalar(let name) = key else {
          throw StudiesError.malformedYAML(file: file, line: key.mark?.line, reason: "a key is not a single word")
        }
        return Entry(key: name.string, location: keyLocation, value: try convert(value, override: override, file: file))
      }
      return StudyNode(content: .group(entries), location: location)
    case .alias:
      throw StudiesError.malformedYAML(file: file, line: node.mark?.line, reason: "an alias has no anchor")
    }
  }

  private static func describe(_ error: YamlError) -> (line: Int?, reason: String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
      (mark.line, problem)
    case .duplicatedKeysInMapping(let duplicates, let context):
      (context.mark.line, "the key “\(duplicates.sorted().joined(separator: "”, “"))” is there twice in the group that starts there")
    case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem), .representer(let problem):
      (nil, problem)
    case .no, .memory, .dataCouldNotBeDecoded:
      (nil, "it cannot be read")
    }
  }
}
