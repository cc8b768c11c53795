public import Datasets
import Foundations

extension TaskCheck {
  /// What is there, how it is divided, what is wrong and what to do, for a terminal.
  public var terminalText: String {
    var text = "\(task) in \(root)\n"
    if !items.isEmpty {
      var table = Table(columns: [Table.Column("What"), Table.Column("Where"), Table.Column("Found", .right), Table.Column("Published", .right)])
      for item in items {
        table.append([item.role, item.place, item.count.map(String.init) ?? "–", item.expectedCount.map(String.init) ?? "–"])
      }
      text += "\n" + table.rendered()
    }
    if parts.contains(where: { $0.images > 0 }) {
      var table = Table(columns: [Table.Column("Part"), Table.Column("Images", .right), Table.Column("Patients", .right)])
      for part in parts { table.append([part.part.rawValue, String(part.images), part.patients.map(String.init) ?? "–"]) }
      text += "\n" + table.rendered()
      if let split { text += "The sizes are those of: \(split).\n" }
    }
    if filesRead > 0 {
      let isOne = filesRead == 1
      text += "\n\(counted(filesRead, "file")) \(isOne ? "was" : "were") \(areDecoded ? "decoded" : "looked at; --decode reads \(isOne ? "it" : "them") whole").\n"
    }
    for (severity, title) in [(Severity.problem, "Must be corrected"), (.difference, "Differs from the published data")] {
      let found = findings.filter { $0.severity == severity }
      if found.isEmpty { continue }
      text += "\n\(title):\n" + found.map { "  - \($0.problem) \($0.remedy)\n" }.joined()
    }
    return text + "\n" + verdict + "\n"
  }

  private var verdict: String {
    if !isUsable { return "The task cannot be run on this copy as it is." }
    return findings.isEmpty ? "The copy is whole." : "The task can be run on this copy; it differs from the published data."
  }
}

extension TaskCheck.Item {
  fileprivate var place: String {
    guard let first = paths.first, let last = paths.last else { return isRequired ? "missing" : "not there (may be missing)" }
    return (paths.count == 1 ? first : "\(first) … \(last)") + (version.map { " (\($0))" } ?? "")
  }
}
