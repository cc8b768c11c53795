/// The runs themselves: every run a dot, over a box of median and quartiles.
public struct BoxPlots: FigureDescription {
  public struct Sample: Sendable, Equatable {
    public let name: String
    /// One for each run.
    public let values: [Double]

    public init(_ name: String, values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  public struct Task: Sendable, Equatable {
    public let title: String
    public let axisTitle: String
    public let samples: [Sample]

    public init(title: String, axisTitle: String, samples: [Sample]) {
      self.title = title
      self.axisTitle = axisTitle
      self.samples = samples
    }
  }

  public let labels: FigureLabels
  public let tasks: [Task]
  public let columns: Int
  public let decimals: Int

  public init(labels: FigureLabels, tasks: [Task], columns: Int = 2, decimals: Int = 2) {
    self.labels = labels
    self.tasks = tasks
    self.columns = columns
    self.decimals = decimals
  }

  public func figure() -> Figure {
    Figure(
      kind: .boxPlot, labels: labels, altText: altText, content: .panels(tasks.map(panel), columns: columns),
      notes: [
        "Boxes: median and quartiles; whiskers: the farthest run within 1.5 interquartile ranges; dots: the runs."
      ], data: data)
  }

  private func panel(_ task: Task) -> Panel {
    let span = extent(task.samples.flatMap(\.values)) ?? (0, 1)
    let margin = max(0.06 * (span.upper - span.lower), 1e-9)
    // A name looks alike on every task.
    let styles = labels.styles(tasks.flatMap { $0.samples.map(\.name) }, Style.bar)
    let layers = task.samples.enumerated().flatMap { index, sample -> [Layer] in
      let style = styles[sample.name] ?? Style(.ink)
      let x = Double(index)
      guard let numbers = FiveNumbers(sample.values) else { return [] }
      let box = Layer.Box(
        x: x, numbers: numbers,
        hover:
          "\(sample.name): median \(fixed(numbers.median, decimals)), quartiles \(fixed(numbers.lowerQuartile, decimals)) and "
          + fixed(numbers.upperQuartile, decimals))
      // Dots that would cover each other stand side by side: a fixed zigzag, the same each time.
      let dots = sample.values.enumerated().filter { $1.isFinite }.map { run, value in
        Layer.Datum(x + 0.09 * Double(run % 5 - 2), value, hover: "\(sample.name), run \(run + 1): \(fixed(value, decimals))")
      }
      return [
        Layer(.boxes([box], width: 0.6), style: style),
        Layer(.points(dots, size: 6), style: Style(.ink, marker: .openCircle)),
      ]
    }
    return Panel(
      title: task.title, x: .categories(task.samples.map(\.name)),
      y: .numbers(span.lower - margin, span.upper + margin, title: task.axisTitle), layers: layers, height: 320,
      minimumWidth: max(280, 80 + 56 * task.samples.count), maximumWidth: 200 + 130 * task.samples.count)
  }

  private var altText: String {
    "Box plots of the runs. "
      + tasks.map { task in
        let parts = task.samples.map { sample in
          FiveNumbers(sample.values).map { "\(sample.name) median \(fixed($0.median, decimals)) of \(sample.values.count) runs" }
            ?? "\(sample.name) without runs"
        }
        return "\(task.title): \(parts.joined(separator: "; "))."
      }.joined(separator: " ")
  }

  private var data: ReportTable {
    var table = ReportTable(columns: [.init("Task"), .init("Initialization"), .init("Run", .right), .init("Value", .right)])
    for task in tasks {
      for sample in task.samples {
        for (run, value) in sample.values.enumerated() {
          table.append([.init(task.title), .init(sample.name), .init(String(run + 1)), .init(fixed(value, decimals))])
        }
      }
    }
    return table
  }
}
