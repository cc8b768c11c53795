internal import Foundations

/// A metric over the epochs, or over amounts of training images, the mean of the runs with a band around it.
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

  /// What lies along the horizontal axis.
  public enum Course: Sendable, Equatable {
    case epochs
    /// Named steps at 0, 1, 2 …, which are the curves' `epochs`: `10 %`, `50 %`, `100 %` of the training images.
    case steps([String], title: String)

    var title: String {
      switch self {
      case .epochs: "Epoch"
      case .steps(_, let title): title
      }
    }

    func name(_ place: Double) -> String {
      switch self {
      case .epochs: fixed(place, 0)
      case .steps(let names, _): names.indices.contains(Int(place)) ? names[Int(place)] : fixed(place, 0)
      }
    }

    /// `epoch 12`, `10 %`.
    func words(_ place: Double) -> String { self == .epochs ? "epoch \(name(place))" : name(place) }
  }

  public let labels: FigureLabels
  public let tasks: [Task]
  public let course: Course
  public let columns: Int
  public let decimals: Int
  /// What the band is, for the legend's note: `± 1 standard deviation over the runs`.
  public let bandMeaning: String

  public init(
    labels: FigureLabels, tasks: [Task], bandMeaning: String, course: Course = .epochs, columns: Int = 2, decimals: Int = 2
  ) {
    self.labels = labels
    self.tasks = tasks
    self.course = course
    self.bandMeaning = bandMeaning
    self.columns = columns
    self.decimals = decimals
  }

  public func figure() -> Figure {
    let names = distinct(tasks.flatMap { $0.curves.map(\.name) })
    let styles = labels.styles(names, Style.line)
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
        Layer.Datum(epoch, value.value, hover: "\(curve.name), \(course.words(epoch)): \(value.text(decimals: decimals))")
      }
      lines.append(Layer(.lines([points], width: 2, hasMarkers: true), style: style, series: curve.name))
    }
    return Panel(
      title: task.title, x: axis(across), y: .numbers(span.lower - margin, span.upper + margin, title: task.axisTitle),
      layers: bands + lines,
      height: 320, minimumWidth: 360)
  }

  private func axis(_ across: (lower: Double, upper: Double)) -> Axis {
    switch course {
    case .epochs:
      let width = max(across.upper - across.lower, 1)
      var axis = Axis.numbers(across.lower, across.lower + width, title: course.title)
      // There is no half epoch.
      axis.ticks = axis.ticks.filter { $0.place == $0.place.rounded() }.map { .init($0.place, fixed($0.place, 0)) }
      axis.lower -= 0.02 * width
      axis.upper += 0.02 * width
      return axis
    case .steps(let names, let title):
      var axis = Axis.categories(names, title: title)
      (axis.lower, axis.upper) = (-0.15, Double(max(1, names.count - 1)) + 0.15)
      return axis
    }
  }

  private var altText: String {
    (course == .epochs ? "Learning curves. " : "Curves over \(course.title.lowercased()). ")
      + tasks.map { task in
        let ends = task.curves.compactMap { curve in
          curve.values.last.map {
            "\(curve.name) ends at \($0.text(decimals: decimals)) in \(course.words(curve.epochs.last ?? 0))"
          }
        }
        return "\(task.title): \(ends.joined(separator: "; "))."
      }.joined(separator: " ")
  }

  private var data: ReportTable {
    var table = ReportTable(columns: [.init("Task"), .init("Initialization"), .init(course.title, .right), .init("Value", .right)])
    for task in tasks {
      for curve in task.curves {
        for (epoch, value) in zip(curve.epochs, curve.values) {
          table.append([.init(task.title), .init(curve.name), .init(course.name(epoch)), .init(value.text(decimals: decimals))])
        }
      }
    }
    return table
  }
}
