/// A metric over the epochs, the mean of the runs with a band around it.
public struct LearningCurves: FigureDescription {
  /// One initialization on one task.
  public struct Curve: Sendable, Equatable {
    public let name: String
    public let epochs: [Double]
    public let values: [Estimate]

    /// - Parameter values: one for each epoch; the error is the band's half width.
    public init(_ name: String, epochs: [Double], values: [Estimate]) {
      self.name = name
      let count = min(epochs.count, values.count)
      self.epochs = Array(epochs.prefix(count))
      self.values = Array(values.prefix(count))
    }
  }

  public struct Task: Sendable, Equatable {
    public let title: String
    public let axisTitle: String
    public let curves: [Curve]

    public init(title: String, axisTitle: String, curves: [Curve]) {
      self.title = title
      self.axisTitle = axisTitle
      self.curves = curves
    }
  }

  public let labels: FigureLabels
  public let tasks: [Task]
  public let columns: Int
  public let decimals: Int
  /// What the band is, for the legend's note: `± 1 standard deviation over the runs`.
  public let bandMeaning: String

  public init(labels: FigureLabels, tasks: [Task], bandMeaning: String, columns: Int = 2, decimals: Int = 2) {
    self.labels = labels
    self.tasks = tasks
    self.bandMeaning = bandMeaning
    self.columns = columns
    self.decimals = decimals
  }

  public func figure() -> Figure {
    let names = distinct(tasks.flatMap { $0.curves.map(\.name) })
    let styles = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Style.line($0)) })
    let legend = names.map { LegendEntry($0, .lineAndMarker, styles[$0] ?? Style(.ink), series: $0) }
    return Figure(
      kind: .learningCurves, labels: labels, altText: altText,
      content: .panels(tasks.map { panel($0, styles: styles) }, columns: columns), legend: legend,
      notes: ["Lines are means, bands \(bandMeaning)."], data: data)
  }

  private func panel(_ task: Task, styles: [String: Style]) -> Panel {
    let across = extent(task.curves.flatMap(\.epochs)) ?? (0, 1)
    let span = extent(task.curves.flatMap { $0.values.flatMap { [$0.bottom, $0.top] } }) ?? (0, 1)
    let margin = max(0.04 * (span.upper - span.lower), 1e-9)
    var bands = [Layer]()
    var lines = [Layer]()
    for curve in task.curves {
      let style = styles[curve.name] ?? Style(.ink)
      let pairs = Array(zip(curve.epochs, curve.values))
      let banded = pairs.filter { $0.1.below != nil }
      let outline = banded.map { Layer.Place($0, $1.top) } + banded.reversed().map { Layer.Place($0, $1.bottom) }
      if outline.count > 2 { bands.append(Layer(.area(outline, opacity: 0.18), style: style, series: curve.name)) }
      let points = pairs.map { epoch, value in
        Layer.Datum(epoch, value.value, hover: "\(curve.name), epoch \(fixed(epoch, 0)): \(value.text(decimals: decimals))")
      }
      lines.append(Layer(.lines([points], width: 2, hasMarkers: true), style: style, series: curve.name))
    }
    let width = max(across.upper - across.lower, 1)
    var x = Axis.numbers(across.lower, across.lower + width, title: "Epoch")
    x.lower -= 0.02 * width
    x.upper += 0.02 * width
    return Panel(
      title: task.title, x: x, y: .numbers(span.lower - margin, span.upper + margin, title: task.axisTitle),
      layers: bands + lines,
      height: 320, minimumWidth: 360)
  }

  private var altText: String {
    "Learning curves. "
      + tasks.map { task in
        let ends = task.curves.compactMap { curve in
          curve.values.last.map {
            "\(curve.name) ends at \($0.text(decimals: decimals)) in epoch \(fixed(curve.epochs.last ?? 0, 0))"
          }
        }
        return "\(task.title): \(ends.joined(separator: "; "))."
      }.joined(separator: " ")
  }

  private var data: ReportTable {
    var table = ReportTable(columns: [.init("Task"), .init("Initialization"), .init("Epoch", .right), .init("Value", .right)])
    for task in tasks {
      for curve in task.curves {
        for (epoch, value) in zip(curve.epochs, curve.values) {
          table.append([.init(task.title), .init(curve.name), .init(fixed(epoch, 0)), .init(value.text(decimals: decimals))])
        }
      }
    }
    return table
  }
}

/// The names in the order of their first use.
func distinct(_ names: [String]) -> [String] {
  var seen: Set<String> = []
  return names.filter { seen.insert($0).inserted }
}
