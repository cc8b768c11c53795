internal import Foundations

extension PredictionMeasures {
  /// Every metric of out-of-fold answers, each as its own rule over folds has it (`MetricName.OverFolds`): the mean of the folds' values where
  /// scores of images are compared with each other, else of all answers together. Decisions are each fold's own, at its own thresholds.
  ///
  /// - Parameter wanted: by default all metrics of the kind.
  public init(_ all: FoldedPredictions, wanted: Set<MetricName>? = nil) {
    let none = Available<DecisionThresholds>.notAvailable(reason: "each fold has its own")
    let pooled = PredictionMeasures(all.together, thresholds: none, wanted: wanted)
    guard case .classification(let together) = all.together else {
      self = pooled
      return
    }
    let folds = zip(all.folds, all.thresholds).map { PredictionMeasures($0, thresholds: $1, wanted: wanted) }
    let decisions = FoldDecisions(together, all)
    let decided = PredictionMeasures(.classification(decisions.predictions), thresholds: .value(decisions.thresholds), wanted: wanted)
    let rows = all.rows, keys = pooled.keys
    let places = folds.map { Self.places($0.keys) }, ofDecided = Self.places(decided.keys)
    self.init(
      keys: keys, orderedScores: folds.flatMap(\.orderedScores),
      compute: { weights in
        let ofFolds = zip(folds, rows).map { fold, rows in fold.values(weights: weights.map { all in rows.map { all[$0] } }) }
        let together = pooled.values(weights: weights), decisions = decided.values(weights: weights)
        func mean(_ key: Key) -> MetricValue {
          let values = places.enumerated().map { fold, places in
            places[key].map { ofFolds[fold][$0] } ?? .undefined(reason: "the metric is not of such predictions")
          }
          if let fold = values.firstIndex(where: { $0.number == nil }) { return .undefined(reason: "in fold \(fold + 1) \(values[fold].reason ?? "")") }
          return .value(values.reduce(0) { $0 + ($1.number ?? 0) } / Double(max(1, values.count)))
        }
        return keys.enumerated().map { place, key in
          if key.metric.needsThreshold { return ofDecided[key].map { decisions[$0] } ?? together[place] }
          switch key.metric.overFolds {
          case .pooled: return together[place]
          case .mean where key.className == nil: return Self.mean(keys.filter { $0.className != nil && $0.metric.macro == key.metric.macro }.map(mean))
          case .mean: return mean(key)
          }
        }
      },
      makeParts: { key in
        if key.metric.needsThreshold { return decided.parts(of: key) }
        return key.metric.overFolds == .pooled ? pooled.parts(of: key) : nil
      })
  }

  private static func places(_ keys: [Key]) -> [Key: Int] { Dictionary(keys.enumerated().map { ($1, $0) }) { first, _ in first } }
}

/// What the networks of the folds decided, each at its own thresholds: 1 or 0 in the place of probabilities.
private struct FoldDecisions {
  let predictions: ClassificationPredictions
  /// Between both; undefined of a class that a fold's validation set allows no threshold for.
  let thresholds: DecisionThresholds

  init(_ together: ClassificationPredictions, _ all: FoldedPredictions) {
    let ofFolds = all.thresholds.map { found in together.classNames.map { name in found.map { $0.threshold(of: name) } } }
    func threshold(_ fold: Int, _ column: Int) -> MetricValue {
      switch ofFolds[fold][column] {
      case .value(let value): value
      case .notAvailable(let reason): .undefined(reason: reason)
      }
    }
    thresholds = DecisionThresholds(
      rule: .maximumYouden,
      classes: together.classNames.enumerated().map { column, name in
        let lacking = ofFolds.indices.first { threshold($0, column).number == nil }
        return .init(name: name, threshold: lacking.map { .undefined(reason: "in fold \($0 + 1) \(threshold($0, column).reason ?? "")") } ?? .value(0.5))
      })
    var decided = together
    for (fold, rows) in all.rows.enumerated() {
      let own = together.classNames.indices.map { threshold(fold, $0).number ?? 2 }
      for row in rows {
        let known = together.rows[row]
        decided.rows[row] = .init(
          id: known.id, patient: known.patient, targets: known.targets, probabilities: zip(known.probabilities, own).map { $0 >= $1 ? 1 : 0 })
      }
    }
    predictions = decided
  }
}
