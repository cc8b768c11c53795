import Datasets
import Foundation
import Foundations
import Metrics
import Testing

@testable import Training

@Suite("Masks against the truth on the pixels of the image's file")
struct MaskAgreementsTests {
  /// A square of 5 × 5 pixels whose left edge is at x, in an image of 20 × 10.
  private func square(at x: Int) -> [UInt8] {
    (0..<200).map { (x..<x + 5).contains($0 % 20) && (2..<7).contains($0 / 20) ? 1 : 0 }
  }

  private func measured(_ spacing: PixelSpacing?, counted: [UInt8]? = nil) -> MeasuredMask {
    let truth = OriginalTruth(
      mask: RunLengthMask(square(at: 4), width: 20), counted: counted.map { RunLengthMask($0, width: 20) }, spacing: spacing)
    return MeasuredMask(predicted: square(at: 7).map { $0 == 1 }, truth: truth, hasCenterline: true)
  }

  private func sample(_ id: String) -> Sample {
    Sample(id: id, image: ImageReference(URL(fileURLWithPath: "/\(id)")), patient: nil, byteCount: 1)
  }

  private func predictions(_ spacings: [PixelSpacing?]) -> SegmentationPredictions {
    var all = MaskAgreements()
    for (index, spacing) in spacings.enumerated() {
      all.add(sample("\(index)"), counts: PixelConfusion(truePositives: 1), measured: measured(spacing))
    }
    return all.predictions
  }

  @Test("Distances are millimeters where every file states its spacing, of pixels that are no squares too")
  func millimeters() throws {
    let all = predictions([PixelSpacing(x: 0.5, y: 0.5), PixelSpacing(x: 0.25, y: 2)])
    #expect(all.unit == .millimeters && all.spacedCount == 2)
    #expect(all.rows.map { $0.outline?.hausdorff95 } == [1.5, 0.75])
    #expect(all.rows.map { $0.outline?.normalizedSurfaceDistance } == [1, 1])
  }

  @Test("Where one file states none, all distances are pixels, and the predictions tell how many state one")
  func mixed() throws {
    let all = predictions([PixelSpacing(x: 0.5, y: 0.5), nil])
    #expect(all.unit == .pixels && all.spacedCount == 1)
    #expect(all.rows.map { $0.outline?.hausdorff95 } == [3, 3])
    #expect(predictions([nil]).unit == .pixels && MaskAgreements().predictions.unit == .pixels)
  }

  @Test("Pixels that do not count have no part in outlines and center lines")
  func counted() throws {
    // Of the prediction only what lies on the truth counts.
    let region = square(at: 4)
    let mask = measured(nil, counted: region)
    #expect(mask.inPixels?.hausdorff95 == 3 && mask.centerline?.predicted == mask.centerline?.predictedInTarget)
    let all = measured(nil)
    #expect(all.centerline?.predicted != all.centerline?.predictedInTarget)
  }

  @Test("A mask as runs gives back its pixels, whichever kind it begins and ends with")
  func runs() {
    for values: [UInt8] in [[0, 0, 1, 1, 0, 1], [1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0]] {
      let mask = RunLengthMask(values, width: 3)
      #expect(mask.pixels == values.map { $0 == 1 } && mask.height == 2)
    }
  }
}
