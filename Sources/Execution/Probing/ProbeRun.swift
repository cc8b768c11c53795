import Containers
import Datasets
import Foundation
import Foundations
import Loading
import Metrics
import Probes
import RunStore
import Studies
import Training

/// One cell whose mode is a head on features: from its data and initial weights to its metrics, in its run directory.
///
/// It has the files of a run that trained a network, but for `history.jsonl` and `best.safetensors`, since nothing was trained;
/// `probe.json` says how the head was made. A run that is killed is made again from the features, which are kept.
struct ProbeRun {
  let cell: Cell
  let plan: Plan
  let data: StudyData
  let directory: RunDirectory
  let numerics: NumericSetting

  /// Asks the network for features that are missing, makes the head, and writes everything; the caller holds the run's lease.
  ///
  /// - Returns: also the number of images that the network was asked about.
  func run(
    watcher: (_ done: Int, _ count: Int) -> Void, cacheWatcher: (CacheProgress) -> Void
  ) throws -> (outcome: CellRun.Outcome, asked: Int) {
    guard let task = plan.study.task(of: cell), let record = CellRecord(cell, in: plan),
      let head = FeatureHeadCatalog.head(of: cell.mode)
    else { throw ExecutionError.notInPlan(cell) }
    let configuration = record.configuration, clock = CellClock()
    let beginning = try directory.begin(record)
    if let pixels = data.pixels(of: task.name) { try directory.write(RunPixels(pixels: pixels), to: directory.pixelsFile) }
    var remarks = beginning.remarks
    remarks += try directory.addSession(
      RunSession(RunEnvironment(device: numerics.device, processes: plan.study.execution.processCount), host: ProcessInfo.processInfo.hostName, afterStep: 0))
    let splits = try data.splits(of: task, fraction: cell.fraction).applying(configuration.recipe.labelPolicy, seed: SeedPath(cell.seed))
    let gathered = try CellFeatures(cell: cell, configuration: configuration, plan: plan, data: data, numerics: numerics)
      .gather(task, samples: try neededSamples(task), watcher: watcher, cacheWatcher: cacheWatcher)
    try gathered.proof.write(to: directory)

    let parts = try ProbeParts(gathered, splits: splits, task: task, brokenFileLimit: configuration.recipe.brokenFileLimit, seed: SeedPath(cell.seed))
    try directory.write(parts.broken, to: directory.quarantineFile)
    let answer = try head.answer(parts.question)
    try write(answer, parts, configuration, head: head, features: gathered.digest)
    let validation = parts.predictions(answer.validation, of: .validation), test = parts.predictions(answer.test, of: .test)
    // What is fixed before the test set is looked at: the thresholds of decisions.
    try PredictionsFile.write(validation, to: directory.validationPredictionsFile)
    try PredictionsFile.write(test, to: directory.predictionsFile)
    try directory.write(test.scored.allMetrics(validation: validation.scored))
    try directory.write(clock.timing(trainedImages: 0, resumedAfterStep: nil), to: directory.timingFile)
    try directory.finish(cell, source: gathered.proof.sourceWeights)
    remarks += parts.broken.remarks + gathered.remarks + answer.remarks
    return (CellRun.Outcome(headline: test.headline(of: task.kind), brokenFiles: parts.broken.count, remarks: remarks + data.cacheDamages()), gathered.asked)
  }

  /// The images of all heads of the task, so that the network is asked once for all of them.
  private func neededSamples(_ task: TaskSpecification) throws -> [Sample] {
    let planned = plan.cells.filter { $0.task == task.name && $0.mode.isHeadOnFeatures }.map(\.fraction)
    let largest = planned.max { $0.value < $1.value } ?? cell.fraction
    let splits = try data.splits(of: task, fraction: largest)
    return splits.training + splits.validation + splits.test
  }

  private func write(
    _ answer: HeadAnswer, _ parts: ProbeParts, _ configuration: CellConfiguration, head: any FeatureHead.Type, features: String
  ) throws {
    let record = ProbeRecord(
      mode: cell.mode, features: features, stage: configuration.recipe.featureStage, featureCount: parts.question.training.width, trainingImages: parts.question.training.count,
      dependsOnSeed: configuration.start == .random || configuration.recipe.labelPolicy?.smoothing != nil || head.isDrawnBySeed,
      linearProbe: answer.linearProbe, nearestNeighbors: answer.nearestNeighbors,
      fewShot: try answer.supports?.judged({ parts.predictions($0, of: .test) }, relation: parts.question.labels.relation))
    try directory.write(record, to: directory.probeFile)
    guard !answer.coefficients.isEmpty else { return }
    let classes = try CanonicalJSON.encodeText(parts.question.labels.classNames)
    try SafetensorsFile.write(
      answer.coefficients, metadata: ["identity": cell.identity, "classes": classes, "layer": configuration.recipe.featureLayer, "features": features],
      to: directory.headFile)
  }
}

/// What a head is asked, and whom its answers are of.
private struct ProbeParts: Sendable {
  let question: HeadQuestion
  let broken: BrokenSamples
  private let samples: [DatasetPart: [Sample]]

  init(_ gathered: CellFeatures.Gathered, splits: DatasetSplits, task: TaskSpecification, brokenFileLimit: Double, seed: SeedPath) throws {
    var features: [FeatureMatrix] = [], labels: [ProbeLabels] = [], broken: [[BrokenSample]] = [], samples: [DatasetPart: [Sample]] = [:]
    for part in [DatasetPart.training, .validation, .test] {
      broken.append(gathered.broken(splits[part]))
      try BrokenFileRule(limit: brokenFileLimit).check(broken[broken.count - 1], of: splits[part].count)
      let found = try gathered.features(splits[part])
      features.append(found.features)
      samples[part] = found.samples
      // A head never sees the labels of test images.
      if part == .test { continue }
      labels.append(
        try ProbeLabels(
          found.samples.map(\.labels), classNames: splits.classNames,
          relation: task.kind.isOfExactlyOneClass ? .exclusive : .independent))
    }
    question = HeadQuestion(
      training: features[0], labels: labels[0], validation: features[1], validationLabels: labels[1], test: features[2],
      scoredClasses: task.scoredClasses, seed: seed)
    self.broken = BrokenSamples(training: broken[0], validation: broken[1], test: broken[2])
    self.samples = samples
    scoredClasses = task.scoredClasses
  }

  private let scoredClasses: [String]?

  func predictions(_ probabilities: [[Double]], of part: DatasetPart) -> Predictions {
    let rows = zip(samples[part, default: []], probabilities).map { sample, row in
      ClassificationPredictions.Row(
        id: sample.id, patient: sample.patient, targets: sample.labels.map { $0 == Sample.uncertain ? .nan : $0 }, probabilities: row)
    }
    return .classification(
      ClassificationPredictions(classNames: question.labels.classNames, scoredClasses: scoredClasses, rows: rows))
  }
}
