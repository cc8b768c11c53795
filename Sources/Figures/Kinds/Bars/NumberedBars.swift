/// Many initializations against one baseline: numbered bars with error bars, the baseline as a line with its band of one standard
/// deviation, and above each bar what a test against the baseline says. Bars are gray; where the labels have an order, every bar has the look
/// of its name in all figures.
public struct NumberedBars: FigureDescription {
  public struct Bar: Sendable, Equatable {
    public let estimate: Estimate
    public let mark: SignificanceMark

    public init(_ estimate: Estimate, mark: SignificanceMark = .none) {
      self.estimate = estimate
      self.mark = mark
    }
  }

  public struct Task: Sendable, Equatable {
    public let title: String
    public let axisTitle: String
    /// Nil where the baseline was trained on the task itself.
    public let baseline: Estimate?
    /// One for each method; nil where there is none.
    public let bars: [Bar?]

    public init(title: String, axisTitle: String, baseline: Estimate?, bars: [Bar?]) {
      self.title = title
      self.axisTitle = axisTitle
      self.baseline = baseline
      self.bars = bars
    }
  }

  public let labels: FigureLabels
  public let baseline: String
  public let methods: [String]
  public let tasks: [Task]
  public let columns: Int
  public let decimals: Int

  public init(labels: FigureLabels, baseline: String, methods: [String], tasks: [Task], columns: Int = 2, decimals: Int = 2) {
    self.labels = labels
    self.baseline = baseline
    self.methods = methods
    // Missing bars are left out, surplus ones are dropped.
    self.tasks = tasks.map { task in
      Task(
        title: task.title, axisTitle: task.axisTitle, baseline: task.baseline,
        bars: methods.indices.map { $0 < task.bars.count ? task.bars[$0] : nil })
    }
    self.columns = columns
    self.decimals = decimals
  }

  private static let barStyle = Style(.neutral), baselineStyle = Style(.vermillion, dash: .solid)

  /// Of each method; empty where all look alike.
  private var looks: [String: Style] { labels.order.isEmpty ? [:] : labels.styles(methods + [baseline], Style.bar) }

  private var baselineStyle: Style {
    guard let look = looks[baseline] else { return Self.baselineStyle }
    return Style(look.color, dash: .solid)
  }

  public func figure() -> Figure {
    let numbers = methods.enumerated().map { LegendEntry($1, .key(String($0 + 1))) }
    return Figure(
      kind: .numberedBars, labels: labels, altText: altText, content: .panels(tasks.map(panel), columns: columns),
      legend: [LegendEntry("\(baseline), mean ± standard deviation", .band, baselineStyle, series: baseline)] + numbers,
      notes: [SignificanceMark.legend, truncationNote], data: data)
  }

  private func panel(_ task: Task) -> Panel {
    let estimates = task.bars.compactMap { $0?.estimate } + [task.baseline].compactMap(\.self)
    let span = extent(estimates.flatMap { [$0.bottom, $0.top] }) ?? (0, 1)
    let lower = lowerEnd(span)
    let upper = lower + (span.upper - lower) / 0.89
    let right = Double(methods.count) - 0.4
    let bars = task.bars.enumerated().compactMap { index, bar in
      bar.map { bar in
        (
          name: methods[index],
          datum: Layer.Datum(
            Double(index), bar.estimate.value, below: bar.estimate.below, above: bar.estimate.above,
            hover: "\(index + 1) \(methods[index]): \(bar.estimate.text(decimals: decimals)) \(bar.mark.text)")
        )
      }
    }
    let looks = self.looks
    let barLayers =
      looks.isEmpty
      ? [Layer(.bars(bars.map(\.datum), width: 0.75, isHorizontal: false), style: Self.barStyle)]
      : bars.map { Layer(.bars([$0.datum], width: 0.75, isHorizontal: false), style: looks[$0.name] ?? Self.barStyle) }
    let marks = task.bars.enumerated().compactMap { index, bar -> Layer.Label? in
      guard let bar, !bar.mark.text.isEmpty else { return nil }
      // The mark clears the band too, where the bar ends within it.
      return Layer.Label(
        place: .init(Double(index), bar.estimate.top + 0.012 * (upper - lower)), text: bar.mark.text, side: .above)
    }
    let missing = methods.indices.filter { !task.bars.indices.contains($0) || task.bars[$0] == nil }.map {
      Layer.Label(place: .init(Double($0), lower + (upper - lower) * 0.02), text: "N/A", side: .above, size: 10, color: .muted)
    }
    return Panel(
      title: task.title,
      x: Axis(lower: -0.6, upper: right, ticks: methods.indices.map { .init(Double($0), String($0 + 1)) }),
      y: .numbers(lower, upper, title: task.axisTitle),
      layers: baselineLayers(task, right: right) + barLayers + [
        .lines(
          task.baseline.map { [[.init(-0.6, $0.value), .init(right, $0.value)]] } ?? [], style: baselineStyle, width: 2,
          series: baseline),
        .text(marks + missing),
      ],
      height: 280, minimumWidth: max(320, 80 + methods.count * 26))
  }

  /// The band lies behind the bars.
  private func baselineLayers(_ task: Task, right: Double) -> [Layer] {
    guard let value = task.baseline, value.below != nil else { return [] }
    let corners = [(-0.6, value.bottom), (right, value.bottom), (right, value.top), (-0.6, value.top)]
    return [
      Layer(.area(corners.map { Layer.Place($0.0, $0.1) }, opacity: 0.25), style: baselineStyle, series: baseline)
    ]
  }

  private var altText: String {
    let parts = tasks.map { task in
      let above =
        task.baseline.map { line in
          let count = task.bars.count { ($0?.estimate.value ?? -.infinity) > line.value }
          return "\(count) of \(methods.count) are above \(baseline) (\(line.text(decimals: decimals)))"
        } ?? "\(baseline) does not apply"
      let best = task.bars.indices.filter { task.bars[$0] != nil }
        .max { (task.bars[$0]?.estimate.value ?? 0) < (task.bars[$1]?.estimate.value ?? 0) }
      let named =
        best.map { "; the highest is \(methods[$0]) with \(task.bars[$0]?.estimate.text(decimals: decimals) ?? "")" } ?? ""
      return "\(task.title): \(above)\(named)."
    }
    return "Numbered bars against the line of \(baseline). " + parts.joined(separator: " ")
  }

  private var data: ReportTable {
    var table = ReportTable(columns: [.init("#", .right), .init("Initialization")] + tasks.map { .init($0.title, .right) })
    table.append(
      [.init(""), .init(baseline)] + tasks.map { .init($0.baseline?.text(decimals: decimals) ?? ReportTable.notApplicable) })
    for (index, method) in methods.enumerated() {
      table.append(
        [.init(String(index + 1)), .init(method)]
          + tasks.map { task in
            guard let bar = task.bars[index] else { return .init(ReportTable.notApplicable) }
            return .init("\(bar.estimate.text(decimals: decimals)) \(bar.mark.text)".trimmingBlanks)
          })
    }
    return table
  }
}

extension String {
  /// Without blanks at either end.
  var trimmingBlanks: String {
    var text = Substring(self)
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
