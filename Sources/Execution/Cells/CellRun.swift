import Datasets
import Foundation
import Foundations
import Loading
import Metrics
import Models
import RunStore
import Studies
import Torch
import Training

/// One cell, from its data and initial weights to its metrics, in its run directory.
struct CellRun {
  let cell: Cell
  let plan: Plan
  let data: StudyData
  let directory: RunDirectory
  let numerics: NumericSetting
  let started: (_ resumedAfterStep: Int?) -> Void
  let watcher: (TrainingNews) -> Void
  let cacheWatcher: (CacheProgress) -> Void
  /// The other processes that train it too; nil where this one is alone.
  var spread: SpreadStudy?

  /// Where the order of training images and their variations are drawn from.
  static func trainingSeed(_ seed: Int) -> SeedPath { SeedPath(seed) / "training" }

  struct Outcome {
    let headline: [String: MetricValue]
    let brokenFiles: Int
    var remarks: [String]
  }

  /// Trains, tests and writes everything; the caller holds the run's lease.
  func run() throws -> Outcome { try directory.startingAnewIfNeeded(attempt) }

  private func attempt() throws -> Outcome {
    guard let record = CellRecord(cell, in: plan) else { throw ExecutionError.notInPlan(cell) }
    let beginning = try directory.begin(record)
    if let pixels = data.pixels(of: cell.task) { try directory.write(RunPixels(pixels: pixels), to: directory.pixelsFile) }
    let parts = try CellTraining(cell: cell, plan: plan, data: data, numerics: numerics)
    let (task, recipe, splits, network) = (parts.task, parts.recipe, parts.splits, parts.network)
    let start = try CellStart(cell: cell, plan: plan).load(into: network)
    try start.write(to: directory)
    let files = RunFiles(
      directory: directory, identity: cell.identity, source: start.sourceWeights, checkpointSeconds: plan.study.execution.checkpointSeconds,
      spread: spread.map { RunSpread($0.spread, trainsNormalization: recipe.mode == .fullFineTuning) }, watcher: watcher)
    let training = try parts.loop(files, cacheWatcher: cacheWatcher, spread: spread?.spread), cache = try parts.cache(cacheWatcher)
    if let scale = training.procedure.numberScale { try directory.state(scale, in: record) }
    let clock = CellClock()
    let answers: Answers
    do {
      answers = try train(training, files)
    } catch {
      // Whoever has to repair the files needs their names; the run fails for the first reason, whether they can be written or not.
      if training.broken.count > 0 { try? directory.write(training.broken, to: directory.quarantineFile) }
      throw error
    }
    try PredictionsFile.write(answers.test, to: directory.predictionsFile)
    try directory.write(training.broken, to: directory.quarantineFile)
    try directory.write(answers.test.scored.allMetrics(validation: answers.validation.scored))
    var remarks =
      beginning.remarks + training.broken.remarks + files.remarks
    remarks += try drawExamples(answers.test, network: network, task: task, recipe: recipe, test: splits.test, cache: cache)
    try directory.write(
      clock.timing(trainedImages: training.samplesTrainedNow, resumedAfterStep: training.resumedAfterStep), to: directory.timingFile)
    // Before the run is called finished: whoever comes after a kill must not find old answers beside new weights.
    remarks += try directory.dropAnswers(ofOthersThan: Digest.sha256Hex(ofFile: directory.weightsFile), former: beginning.formerWeights)
    try directory.finish(cell, source: start.sourceWeights)
    // What is left of them after this is cleared by the next start.
    try? directory.removeUnfinished()
    return Outcome(
      headline: answers.test.headline(of: task.kind), brokenFiles: training.broken.count,
      remarks: remarks + data.cacheDamages())
  }

  /// What the best weights say about the images that can be used.
  private struct Answers {
    let validation: Predictions
    let test: Predictions
  }

  /// Trains, writes the best weights, and asks them about the validation and the test set.
  private func train(_ training: TrainingLoop<Supervised>, _ files: RunFiles) throws -> Answers {
    // Whatever may fail here alone has not.
    try spread?.begin(cell)
    try training.prepare()
    files.remarks += try directory.addSession(
      RunSession(
        RunEnvironment(device: numerics.device, processes: plan.study.execution.processCount, spread: files.spread), host: ProcessInfo.processInfo.hostName,
        afterStep: files.resumedAfterStep ?? 0))
    started(files.resumedAfterStep)
    // Here alone is there something to save first when the process is asked to stop; everything before and after is made again.
    return try StopRequest.deferring {
      if let spread { try spread.together(training.train) } else { try training.train() }
      try WeightLoading.save(training.procedure.network, metadata: ["identity": cell.identity], to: directory.weightsFile)
      // What is fixed before the test set is looked at: the thresholds of decisions.
      let validation = try training.validate()
      try PredictionsFile.write(validation, to: directory.validationPredictionsFile)
      let test = try training.test()
      try files.close()
      return Answers(validation: validation, test: test)
    }
  }

  /// Pictures are no results: a run of whose images none can be drawn is finished, and says why it has none. A disk that takes none
  /// is another matter: it fails the run, which makes them when it is run again, so that one run is like another.
  private func drawExamples(
    _ predictions: Predictions, network: any Network, task: TaskSpecification, recipe: Recipe, test: [Sample], cache: SampleCache?
  ) throws -> [String] {
    guard plan.study.execution.examples, task.kind.hasPictures else { return [] }
    let painter = ExamplePainter(network: network, kind: task.kind, recipe: recipe, numerics: numerics, cache: cache)
    let writer = ExampleWriter(painter: painter, scoredClasses: task.scoredClasses, test: test, directory: directory)
    let drawn: ExampleWriter.Drawn
    do { drawn = try writer.draw(predictions) } catch {
      if SystemFault.isFault(error) { throw error }
      return ["No examples were drawn: \(sentence(for: error))"]
    }
    try writer.write(drawn)
    return []
  }
}
