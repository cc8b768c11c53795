internal import Foundations
public import Studies

/// What a run's `cell.json` holds: which cell it is, what its identity is made of, and what it descends from.
public struct CellRecord: Codable, Hashable, Sendable {
  /// The study's name when the run was made; for people.
  public let study: String
  public let cell: Cell
  public let configuration: CellConfiguration
  /// The cells it descends from, nearest first.
  public let lineage: [Cell]

  public init(study: String, cell: Cell, configuration: CellConfiguration, lineage: [Cell]) {
    self.study = study
    self.cell = cell
    self.configuration = configuration
    self.lineage = lineage
  }

  /// The record of a planned cell, or nil when the plan does not hold it.
  public init?(_ cell: Cell, in plan: Plan) {
    guard let configuration = plan.configurations[cell.identity] else { return nil }
    self.init(study: plan.study.name, cell: cell, configuration: configuration, lineage: plan.lineage(of: cell))
  }

  /// Whether the identity is indeed the digest of the configuration.
  public func isConsistent() throws -> Bool { try configuration.isIdentified(by: cell.identity) }
}
