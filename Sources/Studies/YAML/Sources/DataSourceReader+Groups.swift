extension DataSourceReader {
  private static let groupKeys = ["column", "name", "yearsSince", "bands"]

  /// `[Sex, "Age:0-40-65-120", {column: BirthYear, …}]`
  func groupColumns(_ reader: NodeReader) -> [GroupColumn]? {
    reader.list()?.compactMap(groupColumn)
  }

  private func groupColumn(_ reader: NodeReader) -> GroupColumn? {
    if case .group = reader.node.content { return spelledGroup(reader) }
    guard let text = reader.string() else { return nil }
    guard let colon = text.lastIndex(of: ":") else { return GroupColumn(text) }
    let column = String(text[..<colon]), words = text[text.index(after: colon)...].split(separator: "-", omittingEmptySubsequences: false)
    let bands = words.compactMap { Double($0) }
    guard !column.isEmpty, bands.count == words.count, bands.allSatisfy(\.isFinite) else {
      // The other groups are judged all the same, so that all that is wrong is said at once.
      reader.diagnostics.addUnknownKey(
        reader.path, reader.node.location, problem: "The bands of the group “\(text)” cannot be read.",
        remedy: "Write a column, a colon and rising bounds with hyphens between them, such as \"Age:0-40-65-120\"; "
          + "a column with a colon in its name is written {column: \"\(text)\"}.")
      return nil
    }
    return GroupColumn(column, bands: bands)
  }

  private func spelledGroup(_ reader: NodeReader) -> GroupColumn? {
    guard let group = reader.group(known: Self.groupKeys), let column = group.required("column")?.string() else { return nil }
    var read = GroupColumn(column)
    group.read("name", into: &read.name) { $0.string() }
    group.read("yearsSince", into: &read.yearsSince) { $0.string() }
    group.read("bands", into: &read.bands) { $0.numbers() }
    return read
  }

  /// The keys of a source that has no table for groups, without those for groups, which are refused in words of their own.
  func refusingGroups(_ reader: NodeReader, of kind: String) -> NodeReader {
    guard case .group(let entries) = reader.node.content, let entry = entries.first(where: { $0.key == "groupColumns" }) else {
      return reader
    }
    let reason = kind == "sliceTable" ? "groups are read from a manifest's table alone" : "it has no table with a row an image"
    reader.diagnostics.addUnknownKey(
      "\(reader.path).groupColumns", entry.location, problem: "\(reader.path) cannot have groupColumns: \(reason).",
      remedy: "Remove the key, or give the images as a manifest with a column for each group.")
    let rest = StudyNode(content: .group(entries.filter { $0.key != entry.key }), location: reader.node.location)
    return NodeReader(node: rest, path: reader.path, diagnostics: reader.diagnostics)
  }
}
