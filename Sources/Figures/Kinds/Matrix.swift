/// A value for each pair, such as the p-values of all comparisons: the fuller the color, the stronger.
public struct Matrix: FigureDescription {
  public struct Cell: Sendable, Equatable {
    public let text: String
    /// In 0…1, how full of color the cell is.
    public let strength: Double

    public init(_ text: String, strength: Double) {
      self.text = text
      self.strength = min(1, max(0, strength.isFinite ? strength : 0))
    }

    /// A p-value in four shades: not significant, below 0.05, 0.01, 0.001.
    public static func pValue(_ value: Double) -> Cell {
      let passed = SignificanceMark.levels.prefix(3).count { value < $0 }
      return Cell(value < 0.001 ? "<.001" : fixed(value, 3), strength: Double(passed) / 3)
    }
  }

  public let labels: FigureLabels
  public let columns: [String]
  public let rows: [String]
  /// By rows; nil where a pair has no value.
  public let cells: [[Cell?]]
  public let meaning: String

  public init(labels: FigureLabels, columns: [String], rows: [String], cells: [[Cell?]], meaning: String) {
    self.labels = labels
    self.columns = columns
    self.rows = rows
    self.cells = rows.indices.map { row in
      columns.indices.map { row < cells.count && $0 < cells[row].count ? cells[row][$0] : nil }
    }
    self.meaning = meaning
  }

  public func figure() -> Figure {
    Figure(
      kind: .matrix, labels: labels, altText: "A matrix of \(rows.count) by \(columns.count) values: \(meaning)",
      content: .panels([panel], columns: 1), notes: [meaning], data: data)
  }

  private var panel: Panel {
    let all = cells.enumerated().flatMap { row, line in
      line.enumerated().map { column, cell in
        Layer.Cell(
          column: column, row: rows.count - 1 - row, text: cell?.text ?? "", strength: cell?.strength,
          hover: "\(rows[row]) – \(columns[column]): \(cell?.text ?? ReportTable.notApplicable)")
      }
    }
    return Panel(
      x: Axis(lower: -0.5, upper: Double(max(1, columns.count)) - 0.5, ticks: columns.enumerated().map { .init(Double($0), $1) }),
      y: Axis(
        lower: -0.5, upper: Double(max(1, rows.count)) - 0.5,
        ticks: rows.enumerated().map { .init(Double(rows.count - 1 - $0), $1) }),
      layers: [Layer(.cells(all), style: Style(.blue))], height: 140 + 30 * rows.count, minimumWidth: 200 + 52 * columns.count,
      maximumWidth: 260 + 110 * columns.count)
  }

  private var data: ReportTable {
    var table = ReportTable(columns: [.init("")] + columns.map { .init($0, .right) })
    for (row, name) in rows.enumerated() {
      table.append([.init(name)] + cells[row].map { .init($0?.text ?? ReportTable.notApplicable) })
    }
    return table
  }
}
