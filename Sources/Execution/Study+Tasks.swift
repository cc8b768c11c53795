import Foundation
import Foundations
public import Studies

extension Study {
  /// A study of one built-in task alone, to look at its data.
  ///
  /// - Parameter root: The absolute path of the copy.
  public static func ofBuiltIn(_ name: String, root: String) throws -> Study {
    let task = try BuiltInTaskCatalog.named(name).specification(root: root)
    return Study(
      name: task.name, outputDirectory: URL(fileURLWithPath: root, isDirectory: true), seeds: [1], tasks: [task],
      initializations: [InitializationSpecification(name: "random", source: .random)])
  }

  /// The task of a cell, with the parts of the cell's fold.
  func task(of cell: Cell) -> TaskSpecification? { task(named: cell.task)?.inFold(cell.fold) }

  /// The one task that is meant: the one that is named, or the only one there is.
  public func onlyTask(named names: [String]) throws -> TaskSpecification {
    for name in names where task(named: name) == nil { throw ExecutionError.unknownTask(name, known: tasks.map(\.name)) }
    let chosen = names.isEmpty ? tasks : tasks.filter { names.contains($0.name) }
    guard chosen.count == 1 else { throw ExecutionError.severalTasks(chosen.map(\.name)) }
    return chosen[0]
  }
}
