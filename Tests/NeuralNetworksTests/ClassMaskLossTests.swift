import Foundation
import Foundations
import NeuralNetworks
import Testing
import Torch

/// Losses of several classes' masks against their formulas in float64, pixel by pixel.
@Suite("Losses of several classes' masks")
struct ClassMaskLossTests {
  private static let images = 2, classes = 2, side = 2
  private static var plane: Int { side * side }

  /// Of each image and pixel the class from 1, 0 for none, or nil where the pixel does not count.
  private static let truth: [[Int?]] = [[0, 1, 2, nil], [1, 1, nil, 0]]

  private static var targets: [Double] {
    truth.flatMap { image in (1...classes).flatMap { place in image.map { $0.map { $0 == place ? 1 : 0 } ?? .nan } } }
  }

  private static func logits(channels: Int) -> [Double] {
    (0..<images * channels * plane).map { sin(Double(7 * $0 + 3)) * 2.5 }
  }

  /// `[image][channel][pixel]`
  private static func nested(_ values: [Double], channels: Int) -> [[[Double]]] {
    (0..<images).map { image in (0..<channels).map { channel in (0..<plane).map { values[(image * channels + channel) * plane + $0] } } }
  }

  private static func softmax(_ values: [Double], channels: Int) -> [[[Double]]] {
    nested(values, channels: channels).map { image in
      let sums = (0..<plane).map { pixel in image.reduce(0) { $0 + exp($1[pixel]) } }
      return image.map { channel in channel.indices.map { exp(channel[$0]) / sums[$0] } }
    }
  }

  private static func crossEntropy(_ values: [Double]) -> Double {
    let p = softmax(values, channels: classes + 1)
    var sum = 0.0, count = 0.0
    for image in 0..<images {
      for pixel in 0..<plane {
        guard let place = truth[image][pixel] else { continue }
        sum -= log(p[image][place][pixel])
        count += 1
      }
    }
    return sum / count
  }

  /// - Parameter probabilities: `[image][class][pixel]`
  private static func dice(_ probabilities: [[[Double]]], smooth: Double = 1) -> Double {
    let values = (0..<classes).map { place -> Double in
      var both = 0.0, sizes = 0.0
      for image in 0..<images {
        for pixel in 0..<plane {
          guard let own = truth[image][pixel] else { continue }
          let p = probabilities[image][place][pixel], t = own == place + 1 ? 1.0 : 0
          both += p * t
          sizes += p + t
        }
      }
      return (2 * both + smooth) / (sizes + smooth)
    }
    return 1 - values.reduce(0, +) / Double(classes)
  }

  private func tensor(_ values: [Double], channels: Int) throws -> Tensor {
    try Tensor(values, shape: [Self.images, channels, Self.side, Self.side])
  }

  /// The value, and the gradient against differences of the formula.
  private func check(channels: Int, _ loss: (Tensor, Tensor) throws -> Tensor, _ formula: ([Double]) -> Double) throws {
    let values = Self.logits(channels: channels), logits = try tensor(values, channels: channels)
    try logits.setRequiresGradient(true)
    let found = try loss(logits, tensor(Self.targets, channels: Self.classes))
    try found.backward()
    let value = try found.item()
    #expect(found.shape == [] && abs(value - formula(values)) < 1e-12)
    let gradient = try #require(logits.gradient).doubles(), step = 1e-5
    for place in values.indices {
      var (more, less) = (values, values)
      more[place] += step
      less[place] -= step
      #expect(abs(gradient[place] - (formula(more) - formula(less)) / (2 * step)) < 1e-8, "\(place)")
    }
    let single = try loss(tensor(values, channels: channels).to(type: .float32), tensor(Self.targets, channels: Self.classes).to(type: .float32))
    let rounded = try single.to(type: .float64).item()
    #expect(abs(rounded - formula(values)) < 1e-5)
  }

  @Test("The cross entropy of a label map is the mean over the pixels that count, the background a class of it, with the formula's gradient")
  func labelMap() throws {
    try check(channels: Self.classes + 1, { try labelMapCrossEntropy($0, targets: $1) }, Self.crossEntropy)
  }

  @Test("The mean soft Dice leaves the background and the pixels that do not count out, after a softmax and after sigmoids")
  func meanDice() throws {
    try check(channels: Self.classes + 1, { try meanSoftDiceLoss(probabilities: labelMapProbabilities($0), targets: $1) }) {
      Self.dice(Self.softmax($0, channels: Self.classes + 1).map { Array($0.dropFirst()) })
    }
    try check(channels: Self.classes, { try meanSoftDiceLoss(probabilities: $0.sigmoid(), targets: $1) }) { values in
      Self.dice(Self.nested(values.map { 1 / (1 + exp(-$0)) }, channels: Self.classes))
    }
  }

  @Test("Where no pixel counts the cross entropy is 0, and logits without a background are refused")
  func edges() throws {
    let unknown = try tensor([Double](repeating: .nan, count: 16), channels: 2)
    #expect(try labelMapCrossEntropy(tensor(Self.logits(channels: 3), channels: 3), targets: unknown).item() == 0)
    #expect(throws: NeuralNetworksError.self) { try labelMapCrossEntropy(tensor(Self.logits(channels: 2), channels: 2), targets: unknown) }
  }
}
