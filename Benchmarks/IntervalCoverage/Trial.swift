import Foundations
import Metrics
import Reports
import Statistics

/// What has an interval.
enum Quantity: Hashable, Sendable {
  case metric(MetricName)
  /// Its mean over several findings.
  case mean(MetricName)
  case calibrationSlope, calibrationIntercept

  var title: String {
    switch self {
    case .metric(.aurocMacro): MetricName.auroc.title
    case .metric(let metric): metric.title
    case .mean(let metric): "\(metric == .aurocMacro ? MetricName.auroc.title : metric.title), mean over findings"
    case .calibrationSlope: "Calibration slope"
    case .calibrationIntercept: "Calibration intercept"
    }
  }

  var method: String {
    guard let metric else { return "Wald" }
    switch metric.interval {
    case .deLong: return "DeLong, t, logit"
    case .share: return "Wilson, together"
    case .mean: return metric.range.upperBound <= 1 ? "t, logit" : "t, log"
    case .ratio: return metric.range.upperBound <= 1 ? "jackknife t, logit" : "jackknife t, log"
    case .jackknife: return "jackknife t, logit"
    case .bootstrap: return "BCa"
    case .percentiles: return "percentiles"
    case .notAvailable: return "none"
    }
  }

  var metric: MetricName? {
    switch self {
    case .metric(let metric), .mean(let metric): metric
    case .calibrationSlope, .calibrationIntercept: nil
    }
  }
}

/// A kind of test set: how it is drawn, and what is measured of it.
protocol Scenario: Sendable {
  var name: String { get }
  var quantities: [Quantity] { get }
  func draw(patients: Int, _ generator: inout SeededGenerator) -> Predictions
}

extension Scenario {
  var wanted: Set<MetricName> { Set(quantities.compactMap(\.metric)) }

  /// At ½ for every class.
  static func thresholds(_ classNames: [String]) -> Available<DecisionThresholds> {
    let half = ClassificationPredictions(
      classNames: classNames,
      rows: [1.0, 0].map { truth in
        .init(id: "\(truth)", patient: nil, targets: classNames.map { _ in Float(truth) }, probabilities: classNames.map { _ in truth == 1 ? 0.5 : 0.1 })
      })
    return DecisionThresholds.make(validation: .classification(half))
  }

  static func thresholds(of predictions: Predictions) -> Available<DecisionThresholds> {
    if case .classification(let all) = predictions { return thresholds(all.classNames) }
    return .notAvailable(reason: "masks need none")
  }

  private func recalibration(_ predictions: Predictions) -> (found: Recalibration, warning: String?)? {
    guard quantities.contains(where: { $0.metric == nil }), case .classification(let all) = predictions, let column = all.columns.first,
      let found = Recalibration.make(probabilities: column.probabilities, targets: column.targets, patients: predictions.patients).known
    else { return nil }
    return (found, Recalibration.warning(targets: column.targets, patients: predictions.patients))
  }

  private func estimate(_ quantity: Quantity, _ found: Recalibration) -> IntervalEstimate {
    quantity == .calibrationSlope ? found.slope : found.intercept
  }

  func values(_ predictions: Predictions) -> [Double?] {
    let measures = PredictionMeasures(predictions, thresholds: Self.thresholds(of: predictions), wanted: wanted), found = measures.values()
    let calibration = recalibration(predictions)?.found
    return quantities.map { quantity in
      guard let metric = quantity.metric else { return calibration.flatMap { estimate(quantity, $0).value.known } }
      return measures.keys.firstIndex { $0.metric == metric && $0.className == nil }.flatMap { found[$0].number }
    }
  }

  func intervals(_ predictions: Predictions, seed: UInt64) -> [(interval: Interval, isWarned: Bool)?] {
    let bootstrap = Bootstrap(method: .bca, resampleCount: Trial.resamples, seed: seed)
    let found = MetricIntervals(predictions, thresholds: Self.thresholds(of: predictions), wanted: wanted, bootstrap: .value(bootstrap))
    let calibration = recalibration(predictions)
    return quantities.map { quantity in
      if let metric = quantity.metric { return found.entry(of: metric).flatMap { entry in entry.interval.known.map { ($0, entry.warning != nil) } } }
      return calibration.flatMap { one in estimate(quantity, one.found).interval.known.map { ($0, one.warning != nil) } }
    }
  }

  /// What the quantities of a set without end are: the mean of twenty sets of 50,000 patients.
  func truth() -> [Double] {
    let all = concurrentMap(20) { index -> [Double?] in
      var generator = (SeedPath(0) / "truth" / name / index).generator()
      return values(draw(patients: 50_000, &generator))
    }
    return quantities.indices.map { place in
      let known = all.compactMap { $0[place] }
      return known.reduce(0, +) / Double(known.count)
    }
  }
}

/// Many test sets of one kind and size.
struct Trial {
  static let resamples = 1000

  let scenario: any Scenario
  let truth: [Double]
  let patients: Int
  let sets: Int

  func cells() -> [Cell] {
    let scenario = self.scenario, patients = self.patients, truth = self.truth
    let outcomes = concurrentMap(sets) { index -> [(outcome: Cell.Outcome, isWarned: Bool)] in
      var generator = (SeedPath(1) / scenario.name / patients / index).generator()
      let predictions = scenario.draw(patients: patients, &generator)
      return zip(scenario.intervals(predictions, seed: UInt64(index)), truth).map { found, truth in
        guard let found else { return (.none, false) }
        return (found.interval.contains(truth) ? .holds : truth < found.interval.lower ? .above : .below, found.isWarned)
      }
    }
    return scenario.quantities.enumerated().map { place, quantity in
      var cell = Cell(scenario: scenario.name, quantity: quantity, patients: patients)
      for outcome in outcomes { cell.add(outcome[place].outcome, isWarned: outcome[place].isWarned) }
      return cell
    }
  }
}
