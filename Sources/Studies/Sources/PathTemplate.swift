/// A path made of a row's columns: `files/p{subject_id:2}/p{subject_id}/s{study_id}/{dicom_id}.jpg`, where `{column}` stands for the
/// column's text and `{column:2}` for its first two characters.
public struct PathTemplate: Hashable, Sendable {
  public enum Piece: Hashable, Sendable {
    case text(String)
    /// - Parameter length: how many characters from the front; nil for all.
    case column(String, length: Int?)
  }

  public let pieces: [Piece]

  /// - Returns: nil where braces do not pair, a column has no name, a length is not a whole number from 1, or there is no column.
  public init?(_ text: String) {
    var pieces = [Piece](), rest = Substring(text)
    while let open = rest.firstIndex(of: "{") {
      if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
      guard let close = rest[open...].firstIndex(of: "}") else { return nil }
      let words = rest[rest.index(after: open)..<close].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = words.first, !name.isEmpty, !name.contains("{") else { return nil }
      let length = words.count == 2 ? Int(words[1]) : nil
      if words.count == 2, length.map({ $0 < 1 }) ?? true { return nil }
      pieces.append(.column(String(name), length: length))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { pieces.append(.text(String(rest))) }
    self.pieces = pieces
    if columns.isEmpty || pieces.contains(where: { if case .text(let text) = $0 { text.contains("}") } else { false } }) { return nil }
  }

  /// The columns that it names.
  public var columns: [String] {
    pieces.compactMap { if case .column(let name, _) = $0 { name } else { nil } }
  }
}
