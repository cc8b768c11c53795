internal import Foundation
internal import Foundations
internal import RunStore
internal import Studies

extension PackedRuns {
  /// A task's split as the study wrote it: the part of each image, and the fingerprints that its runs record.
  private struct Split: Sendable {
    /// What stands in `splits/<task>.json`.
    struct Summary: Decodable, Sendable {
      let sha256: String
      let data: String
      let subsets: [String: String]
    }

    var parts: [String: Set<String>] = [:]
    var summary: Summary?
  }

  /// The images of each run's predictions are in their part of the task's split, and the run was made with that very split.
  func splitsCheck() -> Check {
    var faults: [Fault] = []
    let splits = readSplits(&faults)
    return check(
      "Images of predictions in their part of the split", remark: splits.isEmpty ? "the pack has no splits" : "", further: faults
    ) { run in
      var found = Finding()
      guard let record = run.record, let split = splits[record.cell.task] else { return found }
      if let summary = split.summary {
        let fraction = record.cell.fraction
        let planned = fraction.isWhole ? summary.data : summary.subsets[fraction.description]
        if planned != record.configuration.data {
          found.faults.append(Fault("\(run.path)/cell.json", "was made with other data than splits/\(record.cell.task).json has"))
        }
      }
      for (file, part) in [("predictions.csv", "test"), ("validation-predictions.csv", "validation")] {
        var images: Set<String> = []
        // The first column is all that is looked at.
        guard let data = try? run.reader.bytes(file),
          (try? CSV.scan(String(decoding: data, as: UTF8.self), columns: { _ in [0] }, row: { images.insert($1[0]) })) != nil
        else { continue }
        found.count += 1
        // An image that could not be decoded is in no prediction, so there may be fewer than in the split.
        let strangers = images.subtracting(split.parts[part] ?? []).sorted()
        if !strangers.isEmpty {
          found.faults.append(Fault("\(run.path)/\(file)", "has images that are not in the \(part) part of the split: \(firstFew(strangers))"))
        }
      }
      return found
    }
  }

  private func readSplits(_ faults: inout [Fault]) -> [String: Split] {
    var splits: [String: Split] = [:]
    for path in pack.files.keys.sorted() where path.hasPrefix("splits/") && path.hasSuffix(".csv") {
      let task = String(path.dropFirst("splits/".count).dropLast(".csv".count))
      var split = Split()
      guard let table = try? CSV.parse(String(decoding: pack.files[path] ?? Data(), as: UTF8.self)),
        let image = table.header.firstIndex(of: "path"), let part = table.header.firstIndex(of: "split")
      else {
        faults.append(Fault(path, "is no table with the columns path and split"))
        continue
      }
      for row in table.rows { split.parts[row[part], default: []].insert(row[image]) }
      let json = "splits/\(task).json"
      split.summary = pack.files[json].flatMap { try? JSONDecoder().decode(Split.Summary.self, from: $0) }
      // With hidden names the table has other bytes than the one that the study wrote.
      if let summary = split.summary, !pack.manifest.hidesPatients, summary.sha256 != pack.digests[path] {
        faults.append(Fault(path, "has another SHA-256 than \(json) says"))
      }
      splits[task] = split
    }
    return splits
  }
}
