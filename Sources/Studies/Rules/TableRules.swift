internal import Foundation

/// What a manifest says of its tables makes sense before one is read.
struct ManifestTablesAreLegible: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.flatMap { task -> [Violation] in
      guard let source = task.data.as(ManifestSource.self) else { return [] }
      return Self.findings(source).map {
        Violation(path: "tasks.\(task.name).data.manifest.\($0.key)", problem: $0.problem, remedy: $0.remedy)
      }
    }
  }

  private static func findings(_ source: ManifestSource) -> [(key: String, problem: String, remedy: String)] {
    var found = [(key: String, problem: String, remedy: String)]()
    if let template = source.pathTemplate, PathTemplate(template) == nil {
      found.append(
        ("pathTemplate", "The pathTemplate “\(template)” cannot be read.", "Put columns in braces, such as images/{patient:2}/{image}.png."))
    }
    if source.columnSeparator == .space, source.columns.isEmpty {
      found.append(("columns", "Tables with spaces between their columns have no header.", "Name the columns under columns."))
    }
    if Set(source.columns).count < source.columns.count {
      found.append(("columns", "The columns repeat a name.", "Name each once."))
    }
    if source.joins.contains(where: \.on.isEmpty) {
      found.append(("joins", "A joined table names no column to join by.", "Name under on the columns that both tables have."))
    }
    if let filter = source.keep.first(where: \.values.isEmpty) {
      found.append(("keep", "No row is kept: keep names no value of “\(filter.column)”.", "List the values of the rows that count."))
    }
    if let pattern = source.labelPattern {
      if ((try? NSRegularExpression(pattern: pattern))?.numberOfCaptureGroups ?? 0) == 0 {
        found.append(
          ("labelPattern", "The labelPattern “\(pattern)” is not a regular expression with a group.", "Put the part that is the label in parentheses."))
      }
      if source.labelListColumn == nil {
        found.append(("labelPattern", "The manifest names labelPattern without labelListColumn.", "Add labelListColumn, the column it is matched with."))
      }
    }
    if source.otherLabels != nil, source.labelListColumn == nil {
      found.append(("otherLabels", "The manifest names otherLabels without labelListColumn.", "Add labelListColumn, the column that lists them."))
    }
    if source.repeatedRows != .error, source.maskColumn != nil {
      found.append(("repeatedRows", "Rows of one image are merged by their labels, and the manifest has masks.", "Remove repeatedRows."))
    }
    return found
  }
}
