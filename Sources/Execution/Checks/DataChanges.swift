import Foundation
import Foundations
import RunStore
public import Studies

/// Finished runs whose images have other pixels by now, though their names and sizes are the same.
public struct DataChanges {
  /// One sentence a task.
  public let sentences: [String]

  /// - Parameter check: of the data as they are.
  public init(_ plan: Plan, check: StudyCheck) {
    let output = plan.study.outputDirectory
    sentences = check.tasks.compactMap { record in
      guard let pixels = record.pixels else { return nil }
      let stale = plan.cells.filter { $0.task == record.task }.compactMap { cell -> String? in
        let directory = RunDirectory(of: cell, in: output)
        guard directory.isFinished(cell), let old = try? directory.read(RunPixels.self, from: directory.pixelsFile), old.pixels != pixels else { return nil }
        return old.pixels
      }
      guard let old = stale.first else { return nil }
      let changed = Self.changed(record.task, from: old, to: pixels, in: output)
      let which = changed.isEmpty ? "" : ": \(firstFew(changed))"
      return "The data of \(record.task) changed since \(stale.count) of its runs \(stale.count == 1 ? "was" : "were") made\(which). "
        + "Names and sizes are the same, so these runs are not made anew: remove their folders below \(output.path)/\(record.task) if the change matters."
    }
  }

  /// The images with other pixels, by the digests that were kept.
  private static func changed(_ task: String, from old: String, to new: String, in output: URL) -> [String] {
    func table(_ pixels: String) -> [String: String] {
      let url = output.appendingPathComponent(DataCheckRecord.digestsPath(of: task, pixels: pixels))
      guard let text = try? TextFile.read(url), let rows = try? CSV.parse(text).rows.filter({ $0.count == 2 }).map({ (id: $0[0], digest: $0[1]) }),
        // A table that was changed would name images that did not.
        DataCheckRecord.pixels(of: rows) == pixels
      else { return [:] }
      return Dictionary(rows.map { ($0.id, $0.digest) }) { $1 }
    }
    let (before, after) = (table(old), table(new))
    return before.isEmpty ? [] : after.keys.filter { before[$0] != after[$0] }.sorted()
  }
}
