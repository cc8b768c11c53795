/// What there is to know about a self-supervised method before one is made: what studies and their rules ask of it.
public struct PretrainingRecord: Hashable, Sendable, Identifiable {
  /// The name in studies and on the command line, such as `moco-v2`.
  public let id: String
  /// The name in tables and texts, such as `MoCo-v2`.
  public let title: String
  /// The values that each of its settings can have, by name.
  public let settings: [String: ClosedRange<Double>]
  /// The same where another optimizer than its own trains it.
  public let settingsOfOthers: [PretrainingOptimizer: [String: ClosedRange<Double>]]

  public init(
    id: String, title: String, settings: [String: ClosedRange<Double>], settingsOfOthers: [PretrainingOptimizer: [String: ClosedRange<Double>]] = [:]
  ) {
    self.id = id
    self.title = title
    self.settings = settings
    self.settingsOfOthers = settingsOfOthers
  }

  /// - Parameter optimizer: nil for the method's own.
  public func settings(of optimizer: PretrainingOptimizer?) -> [String: ClosedRange<Double>] {
    optimizer.flatMap { settingsOfOthers[$0] } ?? settings
  }
}

/// What trains a self-supervised method in place of the optimizer that it was published with.
public enum PretrainingOptimizer: String, Codable, Sendable, CaseIterable {
  /// AdamW (Loshchilov and Hutter 2019).
  case adamW
}
