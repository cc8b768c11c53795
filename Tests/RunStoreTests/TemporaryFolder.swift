import Foundation
import Foundations
import Metrics
import RunStore
import Studies

/// A folder that is removed with its holder.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("runstore-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}

/// The sentence an operation fails with, or nil.
func failure(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return sentence(for: error)
  }
}

enum Example {
  /// A record whose identity is that of its configuration.
  static func record(seed: Int = 1, task: String = "vessels", initialization: String = "random") throws -> CellRecord {
    let configuration = CellConfiguration(
      kind: .binarySegmentation, recipe: .standard(for: .binarySegmentation), data: "d", start: .random, seed: seed)
    let cell = Cell(
      task: task, initialization: initialization, mode: .fullFineTuning, seed: seed, role: .target,
      identity: try configuration.identity(), source: nil)
    return CellRecord(study: "example", cell: cell, configuration: configuration, lineage: [])
  }

  static let metrics = RunMetrics(
    entries: [
      RunMetrics.Entry(metric: .dicePooled, value: .value(0.1 + 0.2)),
      RunMetrics.Entry(metric: .dicePerImage, value: .undefined(reason: "no image")),
    ], imageCount: 3)

  /// The folder of a run that has come to an end.
  static func finished(_ record: CellRecord, in output: URL) throws -> RunDirectory {
    let directory = RunDirectory(of: record.cell, in: output)
    try directory.begin(record)
    try directory.write(metrics)
    try directory.finish(record.cell)
    return directory
  }
}
