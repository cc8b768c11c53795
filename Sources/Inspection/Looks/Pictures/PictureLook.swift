import Datasets
import Foundations
import Studies

/// Images that differ from the others in how they are stored.
struct PictureLook: DataLook {
  static let codes = [
    FindingCode("images.depths", .noted, "images differ in depth or in being colored"),
    FindingCode("images.sizes", .noted, "images differ in size"),
  ]
  static let opensPictures = true

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard let pictures = subject.pictures, pictures.isDecoded else { return [] }
    let seen = subject.samples.compactMap { part, sample in pictures.facts[sample.id].map { (part: part, id: sample.id, facts: $0) } }
    if seen.isEmpty { return [] }
    // A volume's slices and an archive's items are alike by their file.
    return differing(seen.map { ($0.id, "\($0.facts.bitDepth <= 8 ? 8 : 16) bits \($0.facts.channels == 3 ? "RGB" : "gray")") }, "images.depths", "kinds", subject)
      + differing(seen.map { ($0.id, "\($0.facts.width) × \($0.facts.height)") }, "images.sizes", "sizes", subject)
  }

  private func differing(_ seen: [(id: String, kind: String)], _ code: String, _ noun: String, _ subject: DataSubject) -> [DataFinding] {
    let groups = Dictionary(grouping: seen, by: \.kind)
    if groups.count < 2 { return [] }
    let words = groups.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map { "\($0.value.count) of \($0.key)" }
    return [
      subject.finding(
        code, .noted, count: groups.count, examples: words, "The images are of \(groups.count) \(noun): \(firstFew(words)).", "")
    ]
  }
}
