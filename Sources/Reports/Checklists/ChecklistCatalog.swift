internal import Foundations

/// Every checklist that there is; a new one is one line here.
public enum ChecklistCatalog {
  public static let all: [ReportingChecklist] = [.claim2024, .tripodAI, .stardAI]

  /// - Throws: `ReportsError` that names the nearest.
  public static func named(_ id: String) throws -> ReportingChecklist {
    guard let found = all.first(where: { $0.id == id.lowercased() }) else {
      throw ReportsError.unknownName(id, what: "checklist", valid: all.map(\.id))
    }
    return found
  }
}
