import Datasets
import Foundations
public import Studies
import Training

extension StudyData {
  /// Checks that no planned training comes to a batch that its network cannot be trained on, so that it does not fail hours later.
  ///
  /// - Parameter wanted: which cells.
  /// - Throws: `ExecutionError` that names all of them.
  public func checkBatches(of plan: Plan, wanted: (Cell) -> Bool) throws {
    var counts = [String: Int](), problems = [String]()
    for cell in plan.cells where wanted(cell) {
      guard let recipe = plan.configurations[cell.identity]?.recipe, let task = plan.study.task(of: cell),
        try SingleImageBatch.isRefused(by: recipe)
      else { continue }
      let subset = "\(cell.task) \(cell.fraction) \(cell.fold ?? 0)"
      let count = try counts[subset] ?? splits(of: task, fraction: cell.fraction).training.count
      counts[subset] = count
      guard SingleImageBatch.occurs(imageCount: count, recipe: recipe) else { continue }
      let part = cell.fraction.isWhole ? "" : " at \(cell.fraction.percentText)"
      let problem = "\(cell.task)\(part) (\(count) training images, recipe.batchSize \(recipe.batchSize), recipe.inputSize \(recipe.inputSize))"
      if !problems.contains(problem) { problems.append(problem) }
    }
    if !problems.isEmpty { throw ExecutionError.singleImageBatches(problems) }
  }
}

extension ExecutionError {
  static func singleImageBatches(_ problems: [String]) -> ExecutionError {
    ExecutionError(
      kind: .singleImageBatch,
      problem: "A batch of one image would remain, and batch normalization cannot be trained on one value a channel: \(problems.joined(separator: "; ")).",
      remedy: SingleImageBatch.remedy)
  }
}
