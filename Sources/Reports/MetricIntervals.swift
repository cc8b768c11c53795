public import Foundations
public import Metrics
public import Statistics

/// Every metric of a run's predictions with its confidence interval over test patients.
///
/// The AUROC of a class has DeLong's interval on the logit scale, clustered by patient; all else a bootstrap that draws whole
/// patients (BCa; percentile for the sensitivity at a fixed specificity). Thresholds stay those of the validation set in every
/// resample, so that the intervals are of the decisions as they would be made. An interval is about other patients of the
/// same kind with this very network: what another seed would have trained is not in it.
public struct MetricIntervals: Codable, Hashable, Sendable {
  public struct Entry: Codable, Hashable, Sendable {
    public let metric: MetricName
    /// The class; nil for the mean over classes and for segmentations.
    public let className: String?
    public let value: MetricValue
    public let interval: Available<Interval>
  }

  public let entries: [Entry]
  public let imageCount: Int
  /// What is resampled; images of no known patient count as patients of their own.
  public let patientCount: Int
  /// What the decisions were made by; nil for segmentations and without validation predictions.
  public let thresholds: DecisionThresholds?

  /// A BCa bootstrap of 1000 resamples from a fixed seed, so that the same predictions give the same intervals.
  public static let standard = Bootstrap(method: .bca, resampleCount: 1000, seed: 0)

  /// - Parameters:
  ///   - validation: the same weights' predictions of the validation set; nil leaves the metrics of decisions undefined.
  ///   - wanted: by default all metrics; fewer are faster. `.auroc` and `.aurocMacro` each mean both.
  ///   - bootstrap: its level is also DeLong's.
  public init(
    _ predictions: Predictions, validation: Predictions?, wanted: Set<MetricName>? = nil, bootstrap: Bootstrap = standard
  ) {
    let known = DecisionThresholds.make(validation: validation)
    let measures = PredictionMeasures(predictions, thresholds: known, wanted: wanted)
    let patients = predictions.patients
    let units = ResamplingUnits.make(rowCount: patients.count, clusters: patients)
    let values = measures.values()
    var resampled: [PredictionMeasures.Key: Available<Interval>] = [:]
    for method in Set(measures.keys.map { Self.method(of: $0.metric, wanted: bootstrap.method) }) {
      let part = PredictionMeasures(
        predictions, thresholds: known,
        wanted: Set(measures.keys.map(\.metric).filter { Self.method(of: $0, wanted: bootstrap.method) == method }))
      var bootstrap = bootstrap
      bootstrap.method = method
      let estimates = units.map { units in
        bootstrap.estimates(part.keys.map(Self.words), over: units) { part.values(weights: $0.weights).map(\.number) }
      }
      for (index, key) in part.keys.enumerated() { resampled[key] = estimates.flatMap { $0[index].estimate.interval } }
    }
    entries = zip(measures.keys, values).map { key, value in
      var interval = value.available.flatMap { _ in resampled[key] ?? .notAvailable(reason: "it was not resampled") }
      if key.metric == .auroc, let name = key.className, case .classification(let all) = predictions, value.number != nil {
        interval = Self.deLong(all, className: name, patients: patients, level: bootstrap.level)
      }
      return Entry(metric: key.metric, className: key.className, value: value, interval: interval)
    }
    imageCount = patients.count
    patientCount = Set(patients).count
    thresholds = known.known
  }

  /// The entry of a metric over all classes or of one.
  public func entry(of metric: MetricName, className: String? = nil) -> Entry? {
    entries.first { $0.metric == metric && $0.className == className }
  }

  /// The sensitivity at a fixed specificity moves in steps from patient to patient, so that leaving one out tells BCa nothing.
  private static func method(of metric: MetricName, wanted: Bootstrap.Method) -> Bootstrap.Method {
    [.sensitivityAtSpecificity90, .sensitivityAtSpecificity95].contains(metric) ? .percentile : wanted
  }

  private static func words(_ key: PredictionMeasures.Key) -> String {
    key.metric.title + (key.className.map { " of “\($0)”" } ?? "")
  }

  private static func deLong(
    _ all: ClassificationPredictions, className: String, patients: [String], level: Double
  ) -> Available<Interval> {
    guard let column = all.classNames.firstIndex(of: className) else {
      return .notAvailable(reason: "there is no class “\(className)”")
    }
    let known = all.rows.indices.filter { !all.rows[$0].targets[column].isNaN }
    var numbers: [String: Int] = [:]
    let clusters = known.map { row in
      let number = numbers[patients[row]] ?? numbers.count
      numbers[patients[row]] = number
      return number
    }
    let isOneImageEach = numbers.count == known.count
    return DeLong.make(
      scores: [known.map { all.rows[$0].probabilities[column] }], isPositive: known.map { all.rows[$0].targets[column] == 1 },
      clusters: isOneImageEach ? nil : clusters
    ).flatMap { $0.estimate(level: level, scale: .logit).interval }
  }
}
