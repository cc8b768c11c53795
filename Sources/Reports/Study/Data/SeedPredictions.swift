internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics

/// The predictions of runs that differ in their seed alone, on the same test images, and what can only be computed from all of
/// them.
struct SeedPredictions {
  /// One run.
  struct Seed {
    let predictions: Predictions
    let metrics: RunMetrics
    let measures: PredictionMeasures
    /// The sensitivity at each of the fixed false-positive rates, the mean over the classes; nil where no class has a curve.
    let sensitivities: [Double]?
    /// Of a repeat of a cross-validation the answers of its folds, and the metrics of each; nil and empty for one network.
    let folded: FoldedPredictions?
    let foldMetrics: [RunMetrics]

    init(_ folded: FoldedPredictions) {
      let (metrics, measures) = folded.measured()
      self.init(
        folded.together, metrics, measures, folded: folded,
        foldMetrics: zip(folded.folds, folded.thresholds).map { $0.measured(thresholds: $1).metrics })
    }

    init(
      _ predictions: Predictions, _ metrics: RunMetrics, _ measures: PredictionMeasures, folded: FoldedPredictions? = nil, foldMetrics: [RunMetrics] = []
    ) {
      (self.predictions, self.metrics, self.measures, self.folded, self.foldMetrics) = (predictions, metrics, measures, folded, foldMetrics)
      // Of folds the curves of all of their networks, whose mean at each rate it is.
      let curves = measures.orderedScores.compactMap { ROCCurve.make($0).known?.sensitivities(at: falsePositiveRates) }
      sensitivities = curves.isEmpty ? nil : falsePositiveRates.indices.map { rate in curves.reduce(0) { $0 + $1[rate] } / Double(curves.count) }
    }
  }

  private static let falsePositiveRates = (0...100).map { Double($0) / 100 }

  let metrics: [RunMetrics]
  let predictions: [Predictions]
  let measures: [PredictionMeasures]
  /// Of each run the answers of its folds, and the metrics of each.
  let folded: [FoldedPredictions?]
  let foldMeasures: [[RunMetrics]]
  private let sensitivities: [[Double]?]
  /// Why the runs cannot be taken together, if so.
  let unfit: String?
  /// Whether another seed is known to give the same, as of a head on the features of given weights.
  let isSameForEverySeed: Bool

  init(_ seeds: [Seed], isSameForEverySeed: Bool = false) {
    self.isSameForEverySeed = isSameForEverySeed
    metrics = seeds.map(\.metrics)
    measures = seeds.map(\.measures)
    sensitivities = seeds.map(\.sensitivities)
    folded = seeds.map(\.folded)
    foldMeasures = seeds.map(\.foldMetrics)
    let predictions = seeds.map(\.predictions), ids = predictions.map(\.imageIDs)
    self.predictions = predictions
    if predictions.isEmpty {
      unfit = "no run is finished"
    } else if ids.contains(where: { $0 != ids[0] }) || predictions.contains(where: { $0.columnNames != predictions[0].columnNames }) {
      unfit = "the runs were not tested on the same images"
    } else {
      unfit = nil
    }
  }

  /// Of the seeds' curves at fixed false-positive rates the mean and the deviation.
  var meanROC: Available<MeanROC> {
    switch predictions.first {
    case nil: return .notAvailable(reason: "no run is finished")
    case .segmentation, .classMasks: return .notAvailable(reason: "a segmentation has none")
    case .numbers: return .notAvailable(reason: "numbers have none")
    case .classification: break
    }
    if let unfit { return .notAvailable(reason: unfit) }
    let rates = Self.falsePositiveRates, seeds = sensitivities.compactMap(\.self)
    guard seeds.count == sensitivities.count else { return .notAvailable(reason: "no class has a positive and a negative sample") }
    let summaries = rates.indices.map { rate in Summary(seeds.map { $0[rate] }) }
    let deviations = summaries.compactMap(\.standardDeviation.known)
    return .value(
      MeanROC(
        falsePositiveRates: rates, sensitivities: summaries.compactMap(\.mean.known),
        standardDeviations: deviations.count == rates.count ? deviations : nil))
  }
}

extension ROCCurve {
  /// The sensitivity at each false-positive rate: the highest where the curve is vertical, else on the straight line between its points.
  func sensitivities(at rates: [Double]) -> [Double] {
    var place = 0
    return rates.map { rate in
      while place + 1 < points.count, points[place + 1].falsePositiveRate <= rate { place += 1 }
      let from = points[place]
      guard place + 1 < points.count else { return from.sensitivity }
      let to = points[place + 1]
      return from.sensitivity
        + (to.sensitivity - from.sensitivity) * (rate - from.falsePositiveRate) / (to.falsePositiveRate - from.falsePositiveRate)
    }
  }
}
