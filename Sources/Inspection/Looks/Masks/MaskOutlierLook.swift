import Datasets
import Foundations
import Imaging
import Studies

/// Masks that are unlike the others of their task, or too much alike: a few that were drawn the other way around, one that was written for
/// all, and annotations of which nothing lies in the image.
struct MaskOutlierLook: DataLook {
  static let codes = [
    FindingCode("masks.inverted", .warned, "a few masks are object along the border and in most of the image, unlike the others"),
    FindingCode("masks.alike", .warned, "all masks are one and the same"),
    FindingCode("masks.vanished", .warned, "an annotation is there, and no pixel of it lies in the image"),
  ]
  static let opensPictures = true

  /// Fewer masks than this may be alike by chance.
  private static let many = 4
  /// Object of more than this of the counted pixels, and of the border: background, in a mask that was drawn the other way around.
  private static let most = 0.5, mostOfBorder = 0.75

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard subject.task.kind.isSegmentation, let pictures = subject.pictures, pictures.isDecoded, subject.masks[.truth]?.understanding != .unclear else { return [] }
    let all = subject.samples.compactMap { _, sample in pictures.facts[sample.id]?.mask.map { (sample: sample, mask: $0) } }
    return inverted(all, subject) + alike(all.map(\.mask), subject) + vanished(all, subject)
  }

  /// Where most masks are so, `masks.share` tells.
  private func inverted(_ all: [(sample: Sample, mask: MaskFacts)], _ subject: DataSubject) -> [DataFinding] {
    let drawn = all.filter { $0.mask.object > 0 }
    let ids = drawn.filter { Double($0.mask.object) > Self.most * Double($0.mask.counted) && $0.mask.borderShare > Self.mostOfBorder }.map(\.sample.id)
    guard !ids.isEmpty, 2 * ids.count < drawn.count else { return [] }
    return [
      subject.finding(
        "masks.inverted", .warned, count: ids.count, examples: ids,
        "\(ids.count) of \(counted(drawn.count, "mask")) \(verb(ids.count)) object in most of the image and along its border, unlike the others: \(firstFew(ids)).",
        "Look whether \(ids.count == 1 ? "it was" : "they were") drawn the other way around; correct \(ids.count == 1 ? "it" : "them"), or accept it.")
    ]
  }

  private func alike(_ all: [MaskFacts], _ subject: DataSubject) -> [DataFinding] {
    let drawn = all.filter { $0.object > 0 && $0.object < $0.counted }
    guard drawn.count >= Self.many, Set(drawn.map(\.digest)).count == 1 else { return [] }
    return [
      subject.finding(
        "masks.alike", .warned, count: drawn.count, "All \(drawn.count) masks with an object are one and the same.",
        "Check that each image has the mask that belongs to it; a program may have written one for all.")
    ]
  }

  private func vanished(_ all: [(sample: Sample, mask: MaskFacts)], _ subject: DataSubject) -> [DataFinding] {
    let ids = all.filter { $0.mask.object == 0 && $0.sample.mask?.isDrawn == true }.map(\.sample.id)
    if ids.isEmpty { return [] }
    return [
      subject.finding(
        "masks.vanished", .warned, count: ids.count, examples: ids,
        "\(counted(ids.count, "image")) \(ids.count == 1 ? "has" : "have") an annotation of which no pixel lies in the image: \(firstFew(ids)).",
        "Correct the annotations: places may be shares of the image instead of pixels, or of another size of it.")
    ]
  }
}

extension MaskReference {
  /// Whether an annotation draws something of it.
  fileprivate var isDrawn: Bool {
    regions.contains { region in
      switch region {
      case .runLengths, .polygons: true
      case .file, .labels: false
      }
    }
  }
}
