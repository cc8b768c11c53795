import DatasetFixtures
import Foundation
import Foundations
import Studies
import Testing

@testable import Datasets

@Suite("Carving keeps patients whole and does not depend on order")
struct SplitTests {
  /// `count` images of patients with 1–6 images each; label 0 is common, label 1 rare.
  private func samples(_ count: Int, hasPatients: Bool = true) -> [Sample] {
    var random = SeedPath(3).generator()
    var samples = [Sample](), patient = 0
    while samples.count < count {
      let isRare = random.uniform() < 0.1
      for _ in 0..<(1 + random.integer(below: 6)) where samples.count < count {
        let labels: [Float] = [random.uniform() < 0.5 ? 1 : 0, isRare ? 1 : 0]
        let id = "image-\(samples.count).png"
        samples.append(
          Sample(
            id: id, image: ImageReference(URL(fileURLWithPath: "/data/\(id)")), labels: labels,
            patient: hasPatients ? "patient-\(patient)" : nil, byteCount: samples.count))
      }
      patient += 1
    }
    return samples
  }

  private func carve(_ samples: [Sample], _ rule: SplitRule = SplitRule()) throws -> DatasetSplits {
    let (parts, carved) = SplitCarving(rule: rule).complete([.training: samples])
    return try DatasetSplits(parts: parts, classNames: ["common", "rare"], carved: carved)
  }

  @Test("No patient is in two parts and no image is lost", arguments: 0..<8)
  func disjoint(seed: Int) throws {
    let all = samples(700)
    let splits = try carve(all, SplitRule(seed: seed))
    #expect(Set(splits.all.map(\.id)) == Set(all.map(\.id)) && splits.all.count == all.count)
    let patients = DatasetPart.allCases.map { Set(splits[$0].compactMap(\.patient)) }
    #expect(patients[0].isDisjoint(with: patients[1]))
    #expect(patients[0].isDisjoint(with: patients[2]))
    #expect(patients[1].isDisjoint(with: patients[2]))
  }

  @Test("The parts have their shares within a few images, and so does a rare class", arguments: 0..<8)
  func shares(seed: Int) throws {
    let splits = try carve(samples(700), SplitRule(seed: seed))
    #expect(abs(splits.test.count - 140) <= 3)
    #expect(abs(splits.validation.count - 84) <= 3)
    let rare = { (part: [Sample]) in Double(part.filter { $0.labels[1] == 1 }.count) }
    let total = rare(splits.all)
    #expect(abs(rare(splits.test) - 0.2 * total) <= 5)
    #expect(abs(rare(splits.validation) - 0.12 * total) <= 5)
  }

  @Test("The order in which images are found does not matter", arguments: [true, false])
  func orderDoesNotMatter(hasPatients: Bool) throws {
    let all = samples(200, hasPatients: hasPatients)
    let expected = try carve(all)
    for seed in 0..<5 {
      var random = SeedPath(seed).generator()
      #expect(try carve(all.shuffled(using: &random)) == expected)
    }
    #expect(try carve(all.reversed()) == expected)
  }

  @Test("Another seed is another split")
  func seedMatters() throws {
    #expect(try carve(samples(200)).test != carve(samples(200), SplitRule(seed: 1)).test)
  }

  @Test("Images added later leave most of the others where they were")
  func growthIsGentle() throws {
    let before = try carve(samples(600)), after = try carve(samples(630))
    let stayed = Set(before.test.map(\.id)).intersection(after.test.map(\.id)).count
    #expect(Double(stayed) > 0.8 * Double(before.test.count))
  }

  @Test("The fingerprint covers part, id, size, labels, patient and class names, and not the location")
  func fingerprint() throws {
    let sample = Sample(id: "a", image: ImageReference(URL(fileURLWithPath: "/x/a")), labels: [1, .nan], patient: "p", byteCount: 3)
    func fingerprint(_ sample: Sample, part: DatasetPart = .training, classNames: [String] = ["c"]) throws -> String {
      var parts = Dictionary(
        uniqueKeysWithValues: DatasetPart.allCases.map {
          ($0, [Sample(id: "\($0)", image: sample.image, patient: nil, byteCount: 1)])
        })
      parts[part, default: []].append(sample)
      return try DatasetSplits(parts: parts, classNames: classNames).fingerprint
    }
    func changed(id: String = "a", labels: [Float] = [1, .nan], patient: String? = "p", byteCount: Int = 3) -> Sample {
      Sample(id: id, image: sample.image, labels: labels, patient: patient, byteCount: byteCount)
    }
    let variants = [
      try fingerprint(sample), try fingerprint(sample, part: .test), try fingerprint(sample, classNames: ["d"]),
      try fingerprint(changed(id: "b")), try fingerprint(changed(labels: [1, 0])), try fingerprint(changed(labels: [0, .nan])),
      try fingerprint(changed(patient: "q")), try fingerprint(changed(patient: nil)), try fingerprint(changed(byteCount: 4)),
    ]
    #expect(Set(variants).count == variants.count)
    let moved = Sample(id: "a", image: ImageReference(URL(fileURLWithPath: "/y/a")), labels: [1, .nan], patient: "p", byteCount: 3)
    #expect(try fingerprint(moved) == variants[0])
    // The digest of plain files is part of the identity of runs that are stored: it must never change.
    #expect(variants[0] == "359ceff29702a077a9445e7ee451be06c7dbd4489028d53031f4dcf60476a1ea")
  }

  @Test("A sample survives JSON, with unknown labels")
  func sampleJSON() throws {
    let sample = Sample(
      id: "a", image: ImageReference(URL(fileURLWithPath: "/x/a")), mask: nil, labels: [1, .nan, 0], patient: nil, byteCount: 3)
    let decoded = try JSONDecoder().decode(Sample.self, from: CanonicalJSON.encode(sample))
    #expect(decoded == sample)
    #expect(decoded != Sample(id: "a", image: sample.image, labels: [1, 0, 0], byteCount: 3))
  }
}
