import Foundation
import Foundations
import Testing

@testable import Metrics

@Suite("Dice and pixel counts")
struct DiceTests {
  @Test("Per image and pooled it is scikit-learn's F1 of the pixels")
  func agreesWithScikitLearn() throws {
    let golden = try MetricsGolden.read().dice
    let images = golden.images.map { image in
      PixelConfusion(predicted: image.predicted.map { $0 == 1 }, target: image.target.map { $0 == 1 })
    }
    for (image, expected) in zip(images, golden.images) { #expect(abs(image.dice - expected.dice) < 1e-15) }
    let dice = Dice(images: images)
    #expect(abs(try #require(dice.pooled.number) - golden.pooled) < 1e-15)
    let mean = golden.images.map(\.dice).reduce(0, +) / 3
    #expect(abs(try #require(dice.perImage.number) - mean) < 1e-15)
  }

  @Test("Every pixel is counted once, in the right one of four ways")
  func counts() {
    let counts = PixelConfusion(predicted: [true, true, false, false, true], target: [true, false, true, false, true])
    #expect(counts == PixelConfusion(truePositives: 2, falsePositives: 1, falseNegatives: 1, trueNegatives: 1))
  }

  @Test("Empty against empty is 1; something against empty is 0")
  func empty() {
    #expect(PixelConfusion(trueNegatives: 100).dice == 1)
    #expect(PixelConfusion(falsePositives: 1, trueNegatives: 99).dice == 0)
    #expect(PixelConfusion(falseNegatives: 1, trueNegatives: 99).dice == 0)
    let dice = Dice(images: [PixelConfusion(trueNegatives: 4), PixelConfusion(falsePositives: 4)])
    #expect(dice.perImage == .value(0.5))
    #expect(dice.pooled == .value(0))
    #expect((dice.imageCount, dice.emptyCount) == (2, 1))
  }

  @Test("Pooled weighs pixels, per image weighs images")
  func poolingDiffers() {
    let large = PixelConfusion(truePositives: 90, falsePositives: 10, falseNegatives: 10)
    let small = PixelConfusion(truePositives: 0, falsePositives: 1, falseNegatives: 1)
    let dice = Dice(images: [large, small])
    #expect(dice.pooled == .value(180.0 / 202))
    #expect(dice.perImage == .value(0.45))
  }

  @Test("No image is undefined, not 0 and not 1")
  func noImage() {
    #expect(Dice(images: []).pooled == .undefined(reason: "no image"))
    #expect(Dice(images: []).perImage == .undefined(reason: "no image"))
  }
}

@Suite("Binary cross-entropy")
struct BinaryCrossEntropyTests {
  @Test("It is torch's binary_cross_entropy, confident errors included")
  func agreesWithTorch() throws {
    let golden = try MetricsGolden.read().crossEntropy
    let loss = try #require(binaryCrossEntropy(probabilities: golden.probabilities, targets: golden.targets).number)
    #expect(abs(loss - golden.loss) < 1e-13 * golden.loss)
  }

  @Test("Unknown labels are left out; impossible probabilities and missing labels are undefined")
  func undefined() throws {
    let half = try #require(binaryCrossEntropy(probabilities: [0.5, 0.9], targets: [1, .nan]).number)
    #expect(abs(half - log(2)) < 1e-15)
    #expect(
      binaryCrossEntropy(probabilities: [0.5, 1.5], targets: [1, 0])
        == .undefined(reason: "probability 1 is 1.5, not between 0 and 1"))
    #expect(binaryCrossEntropy(probabilities: [.nan], targets: [1]).number == nil)
    #expect(binaryCrossEntropy(probabilities: [0.5], targets: [.nan]) == .undefined(reason: "no sample has a known label"))
    #expect(
      binaryCrossEntropy(probabilities: [0.5], targets: []) == .undefined(reason: "there are 1 probabilities but 0 labels"))
  }
}

@Suite("Metric values")
struct MetricValueTests {
  @Test("As JSON a value is a bare number and an undefined one carries its reason")
  func json() throws {
    let values: [MetricValue] = [.value(0.5), .undefined(reason: "no positive sample"), .value(1)]
    let text = try CanonicalJSON.encodeText(values)
    #expect(text == #"[0.5,{"undefined":"no positive sample"},1]"#)
    #expect(try JSONDecoder().decode([MetricValue].self, from: Data(text.utf8)) == values)
  }

  @Test("JSON that is neither is refused", arguments: ["[\"0.5\"]", "[{}]", "[null]", "[true]"])
  func otherJSON(text: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([MetricValue].self, from: Data(text.utf8)) }
  }
}
