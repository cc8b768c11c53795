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
    let across = groups.filter(\.crossesParts).map { $0.words { "\($0.id) (\($0.part))" } }
      + pairs.filter(\.crossesParts).map { "\($0.first.id) (\($0.first.part)) ≈ \($0.second.id) (\($0.second.part)), \($0.relation.rawValue)" }
    var found = [DataFinding]()
    if !across.isEmpty {
      let leaking = audit.leakingTestImages.count
      let reaches = leaking == 0 ? "" : " \(counted(leaking, "test image")) \(verb(leaking)) known from training or validation; the report tells the metric without \(leaking == 1 ? "it" : "them")."
      found.append(
        subject.finding(
          "copies.acrossParts", .warned, count: across.count, examples: across,
          "\(counted(across.count, "group")) of copies or near copies \(verb(across.count)) in more than one part: \(firstFew(across, atMost: 2)).\(reaches)",
          "Remove the copies, or keep each group in one part (\(subject.key).split: {keepTogether: copies})."))
    }
    let conflicts = groups.filter { !$0.conflictingClasses.isEmpty }.map { "\($0.words(\.id)) (\($0.conflictingClasses.joined(separator: ", ")))" }
      + pairs.filter { !$0.conflictingClasses.isEmpty }.map { "\($0.first.id) ≈ \($0.second.id) (\($0.conflictingClasses.joined(separator: ", ")))" }
    if !conflicts.isEmpty {
      found.append(
        subject.finding(
          "copies.conflict", .warned, count: conflicts.count, examples: conflicts,
          "\(counted(conflicts.count, "group")) of copies \(conflicts.count == 1 ? "has" : "have") labels that contradict each other: \(firstFew(conflicts, atMost: 2)).",
          "Look at the images and correct their labels, or remove them."))
    }
    let within = groups.filter { !$0.crossesParts }.map { $0.words(\.id) }
      + pairs.filter { !$0.crossesParts }.map { "\($0.first.id) ≈ \($0.second.id)" }
    if !within.isEmpty {
      found.append(
        subject.finding(
          "copies.within", .noted, count: within.count, examples: within,
          "\(counted(within.count, "group")) of copies \(verb(within.count)) within one part: \(firstFew(within, atMost: 2)).", ""))
    }
    return found
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

extension DatasetAudit {
  /// The test images that are known from training or validation by a copy, sorted.
  var leakingTestImages: [String] {
    let leaking = identical.filter(\.reachesTest).flatMap(\.images) + nearDuplicates.filter(\.reachesTest).flatMap { [$0.first, $0.second] }
    return Set(leaking.filter { $0.part == .test }.map(\.id)).sorted()
  }
}
