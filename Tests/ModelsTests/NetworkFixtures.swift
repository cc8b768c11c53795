import Models
import NeuralNetworks
import Testing
import Torch
import Vocabulary
import Weights

/// A network under test and its batch, as Tools/goldens/networks.py makes them.
struct NetworkFixture: CustomTestStringConvertible, Sendable {
  /// The golden's name: an architecture, or `unet-` and one.
  let name: String

  /// Every architecture as a classifier, and under a U-Net where its record says that it can be an encoder.
  static let all = ArchitectureCatalog.all.flatMap { architecture in
    [NetworkFixture(name: architecture.id)] + (architecture.record.uses.contains(.unetEncoder) ? [NetworkFixture(name: "unet-\(architecture.id)")] : [])
  }
  static let encoders = ArchitectureCatalog.names(for: .unetEncoder)

  var testDescription: String { name }
  var isUNet: Bool { name.hasPrefix("unet-") }
  var architectureName: String { isUNet ? String(name.dropFirst("unet-".count)) : name }

  /// The largest side up to one that the network takes.
  func side(upTo size: Int) throws -> Int { try ArchitectureCatalog.named(architectureName).record.size(upTo: size) }

  func make(
    type: ScalarType, inputChannels: Int = 3, arithmetic: Arithmetic = .torchvision, seed: UInt64 = 1
  ) throws -> any Network {
    try Formula.runtime.get()
    let store = try ParameterStore(type: type, generator: Generator(seed: seed))
    let architecture = try ArchitectureCatalog.named(architectureName)
    if isUNet {
      return try makeUNet(encoder: architecture, inputChannels: inputChannels, arithmetic: arithmetic, store: store)
    }
    return try makeClassifier(
      architecture: architecture, classCount: 5, inputChannels: inputChannels, arithmetic: arithmetic, store: store)
  }

  /// The network with every value from the formula.
  func makeFilled(
    type: ScalarType, inputChannels: Int = 3, arithmetic: Arithmetic = .torchvision
  ) throws -> any Network {
    let network = try make(type: type, inputChannels: inputChannels, arithmetic: arithmetic)
    try Formula.fill(network.store)
    return network
  }

  func images(type: ScalarType) throws -> Tensor {
    let all = try Formula.uniform("images", [4, 3, 64, 64]).to(type: type)
    return isUNet ? try all.narrow(along: 0, start: 0, count: 2) : all
  }

  func loss(_ logits: Tensor) throws -> Tensor {
    if isUNet {
      let masks = try Formula.uniform("masks", [2, 1, 64, 64]) .> 0.5
      return try softDiceLoss(logits, targets: masks.to(type: logits.scalarType))
    }
    let labels = try Formula.uniform("labels", [4, 5]) .> 0.0
    return try maskedBinaryCrossEntropy(logits, targets: labels.to(type: logits.scalarType))
  }

  /// Small logits whole; of maps the summary per pixel and a few values.
  static func values(_ logits: Tensor) throws -> [Double] {
    let flat = try logits.detach().to(type: .float64).doubles()
    if flat.count <= 32 { return flat }
    let summary = try Formula.summary("logits", logits).map { $0 / Double(flat.count) }
    return summary + stride(from: 0, to: flat.count, by: flat.count / 16).map { flat[$0] }
  }
}
