import NeuralNetworks
import Torch
import Vocabulary
public import Weights

extension Network {
  /// What the backbone computes from a fixed input, to write beside the weights' digest.
  ///
  /// It is a property of the weights and of the arithmetic alone. So it is not computed by the network itself, whose device, precision,
  /// memory format and mode belong to a run, but by a second one over the same values in evaluation mode: float64 on the CPU, where
  /// the order of a sum (other threads, other processors) shows only far behind the digits that are kept. The network and all
  /// generators stay as they are.
  public func featureFingerprint() throws -> FeatureFingerprint {
    let values = Dictionary(uniqueKeysWithValues: backboneState.map { ($0.name, $0.tensor) })
    let store = ParameterStore(values: values, type: .float64, memoryFormat: .contiguous)
    let copy = try architecture.makeBackbone(ParameterScope(store), inputChannels: inputChannels, arithmetic: arithmetic)
    let input = FingerprintInput(channels: inputChannels, side: architecture.record.size(upTo: 64)), image = try input.image()
    let features = try withAutocast(on: .cpu, enabled: false) {
      try withoutGradient { try copy.features(image, mode: .evaluation) }
    }
    return FeatureFingerprint(
      input: input.description, arithmetic: arithmetic,
      stages: try named(features).map { stage in
        FeatureFingerprint.Stage(name: stage.name, shape: stage.features.shape, values: try stage.features.floats())
      })
  }
}

/// The image that every fingerprint is of.
///
/// Element i, row-major, is ⌊(2654435769 i² mod 2³²) / 2⁸⌋ / 2²³ − 1: numbers in [−1, 1) that look drawn, made of whole numbers
/// alone and exact in float32, so that anyone can make it anywhere. (2654435769 is 2³² over the golden ratio.)
private struct FingerprintInput {
  let channels: Int
  /// 64, or the next size below that the network takes.
  let side: Int

  var description: String {
    "[1, \(channels), \(side), \(side)], element i: floor((2654435769 i^2 mod 2^32) / 2^8) / 2^23 - 1"
  }

  func image() throws -> Tensor {
    let values = (0..<UInt32(channels * side * side)).map { i -> Double in
      let mixed: UInt32 = (i &* i &* 2_654_435_769) >> 8
      return Double(mixed) / Double(1 << 23) - 1
    }
    return try Tensor(values, shape: [1, channels, side, side])
  }
}
