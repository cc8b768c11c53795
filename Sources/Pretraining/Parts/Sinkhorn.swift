import Foundation
public import Torch

/// Codes that use all prototypes alike: SwAV, Caron et al., “Unsupervised Learning of Visual Features by Contrasting Cluster
/// Assignments” (2020), equation 4 and appendix A; Cuturi (2013), algorithm 1.
///
/// Q = exp(scores / ε), and in turn every prototype's total is made 1/K and every image's 1/B. At the end an image's row sums to 1.
///
/// - Parameters:
///   - scores: z Cᵀ, `[batch, prototypes]`; in at least float32, since the exponential overflows earlier otherwise.
///   - epsilon: ε; the larger, the more even the codes.
/// - Returns: `[batch, prototypes]`, without a gradient.
public func sinkhornCodes(_ scores: Tensor, epsilon: Double, iterations: Int) throws -> Tensor {
  try withoutGradient {
    let scaled = try scores.detach() / epsilon
    // A common factor goes away with the first normalization, so the greatest exponent may be 0.
    var q = try (scaled - scaled.amax()).exp()
    q = try q / q.sum()
    let batch = Double(q.shape[0]), prototypes = Double(q.shape[1])
    for _ in 0..<iterations {
      q = try q / q.sum(over: [0], keep: true).clamp(min: tiny) / prototypes
      q = try q / q.sum(over: [1], keep: true).clamp(min: tiny) / batch
    }
    return try q * batch
  }
}

/// A prototype that no image is near at all stays without weight instead of becoming 0 / 0.
private let tiny = 1e-37

/// Labels that make clusters of one size: Asano, Rupprecht and Vedaldi, “Self-labelling via simultaneous clustering and representation
/// learning” (2020), equations 5 to 7 and algorithm 1, in the way of its published solver.
///
/// P = softmax(scores)^λ is scaled by r over the K labels and c over the N images, r ← (1/K) / (P c) and c ← (1/N) / (Pᵀ r), until the
/// changes of c in proportion, added over the images, are less than a tenth. The label of an image is the one with the greatest r_k P_k.
///
/// - Parameters:
///   - scores: `[images, labels]`, logarithms up to a constant of each row.
///   - sharpness: λ.
/// - Returns: `[images]`, int64, and the rounds that it took.
public func balancedLabels(
  _ scores: Tensor, sharpness: Double, tolerance: Double = 0.1, maximumRounds: Int = 1000
) throws -> (labels: Tensor, rounds: Int) {
  try withoutGradient {
    let powers = try (scores.detach().to(type: .float64).logSoftmax(along: 1) * sharpness).exp()
    let images = powers.shape[0], labels = powers.shape[1]
    var c = try Tensor.full([images, 1], value: 1 / Double(images), type: .float64, device: scores.device)
    var r = try Tensor.full([labels, 1], value: 1 / Double(labels), type: .float64, device: scores.device)
    var change = Double.infinity, rounds = 0
    while change > tolerance, rounds < maximumRounds {
      r = try (1 / Double(labels)) / powers.transpose(0, 1).matmul(c)
      let next = try (1 / Double(images)) / powers.matmul(r)
      // Every tenth round is looked at, since a look waits for the device.
      if rounds % 10 == 0 { change = try (c / next - 1).abs().nanToNum(0).sum().item() }
      c = next
      rounds += 1
    }
    return (try (powers * r.transpose(0, 1)).argmax(along: 1), rounds)
  }
}
