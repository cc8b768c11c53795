internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

extension SeedPredictions {
  /// A metric over the seeds, with how each patient moves it.
  ///
  /// - Parameter patients: of the runs' rows.
  func seedsAndPatients(of metric: MetricName, patients: PatientPlaces) -> Available<SeedsAndPatients> {
    seedsAndPatients(of: metric) { deviations(of: metric, run: $0, patients: patients) }
  }

  /// - Parameter deviationsOfRun: how each patient moves it, of each run, by its place.
  func seedsAndPatients(of metric: MetricName, _ deviationsOfRun: (Int) -> Available<PatientDeviations>) -> Available<SeedsAndPatients> {
    if let unfit { return .notAvailable(reason: unfit) }
    var values: [Double] = []
    for run in metrics {
      guard let value = run.value(of: metric) else { return .notAvailable(reason: "a run has no \(metric.title)") }
      guard let number = value.number else { return .notAvailable(reason: value.reason ?? "it is undefined") }
      values.append(number)
    }
    guard values.count > 1 || isSameForEverySeed else { return .notAvailable(reason: "one seed says nothing about other seeds") }
    var deviations: [PatientDeviations] = []
    for run in predictions.indices {
      switch deviationsOfRun(run) {
      case .value(let found): deviations.append(found)
      case .notAvailable(let reason): return .notAvailable(reason: reason)
      }
    }
    switch foldMeans(of: metric) {
    case nil: break
    case .notAvailable(let reason): return .notAvailable(reason: reason)
    case .value(let means): deviations = deviations.map { $0.withFolds(means) }
    }
    // What a second seed gives is known without running it.
    if values.count == 1 { (values, deviations) = (values + values, deviations + deviations) }
    return SeedsAndPatients.make(values: values, deviations: deviations)
  }

  /// What comparisons with other initializations need of each metric.
  ///
  /// - Parameters:
  ///   - metrics: those of the kind's table where nil.
  ///   - patients: the intervals over patients of one of the runs.
  func evidence(of kind: TaskKind, by metrics: [MetricName]? = nil, patients: Available<PatientIntervals>) -> [MetricName: TaskEvidence.Group] {
    let metrics = metrics ?? kind.tableMetrics
    let testSet = predictions.first?.testSet ?? "", names = predictions.first?.patients ?? [], patientCount = Set(names).count
    let places = PatientPlaces(names)
    return Dictionary(
      uniqueKeysWithValues: metrics.map { metric in
        let seeds = seedsAndPatients(of: metric, patients: places)
        return (
          metric,
          TaskEvidence.Group(
            seeds: seeds, testSet: testSet, patientCount: patientCount,
            nothingLearned: nothingLearned(kind, metric, seeds, foldedInterval(of: metric) ?? patients.known?.intervals.entry(of: metric)?.interval.known))
        )
      })
  }

  private func nothingLearned(
    _ kind: TaskKind, _ metric: MetricName, _ seeds: Available<SeedsAndPatients>, _ patients: Interval?
  ) -> NothingLearned? {
    guard let first = predictions.first, let constant = first.constantAnswer(of: metric, areExclusive: kind.answer == .labelMap) else { return nil }
    return NothingLearned(
      metric, values: metrics.compactMap { $0.value(of: metric)?.number }, constant: constant, seeds: seeds, patients: patients)
  }
}

extension NothingLearned {
  /// From so many seeds on the interval over seeds and patients says whether an AUROC is above chance: with two or three it is so long
  /// that it holds 0.5 for nearly any.
  private static let leastSeeds = 5

  /// Whether no more than a constant answer was learned: an AUROC whose interval for other patients holds 0.5, or a Dice that is reached
  /// by calling every pixel the structure's, or none, or an error that one number for all images has; nil where something was.
  ///
  /// - Parameters:
  ///   - values: one a seed.
  ///   - patients: the interval for other patients of the median run.
  init?(_ metric: MetricName, values: [Double], constant: Double, seeds: Available<SeedsAndPatients>, patients: Interval?) {
    guard let mean = Summary(values).mean.known else { return nil }
    if metric.kind == .numbers {
      guard mean >= constant else { return nil }
      self.init(.constantNumber, mean: mean, constant: constant, interval: nil)
      return
    }
    if metric.isOfSegmentation {
      guard mean <= constant else { return nil }
      self.init(.didNotTrain, mean: mean, constant: constant, interval: nil)
      return
    }
    let both =
      (seeds.known?.seedCount ?? 0) >= Self.leastSeeds
      ? TwoLevel(metric.title, seeds, range: metric.range).estimate.interval.known : nil
    let found = [patients, both].compactMap(\.self).first { $0.lower <= constant && constant <= $0.upper }
    guard mean <= constant || found != nil else { return nil }
    self.init(.atChance, mean: mean, constant: constant, interval: found)
  }
}

