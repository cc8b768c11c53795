public import Datasets
import Foundation
import Foundations
public import Loading
public import Metrics
public import RunStore
public import Studies
import Torch
import Training

/// The finished runs of a study on images of another task: external validation.
///
/// Each run prepares the images by its own recorded recipe. Its answers are stored in its folder and are not computed again
/// for the same images, labels and classes.
public struct ExternalValidation {
  /// What to do with test images that a run was trained or chosen on.
  public enum OverlapRule: String, Sendable, CaseIterable {
    case refuse
    case leaveOut = "leave-out"
    case keep
  }

  /// What of the test set's task is asked.
  public enum Part: String, Sendable, CaseIterable {
    case test, all
  }

  /// One run and its two sets of answers.
  public struct Result: Sendable {
    public let cell: Cell
    /// Of the run's own task.
    public let kind: TaskKind
    public let record: ExternalEvaluation
    /// On the run's own test set, with the classes that both sets have.
    public let own: Predictions
    public let other: Predictions
    /// Whether it was stored already.
    public let wasStored: Bool
  }

  public enum Event: Sendable {
    case unfinished(Cell, CellState)
    /// The run trained no network that could be asked.
    case hasNoNetwork(Cell)
    case began(Cell, number: Int, count: Int)
    /// What the look at the images that are asked about warns of, in lines for a terminal.
    case warned(String)
    /// Images that a cache lacks are decoded into it.
    case caching(CacheProgress)
    case images(done: Int, of: Int)
    case finished(Cell, wasStored: Bool)
  }

  let data: StudyData
  let otherData: StudyData
  let cells: [Cell]
  let plan: Plan
  let task: TaskSpecification
  let otherSplits: DatasetSplits
  /// The digest of its test part.
  let testSet: String
  /// The study whose cache has the images: the other task's own, or that of the runs where it has none.
  let cacheData: StudyData
  let part: Part
  let said: [ExternalEvaluation.ClassPair]
  let overlapRule: OverlapRule

  /// - Parameters:
  ///   - data: of the study whose runs answer.
  ///   - filter: which runs; it names at least one task.
  ///   - other: the task whose images are asked about, of this study or another.
  ///   - otherData: of the study that the other task is of.
  ///   - said: classes that do not have equal names.
  public init(
    _ data: StudyData, filter: PlanFilter, on other: String, of otherData: StudyData, part: Part = .test,
    said: [ExternalEvaluation.ClassPair] = [], overlap: OverlapRule = .refuse
  ) throws {
    guard let task = otherData.study.task(named: other) else {
      throw ExecutionError.unknownTask(other, known: otherData.study.tasks.map(\.name), study: otherData.study.name == data.study.name ? nil : otherData.study.name)
    }
    self.data = data
    self.otherData = otherData
    self.task = task
    self.part = part
    self.said = said
    overlapRule = overlap
    plan = try data.plan(filter)
    cells = plan.cells.filter { cell in
      filter.tasks.contains(cell.task) && (filter.initializations.isEmpty || filter.initializations.contains(cell.initialization))
        && (filter.seeds.isEmpty || filter.seeds.contains(cell.seed))
        && (filter.fractions.isEmpty || filter.fractions.contains(cell.fraction)) && (filter.modes.isEmpty || filter.modes.contains(cell.mode))
    }
    for name in filter.tasks {
      guard let own = data.study.task(named: name) else { throw ExecutionError.unknownTask(name, known: data.study.tasks.map(\.name)) }
      if let folds = own.folds { throw ExecutionError.foldsAreNotAsked(own.name, folds: folds) }
      if own.kind.answerInWords != task.kind.answerInWords { throw ExecutionError.unlikeTasks(own, task) }
      if own.data.unit != task.data.unit { throw ExecutionError.unlikeUnits(own, task) }
    }
    if let folds = task.folds, part == .test { throw ExecutionError.foldsHaveNoTestPart(task.name, folds: folds) }
    otherSplits = try otherData.splits(of: task)
    testSet = otherSplits.extent(of: .test).sha256
    cacheData = otherData.study.execution.cacheFolder == nil ? data : otherData
  }

