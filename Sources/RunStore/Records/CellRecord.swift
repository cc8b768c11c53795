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
  /// By what the numbers of a regression were standardized; nil for all else, and until the training images are known.
  public var numberScale: NumberScale?

  public init(study: String, cell: Cell, configuration: CellConfiguration, lineage: [Cell], numberScale: NumberScale? = nil) {
    self.study = study
    self.cell = cell
    self.configuration = configuration
    self.lineage = lineage
    self.numberScale = numberScale
  }

  /// The record of a planned cell, or nil when the plan does not hold it.
  public init?(_ cell: Cell, in plan: Plan) {
    guard let configuration = plan.configurations[cell.identity] else { return nil }
    self.init(study: plan.study.name, cell: cell, configuration: configuration, lineage: plan.lineage(of: cell))
  }

  /// Whether the identity is indeed the digest of the configuration.
  public func isConsistent() throws -> Bool { try configuration.isIdentified(by: cell.identity) }
}