extension Predictions {
  /// What the better constant answer reaches: one score for all images, every pixel the structure's, or none; of several classes the mean
  /// over them.
  ///
  /// - Parameter areExclusive: whether a pixel is of one class at most, so that the constant answers of two classes cannot both be given.
  func constantAnswer(of metric: MetricName, areExclusive: Bool = false) -> Double? {
    switch (self, metric) {
    case (.classification, .aurocMacro): return 0.5
    case (.classification, .cohenKappaQuadratic): return 0
    case (.numbers(let all), .meanAbsoluteError): return all.constantError
    case (.segmentation(let all), .dicePooled), (.segmentation(let all), .dicePerImage):
      let images = all.rows.map(\.counts).map { counts in
        let structure = counts.truePositives + counts.falseNegatives
        let rest = counts.falsePositives + counts.trueNegatives
        return (
          full: PixelConfusion(truePositives: structure, falsePositives: rest),
          empty: PixelConfusion(falseNegatives: structure, trueNegatives: rest)
        )
      }
      let answers = [Dice(images: images.map(\.full)), Dice(images: images.map(\.empty))]
      return answers.compactMap { metric == .dicePooled ? $0.pooled.number : $0.perImage.number }.max()
    case (.classMasks(let all), .dicePooled), (.classMasks(let all), .dicePerImage):
      let full = all.classes.map { $0.constant(isFull: true) }, empty = all.classes.map { $0.constant(isFull: false) }
      // Of exclusive classes one is everywhere and the others are nowhere; else each is answered by itself.
      let answers =
        areExclusive
        ? full.indices.map { place in empty.indices.map { $0 == place ? full[$0] : empty[$0] } } : [full, empty]
      return answers.compactMap { classes in
        PredictionMeasures(.classMasks(ClassMaskPredictions(classNames: all.classNames, classes: classes)), thresholds: .notAvailable(reason: ""), wanted: [metric])
          .values().first?.number
      }.max()
    default: return nil
    }
  }

  /// A digest of the rows and of what is true of them: equal for runs whose values may be compared patient by patient.
  var testSet: String {
    let hasher = Digest.Hasher()
    func add(_ text: String) {
      var text = text
      text.append("\n")
      text.withUTF8 { hasher.update(UnsafeRawBufferPointer($0)) }
    }
    switch self {
    case .classification(let all):
      add(all.classNames.joined(separator: "\t"))
      for (row, patient) in zip(all.rows, patients) {
        add(row.id)
        add(patient)
        row.targets.withUnsafeBytes { hasher.update($0) }
      }
    case .segmentation(let all):
      for (row, patient) in zip(all.rows, patients) {
        add(row.id)
        add(patient)
        add("\(row.counts.truePositives + row.counts.falseNegatives)")
      }
    case .classMasks(let all):
      add(all.classNames.joined(separator: "\t"))
      for (place, patient) in patients.enumerated() {
        add(all.images[place].id)
        add(patient)
        add(all.classes.map { "\($0.rows[place].counts.truePositives + $0.rows[place].counts.falseNegatives)" }.joined(separator: "\t"))
      }
    case .numbers(let all):
      add(all.names.joined(separator: "\t") + "\t" + (all.unit ?? ""))
      for (row, patient) in zip(all.rows, patients) {
        add(row.id)
        add(patient)
        row.truths.withUnsafeBytes { hasher.update($0) }
      }
    }
    return hasher.finalizeHex()
  }
}

extension SegmentationPredictions {
  /// The same truth with an answer that is everywhere the same.
  fileprivate func constant(isFull: Bool) -> SegmentationPredictions {
    SegmentationPredictions(
      rows: rows.map { row in
        let structure = row.counts.truePositives + row.counts.falseNegatives, rest = row.counts.falsePositives + row.counts.trueNegatives
        return Row(
          id: row.id, patient: row.patient,
          counts: isFull
            ? PixelConfusion(truePositives: structure, falsePositives: rest) : PixelConfusion(falseNegatives: structure, trueNegatives: rest),
          isOfClass: row.isOfClass)
      })
  }
}

extension NumberPredictions {
  /// The mean absolute error of the best single number for all images, the median of the truths: the mean over the columns.
  fileprivate var constantError: Double? {
    let errors = names.indices.compactMap { column -> Double? in
      let truths = pairs(of: column).map(\.truth).sorted()
      guard !truths.isEmpty else { return nil }
      let median = (truths[(truths.count - 1) / 2] + truths[truths.count / 2]) / 2
      return truths.reduce(0) { $0 + abs($1 - median) } / Double(truths.count)
    }
    return errors.isEmpty ? nil : errors.reduce(0, +) / Double(errors.count)
  }
}
