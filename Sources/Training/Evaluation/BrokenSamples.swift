import Foundations

/// A sample that could not be used, and why.
public struct BrokenSample: Codable, Hashable, Sendable {
  public let id: String
  public let reason: String

  public init(id: String, reason: String) {
    self.id = id
    self.reason = reason
  }
}

/// The images of a run that could not be used, by part. They are in no step and in no metric.
public struct BrokenSamples: Codable, Hashable, Sendable {
  /// In the order in which the training met them.
  public let training: [BrokenSample]
  public let validation: [BrokenSample]
  public let test: [BrokenSample]

  public init(training: [BrokenSample], validation: [BrokenSample], test: [BrokenSample]) {
    self.training = training
    self.validation = validation
    self.test = test
  }

  public var count: Int { training.count + validation.count + test.count }

  /// One sentence a part that lacks images, with the first of them by name.
  public var remarks: [String] {
    [("training", training), ("validation", validation), ("test", test)].filter { !$1.isEmpty }.map { part, broken in
      let first = broken.prefix(3).map { "\($0.id) (\($0.reason))" }.joined(separator: "; ")
      let rest = broken.count > 3 ? "; … quarantine.json names them all" : ""
      return "\(broken.count) \(part) image\(broken.count == 1 ? " is" : "s are") left out: \(first)\(rest)."
    }
  }
}

/// How many images of a set may be unusable before a run fails.
public struct BrokenFileRule {
  /// A fraction in 0…1.
  private let limit: Double

  public init(limit: Double) { self.limit = limit }

  /// - Throws: `TrainingError` where they are more.
  public func check(_ broken: [BrokenSample], of total: Int) throws {
    if !broken.isEmpty, Double(broken.count) > limit * Double(total) {
      throw TrainingError.tooManyBrokenFiles(broken, of: total, limit: limit)
    }
  }
}
