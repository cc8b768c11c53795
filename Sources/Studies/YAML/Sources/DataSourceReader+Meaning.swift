internal import Foundation

/// What a study says of the levels of its masks.
extension DataSourceReader {
  /// - Parameter labels: the key of the labels, which a manifest uses for something else.
  func readMeaning(_ group: GroupReader, labels: String, into meaning: inout MaskMeaning) {
    let isAutomatic = meaning.isAutomatic
    group.read("threshold", into: &meaning.threshold, threshold)
    group.read(labels, into: &meaning.labels, self.labels)
    group.read("object", into: &meaning.object) { $0.strings() }
    group.read("ignore", into: &meaning.ignore, levels)
    group.read("color", into: &meaning.color, color)
    // What a built-in task says of its levels is not meant of files that number their classes or are colored.
    if !isAutomatic, group["threshold"] == nil, group[labels] != nil || group["color"] != nil { meaning.threshold = .automatic }
  }

  /// `automatic`, `nonZero`, `alpha`, or the highest level that is background.
  private func threshold(_ reader: NodeReader) -> MaskThreshold? {
    if let level = reader.node.integer {
      if (0...65535).contains(level) { return .above(level) }
      reader.fail(expected: "a level from 0 to 65535", remedy: "Give the highest level that is background, such as 127.")
      return nil
    }
    if let number = reader.node.number, number.isFinite { return .aboveNumber(number) }
    return reader.choice(among: ["automatic", "nonZero", "alpha"]).map { $0 == "nonZero" ? .nonZero : $0 == "alpha" ? .alpha : .automatic }
  }

  /// `{lung: 1, heart: [2, 3]}`
  private func labels(_ reader: NodeReader) -> [String: [Int]]? {
    guard let entries = reader.namedEntries() else { return nil }
    var labels = [String: [Int]]()
    for (name, reader) in entries {
      guard let levels = levels(reader) else { return nil }
      labels[name] = levels
    }
    return labels
  }

  /// `255`, or `[254, 255]`
  func levels(_ reader: NodeReader) -> [Int]? {
    if reader.node.isNull { return [] }
    let readers: [NodeReader]
    if case .list = reader.node.content { readers = reader.list() ?? [] } else { readers = [reader] }
    let levels = readers.compactMap { $0.node.integer }.filter { (0...65535).contains($0) }
    if !levels.isEmpty, levels.count == readers.count { return levels }
    reader.fail(expected: "a level from 0 to 65535, or several", remedy: "Give the levels as in 255 or [254, 255].")
    return nil
  }

  /// `'#ff0000'`, or `[255, 0, 0]`
  private func color(_ reader: NodeReader) -> Int? {
    if case .list = reader.node.content, let readers = reader.list() {
      let channels = readers.compactMap { $0.node.integer }.filter { (0...255).contains($0) }
      if channels.count == 3, readers.count == 3 { return channels.reduce(0) { $0 << 8 | $1 } }
    } else if let text = reader.node.text, text.count == 7, text.hasPrefix("#"), let color = Int(text.dropFirst(), radix: 16) {
      return color
    }
    reader.fail(expected: "a color", remedy: "Write red as '#ff0000', with the quotes, or as [255, 0, 0].")
    return nil
  }
}
