import Execution
import Foundation
import Studies

/// The file of a study and the changes to it, as other processes of this command are to read it.
struct StudyOrigin {
  let file: String
  let overrides: [String]

  func read() throws -> Study { try StudyReading.read(URL(fileURLWithPath: file), overrides: overrides) }

  /// Carries out a plan of the study, in as many processes as the study says.
  ///
  /// - Parameter filter: gives the plan.
  func carryOut(
    _ plan: Plan, _ data: StudyData, filter: PlanFilter, _ view: ProgressView, isQuiet: Bool, verifies: Bool = false, spread: SpreadStudy? = nil,
    asNeeded: ((Plan) throws -> Plan)? = nil
  ) throws -> ExecutionSummary {
    guard plan.study.execution.processCount > 1 else {
      return try StudyRunner(plan: plan, data: data, verifies: verifies, spread: spread, asNeeded: asNeeded) { view.show($0) }.run()
    }
    var words = ["run", file] + arguments(of: filter) + (isQuiet ? ["--quiet"] : []) + (verifies ? ["--verify"] : [])
    let together = SideBySideView()
    if together.isInteractive { words.append("--progress") }
    return try SideBySide(
      plan: plan, data: data, verifies: verifies, command: .init(executable: try ownExecutable(), arguments: words + overrides), asNeeded: asNeeded,
      studyWatcher: { view.show($0) }, watcher: { together.show($0) }
    ).run()
  }

  /// The options that give a filter.
  private func arguments(of filter: PlanFilter) -> [String] {
    func option(_ name: String, _ values: [String]) -> [String] { values.map { "--\(name)=\($0)" } }
    return option("task", filter.tasks) + option("initialization", filter.initializations) + option("seed", filter.seeds.map(String.init))
      + option("fraction", filter.fractions.map(\.description)) + option("mode", filter.modes.map(\.rawValue)) + option("cell", filter.cells)
  }
}
