import Models
import NeuralNetworks
import Testing
import Torch

@Suite struct InitializationTests {
  private func deviation(_ tensor: Tensor) throws -> Double {
    let values = try tensor.to(type: .float64)
    let mean = try values.mean().item()
    return try (values * values).mean().item() - mean * mean
  }

  @Test("A backbone's convolutions have variance 2 / fan-out, as torchvision's")
  func backbone() throws {
    let network = try NetworkFixture(name: "resnet18").make(type: .float64)
    let weight = try #require(network.store["layer4.1.conv2.weight"])
    let spread: Double = try deviation(weight)
    #expect(abs(spread * (512 * 9) / 2 - 1) < 0.01)
    #expect(try weight.abs().amax().item() > 3 * (2.0 / (512 * 9)).squareRoot())  // normal, not uniform
  }

  @Test("A CIFAR network's convolutions have variance 2 / fan-in, as the paper's")
  func cifar() throws {
    let network = try NetworkFixture(name: "resnet56").make(type: .float64)
    // 16 channels in and 32 out: the two fans differ twofold.
    let weight = try #require(network.store["layer2.0.conv1.weight"])
    #expect(abs(try deviation(weight) * (16 * 9) / 2 - 1) < 0.06)
  }

  @Test("A decoder's convolutions are uniform within √(6 / fan-in), the U-Net's head within √(6 / (fan-in + fan-out)) and its bias 0")
  func decoder() throws {
    let network = try NetworkFixture(name: "unet-resnet18").make(type: .float64)
    let weight = try #require(network.store["decoder.blocks.0.conv1.0.weight"])
    let bound = (6.0 / (768 * 9)).squareRoot()
    #expect(abs(try weight.abs().amax().item() / bound - 1) < 1e-4)
    #expect(abs(try deviation(weight) * 3 / (bound * bound) - 1) < 0.01)
    let head = try #require(network.store["segmentation_head.0.weight"])
    let headBound = (6.0 / (16 * 9 + 9)).squareRoot()
    let largest = try head.abs().amax().item()
    #expect(largest <= headBound && largest > 0.9 * headBound)
    #expect(try network.store["segmentation_head.0.bias"]?.item() == 0)
  }

  @Test("A classifier's head starts within 1/√n, or from N(0, 0.01²) with bias 0 as in 2021")
  func head() throws {
    let architecture = try ArchitectureCatalog.named("resnet18")
    for law in HeadInitialization.allCases {
      let network = try makeClassifier(
        architecture: architecture, classCount: 1000, headInitialization: law,
        store: ParameterStore(type: .float64, generator: Generator(seed: 3)))
      let weight = try #require(network.store["fc.weight"]), bias = try #require(network.store["fc.bias"])
      let bound = 1 / 512.0.squareRoot()
      switch law {
      case .torchvision:
        #expect(abs(try weight.abs().amax().item() / bound - 1) < 1e-4)
        #expect(try bias.abs().amax().item() <= bound && bias.abs().amax().item() > 0.9 * bound)
      case .smallNormal:
        #expect(abs(try deviation(weight) / 1e-4 - 1) < 0.02)
        #expect(try bias.abs().sum().item() == 0)
      }
    }
  }
}
