import Containers
public import Datasets
import Foundation
import Foundations
public import Loading
import RunStore
public import Studies

/// The data sets of a study, each listed once, and the plan that follows from their content.
public final class StudyData {
  public let study: Study
  private var splitsByTask: [String: DatasetSplits] = [:]
  /// What the masks of each task mean, by their role, where they were opened for it.
  var masksByTask: [String: [MaskRole: UnderstoodMasks]] = [:]
  /// The digest of each task's pixels, where they were looked at.
  var pixelsByTask: [String: String?] = [:]
  private var digestsByPath: [String: String] = [:]
  let weightDigests = WeightDigests()
  /// The study's cache of images and what it has for each task, once they were asked for.
  var openCache: ImageCache?
  var sampleCaches: [String: SampleCache] = [:]
  /// The features of the network that was asked last, and what names images by their content.
  var openFeatures: FeatureStore?
  var openContents: ImageContents?
  var openFeatureFolders: (own: URL, shared: URL?)?
  /// What must be said of where features are kept.
  var featureRemarks: [String] = []
  /// Why the study's cache of images is not used; nil where it is, or there is none.
  var cacheFailure: String?

  /// What each pre-training learns from, once it was asked for, and the digests of files that were compared for it.
  var imagesByPretraining: [PretrainingSpecification: UnlabeledImages] = [:]
  var digestsOfImages: [String: String] = [:]

  public init(_ study: Study) { self.study = study }

  /// The samples of a task; where it has folds, with the parts of the fold that it is meant in (`inFold`), else of the first.
  public func splits(of task: TaskSpecification) throws -> DatasetSplits {
    if let fold = task.data.split.fold, fold > 1 { return try splits(of: task, fold: fold) }
    if let known = splitsByTask[task.name] { return known }
    let splits = try understood(
      DatasetResolver.resolve(
        task.data, kind: task.kind, pictures: task.pictures, patients: task.patients, copies: copies(of: task)), of: task)
    splitsByTask[task.name] = splits
    return splits
  }

  /// The images of the first fold's parts in those of another: files are listed and masks understood once for all folds.
  private func splits(of task: TaskSpecification, fold: Int) throws -> DatasetSplits {
    let place = "\(task.name)/fold-\(fold)"
    if let known = splitsByTask[place] { return known }
    let splits = try self.splits(of: task.inFold(1)).dealt(by: task.data.split, copies: copies(of: task))
    splitsByTask[place] = splits
    return splits
  }

  /// The images that a task's networks are tested on: all of them where it has folds.
  func testedSamples(of task: TaskSpecification) throws -> [Sample] {
    let splits = try splits(of: task)
    return task.folds == nil ? splits.test : DatasetPart.allCases.flatMap { splits[$0] }.sorted { $0.id < $1.id }
  }

  /// The samples of a task with a fraction of its training images, the same for every initialization and seed.
  public func splits(of task: TaskSpecification, fraction: TrainingFraction) throws -> DatasetSplits {
    try splits(of: task).keeping(fraction, seed: task.data.split.seed)
  }

  /// What a person should know of the subsets that a plan trains on: each one's size, and the classes it has no image of.
  public func subsetRemarks(of plan: Plan) throws -> [String] {
    try plan.study.tasks.flatMap { task -> [String] in
      let planned = Set(plan.cells.filter { $0.task == task.name }.map(\.fraction))
      let whole = planned.contains { !$0.isWhole } ? try splits(of: task) : nil
      guard let whole else { return [] }
      return try planned.filter { !$0.isWhole }.sorted { $0.value < $1.value }.map { fraction in
        let subset = try splits(of: task, fraction: fraction)
        let absent = subset.absentClasses(from: whole)
        let images = "\(task.name) at \(fraction.percentText): \(subset.training.count) of \(whole.training.count) training images"
        return absent.isEmpty ? "\(images)." : "\(images), none of them with \(absent.joined(separator: ", "))."
      }
    }
  }

  /// The cells of the study, in the order they run, by its data and weights as they are now.
  public func plan(_ filter: PlanFilter = PlanFilter()) throws -> Plan { try Plan(study, filter: filter, fingerprints: ownFingerprints) }

  /// The cells of the study for those who only read its runs: by the plan that `run` keeps in the study's output. Neither images nor
  /// weights are looked at, but those that the study file names otherwise since, or that no run has planned.
  ///
  /// Where none of the runs is of this program's numerics revision, the plan is of the latest one that some are of: what an earlier
  /// program made stays readable.
  public func readablePlan(_ filter: PlanFilter = PlanFilter()) throws -> Plan {
    let kept: KeptPlan?, damage: (any Error)?
    // A damaged one is missed only where the data are not there; the next run writes it anew.
    do { (kept, damage) = (try KeptPlan.read(from: study.outputDirectory), nil) } catch { (kept, damage) = (nil, error) }
    do {
      let fingerprints = try kept?.fingerprints(for: study).answering(for: study, missing: ownFingerprints) ?? ownFingerprints
      let plan = try Plan(study, filter: filter, fingerprints: fingerprints)
      if hasRuns(plan) { return plan }
      for revision in stride(from: NumericsRevision.current - 1, to: 0, by: -1) {
        let earlier = try Plan(study, filter: filter, fingerprints: fingerprints, numericsRevision: revision)
        if hasRuns(earlier) { return earlier }
      }
      return plan
    } catch let error as StudiesError where error.kind == .missingFingerprints {
      if let damage { throw damage }
      throw ExecutionError.unplannedWithoutData(error, hasPlan: kept != nil, output: study.outputDirectory)
    }
  }

  private func hasRuns(_ plan: Plan) -> Bool {
    plan.cells.contains { FileManager.default.fileExists(atPath: RunDirectory(of: $0, in: study.outputDirectory).url.path) }
  }

  private var ownFingerprints: Fingerprints {
    Fingerprints(
      data: { try self.splits(of: $0).fingerprint },
      subset: { try self.splits(of: $0, fraction: $1).fingerprint },
      weights: { path in
        if let known = self.digestsByPath[path] { return known }
        let digest = try self.weightDigests.fingerprint(of: CheckpointFile.open(URL(fileURLWithPath: path)))
        self.digestsByPath[path] = digest
        return digest
      },
      images: { try self.images(of: $0).fingerprint })
  }
}
