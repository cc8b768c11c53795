import Foundation
import Studies
import Testing

@testable import Datasets

@Suite("What a part of a data set holds")
struct ExtentTests {
  private func sample(_ id: String, _ labels: [Float], _ patient: String?) -> Sample {
    Sample(id: id, image: ImageReference(URL(fileURLWithPath: "/\(id)")), labels: labels, patient: patient, byteCount: 1)
  }

  @Test("Images, patients, and of each class the present, absent, uncertain and unknown; the digest is of ids and labels alone")
  func extent() throws {
    let training = [sample("a", [1, 0], "p"), sample("b", [0, .nan], "p"), sample("c", [Sample.uncertain, 1], "q")]
    func splits(_ training: [Sample], test: Sample) throws -> DatasetSplits {
      try DatasetSplits(parts: [.training: training, .validation: [sample("v", [1, 1], "r")], .test: [test]], classNames: ["x", "y"], carved: [.validation: 4])
    }
    let first = try splits(training, test: sample("t", [1, 0], nil))
    #expect(first.carvedParts == [.validation] && first.knowsPatients)
    let extent = first.extent(of: .training)
    #expect(extent.images == 3 && extent.patients == 2)
    #expect(
      extent.classes == [
        .init(name: "x", present: 1, absent: 1, uncertain: 1, unknown: 0), .init(name: "y", present: 1, absent: 1, uncertain: 0, unknown: 1),
      ])
    #expect(first.extent(of: .test).patients == nil)
    // Another training set leaves the digest of the test part as it is; another label of a test image does not.
    let second = try splits(Array(training.dropLast()), test: sample("t", [1, 0], "s")), third = try splits(training, test: sample("t", [1, 1], nil))
    #expect(first.fingerprint != second.fingerprint && first.extent(of: .test).sha256 == second.extent(of: .test).sha256)
    #expect(first.extent(of: .test).sha256 != third.extent(of: .test).sha256)
  }
}
