import Foundations
public import RunStore
public import Studies
import Torch

extension StudyData {
  /// The pre-trainings of a plan, in its order, each by the name of the initialization that it makes.
  public func pretrainings(of plan: Plan) throws -> [(name: String, record: RunPretraining)] {
    try plan.cells.filter(\.isSelfSupervised).compactMap { cell in
      guard let specification = plan.study.pretraining(named: cell.initialization) else { return nil }
      return (cell.initialization, try PretrainingSetup(specification, data: self).record)
    }
  }

  /// What each of some pre-trainings would cost here, by the initialization that it makes.
  public func costs(ofPretrainings cells: [Cell]) throws -> [String: PretrainingCost] {
    let device = try ComputeSetting.apply(study.execution)
    return try cells.filter(\.isSelfSupervised).reduce(into: [:]) { costs, cell in
      guard let specification = study.pretraining(named: cell.initialization) else { return }
      costs[cell.initialization] = try PretrainingCost(
        PretrainingSetup(specification, data: self), device: device, loaderThreads: study.execution.loaderThreads, limit: MemoryLimit.of(device))
    }
  }
}
