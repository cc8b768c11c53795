internal import Foundations
internal import Metrics
internal import Statistics

/// Intervals that are formulas: DeLong's, Wilson's, and Student's t of means and ratios over rows.
struct FormulaIntervals {
  private let measures: PredictionMeasures
  private let areas: AreaColumns
  private let patients: PatientPlaces
  private let level: Double

  init(_ predictions: Predictions, _ measures: PredictionMeasures, patients: PatientPlaces, level: Double) {
    (self.measures, self.patients, self.level) = (measures, patients, level)
    areas = AreaColumns(predictions, patients: patients, level: level)
  }

  /// An interval, and what it rests on.
  struct Found {
    let interval: Available<Interval>
    let basis: IntervalBasis
  }

  /// Nil where the interval of the metric is no formula, as of the F1.
  func interval(of key: PredictionMeasures.Key, value: MetricValue) -> Found? {
    if case .notAvailable(let reason) = key.metric.interval { return Found(interval: .notAvailable(reason: reason), basis: .nothing) }
    guard !key.metric.interval.isResampled else { return nil }
    guard let number = value.number else { return Found(interval: .notAvailable(reason: value.reason ?? "no row has a value"), basis: .nothing) }
    if key.metric.interval == .deLong { return areas.interval(of: key.className, value: number) }
    switch measures.parts(of: key) {
    case .means(let columns)? where key.metric.interval == .share: return share(key, columns)
    case let parts?: return Found(parts.deviations(among: patients), of: number, metric: key.metric, level: level)
    case nil: return nil
    }
  }

  private func share(_ key: PredictionMeasures.Key, _ columns: [[Double?]]) -> Found {
    let shares: [[Bool?]] = columns.map { column in column.map { value in value.map { $0 == 1 } } }
    func patientCount(_ isMeant: (Bool?) -> Bool) -> [Int] { shares.map { share in patients.count(of: share.indices.filter { isMeant(share[$0]) }) } }
    let (right, wrong) = (patientCount { $0 == true }.reduce(0, +), patientCount { $0 == false }.reduce(0, +))
    let interval: Available<Interval>
    if shares.count == 1 {
      let rows = shares[0].indices.filter { shares[0][$0] != nil }
      interval = Proportion.interval(rows.map { shares[0][$0] == true }, rows: rows, among: patients, level: level)
    } else {
      interval = Proportion.interval(ofMean: shares, among: patients, level: level)
    }
    return Found(
      interval: interval,
      basis: .shares(overClasses: shares.count > 1 && isOfSeveral(key), right: right, wrong: wrong, fewest: shares.count > 2 ? patientCount { $0 != nil }.min() : nil))
  }

  private func isOfSeveral(_ key: PredictionMeasures.Key) -> Bool { key.className == nil && measures.orderedScores.count > 1 }
}

extension FormulaIntervals.Found {
  /// Student's t: on the logit scale in 0...1, on the log scale above 0, else as it is.
  init(_ deviations: Available<PatientDeviations>, of value: Double, metric: MetricName, level: Double) {
    let scale: PatientDeviations.Scale = metric.range.lowerBound < 0 ? .linear : metric.range.upperBound <= 1 ? .logit : .log
    interval = deviations.flatMap { $0.interval(of: value, scale: scale, level: level) }
    basis =
      deviations.known.map { found in
        let count = Int(found.degreesOfFreedom) + 1
        return scale == .log && metric.isOfSegmentation
          ? .distances(count, carriers: found.carrierCount, skewness: found.skewness) : .patients(count, carriers: found.carrierCount)
      } ?? .nothing
  }
}

/// The scores and truths of each class as DeLong's intervals take them.
struct AreaColumns {
  private let names: [String]
  private let scores: [[Double]]
  private let targets: [[Float]]
  private let patients: PatientPlaces
  private let level: Double

  init(_ predictions: Predictions, patients: PatientPlaces, level: Double) {
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
  func interval(of className: String?, value: Double) -> FormulaIntervals.Found {
    let columns = className.map { name in names.firstIndex(of: name).map { [$0] } ?? [] } ?? Array(names.indices)
    let found = MacroAUROC.make(
      scores: columns.map { scores[$0] }, targets: columns.map { targets[$0] }, among: patients, mean: value, level: level)
    return .init(
      interval: found.flatMap(\.interval), basis: .area(columns.count == 1 ? names[columns[0]] : nil, carriers: found.known?.carrierCount ?? 0))
  }
}
