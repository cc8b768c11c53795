internal import Containers
public import Foundation
internal import Foundations
internal import Models
internal import NeuralNetworks
public import Studies
internal import Torch
internal import Training
internal import Vocabulary
internal import Weights

/// What a backbone with published weights computes, image by image: `[images, features]` in a safetensors file.
public struct FeatureExtraction {
  public static let batchSize = 32

  private let weights: PublishedWeights
  private let layer: String
  private let network: ClassifierNetwork
  private let featureCount: Int
  private let device: Device
  private let metadata: [String: String]
  private let arithmetic: Arithmetic
  /// What a person must know of what is computed, each a sentence.
  public let remarks: [String]

  /// - Parameters:
  ///   - choice: nil for the arithmetic that the weights were trained with.
  ///   - layer: `pooled`, the vector that a head would see, or a stage such as `layer2`, over whose map the mean is taken.
  ///   - device: `auto`, `cpu` or `cuda:0`, as in studies.
  /// - Throws: `ExecutionError` for a layer that the architecture does not have, and for an arithmetic that nothing tells.
  public init(_ weights: PublishedWeights, layer: String, arithmetic choice: ArithmeticChoice?, device name: String) throws {
    self.weights = weights
    self.layer = layer
    let stages = weights.architecture.stages
    guard let count = layer == "pooled" ? weights.architecture.featureCount : stages.first(where: { $0.name == layer })?.channels
    else { throw ExecutionError.noLayer(layer, known: ["pooled"] + stages.map(\.name)) }
    featureCount = count
    device = try NumericSetting.device(named: name)
    arithmetic = try weights.arithmetic(choice)
    network = try weights.loadedNetwork(arithmetic: arithmetic, device: device)
    let isTold = choice != nil || arithmetic == .torchvision
    let remark =
      "Computed in the arithmetic that the weights were trained in, \(arithmetic.rawValue); "
      + "--arithmetic torchvision gives what studies compute by default."
    remarks = weights.cautions + (isTold ? [] : [remark])
    metadata = try weights.origin().merging(["layer": layer, "arithmetic": arithmetic.rawValue]) { $1 }
  }

  /// The features of images, prepared by the card of the weights; ImageNet's for weights of one's own.
  ///
  /// - Parameters:
  ///   - size: of the square that the network sees; nil takes the one of the data the architecture is made for: 224, and
  ///     32 for the CIFAR networks. Images are resized to 8/7 of it before, as 256 is to 224, and for 32 to 32 itself.
  ///   - watcher: told the number of images done after each batch.
  public func run(_ images: FeatureImages, size: Int? = nil, to url: URL, watcher: (Int) -> Void) throws {
    let record = weights.architecture.record, cropSize = size ?? record.naturalSize
    guard weights.entry != nil || weights.inputChannels == PreprocessingCard.imageNet.inputChannels else {
      throw ExecutionError.noCard(channels: weights.inputChannels)
    }
    let preparation = FeaturePreparation(
      card: weights.entry?.preprocessing ?? .imageNet, resizeSize: record.resizeSize(forInput: cropSize), cropSize: cropSize)
    var metadata = metadata
    metadata["images"] = try CanonicalJSON.encodeText(images.images.map(\.name))
    metadata["preparation"] = preparation.description
    let shape = [preparation.card.inputChannels, cropSize, cropSize]
    try write(count: images.images.count, metadata: metadata, to: url) { append in
      var done = 0
      for batch in stride(from: 0, to: images.images.count, by: Self.batchSize).map({
        images.images[$0..<min($0 + Self.batchSize, images.images.count)]
      }) {
        let values = try batch.flatMap { try preparation.prepare($0) }
        try append(try features(Tensor(values, shape: [batch.count] + shape)))
        done += batch.count
        watcher(done)
      }
    }
  }

  /// The features of the array `input` of a checkpoint file, `[batch, channels, height, width]`, as the network sees it:
  /// nothing is done to it.
  public func run(tensors source: URL, to url: URL, watcher: (Int) -> Void) throws {
    guard let input = try CheckpointFile.open(source).arrays().first(where: { $0.name == "input" }) else {
      throw ExecutionError.noInput(source)
    }
    guard input.shape.count == 4, input.elementType == .float32, input.shape[1] == network.inputChannels else {
      throw ExecutionError.unsuitableInput(source, input, channels: network.inputChannels)
    }
    let bytes = try input.bytes()
    let row = bytes.count / max(input.shape[0], 1)
    var metadata = metadata
    metadata["input"] = source.lastPathComponent
    try write(count: input.shape[0], metadata: metadata, to: url) { append in
      for first in stride(from: 0, to: input.shape[0], by: Self.batchSize) {
        let last = min(first + Self.batchSize, input.shape[0])
        let part = bytes[bytes.startIndex + first * row..<bytes.startIndex + last * row]
        let tensor = try part.withUnsafeBytes {
          try Tensor.fromBytes($0, shape: [last - first] + input.shape.dropFirst(), type: .float32)
        }
        try append(try features(tensor))
        watcher(last)
      }
    }
  }

  private func write(
    count: Int, metadata: [String: String], to url: URL, fill: (_ append: ([Float]) throws -> Void) throws -> Void
  ) throws {
    try SafetensorsFile.write("features", shape: [count, featureCount], metadata: metadata, to: url, fill: fill)
  }

  private func features(_ images: Tensor) throws -> [Float] {
    guard let found = try network.stageFeatures(images.to(device: device)).first(where: { $0.name == layer })?.features else { return [] }
    return try withoutGradient { try (found.dimensionCount == 4 ? found.mean(over: [2, 3]) : found).floats() }
  }
}
