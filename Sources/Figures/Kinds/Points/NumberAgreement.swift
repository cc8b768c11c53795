/// How numbers agree with the true ones: predicted against true beside the line of equality, and the differences against the means with
/// their bias and limits of agreement (Bland and Altman 1986).
public struct NumberAgreement: FigureDescription {
  public struct Subject: Sendable, Equatable {
    public let name: String
    /// What the numbers are of, with their unit.
    public let axisTitle: String
    public let truths: [Double]
    /// As many.
    public let values: [Double]
    public let bias: Double
    public let lowerLimit: Double
    public let upperLimit: Double

    public init(_ name: String, axisTitle: String, truths: [Double], values: [Double], bias: Double, lowerLimit: Double, upperLimit: Double) {
      self.name = name
      self.axisTitle = axisTitle
      self.truths = truths
      self.values = values
      self.bias = bias
      self.lowerLimit = lowerLimit
      self.upperLimit = upperLimit
    }
  }

  public let labels: FigureLabels
  public let subjects: [Subject]

  public init(labels: FigureLabels, subjects: [Subject]) {
    self.labels = labels
    self.subjects = subjects
  }

  public func figure() -> Figure {
    Figure(
      kind: .agreement, labels: labels, altText: altText, content: .panels(subjects.flatMap { [scatter($0), differences($0)] }, columns: 2),
      notes: ["Dotted: equality, or no difference. Dashed: the mean difference, and mean ± 1.96 standard deviations."], data: data)
  }

  private func style(_ subject: Subject) -> Style { labels.styles(subjects.map(\.name), Style.line)[subject.name] ?? Style(.ink) }

  /// Rounded outward by a twentieth, and never empty.
  private static func range(_ values: [Double]) -> (lower: Double, upper: Double) {
    let (least, most) = (values.min() ?? 0, values.max() ?? 1)
    let margin = most > least ? (most - least) / 20 : max(abs(most) / 20, 0.5)
    return (least - margin, most + margin)
  }

  private func scatter(_ subject: Subject) -> Panel {
    let range = Self.range(subject.truths + subject.values)
    let equality = Layer.lines([[.init(range.lower, range.lower), .init(range.upper, range.upper)]], style: Style(.muted, dash: .dotted), width: 1)
    let points = zip(subject.truths, subject.values).map { Layer.Datum($0, $1, hover: "\(subject.name): true \(fixed($0, 3)), predicted \(fixed($1, 3))") }
    return Panel(
      title: subject.name, x: .numbers(range.lower, range.upper, title: "True \(subject.axisTitle)"),
      y: .numbers(range.lower, range.upper, title: "Predicted \(subject.axisTitle)"),
      layers: [equality, Layer(.points(points, size: 4), style: style(subject), series: subject.name)], height: 360, minimumWidth: 320, maximumWidth: 620)
  }

  private func differences(_ subject: Subject) -> Panel {
    let pairs = zip(subject.truths, subject.values).map { (mean: ($0 + $1) / 2, difference: $1 - $0) }
    let across = Self.range(pairs.map(\.mean)), up = Self.range(pairs.map(\.difference) + [0, subject.lowerLimit, subject.upperLimit])
    func level(_ value: Double, _ dash: Style.Dash) -> Layer {
      Layer.lines([[.init(across.lower, value), .init(across.upper, value)]], style: Style(.muted, dash: dash), width: 1)
    }
    let points = pairs.map { Layer.Datum($0.mean, $0.difference, hover: "\(subject.name): mean \(fixed($0.mean, 3)), difference \(fixed($0.difference, 3))") }
    let levels = [level(0, .dotted)] + [subject.bias, subject.lowerLimit, subject.upperLimit].map { level($0, .dashed) }
    return Panel(
      title: "\(subject.name), differences", x: .numbers(across.lower, across.upper, title: "Mean of predicted and true \(subject.axisTitle)"),
      y: .numbers(up.lower, up.upper, title: "Predicted − true"),
      layers: levels + [Layer(.points(points, size: 4), style: style(subject), series: subject.name)], height: 360, minimumWidth: 320,
      maximumWidth: 620)
  }

  private var altText: String {
    "Predicted against true numbers, and their differences. "
      + subjects.map {
        "\($0.name): mean difference \(fixed($0.bias, 3)), limits of agreement \(fixed($0.lowerLimit, 3)) to \(fixed($0.upperLimit, 3)), \($0.truths.count) images."
      }.joined(separator: " ")
  }

  private var data: ReportTable {
    var table = ReportTable(columns: [.init("Initialization"), .init("True", .right), .init("Predicted", .right)])
    for subject in subjects {
      for (truth, value) in zip(subject.truths, subject.values) { table.append([.init(subject.name), .init(fixed(truth, 3)), .init(fixed(value, 3))]) }
    }
    return table
  }
}
