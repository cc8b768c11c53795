import Foundation
import Foundations
import Studies
import Testing

@testable import Datasets

@Suite("A fraction of the training images")
struct TrainingSubsetTests {
  private static let fractions = [0.05, 0.1, 0.25, 0.5, 0.9].compactMap { TrainingFraction($0) }

  /// Patients with 1–5 images of four classes, from common to rare; some labels are unknown.
  private func data(_ seed: Int, hasPatients: Bool = true, classes: Int = 4) throws -> DatasetSplits {
    var random = (SeedPath(seed) / "data").generator()
    var parts = [DatasetPart: [Sample]](), number = 0
    for part in DatasetPart.allCases {
      let patients = 60 + random.integer(below: 120)
      for patient in 0..<patients {
        let present = (0..<classes).map { random.uniform() < [0.5, 0.2, 0.1, 0.05][$0] }
        for _ in 0..<(1 + random.integer(below: 5)) {
          let labels = present.map { Float($0 ? 1 : 0) }.map { random.uniform() < 0.02 ? .nan : $0 }
          parts[part, default: []].append(
            Sample(
              id: "\(part)/\(number).png", image: ImageReference(URL(fileURLWithPath: "/data/\(number).png")), labels: labels,
              patient: hasPatients ? "\(part)-\(patient)" : nil, byteCount: number))
          number += 1
        }
      }
    }
    return try DatasetSplits(parts: parts, classNames: (0..<classes).map { "class \($0)" })
  }

  @Test("A smaller fraction's images are among a larger one's, whatever the data", arguments: 0..<40)
  func nested(seed: Int) throws {
    let whole = try data(seed, hasPatients: seed % 4 != 0, classes: seed % 5)
    var smaller = Set<String>()
    for fraction in Self.fractions {
      let subset = Set(try whole.keeping(fraction, seed: seed).training.map(\.id))
      #expect(smaller.isSubset(of: subset), "\(fraction)")
      smaller = subset
    }
    #expect(smaller.isStrictSubset(of: Set(whole.training.map(\.id))))
  }

  @Test("All images of a patient stay or go; validation and test images all stay", arguments: 0..<20)
  func patientsAndTest(seed: Int) throws {
    let whole = try data(seed)
    for fraction in Self.fractions {
      let subset = try whole.keeping(fraction, seed: seed)
      let kept = Set(subset.training.compactMap(\.patient))
      #expect(subset.training == whole.training.filter { kept.contains($0.patient ?? "") })
      #expect(subset.validation == whole.validation && subset.test == whole.test && subset.classNames == whole.classNames)
      #expect(subset.fingerprint != whole.fingerprint)
    }
  }

  @Test("A subset has its share of images and of patients with the rarest class, within two patients", arguments: 0..<20)
  func shares(seed: Int) throws {
    let whole = try data(seed)
    func rare(_ splits: DatasetSplits) -> Double { Double(splits.training.count { $0.labels[3] == 1 }) }
    for fraction in Self.fractions {
      let subset = try whole.keeping(fraction, seed: seed)
      #expect(abs(Double(subset.training.count) - fraction.value * Double(whole.training.count)) <= 5)
      #expect(abs(rare(subset) - fraction.value * rare(whole)) <= 10)
    }
  }

  @Test("The order of the images does not matter, another seed is another subset, and the whole is the data set itself")
  func order() throws {
    let whole = try data(3), tenth = try #require(TrainingFraction(0.1))
    var random = SeedPath(9).generator()
    let shuffled = try DatasetSplits(
      parts: [.training: whole.training.shuffled(using: &random), .validation: whole.validation, .test: whole.test],
      classNames: whole.classNames)
    #expect(try shuffled.keeping(tenth, seed: 0) == whole.keeping(tenth, seed: 0))
    #expect(try whole.keeping(tenth, seed: 1) != whole.keeping(tenth, seed: 0))
    #expect(try whole.keeping(.whole, seed: 0) == whole)
  }

  private func small(_ labels: [Float]) throws -> DatasetSplits {
    func samples(_ part: String, _ labels: [Float]) -> [Sample] {
      labels.enumerated().map { Sample(id: "\(part)\($0)", image: ImageReference(URL(fileURLWithPath: "/\($0)")), labels: [$1], byteCount: 1) }
    }
    return try DatasetSplits(
      parts: [.training: samples("a", labels), .validation: samples("b", [0]), .test: samples("c", [1])], classNames: ["sick"])
  }

  @Test("A subset that cannot be learned from is refused in a sentence")
  func refusals() throws {
    func sentence(_ labels: [Float], _ fraction: Double) throws -> String {
      do {
        _ = try small(labels).keeping(try #require(TrainingFraction(fraction)), seed: 0)
        return ""
      } catch let error as DatasetsError {
        return error.description
      }
    }
    #expect(
      try sentence([0, 1, 0, 1, 0, 1, 0, 1], 0.1)
        == "10 % of 8 training images, by whole patients, is 1 image. Use a larger `fraction`; a training needs at least 2 images.")
    #expect(
      try sentence([0, 1, 0, 1], 0.01)
        == "1 % of 4 training images, by whole patients, is none. Use a larger `fraction`; a training needs at least 2 images.")
    #expect(
      try sentence([Float](repeating: 0, count: 19) + [1], 0.2)
        == "20 % of 20 training images is 4 images that all have the same label for sick. Use a larger `fraction`, or another `seed` under `split`.")
    #expect(try sentence([0, 1, 0, 1], 0.5) == "")
  }

  @Test("The classes that a subset lost are named")
  func absentClasses() throws {
    let whole = try data(5)
    let subset = try whole.keeping(try #require(TrainingFraction(0.05)), seed: 5)
    let expected = whole.classNames.indices.filter { index in !subset.training.contains { $0.labels[index] == 1 } }
    #expect(subset.absentClasses(from: whole) == expected.map { "class \($0)" })
    #expect(whole.absentClasses(from: whole) == [])
    #expect(try small([0, 0]).absentClasses(from: small([0, 1])) == ["sick"])
  }
}
