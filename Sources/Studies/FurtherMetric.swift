/// A metric that a task asks for beside those that every task of its kind has. It is no part of a run's identity: a run from before it
/// was asked for counts, and has no value of it.
public enum FurtherMetric: String, Codable, Hashable, Sendable, CaseIterable {
  /// clDice (Shit et al. 2021) of thin structures such as vessels; of lungs and other blobs, center lines say little and take long to find.
  case clDice

  var isOfSegmentation: Bool {
    switch self {
    case .clDice: true
    }
  }
}
