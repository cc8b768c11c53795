import Containers
public import Datasets
import Foundation
import Foundations
import RunStore
public import Studies

/// The data sets of a study, each listed once, and the plan that follows from their content.
public final class StudyData {
  public let study: Study
  private var splitsByTask: [String: DatasetSplits] = [:]
  private var digestsByPath: [String: String] = [:]
  /// The study's cache of images and what it has for each task, once they were asked for.
  var openCache: ImageCache?
  var sampleCaches: [String: SampleCache] = [:]

  public init(_ study: Study) { self.study = study }

  /// The samples of a task.
  public func splits(of task: TaskSpecification) throws -> DatasetSplits {
    if let known = splitsByTask[task.name] { return known }
    let splits = try DatasetResolver.resolve(task.data, kind: task.kind)
    splitsByTask[task.name] = splits
    return splits
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
  public func readablePlan(_ filter: PlanFilter = PlanFilter()) throws -> Plan {
    let kept = try KeptPlan.read(from: study.outputDirectory)
    do {
      return try Plan(
        study, filter: filter, fingerprints: kept?.fingerprints(for: study).answering(for: study, missing: ownFingerprints) ?? ownFingerprints)
    } catch let error as StudiesError where error.kind == .missingFingerprints {
      throw ExecutionError.unplannedWithoutData(error, hasPlan: kept != nil, output: study.outputDirectory)
    }
  }

  private var ownFingerprints: Fingerprints {
    Fingerprints(
      data: { try self.splits(of: $0).fingerprint },
      subset: { try self.splits(of: $0, fraction: $1).fingerprint },
      weights: { path in
        if let known = self.digestsByPath[path] { return known }
        let digest = try CheckpointFile.open(URL(fileURLWithPath: path)).fingerprint()
        self.digestsByPath[path] = digest
        return digest
      })
  }
}
