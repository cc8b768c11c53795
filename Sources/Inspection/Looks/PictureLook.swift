import Datasets
import Foundations
import Studies

/// Images that show nothing, or that differ from the others in how they are stored.
struct PictureLook: DataLook {
  static let codes = [
    FindingCode("images.uniform", .warned, "images are of one brightness as they are shown"),
    FindingCode("images.dark", .warned, "images use little of the range between black and white"),
    FindingCode("images.depths", .noted, "images differ in depth or in being colored"),
    FindingCode("images.sizes", .noted, "images differ in size"),
  ]
  static let opensPictures = true

  /// Images that use less than this share of their range are dark or flat: 12 bits in a file of 16 use 1/16 of it.
  static let littleRange = 1.0 / 10

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard let pictures = subject.pictures, pictures.isDecoded else { return [] }
    let seen = subject.samples.compactMap { part, sample in pictures.facts[sample.id].map { (part: part, id: sample.id, facts: $0) } }
    if seen.isEmpty { return [] }
    var found = [DataFinding]()
    let uniform = seen.filter(\.facts.isUniform)
    if !uniform.isEmpty {
      let names = uniform.map { "\($0.id) (\($0.part))" }
      found.append(
        subject.finding(
          "images.uniform", .warned, count: uniform.count, examples: names,
          "\(uniform.count) of \(counted(seen.count, "image")) \(verb(uniform.count)) of one brightness as \(uniform.count == 1 ? "it is" : "they are") shown: \(firstFew(names)).",
          "Look at \(uniform.count == 1 ? "it" : "them") with “medtransfer images inspect”: a window, a lookup table or a slope may not fit; repair or remove \(uniform.count == 1 ? "it" : "them")."))
    }
    let dark = seen.filter { !$0.facts.isUniform && $0.facts.usedRange < Self.littleRange }
    if !dark.isEmpty {
      let names = dark.map { "\($0.id) (\($0.facts.lowest) to \($0.facts.highest) of \(1 << $0.facts.bitDepth - 1))" }
      found.append(
        subject.finding(
          "images.dark", .warned, count: dark.count, examples: names,
          "\(dark.count) of \(counted(seen.count, "image")) \(dark.count == 1 ? "uses" : "use") less than a tenth of the range between black and white: \(firstFew(names)).",
          "Check what their numbers mean: 12 bits in a file of 16 look black; bring them to the whole range of their depth, or give a window."))
    }
    // A volume's slices and an archive's items are alike by their file.
    found += differing(seen.map { ($0.id, "\($0.facts.bitDepth <= 8 ? 8 : 16) bits \($0.facts.channels == 3 ? "RGB" : "gray")") }, "images.depths", "kinds", subject)
    found += differing(seen.map { ($0.id, "\($0.facts.width) × \($0.facts.height)") }, "images.sizes", "sizes", subject)
    return found
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
