/// Dots with lying intervals in rows, several series in each row, such as initializations in the strata of a test set.
public struct ForestPlot: FigureDescription {
  public struct Row: Sendable, Equatable {
    public let name: String
    /// One for each series; nil where there is none.
    public let values: [Estimate?]
    /// Written in a row without any value: `too few`.
    public let note: String?

    public init(_ name: String, values: [Estimate?], note: String? = nil) {
      self.name = name
      self.values = values
      self.note = note
    }
  }

  /// Rows that stand in one panel, from top to bottom.
  public struct Block: Sendable, Equatable {
    public let title: String
    public let rows: [Row]

    public init(title: String, rows: [Row]) {
      self.title = title
      self.rows = rows
    }
  }

  public let labels: FigureLabels
  public let axisTitle: String
  public let series: [String]
  public let blocks: [Block]
  /// What the intervals are, for a note.
  public let intervalMeaning: String
  public let columns: Int
  public let decimals: Int

  public init(
    labels: FigureLabels, axisTitle: String, series: [String], blocks: [Block], intervalMeaning: String, columns: Int = 2, decimals: Int = 2
  ) {
    self.labels = labels
    self.axisTitle = axisTitle
    self.series = series
    self.blocks = blocks.map { block in
      Block(
        title: block.title,
        rows: block.rows.map { row in Row(row.name, values: series.indices.map { $0 < row.values.count ? row.values[$0] : nil }, note: row.note) })
    }
    self.intervalMeaning = intervalMeaning
    self.columns = columns
    self.decimals = decimals
  }

  public func figure() -> Figure {
    let styles = labels.styles(series, Style.line)
    return Figure(
      kind: .forest, labels: labels, altText: altText, content: .panels(blocks.map { panel($0, styles) }, columns: columns),
      legend: series.map { LegendEntry($0, .marker, styles[$0] ?? Style(.ink), series: $0) },
      notes: blocks.contains { $0.rows.contains { $0.values.contains { $0?.above != nil } } } ? ["Lines: \(intervalMeaning)."] : [], data: data)
  }

  private func panel(_ block: Block, _ styles: [String: Style]) -> Panel {
    let spacing = Double(max(1, series.count)) + 1.2, count = block.rows.count
    // The first row is at the top, and within it the first series.
    func y(_ row: Int, _ place: Int) -> Double { Double(count - 1 - row) * spacing + Double(series.count - 1 - place) }
    func middle(_ row: Int) -> Double { Double(count - 1 - row) * spacing + Double(max(1, series.count) - 1) / 2 }
    let span = extent(blocks.flatMap { $0.rows.flatMap { $0.values.compactMap(\.self).flatMap { [$0.bottom, $0.top] } } }) ?? (0, 1)
    let margin = max(0.05 * (span.upper - span.lower), 1e-9)
    let (lower, upper) = (span.lower - margin, span.upper + margin)
    var layers: [Layer] = []
    // A line between rows: which dots belong together must not depend on distances alone.
    if count > 1 {
      layers.append(
        .lines((1..<count).map { row in [lower, upper].map { .init($0, Double(row) * spacing - 1.1) } }, style: Style(.grid), width: 1))
    }
    for (place, name) in series.enumerated() {
      let data = block.rows.enumerated().compactMap { row, one in
        one.values[place].map {
          Layer.Datum($0.value, y(row, place), below: $0.below, above: $0.above, hover: "\(one.name), \(name): \($0.text(decimals: decimals))")
        }
      }
      let style = styles[name] ?? Style(.ink)
      layers.append(Layer(.errors(data, isHorizontal: true), style: style, series: name))
      layers.append(Layer(.points(data.map { .init($0.x, $0.y, hover: $0.hover) }, size: 8), style: style, series: name))
    }
    layers.append(
      .text(
        block.rows.enumerated().compactMap { row, one in
          one.note.map { Layer.Label(place: .init(lower + margin, middle(row)), text: $0, side: .right, color: .muted) }
        }))
    return Panel(
      title: block.title, x: .numbers(lower, upper, title: axisTitle),
      y: Axis(
        lower: -1.1, upper: Double(count) * spacing - 1.1, ticks: block.rows.indices.map { .init(middle($0), block.rows[$0].name) }),
      layers: layers, height: max(180, 90 + Int(Double(count) * spacing * 15)), minimumWidth: 330)
  }

  private var altText: String {
    "Dots with intervals, \(axisTitle). "
      + blocks.map { block in
        let rows = block.rows.map { row in
          let values = series.indices.compactMap { place in row.values[place].map { "\(series[place]) \($0.text(decimals: decimals))" } }
          return "\(row.name): \(values.isEmpty ? row.note ?? "not measured" : values.joined(separator: ", "))"
        }
        return "\(block.title): \(rows.joined(separator: "; "))."
      }.joined(separator: " ")
  }

  private var data: ReportTable {
    var table = ReportTable(columns: [.init("Group"), .init("Row")] + series.map { .init($0, .right) }, headingColumns: 2)
    for block in blocks {
      for row in block.rows {
        table.append(
          [.init(block.title), .init(row.name)] + row.values.map { .init($0?.text(decimals: decimals) ?? row.note ?? ReportTable.notApplicable) })
      }
    }
    return table
  }
}
