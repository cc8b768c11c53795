/// What images are grouped by has names of its own, and bands that rise.
struct GroupColumnsAreLegible: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.flatMap { task -> [Violation] in
      let columns = task.data.groupColumns, path = "tasks.\(task.name).data.\(task.data.key).groupColumns"
      let findings = columns.flatMap(Self.findings) + Self.repetitions(columns)
      return findings.map { Violation(path: path, problem: $0.problem, remedy: $0.remedy) }
    }
  }

  private typealias Finding = (problem: String, remedy: String)

  private static func findings(_ group: GroupColumn) -> [Finding] {
    var found: [Finding] = []
    if group.columns.contains(where: \.isEmpty) || group.name.isEmpty {
      found.append(("A group has a column or name without a letter.", "Name the table's column."))
    }
    if group.bands.isEmpty, group.yearsSince != nil {
      found.append(
        ("The group “\(group.name)” counts years and has no bands, so that each year would be a stratum.", "Add bands, such as [0, 40, 65, 120]."))
    }
    let bounds = group.bands.map { Int(exactly: $0).map(String.init) ?? "\($0)" }.joined(separator: ", ")
    if (1...2).contains(group.bands.count) {
      found.append(
        ("The bounds \(bounds) of the group “\(group.name)” make no two bands.", "Give three bounds or more, such as \"Age:0-40-65-120\"."))
    }
    if zip(group.bands, group.bands.dropFirst()).contains(where: { $0 >= $1 }) {
      found.append(("The bounds \(bounds) of the group “\(group.name)” do not rise.", "Write each once, the lowest first."))
    }
    return found
  }

  private static func repetitions(_ columns: [GroupColumn]) -> [Finding] {
    let names = columns.map { $0.name.lowercased() }
    let repeated = Set(columns.map(\.name).filter { name in names.count { $0 == name.lowercased() } > 1 }).sorted()
    if repeated.isEmpty { return [] }
    return [
      ("Groups repeat the name “\(repeated.joined(separator: "”, “"))”.", "Name each once, or give one another name: {column: \(repeated[0]), name: …}.")
    ]
  }
}
