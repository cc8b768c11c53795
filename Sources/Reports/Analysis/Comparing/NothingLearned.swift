internal import Foundations
public import Statistics

/// An initialization whose runs do no better on a task than a constant answer: there is nothing to choose, and no number of seeds or
/// patients would help.
public struct NothingLearned: Codable, Hashable, Sendable {
  public enum Kind: String, Codable, Hashable, Sendable {
    /// An AUROC that is not shown to be above 0.5.
    case atChance
    /// A segmentation that calling every pixel the structure's, or none, would equal.
    case didNotTrain
    /// Numbers whose mean absolute error one number for all images would equal.
    case constantNumber
  }

  public let kind: Kind
  public let mean: Double
  /// What the better constant answer reaches.
  public let constant: Double
  /// The interval for other patients that holds it; nil where the mean itself is no better.
  public let interval: Interval?

  init(_ kind: Kind, mean: Double, constant: Double, interval: Interval?) {
    (self.kind, self.mean, self.constant, self.interval) = (kind, mean, constant, interval)
  }

  /// Of one or two initializations a sentence each, with its interval; of more one for all of a kind.
  static func sentences(_ flawed: [(name: String, flaw: NothingLearned)], _ scale: ResultTable.Scale) -> [String] {
    [Kind.atChance, .didNotTrain, .constantNumber].flatMap { kind -> [String] in
      let found = flawed.filter { $0.flaw.kind == kind }
      guard found.count > 2, let first = found.first else { return found.map { "\($0.name) \($0.flaw.text(scale))." } }
      let names = firstFew(found.map { "\($0.name) (\(scale.text($0.flaw.mean)))" }, atMost: 10), limit = "\(scale.text(first.flaw.constant))\(scale.suffix)"
      switch kind {
      case .atChance: return ["At chance, not shown to be above \(limit): \(names)."]
      case .didNotTrain: return ["Did not train, no better than the \(limit) of a mask that is everywhere the same: \(names)."]
      case .constantNumber: return ["Learned nothing, no better than the \(limit) of one number for all images: \(names)."]
      }
    }
  }

  /// `is at chance`
  var predicate: String {
    switch kind {
    case .atChance: "is at chance"
    case .didNotTrain: "did not train"
    case .constantNumber: "learned nothing"
    }
  }

  /// Behind the name of an initialization: `is at chance: its 95 % interval for other patients, 47.50 to 59.20 %, holds 50.00 %`.
  func text(_ scale: ResultTable.Scale) -> String {
    let limit = "\(scale.text(constant))\(scale.suffix)"
    switch (kind, interval) {
    case (.atChance, let interval?):
      let level = significant(interval.level * 100, 6)
      let range = "\(scale.text(interval.lower).replacingMinus) to \(scale.text(interval.upper))\(scale.suffix)"
      // With few seeds it is the interval of one run, from which the mean over the seeds may be far.
      return interval.lower <= mean && mean <= interval.upper
        ? "is at chance: its \(level) % interval for other patients, \(range), holds \(limit)"
        : "is not shown to be above chance: the \(level) % interval for other patients of its median run, \(range), holds \(limit)"
    case (.atChance, nil): return "is at chance: a constant answer reaches \(limit)"
    case (.constantNumber, _): return "learned nothing: one number for all images has an error of \(limit)"
    case (.didNotTrain, _): return "did not train: a mask that is everywhere the same reaches \(limit)"
    }
  }
}
