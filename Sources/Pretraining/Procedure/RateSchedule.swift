import Foundation

/// How a rate falls after its warm-up.
public enum RateShape: Sendable, Hashable {
  case constant
  /// Half a cosine down to the floor, lowered after every step.
  case cosine
  /// Half a cosine, lowered after every epoch: MoCo's and SimSiam's code.
  case cosineByEpochs
  /// Times a tenth after each of these fractions of all epochs.
  case steps([Double])
}

/// The learning rate of every step, as a pure function of the step.
///
/// After W steps of warm-up from `warmUpStart` to η, with S steps in all and t = s − W (from 0): η_min + (η − η_min) ½ (1 + cos(π t / (S − W))).
struct RateSchedule: Sendable, Hashable {
  /// η.
  let peak: Double
  let shape: RateShape
  /// η_min.
  let floor: Double
  /// The rate of the first step. Nil for none: then step s (from 0) of W runs at η s / W, so that the first has no effect beyond momenta
  /// and statistics, as in Barlow Twins' and SimCLR's code.
  let warmUpStart: Double?
  /// W.
  let warmUpSteps: Int
  let stepsPerEpoch: Int
  /// S.
  let stepCount: Int

  static func constant(_ rate: Double) -> RateSchedule {
    RateSchedule(peak: rate, shape: .constant, floor: 0, warmUpStart: nil, warmUpSteps: 0, stepsPerEpoch: 1, stepCount: 1)
  }

  /// - Parameter step: from 1.
  func rate(ofStep step: Int) -> Double {
    let s = max(step - 1, 0)
    if s < warmUpSteps {
      guard let start = warmUpStart else { return peak * Double(s) / Double(warmUpSteps) }
      // Evenly from the start to the peak, which is the warm-up's last step.
      return start + (peak - start) * Double(s) / Double(max(warmUpSteps - 1, 1))
    }
    let done = s - warmUpSteps, all = max(stepCount - warmUpSteps, 1)
    switch shape {
    case .constant: return peak
    case .cosine: return cosine(Double(done) / Double(all))
    case .cosineByEpochs:
      let epochs = Double(all) / Double(stepsPerEpoch)
      return cosine(Double(done / stepsPerEpoch) / max(epochs.rounded(.up), 1))
    case .steps(let fractions):
      let epoch = s / stepsPerEpoch, epochs = Double(stepCount) / Double(stepsPerEpoch)
      let passed = fractions.filter { Double(epoch) >= ($0 * epochs).rounded(.up) }.count
      return peak * pow(0.1, Double(passed))
    }
  }

  private func cosine(_ fraction: Double) -> Double {
    floor + (peak - floor) * 0.5 * (1 + cos(Double.pi * min(fraction, 1)))
  }
}

/// m of step s (from 0) of S: 1 − (1 − m₀)(cos(π s / S) + 1) / 2, which rises to 1: BYOL, Grill et al. (2020), section 3.2; DINO's too.
///
/// - Parameter step: from 1.
func risingMomentum(from base: Double, to end: Double = 1, step: Int, of stepCount: Int) -> Double {
  end - (end - base) * (cos(Double.pi * Double(max(step - 1, 0)) / Double(max(stepCount, 1))) + 1) / 2
}
