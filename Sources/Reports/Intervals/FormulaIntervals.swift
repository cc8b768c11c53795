internal import Foundations
internal import Metrics
internal import Statistics

/// Intervals that are formulas: DeLong's, Wilson's, and Student's t of means and ratios over rows.
struct FormulaIntervals {
  private let measures: PredictionMeasures
  private let areas: AreaColumns
  private let patients: [String]
  private let level: Double

  init(_ predictions: Predictions, _ measures: PredictionMeasures, patients: [String], level: Double) {
    (self.measures, self.patients, self.level) = (measures, patients, level)
    areas = AreaColumns(predictions, patients: patients, level: level)
  }

  /// An interval, and what it rests on.
  struct Found {
    let interval: Available<Interval>
    let basis: IntervalBasis
  }

  /// Nil where the interval of the metric is no formula, as of a mean over classes of shares.
  func interval(of key: PredictionMeasures.Key, value: MetricValue) -> Found? {
    switch key.metric.interval {
    case .deLong:
      let interval = value.available.flatMap { areas.interval(of: key.className, value: $0) }
      return Found(interval: interval, basis: .class(key.className))
    case .share, .mean:
      guard measures.isMeanOverRows(key) else { return nil }
      guard let number = value.number, let all = measures.rowValues(of: key) else {
        return Found(interval: .notAvailable(reason: value.reason ?? "no row has a value"), basis: .nothing)
      }
      let rows = all.indices.filter { all[$0] != nil }, values = all.map { $0 ?? 0 }
      return key.metric.interval == .share ? share(rows.map { values[$0] == 1 }, rows.map { patients[$0] }) : carried(number, key) { patients in
        PatientDeviations.ofMean(values, patients: patients, rows: rows)
      }
    case .ratio:
      guard let parts = measures.ratioParts(of: key) else { return nil }
      guard let number = value.number else { return Found(interval: .notAvailable(reason: value.reason ?? ""), basis: .nothing) }
      return carried(number, key) { patients in
        PatientDeviations.ofRatio(numerators: parts.map { Double($0.above) }, denominators: parts.map { Double($0.below) }, patients: patients)
      }
    case .bootstrap, .percentiles: return nil
    }
  }

  private func share(_ isRight: [Bool], _ patients: [String]) -> Found {
    let right = isRight.count { $0 }
    return Found(
      interval: Proportion.interval(isRight, patients: patients, level: level), basis: .share(right: right, wrong: isRight.count - right))
  }

  private func carried(
    _ value: Double, _ key: PredictionMeasures.Key, _ make: ([String]) -> Available<PatientDeviations>
  ) -> Found {
    let deviations = make(patients), scale: PatientDeviations.Scale = key.metric.range.upperBound <= 1 ? .logit : .log
    return Found(
      interval: deviations.flatMap { $0.interval(of: value, scale: scale, level: level) },
      basis: deviations.known.map { .patients(Int($0.degreesOfFreedom) + 1, carriers: $0.carrierCount) } ?? .nothing)
  }
}

/// The scores and truths of each class as DeLong's intervals take them.
struct AreaColumns {
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
