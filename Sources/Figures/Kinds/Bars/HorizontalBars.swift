internal import Foundations

/// Lying bars with error bars, in groups from top to bottom (such as tasks by their amount of data), one panel for each class of
/// models, with the difference that matters written beside each group.
public struct HorizontalBars: FigureDescription {
  public struct Group: Sendable, Equatable {
    public let name: String
    /// One for each series of its panel; nil where there is none.
    public let bars: [Estimate?]
    /// Written beside the group: `+3.7`.
    public let difference: String?

    public init(_ name: String, bars: [Estimate?], difference: String? = nil) {
      self.name = name
      self.bars = bars
      self.difference = difference
    }
  }

  public struct Class: Sendable, Equatable {
    public let title: String
    public let series: [String]
    public let groups: [Group]

    public init(title: String, series: [String], groups: [Group]) {
      self.title = title
      self.series = series
      self.groups = groups.map { group in
        Group(group.name, bars: series.indices.map { $0 < group.bars.count ? group.bars[$0] : nil }, difference: group.difference)
      }
    }
  }

  public let labels: FigureLabels
  public let axisTitle: String
  public let classes: [Class]
  /// What the written differences are: `ConvNeXt minus Swin`.
  public let differenceMeaning: String?
  public let columns: Int
  public let decimals: Int

  public init(
    labels: FigureLabels, axisTitle: String, classes: [Class], differenceMeaning: String? = nil, columns: Int = 2,
    decimals: Int = 2
  ) {
    self.labels = labels
    self.axisTitle = axisTitle
    self.classes = classes
    self.differenceMeaning = differenceMeaning
    self.columns = columns
    self.decimals = decimals
  }

  public func figure() -> Figure {
    let panels = classes.map(panel)
    return Figure(
      kind: .horizontalBars, labels: labels, altText: altText, content: .panels(panels, columns: columns),
      // The same place in every class has the same look and one entry.
      legend: (0..<(classes.map(\.series.count).max() ?? 0)).map { place in
        let names = distinct(classes.compactMap { $0.series.indices.contains(place) ? $0.series[place] : nil })
        return LegendEntry(names.joined(separator: ", "), .bar, style(place), series: key(place))
      },
      notes: (differenceMeaning.map { ["The number at the right of a group is \($0)."] } ?? [])
        + (panels.contains { $0.x.lower > 0 }
          ? ["The horizontal axis does not begin at zero: compare the ends of the bars."] : []),
      data: data)
  }

  private func style(_ place: Int) -> Style { .bar(place + 1) }
  private func key(_ place: Int) -> String { "series \(place + 1)" }

  private func panel(_ value: Class) -> Panel {
    let spacing = Double(value.series.count) + 0.8
    let count = value.groups.count
    // The first group is at the top, and within it the first series.
    func y(_ group: Int, _ series: Int) -> Double {
      Double(count - 1 - group) * spacing + Double(value.series.count - 1 - series)
    }
    let all = classes.flatMap { $0.groups.flatMap { $0.bars.compactMap(\.self) } }
    let span = extent(all.flatMap { [$0.bottom, $0.top] }) ?? (0, 1)
    let lower = lowerEnd(span)
    let hasDifferences = value.groups.contains { $0.difference != nil }
    let upper = span.upper + (hasDifferences ? 0.22 : 0.03) * (span.upper - lower)
    var layers = value.series.indices.map { index in
      Layer(
        .bars(
          value.groups.enumerated().compactMap { group, one in
            one.bars[index].map {
              Layer.Datum(
                $0.value, y(group, index), below: $0.below, above: $0.above,
                hover: "\(one.name), \(value.series[index]): \($0.text(decimals: decimals))")
            }
          }, width: 0.85, isHorizontal: true),
        style: style(index), series: key(index))
    }
    layers.append(
      .text(
        value.groups.enumerated().compactMap { group, one in
          one.difference.map { text in
            let top = extent(one.bars.compactMap { $0?.top })?.upper ?? lower
            let middle = y(group, 0) - Double(value.series.count - 1) / 2
            return Layer.Label(
              place: .init(top + 0.02 * (upper - lower), middle), text: text.replacingMinus, side: .right, size: 12, isBold: true,
              color: .vermillion)
          }
        }))
    return Panel(
      title: value.title, x: .numbers(lower, upper, title: axisTitle),
      y: Axis(
        lower: -0.9, upper: Double(count) * spacing - 0.9,
        ticks: value.groups.indices.map { .init(y($0, 0) - Double(value.series.count - 1) / 2, value.groups[$0].name) }),
      layers: layers, height: max(220, 90 + Int(Double(count) * spacing * 19)), minimumWidth: 380)
  }

  private var altText: String {
    "Lying bars with error bars, \(axisTitle). "
      + classes.map { value in
        let groups = value.groups.map { group in
          let bars = value.series.indices.map {
            "\(value.series[$0]) \(group.bars[$0]?.text(decimals: decimals) ?? "not measured")"
          }
          return "\(group.name): \(bars.joined(separator: ", "))" + (group.difference.map { " (\($0))" } ?? "")
        }
        return "\(value.title): \(groups.joined(separator: "; "))."
      }.joined(separator: " ")
  }

  private var data: ReportTable {
    let hasDifferences = classes.contains { $0.groups.contains { $0.difference != nil } }
    var table = ReportTable(
      columns: [.init("Class"), .init("Group"), .init("Series"), .init("Value", .right)]
        + (hasDifferences ? [.init("Difference of the group", .right)] : []))
    for value in classes {
      for group in value.groups {
        for (index, name) in value.series.enumerated() {
          table.append([
            .init(value.title), .init(group.name), .init(name),
            .init(group.bars[index]?.text(decimals: decimals) ?? ReportTable.notApplicable), .init(group.difference ?? ""),
          ])
        }
      }
    }
    return table
  }
}
