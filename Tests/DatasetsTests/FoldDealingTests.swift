import Foundation
import Foundations
import Studies
import Testing

@testable import Datasets

@Suite("Folds of a data set")
struct FoldDealingTests {
  /// Patients of one to three images; every fourth patient has the finding on all of them.
  private func samples(patients: Int = 40) -> [Sample] {
    (0..<patients).flatMap { patient in
      (0...patient % 3).map { image in
        let id = "p\(patient)-\(image).png"
        return Sample(
          id: id, image: ImageReference(URL(fileURLWithPath: "/\(id)")), labels: [patient % 4 == 0 ? 1 : 0], patient: "p\(patient)", byteCount: 1)
      }
    }
  }

  private func parts(_ samples: [Sample], fold: Int, folds: Int = 5, seed: Int = 0, copies: CopyGroups? = nil) throws -> [DatasetPart: [Sample]] {
    var rule = SplitRule(seed: seed, folds: folds)
    rule.fold = fold
    return try FoldDealing(rule: rule, count: folds, copies: copies).parts(samples, classNames: ["Finding"]).parts
  }

  @Test("Every image is tested in one fold, no patient is in two parts of any, and all folds have their share of images and of the finding")
  func dealt() throws {
    let all = samples()
    var tested: [String] = []
    for fold in 1...5 {
      let parts = try parts(all, fold: fold)
      try DatasetSplits.checkPatients(parts)
      #expect(parts.values.joined().map(\.id).sorted() == all.map(\.id).sorted())
      let test = try #require(parts[.test]), positives = test.count { $0.labels[0] == 1 }
      #expect((all.count / 5 - 2...all.count / 5 + 2).contains(test.count) && (3...5).contains(positives), "\(test.count), \(positives)")
      #expect(parts[.validation]?.isEmpty == false && parts[.validation]?.contains { $0.labels[0] == 1 } == true)
      tested += test.map(\.id)
    }
    #expect(tested.count == all.count && Set(tested).count == all.count)
  }

  @Test("Folds depend on ids, patients, labels and the seed of the split alone")
  func deterministic() throws {
    let all = samples(), order = Array(all.reversed())
    for fold in 1...5 {
      let (first, second) = (try parts(all, fold: fold), try parts(order, fold: fold))
      for part in DatasetPart.allCases { #expect(Set(first[part, default: []].map(\.id)) == Set(second[part, default: []].map(\.id))) }
    }
    let other = try parts(all, fold: 1, seed: 1)
    #expect(Set(other[.test, default: []].map(\.id)) != Set(try parts(all, fold: 1)[.test, default: []].map(\.id)))
  }

  @Test("Copies stay in one fold where the split keeps them together")
  func copies() throws {
    let all = samples(), groups = CopyGroups([["p1-0.png", "p2-0.png", "p3-0.png"], ["p5-0.png", "p10-0.png"]])
    for fold in 1...5 {
      let parts = try parts(all, fold: fold, copies: groups)
      for group in groups.groups {
        #expect(DatasetPart.allCases.count { part in parts[part, default: []].contains { group.contains($0.id) } } == 1)
      }
    }
  }

  @Test("Fewer patients than folds, and a finding that a fold would be tested or trained without, are refused in words")
  func refused() throws {
    let few = #expect(throws: DatasetsError.self) { try parts(samples(patients: 4), fold: 1) }
    #expect(
      few?.description == "4 patients cannot be parted into 5 folds, each of which needs one. Use fewer `folds`, or add images of more patients.")
    let rare = #expect(throws: DatasetsError.self) { try parts(samples(patients: 16), fold: 1) }
    #expect(
      rare?.description.hasSuffix(
        " of 5 would be tested on no image with “Finding”: there are 7 images of 4 patients. Use fewer `folds`, another `seed` under `split`, or leave the class out.") == true,
      "\(String(describing: rare))")
  }
}
