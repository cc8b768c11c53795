import Datasets
import Foundation
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
    FindingCode("masks.share", .warned, "the share of object; warned of where most pixels are object, or the border is, as where background was taken for it"),
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
      // Of several classes each has a share of its own (MaskClassLook), and pixels may well be of one everywhere.
      if subject.task.kind.hasSeveralMasks { continue }
      if empty.count < masks.count, full.count < masks.count, !isMisread { found.append(share(of: masks.map(\.mask), part, subject)) }
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

  /// How much of the counted pixels is object. What the study says of its levels by name or color was meant so.
  private func share(of masks: [MaskFacts], _ part: DatasetPart, _ subject: DataSubject) -> DataFinding {
    func median(_ values: [Double]) -> Double {
      let sorted = values.sorted()
      return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
    func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %".replacingOccurrences(of: ".0 %", with: " %") }
    let shares = masks.map { Double($0.object) / Double(max($0.counted, 1)) }, middle = median(shares)
    let told =
      shares.count == 1
      ? "Object is \(percent(middle)) of the one mask of the \(part) part"
      : "Object is \(percent(middle)) of the pixels in the median mask of the \(part) part, \(percent(shares.min() ?? 0)) in the one with least and \(percent(shares.max() ?? 0)) in the one with most"
    let border = median(masks.map(\.borderShare)), meaning = subject.task.data.maskMeaning
    let isLikelyBackground = middle > 0.5 || border > Self.mostOfBorder
    guard isLikelyBackground, let meaning, meaning.labels.isEmpty, meaning.color == nil else {
      return subject.finding("masks.share", .noted, part: part, count: masks.count, told + ".", "")
    }
    return subject.finding(
      "masks.share", .warned, part: part, count: masks.count,
      "\(told)\(border > Self.mostOfBorder ? ", and \(percent(border)) of the image border" : ""): background may have been taken for it.",
      "Where object is the dark part of the masks, say under \(subject.key): \(darkObject(subject)); else accept it.")
  }

  /// Object of a structure seldom fills the border of an image; background does.
  private static let mostOfBorder = 0.75

  private func darkObject(_ subject: DataSubject) -> String {
    let levels = subject.masks[.truth]?.survey.counts.keys.sorted() ?? [0, 255]
    if levels.count == 2 { return "\(subject.task.data.maskLabelsKey): {object: \(levels[0]), background: \(levels[1])}" }
    return "color: '#000000'"
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
