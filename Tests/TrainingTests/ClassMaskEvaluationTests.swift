import Datasets
import Foundation
import Foundations
import Metrics
import Studies
import Testing
import Torch

@testable import Training

@Suite("Answers of several classes' masks")
struct ClassMaskEvaluationTests {
  /// `[1, 3, 1, 4]`: background, lung and heart at four pixels.
  private func logits() throws -> Tensor {
    try Tensor([3, -1, -1, 0.1, /* lung */ 1, 2, -2, 0.2, /* heart */ 2, 1, -3, 0.3] as [Double], shape: [1, 3, 1, 4])
  }

  @Test("Of a label map a pixel is of the class with the greatest logit, the background being none; of masks of every class above 0")
  func decisions() throws {
    let map = try MaskDecisions.of(logits(), kind: .multiclassSegmentation)
    #expect(map.shape == [1, 2, 1, 4])
    #expect(try map.booleans() == [false, true, false, false, false, false, false, true])
    let masks = try MaskDecisions.of(logits().narrow(along: 1, start: 1, count: 2), kind: .multiLabelSegmentation)
    #expect(try masks.booleans() == [true, true, false, true, true, true, false, true])
  }

  private func sample(_ id: String) -> Sample {
    Sample(id: id, image: ImageReference(URL(fileURLWithPath: "/\(id)")), patient: "p", byteCount: 1)
  }

  @Test("A class that is nowhere in an image has neither distance nor agreement of outlines there, also where both masks are rightly empty")
  func nowhere() throws {
    let square = [UInt8](repeating: 1, count: 4) + [UInt8](repeating: 0, count: 12), empty = [UInt8](repeating: 0, count: 16)
    let truth = OriginalTruth(masks: [square, empty].map { RunLengthMask($0, width: 4) })
    var all = ClassMaskAgreements(classNames: ["lung", "rib"])
    let predicted = [square.map { $0 == 1 }, empty.map { $0 == 1 }]
    all.add(
      sample("a"),
      predicted.indices.map { place in
        let counts = PixelConfusion(truePositives: place == 0 ? 4 : 0, trueNegatives: place == 0 ? 12 : 16)
        return MaskAnswer(counts: counts, measured: MeasuredMask(predicted: predicted[place], truth: truth, ofClass: place, hasCenterline: true))
      })
    let found = all.predictions
    #expect(found.classNames == ["lung", "rib"] && found.classes.allSatisfy { $0.rows.allSatisfy(\.isOfClass) })
    #expect(found.classes[0].rows[0].outline == OutlineAgreement(hausdorff95: 0, normalizedSurfaceDistance: 1))
    #expect(found.classes[1].rows[0].outline == OutlineAgreement(hausdorff95: nil, normalizedSurfaceDistance: nil))
    #expect(found.classes[0].rows[0].centerline != nil && found.classes[1].rows[0].centerline == nil)
    let headline = Predictions.classMasks(found).headline
    // Not 1 for the rib.
    #expect(headline["dicePooled"] == .value(1) && headline["diceMean"] == .value(1))
    let measures = PredictionMeasures(.classMasks(found), thresholds: .notAvailable(reason: ""), wanted: [.dicePerImage])
    #expect(measures.values().map(\.number) == [1, 1, nil])
  }
}
