import Foundations
import Models
import NeuralNetworks
import Testing
import Torch
import Vocabulary
import Weights

/// Against torchvision with explicit padding (Tools/goldens/same_padding.py).
@Suite struct ArithmeticTests {
  struct Case: Decodable {
    /// Five logits for each of two images.
    var logits: [Double]?
    var gradients: [String: [Double]]?

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      logits = try? container.decode([Double].self)
      gradients = logits == nil ? try container.decode([String: [Double]].self) : nil
    }
  }

  static let sizes = [[64, 64], [61, 64], [57, 63], [35, 49]]

  @Test(
    "In every arithmetic, logits of images of even and odd sizes equal PyTorch's to 1e-9",
    arguments: ["resnet18", "resnet50"], Arithmetic.allCases)
  func logits(name: String, arithmetic: Arithmetic) throws {
    guard try ArchitectureCatalog.named(name).arithmetics.contains(arithmetic) else { return }
    let golden = try Golden.decode([String: Case].self, "same")
    let network = try NetworkFixture(name: name).makeFilled(type: .float64, arithmetic: arithmetic)
    for size in Self.sizes {
      let expected = try #require(golden["\(name) \(arithmetic.rawValue) \(size[0])x\(size[1])"]?.logits)
      let images = try images(2, size)
      let logits = try withoutGradient { try network(images, mode: .evaluation) }
      let distance = try relativeDistance(logits.doubles(), expected)
      #expect(distance < 1e-9, "\(size): \(distance)")
    }
  }

  @Test("Gradients flow through uneven padding: every parameter's equals PyTorch's to 1e-9")
  func gradients() throws {
    let golden = try #require(Golden.decode([String: Case].self, "same")["resnet18 same gradients"]?.gradients)
    let network = try NetworkFixture(name: "resnet18").makeFilled(type: .float64, arithmetic: .same)
    let logits = try network(images(4, [62, 61]), mode: .evaluation)
    try (logits * logits).mean().backward()
    var found: [String: [Double]] = [:]
    for (name, tensor) in network.store.parameters {
      found[name] = try Formula.summary(name, #require(tensor.gradient, "\(name)"))
    }
    #expect(strays(found, golden, tolerance: 1e-9) == [])
  }

  @Test("The arithmetic changes no name, no shape and no first value, under a U-Net neither", arguments: ["resnet18", "unet-resnet18"])
  func sameState(name: String) throws {
    let usual = try NetworkFixture(name: name).make(type: .float32)
    let same = try NetworkFixture(name: name).make(type: .float32, arithmetic: .same)
    #expect(same.arithmetic == .same && usual.arithmetic == .torchvision)
    #expect(same.store.state.map(\.name) == usual.store.state.map(\.name))
    #expect(try same.store.state.map { try $0.tensor.bytes() } == usual.store.state.map { try $0.tensor.bytes() })
    let images = try Formula.uniform("images", [4, 3, 64, 64]).to(type: .float32)
    let difference = try withoutGradient { try same(images, mode: .evaluation) - usual(images, mode: .evaluation) }
    #expect(try difference.abs().amax().item() > 0)
  }

  @Test("Keras's arithmetic is of networks of bottlenecks, and gives other features than torchvision's from the first halving on")
  func keras() throws {
    for architecture in ArchitectureCatalog.all {
      let isBottleneck = ["resnet50", "resnet101", "resnet152"].contains(architecture.id)
      #expect(architecture.arithmetics.contains(.keras) == isBottleneck, "\(architecture.id)")
    }
    let usual = try NetworkFixture(name: "resnet50").makeFilled(type: .float64).featureFingerprint()
    let other = try NetworkFixture(name: "resnet50").makeFilled(type: .float64, arithmetic: .keras).featureFingerprint()
    // A hundredth more of ε shows behind the sixth digit; the strides move what comes from the second layer on.
    #expect(usual.stages.map(\.shape) == other.stages.map(\.shape))
    #expect(zip(usual.stages, other.stages).dropFirst(2).allSatisfy { abs($0.norm - $1.norm) > 1e-3 * $0.norm })
  }

  @Test("A CIFAR network refuses SAME, for which there are no weights", arguments: [Arithmetic.same, .samePooling])
  func refusal(arithmetic: Arithmetic) throws {
    for name in ["resnet20", "unet-resnet20"] {
      let error = #expect(throws: ModelsError.self) {
        try NetworkFixture(name: name).make(type: .float32, arithmetic: arithmetic)
      }
      #expect(
        error?.description
          == "ResNet-20 has no weights that were trained with the arithmetic “\(arithmetic.rawValue)”. Use “torchvision”.")
    }
  }

  /// The first images of the golden's, cut to that size.
  private func images(_ count: Int, _ size: [Int]) throws -> Tensor {
    try Formula.uniform("images", [4, 3, 64, 64])
      .narrow(along: 0, start: 0, count: count).narrow(along: 2, start: 0, count: size[0])
      .narrow(along: 3, start: 0, count: size[1])
  }
}
