internal import Foundations

/// Numbered dots in the colors and shapes of their families, on one or several tasks, with a line for the baseline. Where the labels have an
/// order, a dot has the color of its name in all figures, and its shape alone says the family.
public struct DotPlot: FigureDescription {
  public struct Item: Sendable, Equatable {
    public let name: String
    public let family: String

    public init(_ name: String, family: String) {
      self.name = name
      self.family = family
    }
  }

  public struct Task: Sendable, Equatable {
    public let title: String
    public let axisTitle: String
    public let baseline: Double?
    /// One for each item; nil where there is none.
    public let values: [Estimate?]

    public init(title: String, axisTitle: String, baseline: Double?, values: [Estimate?]) {
      self.title = title
      self.axisTitle = axisTitle
      self.baseline = baseline
      self.values = values
    }
  }

  public let labels: FigureLabels
  public let baselineName: String
  public let items: [Item]
  public let tasks: [Task]
  public let columns: Int
  public let decimals: Int

  public init(labels: FigureLabels, baselineName: String, items: [Item], tasks: [Task], columns: Int = 2, decimals: Int = 2) {
    self.labels = labels
    self.baselineName = baselineName
    self.items = items
    self.tasks = tasks.map { task in
      Task(
        title: task.title, axisTitle: task.axisTitle, baseline: task.baseline,
        values: items.indices.map { $0 < task.values.count ? task.values[$0] : nil })
    }
    self.columns = columns
    self.decimals = decimals
  }

  private static let baselineStyle = Style(.vermillion, dash: .dashed)

  public func figure() -> Figure {
    let families = distinct(items.map(\.family))
    let styles = Dictionary(uniqueKeysWithValues: families.enumerated().map { ($1, Self.style($0)) })
    var legend =
      tasks.contains { $0.baseline != nil }
      ? [LegendEntry(baselineName, .line, baselineStyle, series: baselineName)] : []
    for family in families {
      let members = items.enumerated().filter { $1.family == family }.map { "\($0 + 1) \($1.name)" }
      legend.append(
        LegendEntry("\(family): \(members.joined(separator: ", "))", .marker, shape(family, styles), series: family))
    }
    return Figure(
      kind: .dotPlot, labels: labels, altText: altText,
      content: .panels(tasks.map { panel($0, families: families, styles: styles) }, columns: columns), legend: legend, data: data)
  }

  /// By name; empty where colors are those of the families.
  private var colors: [String: Color] {
    labels.order.isEmpty ? [:] : labels.styles(items.map(\.name) + [baselineName], Style.line).mapValues(\.color)
  }

  private var baselineStyle: Style { colors[baselineName].map { Style($0, dash: .dashed) } ?? Self.baselineStyle }

  /// How a legend shows a family: in no dot's color, where colors are of single dots.
  private func shape(_ family: String, _ styles: [String: Style]) -> Style {
    var style = styles[family] ?? Style(.ink)
    if !labels.order.isEmpty { style.color = .muted }
    return style
  }

  /// Vermillion is the baseline's, so families go without it.
  private static func style(_ index: Int) -> Style {
    let colors: [Color] = [.blue, .orange, .green, .purple, .skyBlue, .yellow, .ink, .neutral]
    let markers = Style.Marker.allCases
    return Style(colors[index % colors.count], marker: markers[(index + index / colors.count) % markers.count])
  }

  private func panel(_ task: Task, families: [String], styles: [String: Style]) -> Panel {
    let span =
      extent(task.values.compactMap(\.self).flatMap { [$0.bottom, $0.top] } + (task.baseline.map { [$0] } ?? [])) ?? (0, 1)
    let margin = max(0.07 * (span.upper - span.lower), 1e-9)
    let right = Double(max(1, items.count)) - 0.4
    var layers = [Layer]()
    if let baseline = task.baseline {
      layers.append(
        .lines([[.init(-0.6, baseline), .init(right, baseline)]], style: baselineStyle, width: 2, series: baselineName))
    }
    let colors = self.colors
    for family in families {
      let style = styles[family] ?? Style(.ink)
      let data = items.indices.filter { items[$0].family == family }.compactMap { index in
        task.values[index].map {
          (
            name: items[index].name,
            datum: Layer.Datum(
              Double(index), $0.value, below: $0.below, above: $0.above,
              hover: "\(index + 1) \(items[index].name) (\(family)): \($0.text(decimals: decimals))")
          )
        }
      }
      if colors.isEmpty {
        layers.append(Layer(.points(data.map(\.datum), size: 9), style: style, series: family))
      } else {
        for one in data {
          layers.append(Layer(.points([one.datum], size: 9), style: Style(colors[one.name] ?? style.color, marker: style.marker), series: family))
        }
      }
    }
    var x = Axis(lower: -0.6, upper: right, ticks: items.indices.map { .init(Double($0), String($0 + 1)) })
    x.hasGrid = true
    return Panel(
      title: task.title, x: x, y: .numbers(span.lower - margin, span.upper + margin, title: task.axisTitle), layers: layers,
      height: 280, minimumWidth: max(300, 80 + items.count * 22))
  }

  private var altText: String {
    "Dots of \(items.count) initializations. "
      + tasks.map { task in
        let known = items.indices.compactMap { index in task.values[index].map { (items[index].name, $0) } }
        let best =
          known.max { $0.1.value < $1.1.value }.map { "the highest is \($0.0) with \($0.1.text(decimals: decimals))" }
          ?? "no values"
        let line = task.baseline.map { baseline in
          "; \(known.count { $0.1.value > baseline }) are above \(baselineName) (\(fixed(baseline, decimals)))"
        }
        return "\(task.title): \(best)\(line ?? "")."
      }.joined(separator: " ")
  }

  private var data: ReportTable {
    var table = ReportTable(
      columns: [.init("#", .right), .init("Initialization"), .init("Family")] + tasks.map { .init($0.title, .right) })
    if tasks.contains(where: { $0.baseline != nil }) {
      table.append(
        ["", .init(baselineName), ""] + tasks.map { .init($0.baseline.map { fixed($0, decimals) } ?? ReportTable.notApplicable) })
    }
    for (index, item) in items.enumerated() {
      table.append(
        [.init(String(index + 1)), .init(item.name), .init(item.family)]
          + tasks.map { .init($0.values[index]?.text(decimals: decimals) ?? ReportTable.notApplicable) })
    }
    return table
  }
}
