internal import Foundation
internal import Foundations

/// Results by the amount of training images, which is to scale, and from each result the horizontal way to the reference's curve: how many
/// images the reference needs to do as well.
public struct AmountCurves: FigureDescription {
  public struct Curve: Sendable, Equatable {
    public let name: String
    /// Shares of the training images, rising.
    public let fractions: [Double]
    public let values: [Estimate]
    /// Where the line runs, if not through the values: the nearest curve that never falls.
    public let fitted: [Double]?

    public init(_ name: String, fractions: [Double], values: [Estimate], fitted: [Double]? = nil) {
      self.name = name
      let count = min(fractions.count, values.count)
      self.fractions = Array(fractions.prefix(count))
      self.values = Array(values.prefix(count))
      self.fitted = fitted.map { Array($0.prefix(count)) }
    }
  }

  /// From one result to the reference's curve.
  public struct Way: Sendable, Equatable {
    public let name: String
    public let value: Double
    public let from: Double
    /// Nil where the curve is not reached.
    public let to: Double?
    /// Written on it: `57 %`.
    public let label: String

    public init(_ name: String, value: Double, from: Double, to: Double?, label: String) {
      (self.name, self.value, self.from, self.to, self.label) = (name, value, from, to, label)
    }
  }

  public struct Task: Sendable, Equatable {
    public let title: String
    public let axisTitle: String
    public let curves: [Curve]
    public let ways: [Way]

    public init(title: String, axisTitle: String, curves: [Curve], ways: [Way]) {
      (self.title, self.axisTitle, self.curves, self.ways) = (title, axisTitle, curves, ways)
    }
  }

  public let labels: FigureLabels
  public let tasks: [Task]
  /// What the error bars are, for the legend's note.
  public let errorMeaning: String
  public let columns: Int
  public let decimals: Int

  public init(labels: FigureLabels, tasks: [Task], errorMeaning: String, columns: Int = 2, decimals: Int = 2) {
    (self.labels, self.tasks, self.errorMeaning, self.columns, self.decimals) = (labels, tasks, errorMeaning, columns, decimals)
  }

  public func figure() -> Figure {
    let names = distinct(tasks.flatMap { $0.curves.map(\.name) }), styles = labels.styles(names, Style.line)
    return Figure(
      kind: .amountCurves, labels: labels, altText: altText,
      content: .panels(tasks.map { panel($0, styles: styles) }, columns: columns),
      legend: names.map { LegendEntry($0, .lineAndMarker, styles[$0] ?? Style(.ink), series: $0) },
      notes: [
        "Error bars are \(errorMeaning). Dashed: from a result to the reference's curve, with the share of the training images that the reference needs there.",
        "The horizontal axis is logarithmic.",
      ], data: data)
  }

  private func panel(_ task: Task, styles: [String: Style]) -> Panel {
    let fractions = Set(task.curves.flatMap(\.fractions)).sorted()
    let across = extent(fractions.map { log10($0) }) ?? (-1, 0)
    let span = extent(task.curves.flatMap { $0.values.flatMap { [$0.bottom, $0.top] } }) ?? (0, 1)
    // Beyond the last amount there is room for the words of a way that does not end.
    let isOpen = task.ways.contains { $0.to == nil }
    let margin = max(0.06 * (span.upper - span.lower), 1e-9), right = across.upper + (isOpen ? 0.32 : 0.08) * max(0.1, across.upper - across.lower)
    var layers: [Layer] = []
    for curve in task.curves {
      let style = styles[curve.name] ?? Style(.ink), places = curve.fractions.map { log10($0) }
      let heights = curve.fitted ?? curve.values.map(\.value)
      layers.append(.lines([zip(places, heights).map { .init($0, $1) }], style: style, width: 2, series: curve.name))
      let points = curve.values.enumerated().map { index, value in
        Layer.Datum(
          places[index], value.value, below: value.below, above: value.above,
          hover: "\(curve.name), \(Self.percent(curve.fractions[index])): \(value.text(decimals: decimals))")
      }
      layers.append(Layer(.points(points, size: 8), style: style, series: curve.name))
    }
    for way in task.ways {
      var style = styles[way.name] ?? Style(.ink)
      style.dash = .dashed
      let end = way.to.map { log10($0) } ?? right
      layers.append(.lines([[.init(log10(way.from), way.value), .init(end, way.value)]], style: style, width: 1.5, series: way.name))
      layers.append(
        .text([.init(place: .init((log10(way.from) + end) / 2, way.value), text: way.label, side: .above, isBold: true, hasBackground: true)], series: way.name))
    }
    var x = Axis(title: "Training images", lower: across.lower - 0.04 * max(0.1, right - across.lower), upper: right)
    x.ticks = Self.apart(fractions.map { .init(log10($0), Self.percent($0)) }, by: 0.07 * (right - across.lower))
    x.hasGrid = true
    return Panel(
      title: task.title, x: x, y: .numbers(span.lower - margin, span.upper + margin, title: task.axisTitle), layers: layers, height: 340,
      minimumWidth: 380)
  }

  /// Ticks that do not touch, the last one always among them.
  private static func apart(_ ticks: [Axis.Tick], by distance: Double) -> [Axis.Tick] {
    var kept: [Axis.Tick] = []
    for tick in ticks.reversed() where kept.last.map({ $0.place - tick.place >= distance }) ?? true { kept.append(tick) }
    return kept.reversed()
  }

  private static func percent(_ fraction: Double) -> String { String(format: "%.6g %%", 100 * fraction) }

  private var altText: String {
    "Curves over the amount of training images. "
      + tasks.map { task in
        "\(task.title): "
          + task.ways.map { "what \($0.name) reaches with \(Self.percent($0.from)) costs the reference \($0.label)" }.joined(separator: "; ") + "."
      }.joined(separator: " ")
  }

  private var data: ReportTable {
    var table = ReportTable(
      columns: [.init("Task"), .init("Initialization"), .init("Training images", .right), .init("Value", .right), .init("The reference needs", .right)],
      headingColumns: 2)
    for task in tasks {
      for curve in task.curves {
        for (fraction, value) in zip(curve.fractions, curve.values) {
          let way = task.ways.first { $0.name == curve.name && $0.from == fraction }
          table.append([
            .init(task.title), .init(curve.name), .init(Self.percent(fraction)), .init(value.text(decimals: decimals)),
            .init(way?.label ?? ""),
          ])
        }
      }
    }
    return table
  }
}
