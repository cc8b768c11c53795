import Datasets
import Foundations
import Imaging
import Studies

/// Whether each class of a segmentation of several is there to be learned and judged, how much of the pixels it is, and whether classes overlap.
struct MaskClassLook: DataLook {
  static let codes = [
    FindingCode("masks.classAbsent", .refused, "a class is in no mask of the training part, so that it cannot be learned"),
    FindingCode("masks.classPartLacks", .warned, "a class is in no mask of the validation or test part, so that it has no Dice there, or one of 0 where it is found"),
    FindingCode("masks.classShare", .noted, "in how many masks of a part each class is, and how much of the pixels"),
    FindingCode("masks.classOverlap", .noted, "pixels are of more than one class, which a multiLabelSegmentation allows"),
  ]
  static let opensPictures = true

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard subject.task.kind.hasSeveralMasks, let pictures = subject.pictures, pictures.isDecoded else { return [] }
    // Values that nothing names may be the missing ones, and masks whose levels nobody can read are empty for that reason: others tell that.
    let isMisread = pictures.facts.values.contains { !($0.mask?.unexpected.isEmpty ?? true) }
    if isMisread || subject.masks[.truth]?.understanding == .unclear { return [] }
    return DatasetPart.allCases.flatMap { findings($0, subject, pictures) }
  }

  private func findings(_ part: DatasetPart, _ subject: DataSubject, _ pictures: PictureInventory) -> [DataFinding] {
    let samples = subject.parts[part, default: []].filter { pictures.facts[$0.id]?.mask != nil }
    guard let names = samples.first?.mask?.classes?.names else { return [] }
    let masks = samples.compactMap { pictures.facts[$0.id]?.mask }
    // A part whose masks are all empty is told as one.
    guard masks.contains(where: { $0.object > 0 }) else { return [] }
    let present = names.indices.map { place in masks.filter { $0.ofClasses[place] > 0 } }
    var found = [DataFinding]()
    let absent = names.indices.filter { present[$0].isEmpty }.map { names[$0] }
    if !absent.isEmpty {
      let isTraining = part == .training
      found.append(
        subject.finding(
          isTraining ? "masks.classAbsent" : "masks.classPartLacks", isTraining ? .refused : .warned, part: part, count: absent.count, examples: absent,
          "\(counted(absent.count, "class", "classes")) \(verb(absent.count)) in no mask of the \(part) part: \(firstFew(absent)).",
          isTraining
            ? "Check the levels, folders or names of the classes, correct the split, or leave \(absent.count == 1 ? "it" : "them") out."
            : "Give images with \(absent.count == 1 ? "it" : "them"): without any \(absent.count == 1 ? "it has" : "they have") no Dice, or 0 where a network finds some."))
    }
    let words = names.indices.filter { !present[$0].isEmpty }.map { place in
      let shares = present[place].map { Double($0.ofClasses[place]) / Double(max($0.counted, 1)) }.sorted()
      let middle = (shares[(shares.count - 1) / 2] + shares[shares.count / 2]) / 2
      return "\(names[place]) \((middle * 1000).rounded() / 10) % in \(present[place].count)"
    }
    if !words.isEmpty {
      found.append(
        subject.finding(
          "masks.classShare", .noted, part: part, count: masks.count, examples: words,
          "Share of the pixels in the median mask that has the class, and how many of \(counted(masks.count, "mask")) of the \(part) part have it: \(words.joined(separator: "; ")).",
          ""))
    }
    let shared = zip(samples, masks).filter { $1.shared > 0 }
    if !shared.isEmpty {
      found.append(
        subject.finding(
          "masks.classOverlap", .noted, part: part, count: shared.count, examples: shared.map(\.0.id),
          "In \(shared.count) of \(counted(masks.count, "mask")) of the \(part) part pixels are of more than one class: \(firstFew(shared.map(\.0.id))).", ""))
    }
    return found
  }
}
