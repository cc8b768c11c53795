/// A metric by its name: what it is called, and all that tables and tests need to know of it. What each is stands in its own `Metric`.
public struct MetricName: Sendable {
  let metric: any Metric.Type

  init(_ metric: any Metric.Type) { self.metric = metric }

  /// What a number of the metric is of.
  public enum Unit: Hashable, Sendable {
    /// A share of something, which tables give in percent.
    case fraction
    /// A number without unit, such as an agreement or a ratio.
    case number
    /// How far outlines are apart.
    case distance(DistanceUnit)
    /// What the true numbers are counted in, such as months, which the predictions say.
    case ofTruth

    public var isPercent: Bool { self == .fraction }
    /// What stands behind a title.
    public var suffix: String {
      switch self {
      case .fraction: ", %"
      case .number, .ofTruth: ""
      case .distance(let unit): ", \(unit.title)"
      }
    }
    /// As tables print it.
    public var decimals: Int { self == .number || self == .ofTruth ? 3 : 2 }
  }

  /// Which of two values is the better one.
  public enum Direction: Hashable, Sendable {
    case higher, lower
    /// The nearer to this.
    case toward(Double)

    /// Higher is better, whatever the metric.
    public func merit(_ value: Double) -> Double {
      switch self {
      case .higher: value
      case .lower: -value
      case .toward(let target): -abs(value - target)
      }
    }

    public func best(of values: [Double]) -> Double? { values.max { merit($0) < merit($1) } }
  }

  /// What it is computed of.
  public enum Kind: Hashable, Sendable {
    /// Of each class, and as the mean over the classes.
    case eachClass
    /// Of all classes together, which exclude each other.
    case exclusiveClasses
    case segmentation
    /// Of each column of numbers, and as the mean over the columns.
    case numbers
  }

  /// How the answers of the networks of a cross-validation's folds make one value, each image being answered by the one network that did not
  /// see it.
  public enum OverFolds: Hashable, Sendable {
    /// As if one network had given all answers: what it compares is the same for every network, such as decisions, masks and numbers.
    case pooled
    /// The mean of the folds' own values: it compares scores of images with each other, and those of two networks have no common scale
    /// (Forman and Scholz 2010, SIGKDD Explorations 12).
    case mean
  }

  /// How an interval over patients is made.
  public enum IntervalMethod: Hashable, Sendable {
    /// DeLong's, on the logit scale.
    case deLong
    /// Wilson's, of the rows that are right among those that count; of a mean of several shares the one that theirs make together.
    case share
    /// Student's t of a mean over rows, patients taken together: on the logit scale in 0...1, else on the log scale.
    case mean
    /// The same of a ratio of sums over rows, by the jackknife over patients.
    case ratio
    /// The same of any value, by leaving each patient out and computing it anew.
    case jackknife
    /// A bootstrap over patients by the method that is asked for.
    case bootstrap
    /// The bootstrap's percentiles: it moves in steps from patient to patient, so that leaving one out tells BCa nothing.
    case percentiles
    /// None holds the truth as often as it says.
    case notAvailable(reason: String)

    /// Whether the metric is computed anew for many parts of the rows, which costs the more the more there are.
    public var isResampled: Bool {
      switch self {
      case .jackknife, .bootstrap, .percentiles: true
      case .deLong, .share, .mean, .ratio, .notAvailable: false
      }
    }
  }

  /// What files call it.
  public var rawValue: String { metric.name }
  /// What tables call it.
  public var title: String { metric.title }
  /// With its unit: `F1, %`.
  public var titleWithUnit: String { title + unit.suffix }
  public var unit: Unit { metric.unit }
  public var direction: Direction { metric.direction }
  public var range: ClosedRange<Double> { metric.range }
  public var needsThreshold: Bool { metric.needsThreshold }
  public var interval: IntervalMethod { metric.interval }
  public var kind: Kind { metric.kind }
  public var overFolds: OverFolds { metric.overFolds }
  public var isOfSegmentation: Bool { kind == .segmentation }

  /// The name of the mean over classes.
  public var macro: MetricName { (metric as? any ClassMetric.Type)?.macro ?? self }

  /// What a validation record of `history.jsonl` calls it: two had names there before they had those of now.
  public var historyName: String {
    switch self {
    case .aurocMacro: "auroc"
    case .dicePerImage: "diceMean"
    default: rawValue
    }
  }

  /// The metric that files call so.
  public init?(rawValue: String) {
    guard let found = Self.catalog.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = found
  }

  /// Those that files or tables call so, whatever the capitals. Tables may say behind a title what it is a mean over, or in which unit; several are
  /// called the same where only that tells them apart.
  public static func called(_ text: String) -> [MetricName] {
    if let found = MetricName(rawValue: text) { return [found] }
    let wanted = text.lowercased()
    let tests: [(MetricName) -> Bool] = [
      { $0.rawValue.lowercased() == wanted }, { $0.titleWithUnit.lowercased() == wanted }, { $0.title.lowercased() == wanted },
      { wanted.hasPrefix($0.title.lowercased() + ", ") },
    ]
    return tests.lazy.map { catalog.filter($0) }.first { !$0.isEmpty } ?? []
  }

  /// The metrics of one class, in the order of tables; their mean over the classes has the same name but for the AUROC's.
  public static let ofClassification: [MetricName] = {
    let classes = catalog.filter { $0.kind == .eachClass }
    // What is only the name of a mean is no metric of one class.
    return classes.filter { name in !classes.contains { $0 != name && $0.macro == name } }
  }()

  /// The metrics of all classes together, where they exclude each other.
  public static let ofExclusiveClasses: [MetricName] = catalog.filter { $0.kind == .exclusiveClasses }

  public static let ofSegmentation: [MetricName] = catalog.filter(\.isOfSegmentation)

  public static let ofNumbers: [MetricName] = catalog.filter { $0.kind == .numbers }
}

extension MetricName: Hashable {
  public static func == (first: Self, second: Self) -> Bool { first.metric == second.metric }
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(metric)) }
}

extension MetricName: CaseIterable {
  public static var allCases: [MetricName] { catalog }
}

extension MetricName: CustomStringConvertible {
  public var description: String { rawValue }
}

extension MetricName: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer(), name = try container.decode(String.self)
    guard let found = MetricName(rawValue: name) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "No metric is called “\(name)”.")
    }
    self = found
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
