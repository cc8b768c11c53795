public import RunStore
public import Studies

extension StudyData {
  /// The pre-trainings of a plan, in its order, each by the name of the initialization that it makes.
  public func pretrainings(of plan: Plan) throws -> [(name: String, record: RunPretraining)] {
    try plan.cells.filter(\.isSelfSupervised).compactMap { cell in
      guard let specification = plan.study.pretraining(named: cell.initialization) else { return nil }
      return (cell.initialization, try PretrainingSetup(specification, data: self).record)
    }
  }
}