  /// Evaluates run after run.
  ///
  /// - Parameter looking: is told how many images have been looked at before the first answer, and of how many.
  /// - Throws: `ExecutionError` before the first run where classes do not fit, images overlap, no run is finished, or where the images that are
  ///   asked about cannot be used as they are: masks that were misunderstood would be answers that are wrong.
  public func run(looking: @escaping @Sendable (String, Int, Int) -> Void = { _, _, _ in }, _ watcher: (Event) -> Void) throws -> [Result] {
    let execution = data.study.execution
    let device = try ComputeSetting.apply(execution)
    var finished: [Cell] = []
    for cell in cells {
      if cell.mode.isHeadOnFeatures {
        watcher(.hasNoNetwork(cell))
        continue
      }
      let condition = RunDirectory(of: cell, in: plan.study.outputDirectory).condition(of: cell)
      if condition.state == .finished {
        finished.append(cell)
      } else if data.study.seeding == .full || condition.state != .missing {
        // Seeds that no verdict needed are not missed.
        watcher(.unfinished(cell, condition.state))
      }
    }
    if !cells.isEmpty, cells.allSatisfy(\.mode.isHeadOnFeatures) { throw ExecutionError.onlyHeads(cells[0].mode) }
    guard !finished.isEmpty else {
      throw ExecutionError.noFinishedRun(Array(Set(cells.map(\.task))).sorted(), unfinished: cells.count)
    }
    var overlap = TrainingOverlap(), overlapsByHistory: [Set<String>: [String]] = [:]
    let questions = try finished.map { cell in try question(of: cell, overlap: &overlap, known: &overlapsByHistory) }
    // What was answered before was looked at then.
    if zip(finished, questions).contains(where: { stored($1, of: $0) == nil }) {
      let found = try TestSetCheck(otherData.check([task.name], progress: looking), part: part)
      if !found.refusals.isEmpty { throw ExecutionError.refusedData(found.refusals) }
      if !found.warnings.isEmpty { watcher(.warned(found.warnings.map(StudyCheck.lines).joined())) }
    }
    return try zip(finished, questions).enumerated().map { index, pair in
      let (cell, question) = pair
      watcher(.began(cell, number: index + 1, count: finished.count))
      let result = try answer(question, of: cell, device: device, watcher: watcher)
      watcher(.finished(cell, wasStored: result.wasStored))
      return result
    }
  }

  // MARK: - The question to one run

  /// What one run is asked: the images, and which of its classes are which.
  private struct Question {
    /// Of the run's own task.
    let kind: TaskKind
    let ownSplits: DatasetSplits
    let samples: [Sample]
    let mapping: ClassMapping?
    let overlap: [String]
  }

  private func question(
    of cell: Cell, overlap: inout TrainingOverlap, known: inout [Set<String>: [String]]
  ) throws -> Question {
    guard let own = plan.study.task(named: cell.task) else { throw ExecutionError.notInPlan(cell) }
    let ownSplits = try data.splits(of: own)
    let mapping =
      own.kind.answer == .mask
      ? nil : try ClassMapping(ofRun: ownSplits.answerNames, ofTestSet: otherSplits.answerNames, said: said)
    var samples = part == .test ? otherSplits.test : DatasetPart.allCases.flatMap { otherSplits[$0] }.sorted { $0.id < $1.id }
    // All that the run descends from saw images too.
    let ancestry = [cell] + plan.lineage(of: cell)
    let history = Set(ancestry.map { $0.isSelfSupervised ? "\($0.task) \($0.initialization)" : "\($0.task) \($0.fraction.value)" })
    let shared: [String]
    if let found = known[history] {
      shared = found
    } else {
      let seen = try ancestry.flatMap { ancestor -> [Sample] in
        if ancestor.isSelfSupervised, let made = plan.study.pretraining(named: ancestor.initialization) { return try data.images(of: made).samples }
        guard let task = plan.study.task(named: ancestor.task) else { throw ExecutionError.notInPlan(ancestor) }
        let splits = try data.splits(of: task, fraction: ancestor.fraction)
        return splits.training + splits.validation
      }
      shared = try overlap.ids(of: samples, among: seen)
      known[history] = shared
    }
    if !shared.isEmpty {
      switch overlapRule {
      case .refuse: throw ExecutionError.testImagesWereTrainedOn(shared, of: samples.count, task: task.name, runs: "\(cell)")
      case .leaveOut:
        let leftOut = Set(shared)
        samples.removeAll { leftOut.contains($0.id) }
      case .keep: break
      }
    }
    if samples.isEmpty { throw ExecutionError.nothingLeft(task.name) }
    return Question(kind: own.kind, ownSplits: ownSplits, samples: samples, mapping: mapping, overlap: shared)
  }

  // MARK: - The answer of one run

