public import Foundations
public import Metrics
public import Statistics

/// Every metric of a run's predictions with its confidence interval over test patients.
///
/// By what a metric says of itself: the AUROC of a class has DeLong's interval on the logit scale, clustered by patient, and the mean over
/// classes that of the placements summed over classes, both with Brunner and Munzel's degrees of freedom (`MacroAUROC`); a share of rows
/// (accuracy, sensitivity, specificity, predictive values) Wilson's, for as many rows as the patients' rows are worth, and a mean of shares
/// (balanced accuracy, means over classes) the one that theirs make together (`Proportion.interval(ofMean:)`); a mean over images, a ratio of
/// sums over them and the average precision Student's t over patients on the logit scale (distances, log loss and O:E: log scale), of the ratio
/// and the average precision by the jackknife; all else a bootstrap that draws whole patients (BCa; percentile for the sensitivity at a fixed
/// specificity). The expected calibration error has none, since none holds. Thresholds stay those of the validation set, so that the intervals
/// are of the decisions as they would be made. Where a method is known not to cover as often as it says, a warning says so (`IntervalWarning`).
/// An interval is about other patients of the same kind with this very network: what another seed would have trained is not in it.
public struct MetricIntervals: Codable, Hashable, Sendable {
  public struct Entry: Codable, Hashable, Sendable {
    public let metric: MetricName
    /// The class; nil for the mean over classes and for segmentations.
    public let className: String?
    public let value: MetricValue
    public let interval: Available<Interval>
    /// Why the interval is not to be relied on; nil where nothing is known against it.
    public let warning: String?

    /// Whether it is of a bootstrap, not of a formula.
    var isResampled: Bool { interval.known?.method.hasSuffix("bootstrap") ?? false }
  }

  /// Without a bootstrap those whose interval is a formula.
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
  ///   - bootstrap: its level is also that of the formulas; or the reason why none is made, and then only formulas are in the entries.
  public init(
    _ predictions: Predictions, validation: Predictions?, wanted: Set<MetricName>? = nil,
    bootstrap: Available<Bootstrap> = .value(standard)
  ) {
    self.init(predictions, thresholds: DecisionThresholds.make(validation: validation), wanted: wanted, bootstrap: bootstrap)
  }

  /// - Parameter known: the thresholds that the validation set gave.
  public init(
    _ predictions: Predictions, thresholds known: Available<DecisionThresholds>, wanted: Set<MetricName>? = nil,
    bootstrap: Available<Bootstrap> = .value(standard)
  ) {
    let formulas = Set(MetricName.allCases.filter { !$0.interval.isResampled })
    let measures = PredictionMeasures(predictions, thresholds: known, wanted: bootstrap.known == nil ? wanted?.intersection(formulas) ?? formulas : wanted)
    let patients = predictions.patients, level = bootstrap.known?.level ?? Self.standard.level
    let formula = FormulaIntervals(predictions, measures, patients: PatientPlaces(patients), level: level), warning = IntervalWarning(predictions, patients: patients)
    let found = zip(measures.keys, measures.values()).map { key, value in (key: key, value: value, formula: formula.interval(of: key, value: value)) }
    let drawn = Set(found.filter { $0.formula == nil }.map(\.key.metric))
    var resampled: [PredictionMeasures.Key: Available<Interval>] = [:]
    if let bootstrap = bootstrap.known, !drawn.isEmpty {
      resampled = Self.resampled(predictions, known, drawn.filter { $0.interval != .jackknife }, bootstrap, patients)
        .merging(Self.leftOut(predictions, drawn.filter { $0.interval == .jackknife }, patients, warning, level)) { first, _ in first }
    }
    entries = found.compactMap { key, value, formula in
      if bootstrap.known == nil && formula == nil { return nil }
      let interval =
        formula?.interval
        ?? value.available.flatMap { _ in resampled[key] ?? .notAvailable(reason: "it was not resampled") }
      let basis = formula?.basis ?? Self.basis(key, value)
      return Entry(
        metric: key.metric, className: key.className, value: value, interval: interval.map { $0.cut(to: key.metric.range) },
        warning: interval.known.flatMap { _ in warning.sentence(basis) })
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

  private static func basis(_ key: PredictionMeasures.Key, _ value: MetricValue) -> IntervalBasis {
    key.metric.interval == .percentiles ? .sensitivity(key.className, value: value.number ?? 0) : .resampled(key.className)
  }

  /// Student's t of the values without each patient, with as many degrees of freedom as there are patients of the rarer kind, less one.
  private static func leftOut(
    _ predictions: Predictions, _ metrics: Set<MetricName>, _ patients: [String], _ warning: IntervalWarning, _ level: Double
  ) -> [PredictionMeasures.Key: Available<Interval>] {
    guard !metrics.isEmpty else { return [:] }
    let measures = PredictionMeasures(predictions, thresholds: .notAvailable(reason: "no decision is made here"), wanted: metrics)
    let values = measures.values(), degrees = measures.keys.map { max(1, warning.rarerPatients(of: $0.className) - 1) }
    let deviations = ResamplingUnits.make(rowCount: patients.count, clusters: patients).map { units in
      PatientDeviations.byJackknife(values.count, over: units, degreesOfFreedom: degrees) { measures.values(weights: $0.weights).map(\.number) }
    }
    return Dictionary(
      uniqueKeysWithValues: measures.keys.enumerated().map { place, key in
        (
          key,
          values[place].available.flatMap { value in
            FormulaIntervals.Found(deviations.flatMap { $0[place] }, of: value, metric: key.metric, level: level).interval
          }
        )
      })
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

extension Interval {
  /// No longer than the values that there can be.
  fileprivate func cut(to range: ClosedRange<Double>) -> Interval {
    Interval(
      lower: min(max(lower, range.lowerBound), range.upperBound), upper: max(min(upper, range.upperBound), range.lowerBound), level: level,
      method: method)
  }
}
