import Datasets
import Foundation
import Foundations
import Studies

/// What counts as a class because it is a folder beside the classes.
struct ClassFolderLook: DataLook {
  static let codes = [FindingCode("labels.folders", .warned, "a folder whose name is of no class counts as one; noted where several folders together are the negative class")]
  static let opensPictures = false

  /// What lies beside classes and is none, in lower case.
  private static let noClasses: Set = [
    "mask", "masks", "label", "labels", "annotation", "annotations", "segmentation", "segmentations", "gt", "groundtruth", "ground_truth", "thumbs", "thumbnails",
    "preview", "previews", "augmented", "unlabeled", "unlabelled", "excluded", "rejected", "trash", "tmp", "train", "training", "val", "valid", "validation", "test",
  ]

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard let source = subject.task.data.as(ClassFolderSource.self), source.classes.isEmpty || source.positive != nil else { return [] }
    // Ids are the part's name, the class's and the file's.
    let folders = subject.samples.compactMap { $0.sample.id.split(separator: "/").dropFirst().first.map(String.init) }
    let counts = Dictionary(folders.map { ($0, 1) }, uniquingKeysWith: +).filter { $0.key != source.positive }
    let words = counts.sorted { $0.key < $1.key }.map { "\($0.key) (\(counted($0.value, "image")))" }
    let odd = counts.keys.filter { Self.noClasses.contains($0.lowercased()) }.sorted()
    guard !odd.isEmpty || (source.positive != nil && counts.count > 1) else { return [] }
    return [
      subject.finding(
        "labels.folders", odd.isEmpty ? .noted : .warned, count: counts.count, examples: words,
        source.positive.map { "Not \($0) are the images of \(counted(counts.count, "folder")): \(firstFew(words, atMost: 6))." }
          ?? "Classes are the folders \(firstFew(words, atMost: 6)).",
        odd.isEmpty ? "" : "Move \(firstFew(odd)) out of the folder if \(odd.count == 1 ? "it is" : "they are") no class, or accept it.")
    ]
  }
}