  /// The answer to this very question that is kept; nil where there is none.
  private func stored(_ question: Question, of cell: Cell) -> (record: ExternalEvaluation, predictions: Predictions)? {
    let folder = RunDirectory(of: cell, in: plan.study.outputDirectory).external(task: task.name, part: part.rawValue)
    let posed = record(question, of: cell, imageCount: 0, unusable: [], predictions: "")
    guard let stored = folder.read(), stored.record.isSameQuestion(as: posed) else { return nil }
    return (stored.record, stored.predictions)
  }

  private func answer(_ question: Question, of cell: Cell, device: Device, watcher: (Event) -> Void) throws -> Result {
    let directory = RunDirectory(of: cell, in: plan.study.outputDirectory)
    let folder = directory.external(task: task.name, part: part.rawValue)
    let read = try PredictionsFile.readAll(directory.predictionsFile)
    let ownPredictions = question.mapping.map { read.keeping(classes: $0.pairs.map(\.ofRun)) } ?? read
    if let stored = stored(question, of: cell) {
      return Result(cell: cell, kind: question.kind, record: stored.record, own: ownPredictions, other: stored.predictions, wasStored: true)
    }
    guard FileManager.default.fileExists(atPath: directory.weightsFile.path) else {
      throw ExecutionError.runLacksWeights(cell.relativePath)
    }
    try directory.requireSealedWeights(Digest.sha256Hex(ofFile: directory.weightsFile))
    let record = try directory.record(), configuration = record.configuration
    let execution = plan.study.execution
    // Made of all that may be asked: what one run leaves out, another answers.
    let asked = part == .test ? otherSplits.test : DatasetPart.allCases.flatMap { otherSplits[$0] }
    let cache = try cacheData.cache(of: asked, named: "external \(task.name)", recipe: configuration.recipe) { watcher(.caching($0)) }
    let network = try TrainedNetwork(
      weights: directory.weightsFile, kind: configuration.kind, configuration: configuration,
      answerNames: question.ownSplits.answerNames, unit: question.ownSplits.numbers?.unit, numberScale: record.numberScale,
      numerics: NumericSetting(device: device, precision: configuration.recipe.precision),
      loaders: LoaderSetting(workers: execution.loaderThreads, prefetch: 4, cache: cache))
    let (all, broken) = try network.answers(relabeled(question), metrics: task.metrics) { watcher(.images(done: $0, of: question.samples.count)) }
    let predictions = question.mapping.map { all.keeping(classes: $0.pairs.map(\.ofRun)) } ?? all
    let evaluation = try folder.write(predictions) { digest in
      self.record(
        question, of: cell, imageCount: predictions.imageCount,
        unusable: broken.map { ExternalEvaluation.UnusableImage(id: $0.id, reason: $0.reason) }, predictions: digest)
    }
    return Result(cell: cell, kind: question.kind, record: evaluation, own: ownPredictions, other: predictions, wasStored: false)
  }

  /// The samples with their labels or masks in the order of the run's classes, or numbers in that of its numbers; what the test set does not say
  /// is not known. Of a mask it is no part of the predictions that are kept.
  private func relabeled(_ question: Question) -> [Sample] {
    guard let mapping = question.mapping else { return question.samples }
    let columns = question.ownSplits.answerNames.map { name in
      mapping.pairs.first { $0.ofRun == name }.flatMap { otherSplits.answerNames.firstIndex(of: $0.ofTestSet) }
    }
    let names = question.ownSplits.maskClasses
    return question.samples.map { sample in
      if !names.isEmpty { return sample.withMaskClasses(names, from: columns) }
      func arranged(_ values: [Float]) -> [Float] { columns.map { $0.map { values[$0] } ?? .nan } }
      return sample.numbers.isEmpty ? sample.labeled(arranged(sample.labels)) : sample.numbered(arranged(sample.numbers))
    }
  }

  private func record(
    _ question: Question, of cell: Cell, imageCount: Int, unusable: [ExternalEvaluation.UnusableImage], predictions: String
  ) -> ExternalEvaluation {
    ExternalEvaluation(
      task: task.name, part: part.rawValue, run: cell.identity, data: otherSplits.fingerprint,
      testSet: testSet, weights: RunDirectory(of: cell, in: plan.study.outputDirectory).sealedWeights(), classes: question.mapping?.pairs ?? [],
      classesOfRunLeftOut: question.mapping?.ofRunLeftOut ?? [],
      classesOfTestSetLeftOut: question.mapping?.ofTestSetLeftOut ?? [], overlap: question.overlap,
      leavesOverlapOut: overlapRule == .leaveOut && !question.overlap.isEmpty, imageCount: imageCount, unusable: unusable,
      predictions: predictions)
  }
}
