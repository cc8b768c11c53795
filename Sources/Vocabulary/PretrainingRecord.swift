/// What there is to know about a self-supervised method before one is made: what studies and their rules ask of it.
public struct PretrainingRecord: Hashable, Sendable, Identifiable {
  /// The name in studies and on the command line, such as `moco-v2`.
  public let id: String
  /// The name in tables and texts, such as `MoCo-v2`.
  public let title: String
  /// The values that each of its settings can have, by name.
  public let settings: [String: ClosedRange<Double>]

  public init(id: String, title: String, settings: [String: ClosedRange<Double>]) {
    self.id = id
    self.title = title
    self.settings = settings
  }
}
