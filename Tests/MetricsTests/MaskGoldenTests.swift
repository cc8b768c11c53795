import Foundation
import Foundations
import Testing

@testable import Metrics

@Suite("Outlines and center lines of masks")
struct MaskGoldenTests {
  struct Goldens: Decodable {
    struct Case: Decodable {
      struct DeepMind: Decodable {
        let hausdorff95: Double
        let normalizedSurfaceDistances: [Double]
      }

      let width, height: Int
      let spacing, tolerances, normalizedSurfaceDistances: [Double]
      let predicted, target, skeleton: [Int]
      let hausdorff95, clDice, precision, sensitivity: Double
      let deepMind: DeepMind
    }

    struct Skeleton: Decodable {
      let width, height: Int
      let mask, skeleton: [Int]
    }

    let cases: [Case]
    let skeletons: [Skeleton]
  }

  private func goldens() throws -> Goldens {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/masks.json")
    return try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: url))
  }

  private func mask(_ width: Int, _ height: Int, _ runs: [Int]) throws -> SegmentationMask {
    let pixels = runs.enumerated().flatMap { [Bool](repeating: $0 % 2 == 1, count: $1) }
    return try #require(SegmentationMask(width: width, height: height, pixels: pixels))
  }

  private func mask(_ rows: [String]) throws -> SegmentationMask {
    try #require(SegmentationMask(width: rows[0].count, height: rows.count, pixels: rows.joined().map { $0 == "#" }))
  }

  @Test("HD95, NSD and clDice are Metrics Reloaded's, also where pixels are no squares; DeepMind's NSD, by lengths of lines, is within 0.03")
  func metricsReloaded() throws {
    let cases = try goldens().cases
    #expect(cases.count == 6 && cases.contains { $0.spacing[0] != $0.spacing[1] })
    for golden in cases {
      let predicted = try mask(golden.width, golden.height, golden.predicted), target = try mask(golden.width, golden.height, golden.target)
      let distances = try #require(
        SurfaceDistances.make(predicted: predicted, target: target, spacing: (golden.spacing[0], golden.spacing[1])).known)
      #expect(abs(try #require(distances.hausdorff95.number) - golden.hausdorff95) < 1e-12)
      #expect(abs(try #require(distances.hausdorff95.number) - golden.deepMind.hausdorff95) <= golden.spacing[0])
      for (index, tolerance) in golden.tolerances.enumerated() {
        let own = try #require(distances.normalizedSurfaceDistance(tolerance: tolerance).number)
        #expect(abs(own - golden.normalizedSurfaceDistances[index]) < 1e-12)
        #expect(abs(own - golden.deepMind.normalizedSurfaceDistances[index]) < 0.03)
      }
      let lines = try #require(CenterlineAgreement.make(predicted: predicted, target: target).known)
      #expect(abs(lines.clDice - golden.clDice) < 1e-12)
      #expect(abs(Double(lines.predictedInTarget) / Double(lines.predicted) - golden.precision) < 1e-12)
      #expect(abs(Double(lines.targetInPredicted) / Double(lines.target) - golden.sensitivity) < 1e-12)
      #expect(predicted.skeleton == (try mask(golden.width, golden.height, golden.skeleton)))
    }
  }

  @Test("Skeletons are scikit-image's, of blobs and of noise, of any size; thinning again changes nothing, and no structure vanishes")
  func skeletons() throws {
    let all = try goldens().skeletons
    #expect(all.count == 60)
    for golden in all {
      let own = try mask(golden.width, golden.height, golden.mask), thinned = own.skeleton
      #expect(thinned == (try mask(golden.width, golden.height, golden.skeleton)))
      #expect(thinned.skeleton == thinned && thinned.count(within: own).all == thinned.count(within: own).shared)
      #expect(thinned.isEmpty == own.isEmpty)
    }
  }

  @Test("Distances do not depend on where in the image the structures lie, and of square pixels they grow with the pixel")
  func places() throws {
    let golden = try goldens().cases[0]
    let predicted = try mask(golden.width, golden.height, golden.predicted), target = try mask(golden.width, golden.height, golden.target)
    func padded(_ mask: SegmentationMask) throws -> SegmentationMask {
      var pixels = [Bool](repeating: false, count: 200 * 150)
      for index in mask.pixels.indices { pixels[(index / mask.width + 31) * 200 + index % mask.width + 77] = mask.pixels[index] }
      return try #require(SegmentationMask(width: 200, height: 150, pixels: pixels))
    }
    let distances = try #require(SurfaceDistances.make(predicted: predicted, target: target).known)
    #expect(SurfaceDistances.make(predicted: try padded(predicted), target: try padded(target)).known?.hausdorff95 == distances.hausdorff95)
    let halved = try #require(SurfaceDistances.make(predicted: predicted, target: target, spacing: (0.5, 0.5)).known)
    #expect(distances.scaled(by: 0.5) == halved)
  }

  @Test("clDice of a tube, by hand: half of the predicted line misses, nothing of the true one does")
  func byHand() throws {
    let target = try mask(["..........", "#####.....", ".........."]), predicted = try mask(["..........", "##########", ".........."])
    let lines = try #require(CenterlineAgreement.make(predicted: predicted, target: target).known)
    #expect(lines == CenterlineAgreement(predicted: 10, predictedInTarget: 5, target: 5, targetInPredicted: 5))
    #expect(abs(lines.clDice - 2 * 0.5 * 1 / 1.5) < 1e-15)
  }

  @Test("clDice of nothing against nothing is 1 as Dice of an image is, of one empty mask 0; impossible counts and other sizes are refused")
  func emptyLines() throws {
    let none = try mask(["...", "..."]), dot = try mask([".#.", "..."])
    #expect(CenterlineAgreement.make(predicted: none, target: none).known?.clDice == 1)
    #expect(CenterlineAgreement.make(predicted: dot, target: none).known?.clDice == 0)
    #expect(CenterlineAgreement.make(predicted: none, target: dot).known?.clDice == 0)
    #expect(CenterlineAgreement.make(predicted: dot, target: try mask([".#"])).reason == "the prediction is 3×2, the truth 2×1")
    #expect(CenterlineAgreement(predicted: 1, predictedInTarget: 2, target: 1, targetInPredicted: 1) == nil)
  }

  private func row(_ outline: OutlineAgreement?, counts: PixelConfusion = PixelConfusion(truePositives: 1)) -> SegmentationPredictions.Row {
    SegmentationPredictions.Row(id: "a", patient: nil, counts: counts, outline: outline)
  }

  private func values(_ predictions: SegmentationPredictions) -> [MetricName: MetricValue] {
    let measures = PredictionMeasures(.segmentation(predictions), thresholds: .notAvailable(reason: "none"))
    return Dictionary(uniqueKeysWithValues: zip(measures.keys.map(\.metric), measures.values()))
  }

  @Test("Each unit has metrics of its own, so that no mean can mix them; a tolerance of another size is no value")
  func units() {
    let outline = OutlineAgreement(hausdorff95: 3, normalizedSurfaceDistance: 0.5)
    let names: [DistanceUnit: (distance: MetricName, surface: MetricName, title: String)] = [
      .millimeters: (.hausdorff95Millimeters, .normalizedSurfaceDistanceMillimeters, "HD95, mm; NSD at 2 mm, %"),
      .pixels: (.hausdorff95Pixels, .normalizedSurfaceDistancePixels, "HD95, px; NSD at 2 px, %"),
      .inputPixels: (.hausdorff95, .normalizedSurfaceDistance, "HD95, px of the network's input; NSD at 2 px of the network's input, %"),
    ]
    for unit in DistanceUnit.allCases {
      let found = values(SegmentationPredictions(rows: [row(outline)], unit: unit))
      for (other, name) in names {
        #expect(found[name.distance] == (other == unit ? .value(3) : nil) && found[name.surface] == (other == unit ? .value(0.5) : nil))
        #expect("\(name.distance.titleWithUnit); \(name.surface.titleWithUnit)" == name.title)
      }
    }
    let strict = values(SegmentationPredictions(rows: [row(outline)], unit: .pixels, tolerance: 1))
    #expect(strict[.normalizedSurfaceDistancePixels] == .undefined(reason: "the predictions are at a tolerance of 1.0, not of 2.0"))
    #expect(strict[.hausdorff95Pixels] == .value(3) && strict[.clDice] == nil)
  }

  @Test("Pooled Dice and IoU of nothing against nothing, and the HD95 of empty masks, have no value; the means over images have one")
  func nothing() {
    let rows = (0..<2).map { _ in row(OutlineAgreement(hausdorff95: nil, normalizedSurfaceDistance: 1), counts: PixelConfusion(trueNegatives: 9)) }
    let found = values(SegmentationPredictions(rows: rows)), reason = "no pixel belongs to the structure, and none is called the structure's"
    #expect(found[.dicePooled] == .undefined(reason: reason) && found[.iouPooled] == .undefined(reason: reason))
    #expect(found[.hausdorff95Pixels] == .undefined(reason: "in every image one of the two masks is empty, or both are"))
    #expect(found[.dicePerImage] == .value(1) && found[.iouPerImage] == .value(1) && found[.normalizedSurfaceDistancePixels] == .value(1))
    #expect(Dice(images: rows.map(\.counts)).pooled == .undefined(reason: reason) && IoU(images: rows.map(\.counts)).pooled.number == nil)
    #expect(SegmentationPredictions(rows: rows).leftOutCount(of: .hausdorff95Pixels) == 2)
  }

  @Test("clDice is the mean over the images of a task that asks for it")
  func centerlines() {
    func row(_ within: Int) -> SegmentationPredictions.Row {
      .init(
        id: "\(within)", patient: nil, counts: PixelConfusion(truePositives: 1),
        centerline: CenterlineAgreement(predicted: 10, predictedInTarget: within, target: 10, targetInPredicted: within))
    }
    #expect(values(SegmentationPredictions(rows: [row(10), row(5)]))[.clDice] == .value(0.75))
  }
}
