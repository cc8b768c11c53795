import Datasets
import Foundations
import Imaging
import Studies

/// How much of the masks is object: a network cannot learn from empty ones, and a metric of nothing says nothing.
struct MaskShareLook: DataLook {
  static let codes = [
    FindingCode("masks.empty", .refused, "all masks are empty, or all of the training part"),
    FindingCode("masks.emptyPart", .warned, "all masks of the validation or test part are empty"),
    FindingCode("masks.emptyRegion", .warned, "a field of view without a pixel, so that nothing of its image is evaluated"),
    FindingCode("masks.full", .warned, "all masks of a part are object everywhere"),
    FindingCode("masks.someEmpty", .noted, "some masks are empty"),
  ]
  static let opensPictures = true

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard subject.task.kind.isSegmentation, let pictures = subject.pictures, pictures.isDecoded else { return [] }
    var found = emptyRegions(subject, pictures)
    // Masks whose levels nobody can read are empty for that reason, which MaskLevelLook tells.
    if subject.masks[.truth]?.understanding == .unclear { return found }
    let isMisread = pictures.facts.values.contains { !($0.mask?.unexpected.isEmpty ?? true) }
    let masks = DatasetPart.allCases.map { part in
      (part: part, masks: subject.parts[part, default: []].compactMap { sample in pictures.facts[sample.id]?.mask.map { (id: sample.id, mask: $0) } })
    }
    let all = masks.flatMap(\.masks)
    if all.isEmpty { return [] }
    let isAllEmpty = all.allSatisfy { $0.mask.object == 0 }, meaning = subject.task.data.maskMeaning
    for (part, masks) in masks where !masks.isEmpty {
      let empty = masks.filter { $0.mask.object == 0 }, full = masks.filter { $0.mask.object == $0.mask.counted && $0.mask.counted > 0 }
      if empty.count == masks.count, isMisread {
        continue
      } else if empty.count == masks.count {
        // A training part without an object leaves nothing to learn; another part, nothing to be found.
        let isRefused = isAllEmpty || part == .training
        found.append(
          subject.finding(
            isRefused ? "masks.empty" : "masks.emptyPart", isRefused ? .refused : .warned, part: part, count: empty.count, examples: empty.map(\.id),
            masks.count == 1 ? "The one mask of the \(part) part is empty." : "All \(masks.count) masks of the \(part) part are empty.", emptyRemedy(isAllEmpty, meaning, subject)))
      } else if !empty.isEmpty {
        found.append(
          subject.finding(
            "masks.someEmpty", .noted, part: part, count: empty.count, examples: empty.map(\.id),
            "\(empty.count) of \(counted(masks.count, "mask")) of the \(part) part \(verb(empty.count)) empty: \(firstFew(empty.map(\.id))).", ""))
      }
      if full.count == masks.count {
        found.append(
          subject.finding(
            "masks.full", .warned, part: part, count: full.count, examples: full.map(\.id),
            masks.count == 1 ? "The one mask of the \(part) part is object everywhere." : "All \(masks.count) masks of the \(part) part are object everywhere.",
            "Check that the masks are masks, and what of them is object (threshold, \(subject.task.data.maskLabelsKey), color)."))
      }
    }
    return found
  }

  /// An image whose evaluated region is empty is in no metric.
  private func emptyRegions(_ subject: DataSubject, _ pictures: PictureInventory) -> [DataFinding] {
    let empty = subject.samples.filter { pictures.facts[$0.sample.id]?.evaluatedPixels == 0 }.map(\.sample.id)
    if empty.isEmpty { return [] }
    return [
      subject.finding(
        "masks.emptyRegion", .warned, count: empty.count, examples: empty,
        "\(counted(empty.count, "mask")) of the field of view \(verb(empty.count)) empty, so that no pixel of \(empty.count == 1 ? "its image" : "their images") is evaluated: \(firstFew(empty)).",
        "Correct \(empty.count == 1 ? "it" : "them"), or take evaluatedRegion away.")
    ]
  }

  private func emptyRemedy(_ isAllEmpty: Bool, _ meaning: MaskMeaning?, _ subject: DataSubject) -> String {
    guard isAllEmpty, meaning != nil else { return "Give images with objects: correct the masks, or the split." }
    return "Say which levels are object under \(subject.key): threshold: nonZero, or \(subject.task.data.maskLabelsKey): {object: 1} with their levels; or correct the masks."
  }
}
