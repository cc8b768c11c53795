/// Differences of two models around zero, by amount of data: each bar with its value and what a test says.
public struct DifferenceBars: FigureDescription {
  public struct Series: Sendable, Equatable {
    public let name: String
    /// The name in other figures of what is compared, whose look the bars have; nil for looks of their own.
    public let subject: String?
    /// One for each category; nil where it was not measured.
    public let values: [Value?]

    public init(_ name: String, subject: String? = nil, values: [Value?]) {
      self.name = name
      self.subject = subject
      self.values = values
    }
  }

  public struct Value: Sendable, Equatable {
    public let estimate: Estimate
    public let mark: SignificanceMark

    public init(_ estimate: Estimate, mark: SignificanceMark = .none) {
      self.estimate = estimate
      self.mark = mark
    }
  }

  public let labels: FigureLabels
  public let categories: [String]
  public let categoryTitle: String
  /// What is subtracted from what, with its unit: `AUC of Swin − AUC of ConvNeXt, %`.
  public let axisTitle: String
  public let series: [Series]
  public let decimals: Int

  public init(
    labels: FigureLabels, categories: [String], categoryTitle: String, axisTitle: String, series: [Series], decimals: Int = 2
  ) {
    self.labels = labels
    self.categories = categories
    self.categoryTitle = categoryTitle
    self.axisTitle = axisTitle
    self.series = series.map { one in
      Series(one.name, subject: one.subject, values: categories.indices.map { $0 < one.values.count ? one.values[$0] : nil })
    }
    self.decimals = decimals
  }

  public func figure() -> Figure {
    let hasMarks = series.contains { $0.values.contains { $0.map { $0.mark != .none } ?? false } }
    return Figure(
      kind: .differenceBars, labels: labels, altText: altText, content: .panels([panel], columns: 1),
      legend: series.indices.map { LegendEntry(series[$0].name, .bar, style($0), series: series[$0].name) },
      notes: hasMarks ? [SignificanceMark.legend] : [], data: data)
  }

  private func style(_ index: Int) -> Style {
    if let subject = series[index].subject { return labels.styles(series.compactMap(\.subject), Style.bar)[subject] ?? .bar(index) }
    return series.count == 2 ? [Style(.blue), Style(.neutral, pattern: .rising)][index] : .bar(index)
  }

  private var panel: Panel {
    let width = 0.8 / Double(max(1, series.count))
    let span =
      extent(series.flatMap { $0.values.compactMap(\.self).flatMap { [$0.estimate.bottom, $0.estimate.top, 0] } }) ?? (-1, 1)
    // Room for two lines of text beyond the longest bar on either side that has bars.
    let room = max(0.16 * (span.upper - span.lower), 1e-9)
    let lower = span.lower < 0 ? span.lower - room : -room * 0.4
    let upper = span.upper > 0 ? span.upper + room : room * 0.4
    var layers = [Layer]()
    var texts = [Layer]()
    for (index, one) in series.enumerated() {
      func x(_ category: Int) -> Double { Double(category) + (Double(index) - Double(series.count - 1) / 2) * width }
      let data = one.values.enumerated().compactMap { category, value in
        value.map { value in
          Layer.Datum(
            x(category), value.estimate.value, below: value.estimate.below, above: value.estimate.above,
            hover: "\(categories[category]), \(one.name): \(signed(value.estimate.value)) \(value.mark.text)")
        }
      }
      layers.append(Layer(.bars(data, width: width * 0.92, isHorizontal: false), style: style(index), series: one.name))
      let labels = one.values.enumerated().compactMap { category, value -> [Layer.Label]? in
        guard let value else { return nil }
        let isDown = value.estimate.value < 0
        let end = isDown ? value.estimate.bottom : value.estimate.top
        let lines = [signed(value.estimate.value), value.mark.text].filter { !$0.isEmpty }
        let step = 0.065 * (upper - lower)
        return lines.enumerated().map { number, line in
          Layer.Label(
            place: .init(x(category), end + (isDown ? -1 : 1) * (0.01 * (upper - lower) + Double(number) * step)), text: line,
            side: isDown ? .below : .above, size: 10)
        }
      }
      texts.append(.text(labels.flatMap(\.self), series: one.name))
    }
    let zero = Layer.lines([[.init(-0.6, 0), .init(Double(categories.count) - 0.4, 0)]], width: 1)
    return Panel(
      x: .categories(categories, title: categoryTitle), y: .numbers(lower, upper, title: axisTitle),
      layers: layers + [zero] + texts,
      height: 380, minimumWidth: 100 + categories.count * max(1, series.count) * 46)
  }

  private func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + fixed(value, decimals).replacingMinus }

  private var altText: String {
    "Bars of differences around zero, \(axisTitle). "
      + series.map { one in
        let parts = one.values.enumerated().map { category, value in
          "\(categories[category]) \(value.map { "\(signed($0.estimate.value)) \($0.mark.text)".trimmingBlanks } ?? "not measured")"
        }
        return "\(one.name): \(parts.joined(separator: "; "))."
      }.joined(separator: " ")
  }

  private var data: ReportTable {
    var table = ReportTable(columns: [.init(categoryTitle)] + series.map { .init($0.name, .right) })
    for (category, name) in categories.enumerated() {
      table.append(
        [.init(name)]
          + series.map { one in
            guard let value = one.values[category] else { return .init(ReportTable.notApplicable) }
            let error = value.estimate.above.map { " ± \(fixed($0, decimals))" } ?? ""
            return .init("\(signed(value.estimate.value))\(error) \(value.mark.text)".trimmingBlanks)
          })
    }
    return table
  }
}

extension String {
  /// With the minus sign of typography, as long as a plus.
  var replacingMinus: String { hasPrefix("-") ? "−" + dropFirst() : self }
}
