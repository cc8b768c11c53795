import Datasets
import Foundations
import Studies

/// How much of the masks is object: a network cannot learn from empty ones, and a metric of nothing says nothing.
struct MaskShareLook: DataLook {
  static let codes = [
    FindingCode("masks.empty", .refused, "all masks are empty, or all of the training part"),
    FindingCode("masks.emptyPart", .warned, "all masks of the validation or test part are empty"),
    FindingCode("masks.full", .warned, "all masks of a part are object everywhere"),
    FindingCode("masks.someEmpty", .noted, "some masks are empty"),
  ]
  static let opensPictures = true

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard subject.task.kind.isSegmentation, let pictures = subject.pictures, pictures.isDecoded else { return [] }
    var found = [DataFinding]()
    let masks = DatasetPart.allCases.map { part in
      (part: part, masks: subject.parts[part, default: []].compactMap { sample in pictures.facts[sample.id]?.mask.map { (id: sample.id, mask: $0) } })
    }
    let all = masks.flatMap(\.masks)
    if all.isEmpty { return [] }
    let isAllEmpty = all.allSatisfy { $0.mask.object == 0 }, meaning = subject.task.data.maskMeaning
    for (part, masks) in masks where !masks.isEmpty {
      let empty = masks.filter { $0.mask.object == 0 }, full = masks.filter { $0.mask.object == $0.mask.counted && $0.mask.counted > 0 }
      if empty.count == masks.count {
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

  private func emptyRemedy(_ isAllEmpty: Bool, _ meaning: MaskMeaning?, _ subject: DataSubject) -> String {
    guard isAllEmpty, meaning != nil else { return "Give images with objects: correct the masks, or the split." }
    return "Say which levels are object under \(subject.key): threshold: nonZero, or \(subject.task.data.maskLabelsKey): {object: 1} with their levels; or correct the masks."
  }
}
