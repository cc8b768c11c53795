internal import Foundation
internal import Foundations
internal import RunStore
internal import Studies

extension PackedRuns {
  /// A task's split as the study wrote it: the part of each image, and the fingerprints that its runs record.
  private struct Split: Sendable {
    var parts: [String: Set<String>] = [:]
    var summary: SplitRecord?
  }

  /// The images of each run's predictions are in their part of the task's split, and the run was made with that very split.
  func splitsCheck() -> Check {
    var faults: [Fault] = []
    let splits = readSplits(&faults)
    return check(
      "Images of predictions in their part of the split", remark: splits.isEmpty ? "the pack has no splits" : "", further: faults
    ) { run in
      var found = Finding()
      guard let record = run.record, let split = splits[SplitRecord.stem(of: record.cell.task, fold: record.cell.fold)] else { return found }
      if let summary = split.summary {
        if summary.data(at: record.cell.fraction) != record.configuration.data {
          found.faults.append(Fault("\(run.path)/cell.json", "was made with other data than \(SplitRecord.path(of: record.cell.task, fold: record.cell.fold)) has"))
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
      split.summary = pack.files[json].flatMap { try? JSONDecoder().decode(SplitRecord.self, from: $0) }
      // With hidden names the table has other bytes than the one that the study wrote.
      if let summary = split.summary, !pack.manifest.hidesPatients, summary.sha256 != pack.digests[path] {
        faults.append(Fault(path, "has another SHA-256 than \(json) says"))
      }
      if let parts = split.summary?.parts {
        for (part, extent) in parts where extent.images != split.parts[part, default: []].count {
          faults.append(Fault(json, "says that the \(part) part has \(extent.images) images, and the table has \(split.parts[part, default: []].count)"))
        }
      }
      splits[task] = split
    }
    return splits
  }

  /// What was found of test images in training, and on lists of training images, is of images of the test part.
  func findingsCheck() -> Check {
    // What is wrong with the splits themselves is told by their own check.
    var faults: [Fault] = [], count = 0, told: [Fault] = []
    let source = PackFiles.runs(pack.files, name: pack.name)
    // Of folds every image is a test image once.
    var tested: [String: Set<String>] = [:]
    for (stem, split) in readSplits(&told) { tested[split.summary?.task ?? stem, default: []].formUnion(split.parts["test"] ?? []) }
    for (task, images) in tested.sorted(by: { $0.key < $1.key }) {
      let ofTest = images
      func look<Record: Decodable>(_: Record.Type, _ path: String, _ images: (Record) -> [String]) {
        do {
          guard let record = try StudyFiles.read(Record.self, at: path, from: source) else { return }
          let named = images(record), strangers = named.filter { !ofTest.contains($0) }
          count += named.count
          if !strangers.isEmpty { faults.append(Fault(path, "names images that are not in the test part of the split: \(firstFew(strangers))")) }
        } catch {
          faults.append(Fault(path, "is not what it should be, and its values are used for nothing"))
        }
      }
      look(AuditRecord.self, AuditRecord.path(of: task)) { $0.leakingTestImages }
      look(TrainingListRecord.self, TrainingListRecord.path(of: task)) { $0.findings.flatMap { $0.matches.map(\.image) } }
    }
    return Check("Test images known from training, in their part of the split", count: count, faults: faults)
  }
}
