import Datasets
import Foundations
import Studies

/// Images that are there twice, by the search of `tasks audit`: copies of test images in training are numbers that are too good.
struct CopyLook: DataLook {
  static let codes = [
    FindingCode("copies.acrossParts", .warned, "the same image, or nearly, is in two parts"),
    FindingCode("copies.conflict", .warned, "copies of an image have labels that contradict each other"),
    FindingCode("copies.within", .noted, "the same image is in one part twice"),
  ]
  static let opensPictures = true

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard let audit = subject.audit else { return [] }
    let groups = audit.identical, pairs = audit.nearDuplicates
    var found = [DataFinding]()
    func place(_ image: DatasetAudit.Image) -> String { "\(image.id) (\(image.place))" }
    let across = Told(groups.filter(\.crossesParts), pairs, where: \.crossesParts) {
      $0.words(place)
    } pair: {
      "\(place($0.first)) ≈ \(place($0.second)), \($0.relation.rawValue)"
    }
    if across.count > 0 {
      let leaking = audit.leakingTestImages.count
      let reaches =
        leaking == 0
        ? "" : " \(counted(leaking, "test image")) \(verb(leaking)) known from training or validation; the report tells the metric without \(leaking == 1 ? "it" : "them")."
      found.append(
        subject.finding(
          "copies.acrossParts", .warned, count: across.count, examples: across.words,
          "\(counted(across.count, "group")) of copies or near copies \(verb(across.count)) in more than one \(subject.task.folds == nil ? "part" : "fold"): \(across.firstTwo).\(reaches)",
          "Remove the copies, or keep each group in one \(subject.task.folds == nil ? "part" : "fold") (\(subject.key).split: {keepTogether: copies})."))
    }
    func classes(_ names: [String]) -> String { "(\(names.joined(separator: ", ")))" }
    let conflicts = Told(groups.filter { !$0.conflictingClasses.isEmpty }, pairs, where: { !$0.conflictingClasses.isEmpty }) {
      "\($0.words(\.id)) \(classes($0.conflictingClasses))"
    } pair: {
      "\($0.first.id) ≈ \($0.second.id) \(classes($0.conflictingClasses))"
    }
    if conflicts.count > 0 {
      found.append(
        subject.finding(
          "copies.conflict", .warned, count: conflicts.count, examples: conflicts.words,
          "\(counted(conflicts.count, "group")) of copies \(conflicts.count == 1 ? "has" : "have") labels that contradict each other: \(conflicts.firstTwo).",
          "Look at the images and correct their labels, or remove them."))
    }
    let within = Told(groups.filter { !$0.crossesParts }, pairs, where: { !$0.crossesParts }) {
      $0.words(\.id)
    } pair: {
      "\($0.first.id) ≈ \($0.second.id)"
    }
    if within.count > 0 {
      found.append(
        subject.finding(
          "copies.within", .noted, count: within.count, examples: within.words,
          "\(counted(within.count, "group")) of copies \(verb(within.count)) within one part: \(within.firstTwo).", ""))
    }
    return found
  }
}

/// How many groups and pairs are told of, and the words of the first: of thousands of frames of a film millions of pairs are near.
private struct Told {
  let count: Int
  let words: [String]

  init(
    _ groups: [DatasetAudit.IdenticalImages], _ pairs: [DatasetAudit.NearDuplicate], where isTold: (DatasetAudit.NearDuplicate) -> Bool,
    group: (DatasetAudit.IdenticalImages) -> String, pair: (DatasetAudit.NearDuplicate) -> String
  ) {
    count = groups.count + pairs.count(where: isTold)
    let shown = groups.prefix(DataFinding.exampleLimit).map(group)
    words = shown + pairs.lazy.filter(isTold).prefix(DataFinding.exampleLimit - shown.count).map(pair)
  }

  var firstTwo: String {
    let shown = words.prefix(2).joined(separator: ", ")
    return count > 2 ? "\(shown) and \(count - 2) more" : shown
  }
}

extension DatasetAudit.IdenticalImages {
  /// A few of its images, one of each part among them: thousands of empty slices may be one picture.
  fileprivate func words(_ name: (DatasetAudit.Image) -> String) -> String {
    let firstOfParts = parts.compactMap { part in images.firstIndex { $0.part == part } }
    let others = images.indices.lazy.filter { !firstOfParts.contains($0) }.prefix(max(0, 4 - firstOfParts.count))
    let shown = (firstOfParts + others).sorted().map { name(images[$0]) }.joined(separator: " = ")
    return images.count > 4 ? "\(shown) and \(images.count - 4) more" : shown
  }
}
