internal import Foundations

/// Sensitivity by false-positive rate, with a band where one is known, and the line of chance.
public struct ReceiverOperating: FigureDescription {
  public struct Curve: Sendable, Equatable {
    public let name: String
    /// The area under it, for the legend.
    public let area: Estimate?
    /// From (0, 0) to (1, 1).
    public let falsePositiveRates: [Double]
    /// One for each false-positive rate; the error is the band's half width.
    public let sensitivities: [Estimate]

    public init(_ name: String, area: Estimate?, falsePositiveRates: [Double], sensitivities: [Estimate]) {
      self.name = name
      self.area = area
      let count = min(falsePositiveRates.count, sensitivities.count)
      self.falsePositiveRates = Array(falsePositiveRates.prefix(count))
      self.sensitivities = Array(sensitivities.prefix(count))
    }
  }

  public struct Task: Sendable, Equatable {
    public let title: String
    public let curves: [Curve]

    public init(title: String, curves: [Curve]) {
      self.title = title
      self.curves = curves
    }
  }

  public let labels: FigureLabels
  public let tasks: [Task]
  public let bandMeaning: String?
  public let columns: Int

  public init(labels: FigureLabels, tasks: [Task], bandMeaning: String? = nil, columns: Int = 2) {
    self.labels = labels
    self.tasks = tasks
    self.bandMeaning = bandMeaning
    self.columns = columns
  }

  public func figure() -> Figure {
    let names = distinct(tasks.flatMap { $0.curves.map(\.name) })
    let styles = labels.styles(names, Style.line)
    let legend = names.map { name -> LegendEntry in
      // With one task the area fits into the legend; with several it stands in the table.
      let area = tasks.count == 1 ? tasks[0].curves.first { $0.name == name }?.area.map { ", AUC \($0.text(decimals: 3))" } : nil
      return LegendEntry(name + (area ?? ""), .line, styles[name] ?? Style(.ink), series: name)
    }
    return Figure(
      kind: .receiverOperating, labels: labels, altText: altText,
      content: .panels(tasks.map { panel($0, styles: styles) }, columns: columns), legend: legend,
      notes: (bandMeaning.map { ["Bands are \($0)."] } ?? []) + ["The diagonal is chance."], data: data)
  }

  private func panel(_ task: Task, styles: [String: Style]) -> Panel {
    var bands = [Layer]()
    var lines = [Layer.lines([[.init(0, 0), .init(1, 1)]], style: Style(.muted, dash: .dotted), width: 1)]
    for curve in task.curves {
      let style = styles[curve.name] ?? Style(.ink)
      let pairs = Array(zip(curve.falsePositiveRates, curve.sensitivities))
      let banded = pairs.filter { $0.1.below != nil }
      let outline = banded.map { Layer.Place($0, min(1, $1.top)) } + banded.reversed().map { Layer.Place($0, max(0, $1.bottom)) }
      if outline.count > 2 { bands.append(Layer(.area(outline, opacity: 0.16), style: style, series: curve.name)) }
      let points = pairs.map { rate, value in
        Layer.Datum(rate, value.value, hover: "\(curve.name): sensitivity \(fixed(value.value, 3)) at \(fixed(rate, 3))")
      }
      lines.append(Layer(.lines([points], width: 2, hasMarkers: false), style: style, series: curve.name))
    }
    return Panel(
      title: task.title, x: .unit(title: "False-positive rate (1 − specificity)"), y: .unit(title: "Sensitivity"),
      layers: bands + lines, height: 400, minimumWidth: 380, maximumWidth: 560)
  }

  private var altText: String {
    "ROC curves. "
      + tasks.map { task in
        let areas = task.curves.map { "\($0.name) with an area of \($0.area?.text(decimals: 3) ?? "unknown size")" }
        return "\(task.title): \(areas.joined(separator: "; "))."
      }.joined(separator: " ")
  }

  /// The areas, and of each curve the sensitivities at round false-positive rates; all points would fill pages.
  private var data: ReportTable {
    let rates = [0.01, 0.05, 0.1, 0.2, 0.5]
    var table = ReportTable(
      columns: [.init("Task"), .init("Curve"), .init("AUC", .right)]
        + rates.map { .init("Sensitivity at \(fixed($0, 2))", .right) })
    for task in tasks {
      for curve in task.curves {
        let cells = rates.map { rate in
          let last = curve.falsePositiveRates.lastIndex { $0 <= rate }
          return ReportTable.Cell(last.map { fixed(curve.sensitivities[$0].value, 3) } ?? ReportTable.notApplicable)
        }
        table.append(
          [.init(task.title), .init(curve.name), .init(curve.area?.text(decimals: 3) ?? ReportTable.notApplicable)] + cells)
      }
    }
    return table
  }
}

extension Axis {
  /// From 0 to 1, with a little room so that lines at the ends are whole.
  static func unit(title: String) -> Axis {
    Axis(title: title, lower: -0.02, upper: 1.02, ticks: roundTicks(0, 1), hasGrid: true)
  }
}
