internal import Foundations

/// A table as it is published: text, the best in bold, what is equivalent to the best shaded, notes under it.
///
/// `html`, `markdown()`, `csv()` and `latex()` render the same content; `Foundations.Table` is the one for the terminal.
public struct ReportTable: Sendable, Equatable {
  public enum Alignment: Sendable { case left, center, right }

  public struct Column: Sendable, Equatable {
    public let title: String
    public let alignment: Alignment

    public init(_ title: String, _ alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }

  public struct Cell: Sendable, Equatable, ExpressibleByStringLiteral {
    public var text: String
    public var isBold: Bool
    public var isShaded: Bool
    /// Said under the table, with a letter in the cell. The same note has the same letter everywhere.
    public var note: String?

    public init(_ text: String, isBold: Bool = false, isShaded: Bool = false, note: String? = nil) {
      self.text = text
      self.isBold = isBold
      self.isShaded = isShaded
      self.note = note
    }

    public init(stringLiteral text: String) { self.init(text) }
  }

  /// What a cell says where pre-training and target coincide, or nothing can be computed.
  public static let notApplicable = "–"

  public var title: String
  /// Names the test, its sidedness, n and the correction.
  public var caption: String
  /// The key by which LaTeX refers to it: letters, digits and hyphens.
  public var label: String
  public let columns: [Column]
  public private(set) var rows: [[Cell]] = []
  /// How many columns at the left name their row.
  public var headingColumns: Int
  /// What bold and shaded mean, for a legend and for those who hear the table.
  public var boldMeaning: String
  public var shadedMeaning: String
  public var notes: [String]

  public init(
    title: String = "", caption: String = "", label: String = "", columns: [Column], headingColumns: Int = 1,
    boldMeaning: String = "best", shadedMeaning: String = "statistically equivalent to the best", notes: [String] = []
  ) {
    self.title = title
    self.caption = caption
    self.label = label
    self.columns = columns
    self.headingColumns = headingColumns
    self.boldMeaning = boldMeaning
    self.shadedMeaning = shadedMeaning
    self.notes = notes
  }

  /// Adds a row; missing cells are empty, surplus cells are dropped.
  public mutating func append(_ row: [Cell]) {
    rows.append(columns.indices.map { $0 < row.count ? row[$0] : Cell("") })
  }

  /// The notes of cells in the order of their first use, each with its letter: a … z, aa …
  public var lettered: [(letter: String, note: String)] {
    var notes = [String]()
    var seen: Set<String> = []
    for row in rows { for cell in row { if let note = cell.note, seen.insert(note).inserted { notes.append(note) } } }
    return notes.enumerated().map { (Self.letter($0), $1) }
  }

  private static func letter(_ index: Int) -> String {
    let last = String(Character(UnicodeScalar(UInt8(ascii: "a") + UInt8(index % 26))))
    return index < 26 ? last : letter(index / 26 - 1) + last
  }

  /// The meanings of bold and shaded where they occur.
  public var legend: (bold: String?, shaded: String?) {
    let hasBold = rows.contains { $0.contains(where: \.isBold) }
    let hasShaded = rows.contains { $0.contains(where: \.isShaded) }
    return (hasBold ? boldMeaning : nil, hasShaded ? shadedMeaning : nil)
  }

  /// The plain texts, header first.
  public func csv() -> String { CSV.encode([columns.map(\.title)] + rows.map { $0.map(\.text) }) }
}
