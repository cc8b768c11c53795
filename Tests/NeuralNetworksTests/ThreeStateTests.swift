import Foundation
import Foundations
import NeuralNetworks
import Testing
import Torch

@Suite struct ThreeStateTests {
  /// Two images of two classes: absent, present, uncertain for each.
  private let logits = [0.3, -1.2, 2.0, 1.5, 0.0, -0.7, -2.0, 0.4, 0.1, 0.9, 3.0, -1.0]
  private let targets: [Double] = [-1, .nan, 1, 0]

  /// The formula in float64: the mean of −log softmax at the true state over the known targets.
  private func oracle(_ logits: [Double]) -> Double {
    let places = [0: 2, 2: 1, 3: 0]
    let losses = places.map { target, state in
      let values = Array(logits[target * 3..<target * 3 + 3])
      return log(values.reduce(0) { $0 + exp($1) }) - values[state]
    }
    return losses.reduce(0, +) / 3
  }

  @Test("The loss and its gradient equal the formula in float64, unknown targets having no part in either")
  func loss() throws {
    let tensor = try Tensor(logits, shape: [2, 6])
    try tensor.setRequiresGradient(true)
    let loss = try threeStateCrossEntropy(tensor, targets: Tensor(targets, shape: [2, 2]))
    try loss.backward()
    #expect(abs(try loss.item() - oracle(logits)) < 1e-12)
    let gradient = try #require(tensor.gradient).doubles()
    for index in logits.indices {
      var (above, below) = (logits, logits)
      above[index] += 1e-5
      below[index] -= 1e-5
      #expect(abs(gradient[index] - (oracle(above) - oracle(below)) / 2e-5) < 1e-9)
    }
    #expect(gradient[3..<6].allSatisfy { $0 == 0 })
  }

  @Test("Where nothing is known the loss is 0 and so is its gradient")
  func nothingKnown() throws {
    let tensor = try Tensor([1.0, -200, 300], shape: [1, 3])
    try tensor.setRequiresGradient(true)
    let loss = try threeStateCrossEntropy(tensor, targets: Tensor([Double.nan], shape: [1, 1]))
    try loss.backward()
    #expect(try loss.item() == 0)
    #expect(try tensor.gradient?.doubles() == [0, 0, 0])
  }

  @Test("The probability of a class is that of present against absent, whatever uncertain has")
  func presence() throws {
    let probabilities = try presenceLogits(Tensor(logits, shape: [2, 1, 6])).sigmoid()
    #expect(probabilities.shape == [2, 1, 2])
    let found = try probabilities.doubles()
    for (index, probability) in found.enumerated() {
      let (absent, present) = (exp(logits[3 * index]), exp(logits[3 * index + 1]))
      #expect(abs(probability - present / (absent + present)) < 1e-12)
    }
  }

  @Test("Logits that are no three states are an error")
  func shapes() throws {
    #expect(throws: NeuralNetworksError.self) { try threeStateCrossEntropy(Tensor(logits, shape: [3, 4]), targets: Tensor(targets, shape: [2, 2])) }
    #expect(throws: NeuralNetworksError.self) { try threeStateCrossEntropy(Tensor(logits, shape: [2, 6]), targets: Tensor(targets, shape: [4, 1])) }
  }
}
