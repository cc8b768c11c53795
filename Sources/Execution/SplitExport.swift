import Datasets
public import Foundation
import Foundations
public import RunStore
public import Studies

/// A task's split as files: a table of every image's part, and beside it a JSON with its digest, what each part holds, and the
/// fingerprints that runs record.
public struct SplitExport: Sendable {
  /// What stands in the JSON.
  public let summary: SplitRecord
  private let csv: String

  /// - Parameter table: The table's name.
  public init(_ task: TaskSpecification, data: StudyData, table: String) throws {
    let splits = try data.splits(of: task), rule = task.data.split
    let made = SplitTable(splits, seed: rule.seed)
    var subsets = [String: String](), subsetImages = [String: Int]()
    for fraction in task.fractions where !fraction.isWhole {
      let subset = try data.splits(of: task, fraction: fraction)
      subsets[fraction.description] = subset.fingerprint
      subsetImages[fraction.description] = subset.training.count
    }
    csv = made.csv
    summary = SplitRecord(
      task: task.name, table: table, sha256: made.sha256, data: splits.fingerprint, subsets: subsets,
      images: Dictionary(uniqueKeysWithValues: DatasetPart.allCases.map { ($0.rawValue, splits[$0].count) }), seed: rule.seed,
      parts: Dictionary(uniqueKeysWithValues: DatasetPart.allCases.map { ($0.rawValue, SplitRecord.Part(splits.extent(of: $0))) }),
      origin: SplitRecord.Origin(rule, carved: splits.carvedParts, isByPatient: splits.knowsPatients), subsetImages: subsetImages,
      fold: rule.folds.map { SplitRecord.Fold(number: rule.fold ?? 1, count: $0) })
  }

  /// Writes `<name>.csv` and `<name>.json`. Files that have these bytes already stay untouched.
  ///
  /// - Returns: whether the table was there with other content and was moved aside, to `<name>-<12 digits of its digest>.csv`.
  @discardableResult
  public func write(to folder: URL) throws -> URL? {
    try AtomicFile.makeFolder(folder)
    let table = folder.appendingPathComponent(summary.table)
    let json = table.deletingPathExtension().appendingPathExtension("json")
    for file in [table, json] { try AtomicFile.makePlace(for: .file, at: file) }
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
    try AtomicFile.writeIfChanged(Data(csv.utf8), to: table)
    try AtomicFile.writeIfChanged(try CanonicalJSON.encodePretty(summary), to: json)
    return aside
  }

  /// What the table of a task's split is called.
  static func table(of task: TaskSpecification) -> String { SplitRecord.stem(of: task.name, fold: task.data.split.fold) + ".csv" }

  /// Whether a folder has `<task>.csv`, whole and of this split, with all subsets in its JSON.
  static func isKept(_ task: TaskSpecification, data: StudyData, in folder: URL) throws -> Bool {
    let table = folder.appendingPathComponent(table(of: task)), json = table.deletingPathExtension().appendingPathExtension("json")
    let source = RunFolderSource(folder.deletingLastPathComponent()), path = "\(folder.lastPathComponent)/\(json.lastPathComponent)"
    // One that vouches for nothing, or is not as it was written, is written anew.
    guard let summary = (try? StudyFiles.read(SplitRecord.self, at: path, from: source)) ?? nil, summary.checksum != nil else { return false }
    let subsets = Set(task.fractions.filter { !$0.isWhole }.map(\.description)), splits = try data.splits(of: task)
    // A record of a program that did not count the parts is written anew; where the parts come from may change while they do not.
    return summary.data == splits.fingerprint && summary.seed == task.data.split.seed && summary.parts != nil
      && summary.origin == SplitRecord.Origin(task.data.split, carved: splits.carvedParts, isByPatient: splits.knowsPatients)
      && Set(summary.subsets.keys) == subsets && summary.fold?.count == task.folds && (try? Digest.sha256Hex(ofFile: table)) == summary.sha256
  }

  private static func move(_ file: URL, to place: URL) throws {
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    try AtomicFile.write(try Data(contentsOf: file), to: place)
  }
}

extension SplitRecord.Part {
  init(_ extent: PartExtent) {
    self.init(
      images: extent.images, patients: extent.patients,
      classes: extent.classes.map {
        SplitRecord.ClassCount(name: $0.name, present: $0.present, absent: $0.absent, uncertain: $0.uncertain, unknown: $0.unknown)
      }, sha256: extent.sha256)
  }
}

extension SplitRecord.Origin {
  init(_ rule: SplitRule, carved: Set<DatasetPart>, isByPatient: Bool) {
    let test = rule.folds.map { 1 / Double($0) } ?? rule.test
    let fractions = carved.map { ($0.rawValue, $0 == .test ? test : rule.validation) }
    self.init(
      file: rule.file.map { URL(fileURLWithPath: $0).lastPathComponent }, carved: Dictionary(uniqueKeysWithValues: fractions),
      isByPatient: isByPatient)
  }
}

extension StudyRunner {
  /// Keeps the split of every planned task below the output, as `splits/<task>.csv`, before the first run; of a task with folds one for
  /// each, as `splits/<task>.fold-1.csv` and on.
  func writeSplits() throws {
    let folder = plan.study.outputDirectory.appendingPathComponent(StudyFiles.splits, isDirectory: true)
    let planned = Set(plan.cells.map(\.task))
    let tasks = plan.study.tasks.filter { planned.contains($0.name) }
    for task in tasks.flatMap({ task in task.everyFold.map(task.inFold) }) {
      // A table of millions of slices is not made again to find that it is the same.
      if try SplitExport.isKept(task, data: data, in: folder) { continue }
      if let aside = try SplitExport(task, data: data, table: SplitExport.table(of: task)).write(to: folder) {
        watcher(.splitChanged(task: task.name, kept: aside))
      }
    }
  }
}
