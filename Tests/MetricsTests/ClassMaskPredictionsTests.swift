import Foundations
import Testing

@testable import Metrics

@Suite("Metrics of several classes' masks")
struct ClassMaskPredictionsTests {
  private func row(_ id: String, _ hits: Int, _ excess: Int, _ misses: Int, outline: OutlineAgreement? = nil) -> SegmentationPredictions.Row {
    .init(
      id: id, patient: nil,
      counts: PixelConfusion(truePositives: hits, falsePositives: excess, falseNegatives: misses, trueNegatives: 100 - hits - excess - misses),
      outline: outline, isOfClass: true)
  }

  /// The heart is nowhere in the second image, and the rib in none.
  private var all: ClassMaskPredictions {
    let far = OutlineAgreement(hausdorff95: 4, normalizedSurfaceDistance: 0.5), nothing = OutlineAgreement(hausdorff95: nil, normalizedSurfaceDistance: nil)
    return ClassMaskPredictions(
      classNames: ["lung", "heart", "rib"],
      classes: [
        SegmentationPredictions(rows: [row("a", 10, 10, 0, outline: far), row("b", 30, 0, 0, outline: far)]),
        SegmentationPredictions(rows: [row("a", 5, 0, 5, outline: far), row("b", 0, 0, 0, outline: nothing)]),
        SegmentationPredictions(rows: [row("a", 0, 0, 0, outline: nothing), row("b", 0, 0, 0, outline: nothing)]),
      ])
  }

  private func value(_ metric: MetricName, _ name: String? = nil, of predictions: ClassMaskPredictions, weights: [Int]? = nil) throws -> MetricValue {
    let measures = PredictionMeasures(.classMasks(predictions), thresholds: .notAvailable(reason: ""), wanted: [metric])
    let place = try #require(measures.keys.firstIndex { $0.className == name })
    return measures.values(weights: weights)[place]
  }

  @Test("A class that is nowhere in an image is no part of its mean, and one that is in no image is no part of the mean over classes")
  func nowhere() throws {
    let lungOfA = 2.0 * 10 / 30, heartOfA = 2.0 * 5 / 15
    #expect(try value(.dicePerImage, "lung", of: all) == .value((lungOfA + 1) / 2))
    // Never 1 for the image without a heart, nor 0.
    #expect(try value(.dicePerImage, "heart", of: all) == .value(heartOfA))
    #expect(try value(.dicePerImage, "rib", of: all) == .undefined(reason: "the class is in no image, neither drawn nor found"))
    #expect(try value(.dicePerImage, of: all) == .value(((lungOfA + 1) / 2 + heartOfA) / 2))
    #expect(try value(.dicePooled, "lung", of: all) == .value(80.0 / 90))
    #expect(try value(.dicePooled, of: all) == .value((80.0 / 90 + 10.0 / 15) / 2))
    #expect(try value(.iouPerImage, "heart", of: all) == .value(0.5))
    #expect(try value(.normalizedSurfaceDistancePixels, "heart", of: all) == .value(0.5))
    #expect(try value(.normalizedSurfaceDistancePixels, "rib", of: all).number == nil)
    #expect(all.meanDice(ofImage: 0) == (lungOfA + heartOfA) / 2 && all.meanDice(ofImage: 1) == 1)
  }

  @Test("A class that is found where it is not drawn has a Dice of 0 there")
  func found() throws {
    let predictions = ClassMaskPredictions(
      classNames: ["lung", "rib"],
      classes: [SegmentationPredictions(rows: [row("a", 4, 0, 0)]), SegmentationPredictions(rows: [row("a", 0, 1, 0)])])
    #expect(try value(.dicePerImage, "rib", of: predictions) == .value(0))
    #expect(try value(.dicePerImage, of: predictions) == .value(0.5))
  }

  @Test("The only mask of a task that is rightly empty is 1 in the mean over images, as before")
  func oneMask() throws {
    let rows = [SegmentationPredictions.Row(id: "a", patient: nil, counts: PixelConfusion(trueNegatives: 9))]
    let measures = PredictionMeasures(.segmentation(SegmentationPredictions(rows: rows)), thresholds: .notAvailable(reason: ""), wanted: [.dicePerImage])
    #expect(measures.values() == [.value(1)])
  }

  @Test("A resample weighs images, and what rows add makes the same values")
  func resampled() throws {
    #expect(try value(.dicePerImage, "lung", of: all, weights: [0, 2]) == .value(1))
    #expect(try value(.dicePerImage, "heart", of: all, weights: [0, 2]).number == nil)
    let measures = PredictionMeasures(.classMasks(all), thresholds: .notAvailable(reason: ""))
    for (key, value) in zip(measures.keys, measures.values()) {
      guard let parts = measures.parts(of: key), let number = value.number else { continue }
      let made: Double =
        switch parts {
        case .means(let columns):
          columns.map { column in column.compactMap(\.self).reduce(0, +) / Double(column.count { $0 != nil }) }.reduce(0, +) / Double(columns.count)
        case .ratios(let columns):
          columns.map { column in column.reduce(0) { $0 + ($1?.above ?? 0) } / column.reduce(0) { $0 + ($1?.below ?? 0) } }.reduce(0, +) / Double(columns.count)
        }
      #expect(abs(made - number) < 1e-12, "\(key)")
    }
  }

  @Test("Classes are kept by name in the order that is asked for, and images left out of all of them")
  func parts() {
    let kept = all.keeping(["rib", "lung"])
    #expect(kept.classNames == ["rib", "lung"] && kept.classes == [all.classes[2], all.classes[0]])
    let left = Predictions.classMasks(all).leavingOut(["a"])
    #expect(left.imageIDs == ["b"] && left.columnNames == all.classNames && left.imageCount == 1)
  }
}
