import NeuralNetworks
public import Torch
internal import Vocabulary

extension ClassifierNetwork {
  /// Grad-CAM: where in an image the evidence for a class lies (Selvaraju et al. 2017, ICCV, equations 1 and 2).
  ///
  ///     αₖ = mean over the map of ∂yᶜ/∂Aₖ,   L = ReLU(Σₖ αₖ Aₖ)
  ///
  /// with A the backbone's last map and yᶜ the logit of the class. Only what follows the last map is differentiated.
  ///
  /// - Parameters:
  ///   - x: `[batch, channels, height, width]`, as for a call.
  ///   - classIndex: the class c.
  /// - Returns: L, `[batch, height / stride, width / stride]`, at its own scale, never below 0; and the logits `[batch, classes]`.
  /// - Throws: `ModelsError` for an architecture whose head sees something else than its last map, and for a class that there is not.
  public func gradCAM(_ x: Tensor, classIndex: Int) throws -> (map: Tensor, logits: Tensor) {
    guard architecture.record.uses.contains(.gradCAM) else { throw ModelsError.noGradCAM(of: architecture) }
    guard (0..<classCount).contains(classIndex) else { throw ModelsError.noClass(classIndex, of: classCount) }
    let last = try withoutGradient { () -> Tensor in
      let maps = try backbone.features(prepared(x), mode: .evaluation).maps
      return try maps[maps.count - 1].to(type: store.type)
    }.detach()
    try last.setRequiresGradient(true)
    let logits = try withGradient { try self.logits(lastMap: last) }
    let score = try withGradient { try logits.select(along: 1, index: classIndex).sum() }
    guard let slope = try gradients(of: [score], by: [last])[0] else { throw ModelsError.noClass(classIndex, of: classCount) }
    return try withoutGradient {
      let weights = try slope.mean(over: [2, 3], keep: true)
      return (try (weights * last.detach()).sum(over: [1]).relu(), try logits.detach())
    }
  }
}
