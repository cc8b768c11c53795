public import Foundations
public import Metrics
public import Statistics

/// Every metric of a run's predictions with its confidence interval over test patients.
///
/// The AUROC of a class has DeLong's interval on the logit scale, clustered by patient, and the mean over classes that of the
/// placements summed over classes (`MacroAUROC`); all else a bootstrap that draws whole patients (BCa; percentile for the
/// sensitivity at a fixed specificity). Thresholds stay those of the validation set in every resample, so that the intervals are of
/// the decisions as they would be made. An interval is about other patients of the same kind with this very network: what another
/// seed would have trained is not in it.
public struct MetricIntervals: Codable, Hashable, Sendable {
  public struct Entry: Codable, Hashable, Sendable {
    public let metric: MetricName
    /// The class; nil for the mean over classes and for segmentations.
    public let className: String?
    public let value: MetricValue
    public let interval: Available<Interval>
  }

  /// Without a bootstrap the AUROCs alone.
  public let entries: [Entry]
  public let imageCount: Int
  /// What is resampled; images of no known patient count as patients of their own.
  public let patientCount: Int
  /// What the decisions were made by; nil for segmentations and without validation predictions.
  public let thresholds: DecisionThresholds?
  /// What was drawn, or why nothing was.
  public let bootstrap: Available<Bootstrap>

  /// A BCa bootstrap of 1000 resamples from a fixed seed, so that the same predictions give the same intervals.
  public static let standard = Bootstrap(method: .bca, resampleCount: 1000, seed: 0)

  /// - Parameters:
  ///   - validation: the same weights' predictions of the validation set; nil leaves the metrics of decisions undefined.
  ///   - wanted: by default all metrics; fewer are faster. `.auroc` and `.aurocMacro` each mean both.
  ///   - bootstrap: its level is also DeLong's; or the reason why none is made, and then only AUROCs are in the entries.
  public init(
    _ predictions: Predictions, validation: Predictions?, wanted: Set<MetricName>? = nil,
    bootstrap: Available<Bootstrap> = .value(standard)
  ) {
    let known = DecisionThresholds.make(validation: validation)
    let areas = Set(MetricName.allCases.filter { $0.interval == .deLong })
    let measures = PredictionMeasures(predictions, thresholds: known, wanted: bootstrap.known == nil ? wanted?.intersection(areas) ?? areas : wanted)
    let patients = predictions.patients
    let values = measures.values()
    let level = bootstrap.known?.level ?? Self.standard.level
    let drawn = measures.keys.map(\.metric).filter { !areas.contains($0) }
    var resampled: [PredictionMeasures.Key: Available<Interval>] = [:]
    if let bootstrap = bootstrap.known, !drawn.isEmpty {
      resampled = Self.resampled(predictions, known, Set(drawn), bootstrap, patients)
    }
    let columns = AreaColumns(predictions, patients: patients, level: level)
    entries = zip(measures.keys, values).map { key, value in
      let interval = value.available.flatMap { number in
        areas.contains(key.metric)
          ? columns.interval(of: key.className, value: number) : resampled[key] ?? .notAvailable(reason: "it was not resampled")
      }
      return Entry(metric: key.metric, className: key.className, value: value, interval: interval)
    }
    imageCount = patients.count
    patientCount = Set(patients).count
    thresholds = known.known
    self.bootstrap = bootstrap
  }

  /// The entry of a metric over all classes or of one.
  public func entry(of metric: MetricName, className: String? = nil) -> Entry? {
    entries.first { $0.metric == metric && $0.className == className }
  }

  private static func resampled(
    _ predictions: Predictions, _ thresholds: Available<DecisionThresholds>, _ metrics: Set<MetricName>, _ bootstrap: Bootstrap,
    _ patients: [String]
  ) -> [PredictionMeasures.Key: Available<Interval>] {
    let units = ResamplingUnits.make(rowCount: patients.count, clusters: patients)
    var intervals: [PredictionMeasures.Key: Available<Interval>] = [:]
    for method in Set(metrics.map { Self.method(of: $0, wanted: bootstrap.method) }) {
      let part = PredictionMeasures(
        predictions, thresholds: thresholds, wanted: metrics.filter { Self.method(of: $0, wanted: bootstrap.method) == method })
      var bootstrap = bootstrap
      bootstrap.method = method
      let estimates = units.map { units in
        bootstrap.estimates(part.keys.map(words), over: units) { part.values(weights: $0.weights).map(\.number) }
      }
      for (index, key) in part.keys.enumerated() { intervals[key] = estimates.flatMap { $0[index].estimate.interval } }
    }
    return intervals
  }

  private static func method(of metric: MetricName, wanted: Bootstrap.Method) -> Bootstrap.Method {
    metric.interval == .percentiles ? .percentile : wanted
  }

  private static func words(_ key: PredictionMeasures.Key) -> String {
    key.metric.title + (key.className.map { " of “\($0)”" } ?? "")
  }
}

/// The scores and truths of each class as DeLong's intervals take them.
private struct AreaColumns {
  private let names: [String]
  private let scores: [[Double]]
  private let targets: [[Float]]
  private let patients: [String]
  private let level: Double

  init(_ predictions: Predictions, patients: [String], level: Double) {
    (self.patients, self.level) = (patients, level)
    guard case .classification(let all) = predictions else {
      (names, scores, targets) = ([], [], [])
      return
    }
    names = all.classNames
    scores = names.indices.map { column in all.rows.map { $0.probabilities[column] } }
    targets = names.indices.map { column in all.rows.map { $0.targets[column] } }
  }

  /// - Parameter className: nil for the mean over classes, which of one class is that class.
  func interval(of className: String?, value: Double) -> Available<Interval> {
    if className == nil && names.count != 1 {
      return MacroAUROC.interval(scores: scores, targets: targets, clusters: patients, mean: value, level: level)
    }
    guard let column = className.map({ names.firstIndex(of: $0) }) ?? names.indices.first else {
      return .notAvailable(reason: "there is no class “\(className ?? "")”")
    }
    let known = targets[column].indices.filter { !targets[column][$0].isNaN }
    var numbers: [String: Int] = [:]
    let clusters = known.map { row in
      let number = numbers[patients[row]] ?? numbers.count
      numbers[patients[row]] = number
      return number
    }
    return DeLong.make(
      scores: [known.map { scores[column][$0] }], isPositive: known.map { targets[column][$0] == 1 },
      clusters: numbers.count == known.count ? nil : clusters
    ).flatMap { $0.estimate(level: level, scale: .logit).interval }
  }
}
