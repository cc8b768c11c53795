internal import Foundations
internal import RunStore
internal import Studies

/// The strata of a task's test images as `groups/<task>.csv` has them, read once for all runs of the task.
struct TestGroups: Sendable {
  let names: [String]
  private let strata: [String: [String]]

  /// One stratum a group; nil where the table has no such image.
  func strata(of id: String) -> [String]? { strata[id] }

  /// - Returns: nil where the study groups nothing; else the table, or why there is none.
  static func read(_ task: StudyOutline.Task, from source: any RunSource) -> Available<TestGroups>? {
    guard let planned = task.groups else { return nil }
    let remedy = "“medtransfer plan” writes it with no training", again = "“medtransfer plan” writes it anew with no training"
    do {
      guard let table = try GroupTable.read(task.name, from: source, where: { $0 == "test" }) else {
        return .notAvailable(reason: "\(GroupTable.path(of: task.name)) is not there; \(remedy)")
      }
      guard table.names == planned else {
        return .notAvailable(
          reason: "\(GroupTable.path(of: task.name)) has the groups \(table.names.joined(separator: ", ")) and the study names \(planned.joined(separator: ", ")); \(again)")
      }
      return .value(TestGroups(names: table.names, strata: Dictionary(table.rows.map { ($0.id, $0.strata) }, uniquingKeysWith: { first, _ in first })))
    } catch let error as RunStoreError {
      return .notAvailable(reason: "\(error.problem.dropLast()); \(again)")
    } catch {
      return .notAvailable(reason: sentence(for: error))
    }
  }
}
