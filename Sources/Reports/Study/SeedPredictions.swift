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
    /// The sensitivity at each of the fixed false-positive rates, the mean over the classes; nil where no class has a curve.
    let sensitivities: [Double]?

    init(_ predictions: Predictions, _ metrics: RunMetrics, _ measures: PredictionMeasures) {
      (self.predictions, self.metrics) = (predictions, metrics)
      let curves = measures.orderedScores.compactMap { ROCCurve.make($0).known?.sensitivities(at: falsePositiveRates) }
      sensitivities = curves.isEmpty ? nil : falsePositiveRates.indices.map { rate in curves.reduce(0) { $0 + $1[rate] } / Double(curves.count) }
    }
  }

  private static let falsePositiveRates = (0...100).map { Double($0) / 100 }

  let metrics: [RunMetrics]
  private let sensitivities: [[Double]?]
  private let classification: [ClassificationPredictions]
  private let segmentation: [SegmentationPredictions]
  /// Why the runs cannot be taken together, if so.
  private let unfit: String?

  init(_ seeds: [Seed]) {
    metrics = seeds.map(\.metrics)
    sensitivities = seeds.map(\.sensitivities)
    let predictions = seeds.map(\.predictions)
    let classification = predictions.compactMap { if case .classification(let one) = $0 { one } else { nil } }
    let segmentation = predictions.compactMap { if case .segmentation(let one) = $0 { one } else { nil } }
    self.classification = classification
    self.segmentation = segmentation
    let ids: [[String]] = classification.map { $0.rows.map(\.id) } + segmentation.map { $0.rows.map(\.id) }
    if predictions.isEmpty {
      unfit = "no run is finished"
    } else if ids.contains(where: { $0 != ids[0] }) || classification.contains(where: { $0.classNames != classification[0].classNames }) {
      unfit = "the runs were not tested on the same images"
    } else {
      unfit = nil
    }
  }

  /// The patient of each row where all are known; else every image is taken as its own.
  private func clusters(_ patients: [String?]) -> [String]? {
    let known = patients.compactMap(\.self)
    return known.count == patients.count ? known : nil
  }

  /// The first metric of the task over seeds and patients.
  var twoLevel: TwoLevel {
    let (name, values, covariance) = headline
    switch covariance {
    case .notAvailable(let reason): return TwoLevel(name, notAvailable: reason)
    case .value(let matrix): return TwoLevel(name, values: values, caseCovariance: matrix)
    }
  }

  private var headline: (name: String, values: [Double], covariance: Available<[[Double]]>) {
    let isSegmentation = classification.isEmpty && !segmentation.isEmpty
    let name = isSegmentation ? "Dice (pooled)" : "AUROC (macro)"
    if let unfit { return (name, [], .notAvailable(reason: unfit)) }
    if isSegmentation { return (name, segmentation.compactMap(\.dice.pooled.number), pooledDiceCovariance) }
    let values = metrics.compactMap { $0.value(of: .aurocMacro)?.number }
    guard values.count == classification.count else {
      return (name, [], .notAvailable(reason: "the AUROC is undefined for every class"))
    }
    guard values.count > 1 else { return (name, values, .notAvailable(reason: "one seed says nothing about other seeds")) }
    let columns = classification.map(\.columns)
    return (
      name, values,
      MacroAUROC.caseCovariance(
        scores: columns.map { $0.map(\.probabilities) }, targets: columns[0].map(\.targets),
        clusters: clusters(classification[0].rows.map(\.patient)))
    )
  }

  /// By the jackknife over patients, each of which is taken from the sums of pixels.
  private var pooledDiceCovariance: Available<[[Double]]> {
    let first = segmentation[0].rows
    let patients = clusters(first.map(\.patient)) ?? first.map(\.id)
    var numbers: [String: Int] = [:]
    let places = patients.map { name in
      if let known = numbers[name] { return known }
      numbers[name] = numbers.count
      return numbers.count - 1
    }
    let count = numbers.count
    guard segmentation.count > 1 else { return .notAvailable(reason: "one seed says nothing about other seeds") }
    guard count > 1 else { return .notAvailable(reason: "one patient says nothing about other patients") }
    let deviations = segmentation.map { run -> [Double] in
      var hits = [Int](repeating: 0, count: count), sizes = hits
      for (place, row) in zip(places, run.rows) {
        hits[place] += 2 * row.counts.truePositives
        sizes[place] += 2 * row.counts.truePositives + row.counts.falsePositives + row.counts.falseNegatives
      }
      let (allHits, allSizes) = (hits.reduce(0, +), sizes.reduce(0, +))
      // Nothing to find and nothing found is 1, as Dice has it.
      let left = zip(hits, sizes).map { allSizes == $1 ? 1 : Double(allHits - $0) / Double(allSizes - $1) }
      let mean = left.reduce(0, +) / Double(count)
      return left.map { $0 - mean }
    }
    let factor = Double(count - 1) / Double(count)
    return .value(deviations.map { a in deviations.map { b in factor * zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } })
  }

  /// Of the seeds' curves at fixed false-positive rates the mean and the deviation.
  var meanROC: Available<MeanROC> {
    guard !classification.isEmpty else {
      return .notAvailable(reason: segmentation.isEmpty ? "no run is finished" : "a segmentation has none")
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

  var reliability: Available<ReliabilityCurve> {
    guard !classification.isEmpty else {
      return .notAvailable(reason: segmentation.isEmpty ? "no run is finished" : "a segmentation has none")
    }
    if let unfit { return .notAvailable(reason: unfit) }
    return ReliabilityCurve.make(
      probabilities: classification.flatMap { $0.rows.flatMap(\.probabilities) },
      targets: classification.flatMap { $0.rows.flatMap(\.targets) }, binCount: 10)
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
