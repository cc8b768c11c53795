import Datasets
import Foundation
import Foundations
import Loading
import Studies

/// Whether how images are stored tells their class: a network then learns the program that wrote them, on the test images as well.
struct StorageLook: DataLook {
  static let codes = [FindingCode("labels.toldByStorage", .warned, "the ending, the size, the depth or the colors of the files tell the class of nearly every image")]
  static let opensPictures = true

  /// Kinds with fewer images say nothing, and the others are to hold nearly all of them.
  private static let fewest = 5, coverage = 0.95

  private struct Count {
    var present = 0
    var absent = 0
    var total: Int { present + absent }
    var isPure: Bool { present == 0 || absent == 0 }
  }

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard subject.task.kind.isClassification, let pictures = subject.pictures, pictures.isDecoded else { return [] }
    let seen = subject.samples.compactMap { _, sample in pictures.facts[sample.id].map { (sample: sample, facts: $0) } }
    let kinds: [(what: String, of: (Sample, PictureFacts) -> String)] = [
      ("ending", { sample, _ in Self.ending(sample) }),
      ("size", { _, facts in "\(facts.width) × \(facts.height)" }),
      ("kind", { _, facts in "\(facts.bitDepth <= 8 ? 8 : 16) bits \(facts.channels == 3 ? "RGB" : "gray")" }),
    ]
    return kinds.flatMap { kind in
      let stored = seen.map { kind.of($0.sample, $0.facts) }
      guard Set(stored).count > 1 else { return [DataFinding]() }
      return subject.classNames.indices.compactMap { told($0, by: stored, what: kind.what, seen.map(\.sample.labels), subject) }
    }
  }

  private func told(_ index: Int, by stored: [String], what: String, _ labels: [[Float]], _ subject: DataSubject) -> DataFinding? {
    var counts = [String: Count]()
    for (kind, labels) in zip(stored, labels) where index < labels.count {
      if labels[index] == 1 { counts[kind, default: Count()].present += 1 } else if labels[index] == 0 { counts[kind, default: Count()].absent += 1 }
    }
    let total = counts.values.reduce(0) { $0 + $1.total }, large = counts.filter { $0.value.total >= Self.fewest }
    let held = large.values.reduce(0) { $0 + $1.total }
    guard Double(held) >= Self.coverage * Double(total), large.values.allSatisfy(\.isPure), large.values.contains(where: { $0.present > 0 }),
      large.values.contains(where: { $0.absent > 0 })
    else { return nil }
    let name = subject.classNames[index]
    let words = large.sorted { ($1.value.total, $0.key) < ($0.value.total, $1.key) }.map { "\($0.value.total) of \($0.key) \($0.value.present > 0 ? "are" : "are not") \(name)" }
    return subject.finding(
      "labels.toldByStorage", .warned, count: held, examples: words,
      "The \(what) of an image's file tells whether it is \(name): \(firstFew(words)).",
      "A network can learn this instead of the finding, and does so on the test images too: write all images alike, and ask where each class was taken.")
  }

  private static func ending(_ sample: Sample) -> String {
    let ending = (sample.image.files.first?.pathExtension ?? "").lowercased()
    return ["jpeg", "jpe", "jfif"].contains(ending) ? "jpg" : ending == "tiff" ? "tif" : ending
  }
}
