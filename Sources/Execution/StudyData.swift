import Checkpoints
public import Datasets
import Foundation
import Foundations
public import Studies

/// The data sets of a study, each listed once, and the plan that follows from their content.
public final class StudyData {
  public let study: Study
  private var splitsByTask: [String: DatasetSplits] = [:]
  private var digestsByPath: [String: String] = [:]

  public init(_ study: Study) { self.study = study }

  /// The samples of a task.
  public func splits(of task: TaskSpecification) throws -> DatasetSplits {
    if let known = splitsByTask[task.name] { return known }
    let splits = try DatasetResolver.resolve(task.data, kind: task.kind)
    splitsByTask[task.name] = splits
    return splits
  }

  /// The cells of the study, in the order they run.
  public func plan(_ filter: PlanFilter = PlanFilter()) throws -> Plan {
    let fingerprints = Fingerprints(
      data: { try self.splits(of: $0).fingerprint },
      weights: { path in
        if let known = self.digestsByPath[path] { return known }
        let digest = try CheckpointFile.open(URL(fileURLWithPath: path)).fingerprint()
        self.digestsByPath[path] = digest
        return digest
      })
    return try Plan(study, filter: filter, fingerprints: fingerprints)
  }
}
