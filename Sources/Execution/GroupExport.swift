import Datasets
public import Foundation
import Foundations
import RunStore
public import Studies

/// The groups of a task's images as `groups/<task>.csv` below the output, where a report reads them with neither images nor tables of
/// the data set. What such a table says of a patient stays out: an age is written as its band.
public struct GroupExport: Sendable {
  /// How many test images a stratum has.
  public struct Count: Sendable, Equatable {
    public let stratum: String
    public let images: Int
  }

  public let task: String
  /// The groups with their strata, in their order.
  public let groups: [(name: String, testImages: [Count])]
  /// Columns that the table of a built-in task lacks, one sentence each.
  public let remarks: [String]
  private let text: String

  /// - Returns: nil where the study groups nothing for the task.
  public init?(_ task: TaskSpecification, data: StudyData) throws {
    guard let found = try ImageGroups.read(task.data) else { return nil }
    let splits = try data.splits(of: task), isTested = task.folds != nil
    var rows: [GroupTable.Row] = [], counts = found.names.map { _ in [String: Int]() }
    for part in DatasetPart.allCases {
      for sample in splits[part] {
        // Every sample is of a row of the table.
        let strata = found.strata(of: sample.id) ?? found.names.map { _ in StratumNames.unknown }
        // In folds every image is a test image once.
        let own = isTested ? DatasetPart.test : part
        rows.append(.init(id: sample.id, split: own.rawValue, strata: strata))
        if own == .test { for (index, stratum) in strata.enumerated() { counts[index][stratum, default: 0] += 1 } }
      }
    }
    self.task = task.name
    text = GroupTable(names: found.names, rows: rows).text
    groups = zip(found.names, counts).map { name, counts in
      (name, StratumNames.ordered(counts.keys).map { Count(stratum: $0, images: counts[$0] ?? 0) })
    }
    remarks = found.remarks
  }

  /// Writes the table and the record that vouches for it, unless both are there with these very bytes.
  ///
  /// - Returns: where it was written to; nil where there was nothing to do.
  @discardableResult
  public func write(to output: URL) throws -> URL? {
    let url = output.appendingPathComponent(GroupTable.path(of: task)), data = Data(text.utf8)
    let record = output.appendingPathComponent(GroupRecord.path(of: task)), stated = try CanonicalJSON.encodePretty(GroupRecord(task: task, table: data))
    func isThere(_ data: Data, _ url: URL) -> Bool { (try? FileBytes.read(url.path)) == data }
    if isThere(data, url), isThere(stated, record) { return nil }
    try AtomicFile.makeFolder(url.deletingLastPathComponent())
    for (data, url) in [(data, url), (stated, record)] where !isThere(data, url) {
      try AtomicFile.makePlace(for: .file, at: url)
      try AtomicFile.write(data, to: url)
    }
    return url
  }

  /// `findings: Sex F 40, M 52, unknown 3; View AP 30, PA 65`
  public var summary: String {
    let words = groups.map { group in
      "\(group.name) \(group.testImages.map { "\($0.stratum) \($0.images)" }.joined(separator: ", "))"
    }
    return "\(task), test images by group: \(words.joined(separator: "; "))."
  }
}

extension StudyData {
  /// The groups of every planned target that has some.
  public func groups(of plan: Plan) throws -> [GroupExport] {
    let planned = Set(plan.cells.filter { $0.role == .target }.map(\.task))
    return try plan.study.tasks.filter { planned.contains($0.name) }.compactMap { try GroupExport($0, data: self) }
  }
}
