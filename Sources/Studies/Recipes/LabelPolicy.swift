/// What training makes of a label that its table calls uncertain, such as CheXpert's −1 (Irvin et al., AAAI 2019, section 3; the
/// smoothing is Pham et al.'s, Neurocomputing 2021, with the ranges of the 2021 benchmark).
///
/// A smoothed label is drawn once for each seed, image and class, so that it is the same in every epoch. It is for training
/// alone: in validation and test the smoothing policies read as `ones` and `zeros`.
public enum LabelPolicy: String, Codable, Sendable, CaseIterable {
  /// Present (U-Ones).
  case ones
  /// Absent (U-Zeros).
  case zeros
  /// Uniform between 0.55 and 0.85 (U-Ones with label smoothing regularization).
  case lsrOnes
  /// Uniform between 0 and 0.3 (U-Zeros with label smoothing regularization).
  case lsrZeros
  /// Not known: no part in the loss (U-Ignore).
  case ignore
  /// A third state: the network answers with absent, present and uncertain for each class, and the probability of a class is that
  /// of present against absent (U-MultiClass).
  case multiClass

  /// The range of a smoothed label; nil for policies that smooth nothing.
  public var smoothing: ClosedRange<Double>? {
    switch self {
    case .lsrOnes: 0.55...0.85
    case .lsrZeros: 0...0.3
    case .ones, .zeros, .ignore, .multiClass: nil
    }
  }
}
