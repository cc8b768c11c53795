internal import Foundation
internal import Foundations
internal import Reports
internal import RunStore

/// The tables of groups of a pack: they have the groups that the study names, and the images of the split in the same parts.
struct GroupsCheck {
  let check: PackVerification.Check

  init(_ pack: OpenedPack, _ plan: RebuiltPlan) {
    var faults: [PackVerification.Fault] = [], count = 0
    let planned = Dictionary((plan.outline?.tasks ?? []).map { ($0.name, $0.groups ?? []) }, uniquingKeysWith: { first, _ in first })
    let source = PackFiles.runs(pack.files, name: pack.name)
    let prefix = GroupTable.folder + "/"
    for path in pack.files.keys.sorted() where path.hasPrefix(prefix) && path.hasSuffix(".csv") {
      let task = String(path.dropFirst(prefix.count).dropLast(4))
      do {
        guard let table = try GroupTable.read(task, from: source) else { continue }
        count += table.rows.count
        if plan.outline != nil, table.names != planned[task] {
          faults.append(.init(path, "has the groups \(table.names.joined(separator: ", ")), and study.yaml names \(planned[task]?.joined(separator: ", ") ?? "none")"))
        }
        let folds = pack.files.keys.filter { $0.hasPrefix("splits/\(SplitRecord.foldPrefix(of: task))") && $0.hasSuffix(".csv") }.sorted()
        faults += Self.strangers(table, path, splits: pack.files["splits/\(task).csv"] ?? folds.first.flatMap { pack.files[$0] }, isOfFolds: !folds.isEmpty)
      } catch {
        faults.append(.init(path, "cannot be read: \(sentence(for: error))"))
      }
    }
    check = .init("Images of the groups in their part of the split", count: count, faults: faults)
  }

  /// Every image of the split has one row of its part (of folds, where each is tested once, of the test part), and there is no other; a pack without splits has nothing to hold the table to.
  private static func strangers(_ table: GroupTable, _ path: String, splits: Data?, isOfFolds: Bool) -> [PackVerification.Fault] {
    guard let splits, let document = try? CSV.parse(String(decoding: splits, as: UTF8.self)),
      let image = document.header.firstIndex(of: "path"), let part = document.header.firstIndex(of: "split")
    else { return [] }
    let parts = Dictionary(document.rows.map { ($0[image], isOfFolds ? "test" : $0[part]) }, uniquingKeysWith: { first, _ in first })
    let wrong = table.rows.filter { parts[$0.id] != $0.split }.map(\.id).sorted()
    let missing = Set(parts.keys).subtracting(table.rows.map(\.id)).sorted()
    var faults: [PackVerification.Fault] = []
    if !wrong.isEmpty { faults.append(.init(path, "has images that are not in that part of the split: \(firstFew(wrong))")) }
    if !missing.isEmpty { faults.append(.init(path, "lacks images of the split: \(firstFew(missing))")) }
    return faults
  }
}
