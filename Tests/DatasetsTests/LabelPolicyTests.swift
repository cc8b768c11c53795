import DatasetFixtures
import Foundation
import Foundations
import Studies
import Testing

@testable import Datasets

@Suite("Uncertain labels become what a policy says")
struct LabelPolicyTests {
  private let header = "Path,Sex,Edema,Fracture\n"

  /// Forty training images of forty patients and three test images; Edema is uncertain in every other training image.
  private func copy(test: String = "") throws -> (data: TemporaryData, source: ManifestSource) {
    let data = try TemporaryData()
    let paths = (0..<40).map { "train/patient\(10 + $0)/view1.jpg" }, tests = (0..<3).map { "valid/patient\(70 + $0)/view1.jpg" }
    try data.touch(paths + tests)
    try data.write(header + paths.enumerated().map { "Set-small/\($1),F,\($0 % 2 == 0 ? "-1.0" : "1.0"),\n" }.joined(), to: "train.csv")
    let rows = tests.enumerated().map { "Set-small/\($1),M,\($0 == 0 ? "1.0" : "0.0"),1.0\n" }.joined()
    try data.write(header + (test.isEmpty ? rows : test), to: "valid.csv")
    return (
      data,
      ManifestSource(
        file: data.path("train.csv"), testFile: data.path("valid.csv"), imageRoot: data.path, pathColumn: "Path",
        removedPathPrefixes: ["Set/", "Set-small/"], labelColumns: ["Edema", "Fracture"], emptyLabels: .absent, uncertainLabel: -1,
        patientPattern: #"(patient\d+)"#)
    )
  }

  private func splits(_ source: ManifestSource) throws -> DatasetSplits {
    try DatasetResolver.resolve(.manifest(source), kind: .multiLabelClassification)
  }

  @Test("Two tables are two parts, the front of their paths is removed, and an empty field is what the source says")
  func tables() throws {
    let (data, source) = try copy()
    let splits = try splits(source)
    #expect(splits.test.map(\.id) == ["valid/patient70/view1.jpg", "valid/patient71/view1.jpg", "valid/patient72/view1.jpg"])
    #expect(splits.training.count + splits.validation.count == 40 && splits.validation.count == 6)
    #expect(splits.test.map(\.patient) == ["patient70", "patient71", "patient72"])
    #expect(splits.training.allSatisfy { $0.labels[1] == 0 })
    var unknown = source
    unknown.emptyLabels = .unknown
    #expect(try self.splits(unknown).training.allSatisfy { $0.labels[1].isNaN })
    _ = data
  }

  @Test("A number that means uncertain must be named")
  func unnamed() throws {
    let (data, source) = try copy()
    var other = source
    other.uncertainLabel = nil
    let error = #expect(throws: DatasetsError.self) { try splits(other) }
    #expect(error?.problem == "20 labels of train.csv are not 0, 1 or empty; the first is “-1.0” in column “Edema” of line 2.")
    _ = data
  }

  @Test("Each policy gives an uncertain label its value, and leaves the others", arguments: LabelPolicy.allCases)
  func values(_ policy: LabelPolicy) throws {
    let (data, source) = try copy()
    let plain = try splits(source), applied = plain.applying(policy, seed: SeedPath(1))
    #expect(applied.fingerprint == plain.fingerprint && applied.test == plain.test)
    for (before, after) in zip(plain.training, applied.training) {
      #expect(before.id == after.id && after.labels[1] == before.labels[1])
      guard before.labels[0] == Sample.uncertain else {
        #expect(after.labels[0] == 1)
        continue
      }
      let label = after.labels[0]
      switch policy {
      case .ones: #expect(label == 1)
      case .zeros: #expect(label == 0)
      case .lsrOnes: #expect((0.55...0.85).contains(label))
      case .lsrZeros: #expect((0...0.3).contains(label))
      case .ignore: #expect(label.isNaN)
      case .multiClass: #expect(label == -1)
      }
    }
    // Validation is scored, so no label there is between 0 and 1.
    #expect(applied.validation.allSatisfy { [0, 1, -1].contains($0.labels[0]) || $0.labels[0].isNaN })
    _ = data
  }

  @Test("A smoothed label is drawn once for each seed and image, over the whole range")
  func drawnOnce() throws {
    let (data, source) = try copy()
    let splits = try splits(source)
    func labels(_ seed: Int) -> [Float] {
      splits.applying(.lsrOnes, seed: SeedPath(seed)).training.map { $0.labels[0] }.filter { $0 != 1 }
    }
    let first = labels(1)
    #expect(first == labels(1) && Set(first).count == first.count && first.count > 12)
    #expect(zip(first, labels(2)).allSatisfy { $0 != $1 })
    #expect((first.min() ?? 1) < 0.6 && (first.max() ?? 0) > 0.8)
    _ = data
  }

  @Test("An uncertain label is not the same data as an absent one")
  func fingerprint() throws {
    let (data, source) = try copy()
    let before = try splits(source).fingerprint
    let text = try String(contentsOfFile: data.path("train.csv"), encoding: .utf8)
    try data.write(text.replacingOccurrences(of: "-1.0", with: "0.0"), to: "train.csv")
    #expect(try splits(source).fingerprint != before)
  }
}
