import Models
import NeuralNetworks
import Torch
import Training

/// A backbone f and a projector g: `[batch, channels, height, width]` → `[batch, size]`.
struct Encoder {
  let backbone: BackboneNetwork
  let projector: Head
  let numerics: NumericSetting
  /// The processes among which the images are divided; nil where this one computes all.
  var spread: Spread?

  /// f(x), `[batch, features]`. Here alone is work divided among processes: all that comes behind is computed by each, of whole batches.
  func features(_ x: Tensor, mode: Mode = .training) throws -> Tensor {
    func computed(_ x: Tensor) throws -> Tensor { try numerics.computing { try backbone(x, mode: mode) } }
    return try spread?.divided(x, mode: mode, computed) ?? computed(x)
  }

  /// g(h). What comes out is in the parameters' type, so that losses are of at least float32.
  func project(_ features: Tensor, mode: Mode = .training) throws -> Tensor { try apply(projector, features, mode: mode) }

  /// g(f(x)).
  func callAsFunction(_ x: Tensor, mode: Mode = .training) throws -> Tensor { try project(features(x, mode: mode), mode: mode) }

  /// Another head on what this encoder gives.
  func apply(_ head: Head, _ x: Tensor, mode: Mode = .training) throws -> Tensor {
    try numerics.computing { try head(x, mode: mode) }.to(type: numerics.parameterType)
  }

  /// f of several views: those of one size go through together, as multi-crop code has it, so that batch normalization sees them as one
  /// batch.
  ///
  /// - Returns: `[views · batch, features]`, in the order of the views.
  func features(ofViews views: [Tensor]) throws -> Tensor {
    var outputs: [Tensor] = [], start = 0
    while start < views.count {
      let size = views[start].shape[2...]
      let end = views[start...].firstIndex { $0.shape[2...] != size } ?? views.count
      outputs.append(try features(end - start == 1 ? views[start] : cat(Array(views[start..<end]))))
      start = end
    }
    return outputs.count == 1 ? outputs[0] : try cat(outputs)
  }
}

/// An encoder whose weights follow another's as their exponential moving average, without a gradient: θₖ ← m θₖ + (1 − m) θ_q (He et
/// al., “Momentum Contrast”, 2020, equation 2).
///
/// Only parameters follow; running means and variances are its own, of its own forward passes.
final class MomentumEncoder {
  let encoder: Encoder
  private let own: [Tensor]
  private let leading: [Tensor]

  /// Begins as a copy of the encoder that it follows.
  init(_ encoder: Encoder, headStore: ParameterStore, following online: Encoder, headStore onlineHeads: ParameterStore) throws {
    self.encoder = encoder
    // A predictor, or another head that only the online network has, is followed by nobody.
    let values = Dictionary(uniqueKeysWithValues: onlineHeads.state.map { ($0.name, $0.tensor) })
    let names = headStore.entries.map(\.name)
    try headStore.load(values.filter { names.contains($0.key) })
    try headStore.freeze(names)
    // By name: heads may have been made in another order.
    own = encoder.backbone.store.parameters.map(\.tensor) + headStore.parameters.map(\.tensor)
    leading = online.backbone.store.parameters.map(\.tensor) + headStore.parameters.compactMap { values[$0.name] }
  }

  /// θₖ ← m θₖ + (1 − m) θ_q.
  func follow(momentum m: Double) throws { try withoutGradient { try Foreach.lerpInPlace(own, leading, weight: 1 - m) } }

  /// g(f(x)) without a gradient.
  func callAsFunction(_ x: Tensor, mode: Mode = .training) throws -> Tensor { try withoutGradient { try encoder(x, mode: mode) } }

  /// g(f(x)) without a gradient, computed in sub-batches of images in an order drawn anew: what shuffled batch normalization over several
  /// devices does, so that a query cannot be told its key by the statistics that both were normalized with (He et al., 2020, section 3.3).
  ///
  /// - Parameter groups: sub-batches; fewer where one would have less than two images.
  func shuffled(_ x: Tensor, groups: Int, generator: Generator) throws -> Tensor {
    let count = x.shape[0], parts = max(min(encoder.spread?.subBatches(groups) ?? groups, count / 2), 1)
    return try withoutGradient {
      let order = try Tensor.randperm(count, generator: generator).to(device: x.device)
      let bounds = (0...parts).map { $0 * count / parts }
      let outputs = try zip(bounds, bounds.dropFirst()).map { start, end in
        try encoder(x.indexSelect(along: 0, order.narrow(along: 0, start: start, count: end - start)))
      }
      return try cat(outputs).indexSelect(along: 0, order.argsort())
    }
  }
}
