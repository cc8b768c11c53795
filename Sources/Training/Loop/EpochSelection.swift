/// Which epoch is the best so far, by one number, and how many have passed since.
public struct EpochSelection: Codable, Equatable, Sendable {
  /// Which numbers are better.
  public enum Preference: Sendable {
    /// A loss.
    case lower
    /// A metric, or the score of a probe.
    case higher
  }

  /// The best number so far, and the epoch that reached it first.
  public private(set) var best: Double?
  public private(set) var epoch: Int?
  /// Epochs since then.
  public private(set) var epochsWithoutImprovement = 0

  public init(best: Double? = nil, epoch: Int? = nil, epochsWithoutImprovement: Int = 0) {
    self.best = best
    self.epoch = epoch
    self.epochsWithoutImprovement = epochsWithoutImprovement
  }

  /// Takes note of an epoch's number.
  ///
  /// - Returns: whether it is better than all before; an equal one is not.
  public mutating func isBest(_ value: Double, ofEpoch epoch: Int, preferring preference: Preference) -> Bool {
    if let best, preference == .lower ? value >= best : value <= best {
      epochsWithoutImprovement += 1
      return false
    }
    best = value
    self.epoch = epoch
    epochsWithoutImprovement = 0
    return true
  }

  /// Whether more than `patience` epochs in a row were not better; never for nil.
  public func exceeds(patience: Int?) -> Bool { patience.map { epochsWithoutImprovement > $0 } ?? false }
}
