/// How many of a study's seeds are run.
public enum Seeding: String, Codable, Hashable, Sendable {
  /// Every cell with every seed: the full factorial.
  case full
  /// Round by round, as many as settle the verdicts, and all of them at most.
  case sequential

  /// The greatest number of seeds where a study only says that it is to be found out.
  public static let standardLimit = 20
  /// With fewer the spread over seeds is hardly known, so no look is taken before.
  public static let least = 3
}

extension Plan {
  /// The same plan without cells that no verdict needs; they are kept as such.
  ///
  /// - Parameter isNeeded: of the cells that count in the table. What a needed cell starts from is needed too.
  public func leavingOut(notNeeded isNotNeeded: (Cell) -> Bool) -> Plan {
    var needed = Set<String>(), kept: [Cell] = [], left: [Cell] = []
    // What a cell starts from stands before it.
    for cell in cells.reversed() {
      if cell.role == .target, isNotNeeded(cell), !needed.contains(cell.identity) {
        left.append(cell)
      } else {
        kept.append(cell)
        if let source = cell.source { needed.insert(source) }
      }
    }
    var plan = self
    plan.cells = kept.reversed()
    plan.notNeeded += left.reversed()
    return plan
  }
}
