import Datasets
public import Foundation
import Foundations
public import Studies

/// A task's split as files: a table of every image's part, and beside it a JSON with its digest and the fingerprints that runs record.
public struct SplitExport: Sendable {
  /// What stands in the JSON.
  public struct Summary: Codable, Sendable, Hashable {
    public let task: String
    /// The table's name.
    public let table: String
    /// Of the table's bytes.
    public let sha256: String
    /// What runs on all training images have under `configuration.data` in their `cell.json`.
    public let data: String
    /// The same for runs on a fraction, by fraction.
    public let subsets: [String: String]
    public let images: [String: Int]
    /// The seed of the carving and of the fractions.
    public let seed: Int
  }

  public let summary: Summary
  private let csv: String

  /// - Parameter table: The table's name.
  public init(_ task: TaskSpecification, data: StudyData, table: String) throws {
    let splits = try data.splits(of: task), seed = task.data.split.seed
    let made = SplitTable(splits, seed: seed)
    var subsets = [String: String]()
    for fraction in task.fractions where !fraction.isWhole {
      subsets[fraction.description] = try data.splits(of: task, fraction: fraction).fingerprint
    }
    csv = made.csv
    summary = Summary(
      task: task.name, table: table, sha256: made.sha256, data: splits.fingerprint, subsets: subsets,
      images: Dictionary(uniqueKeysWithValues: DatasetPart.allCases.map { ($0.rawValue, splits[$0].count) }), seed: seed)
  }

  /// Writes `<name>.csv` and `<name>.json`. Files that have these bytes already stay untouched.
  ///
  /// - Returns: whether the table was there with other content and was moved aside, to `<name>-<12 digits of its digest>.csv`.
  @discardableResult
  public func write(to folder: URL) throws -> URL? {
    try AtomicFile.makeFolder(folder)
    let table = folder.appendingPathComponent(summary.table)
    let json = table.deletingPathExtension().appendingPathExtension("json")
    var aside: URL?
    if FileManager.default.fileExists(atPath: table.path) {
      let digest = try Digest.sha256Hex(ofFile: table)
      if digest != summary.sha256 {
        let stem = "\(table.deletingPathExtension().lastPathComponent)-\(digest.prefix(12))"
        let place = folder.appendingPathComponent(stem)
        try Self.move(table, to: place.appendingPathExtension("csv"))
        try Self.move(json, to: place.appendingPathExtension("json"))
        aside = place.appendingPathExtension("csv")
      }
    }
    try Self.write(Data(csv.utf8), to: table)
    try Self.write(try CanonicalJSON.encodePretty(summary), to: json)
    return aside
  }

  /// Whether a folder has `<task>.csv`, whole and of this split, with all subsets in its JSON.
  static func isKept(_ task: TaskSpecification, data: StudyData, in folder: URL) throws -> Bool {
    let table = folder.appendingPathComponent("\(task.name).csv"), json = folder.appendingPathComponent("\(task.name).json")
    guard let text = try? Data(contentsOf: json), let summary = try? JSONDecoder().decode(Summary.self, from: text) else { return false }
    let subsets = Set(task.fractions.filter { !$0.isWhole }.map(\.description))
    return try summary.data == data.splits(of: task).fingerprint && summary.seed == task.data.split.seed
      && Set(summary.subsets.keys) == subsets && (try? Digest.sha256Hex(ofFile: table)) == summary.sha256
  }

  private static func write(_ data: Data, to url: URL) throws {
    if let there = try? Data(contentsOf: url), there == data { return }
    try AtomicFile.write(data, to: url)
  }

  private static func move(_ file: URL, to place: URL) throws {
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    try AtomicFile.write(try Data(contentsOf: file), to: place)
  }
}

extension StudyRunner {
  /// Keeps the split of every planned task below the output, as `splits/<task>.csv`, before the first run.
  func writeSplits() throws {
    let folder = plan.study.outputDirectory.appendingPathComponent("splits", isDirectory: true)
    let planned = Set(plan.cells.map(\.task))
    for task in plan.study.tasks where planned.contains(task.name) {
      // A table of millions of slices is not made again to find that it is the same.
      if try SplitExport.isKept(task, data: data, in: folder) { continue }
      if let aside = try SplitExport(task, data: data, table: "\(task.name).csv").write(to: folder) {
        watcher(.splitChanged(task: task.name, kept: aside))
      }
    }
  }
}
