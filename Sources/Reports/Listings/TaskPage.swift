internal import Foundation
internal import Foundations
public import Studies

/// The built-in tasks, one a row.
public struct TaskList: Encodable, Sendable {
  public struct Row: Encodable, Sendable {
    public let name: String
    public let title: String
    public let modality: Modality
    public let kind: TaskKind
    public let metric: TaskMetric
    public let dataset: String
    /// Whose split it is, or that it is drawn by a rule.
    public let split: String
    /// Images in a whole copy; nil where that is not fixed.
    public let images: Int?
  }

  public let rows: [Row]

  public init(_ tasks: [BuiltInTask] = BuiltInTaskCatalog.all) {
    rows = tasks.map {
      Row(
        name: $0.name, title: $0.title, modality: $0.modality, kind: $0.kind, metric: $0.metric, dataset: $0.dataset,
        split: $0.splitName, images: $0.statedImages)
    }
  }

  /// - Parameter width: of the terminal in columns; nil where nothing is to be cut. A narrow one is spared the data set and the modality.
  public func terminalText(width: Int?) -> String {
    let isWide = width.map { $0 >= 120 } ?? true
    var table = Table(
      columns: [Table.Column("Task"), Table.Column("What")] + (isWide ? [Table.Column("Data set"), Table.Column("Modality")] : [])
        + [Table.Column("Images", .right), Table.Column("Split"), Table.Column("Metric")])
    for row in rows {
      table.append(
        [row.name, row.title] + (isWide ? [row.dataset, row.modality.rawValue] : [])
          + [row.images.map(String.init) ?? "–", row.split, row.metric.rawValue])
    }
    return table.fitted(toWidth: width, cutting: ["What", "Data set", "Modality", "Split"]).rendered()
      + "\nEverything on one: medtransfer tasks show \(rows.first?.name ?? "NAME")\n"
  }
}

extension BuiltInTask {
  /// Whose split the task uses first, in a few words.
  var splitName: String { data.givesTestPart || splits.count > 1 ? splits.first?.name ?? "as published" : "drawn by rule" }
}

extension BuiltInTask {
  /// “20 % of all images for the test, 15 % of the others for validation, by a fixed rule”; nil where every part is given.
  var drawing: String? {
    if data.givesTestPart, data.givesValidationPart || (!splits.isEmpty && splits.allSatisfy { $0.training != nil }) { return nil }
    func percent(_ share: Double) -> String { "\(Double(Int((share * 1000).rounded())) / 10) %".replacingOccurrences(of: ".0 ", with: " ") }
    let validation = "\(percent(data.split.validation)) of the \(data.givesTestPart ? "training images" : "others") for validation"
    let rule = splits.count > 1 ? "where there are no lists: " : ""
    return rule + (data.givesTestPart ? "" : "\(percent(data.split.test)) of all images for the test, ") + validation + ", by a fixed rule"
  }
}

/// Everything on one built-in task, as a user reads it who wants to run it.
public struct TaskPage: Encodable, Sendable {
  public struct File: Encodable, Sendable {
    public let role: String
    /// The ways in which it may be there.
    public let forms: [LayoutItem.Form]
    public let columns: [String]
    public let isRequired: Bool
  }

  public let name: String
  public let title: String
  public let dataset: String
  public let kind: TaskKind
  public let modality: Modality
  public let classes: [String]
  public let scoredClasses: [String]?
  public let metric: TaskMetric
  public let files: [File]
  public let splits: [ExpectedSplit]
  public let positives: [String: Int]
  /// What a report tells apart.
  public let groups: [GroupColumn]
  /// What differs from the standard recipe of its kind.
  public let recipeChanges: [String: String]
  public let citation: Citation
  public let access: DataAccess
  public let remarks: [String]
  /// What no source was found for.
  public let unverified: [String]
  /// Images in a whole copy; nil where that is not fixed.
  public let images: Int?
  /// How the parts that no split fixes come about; nil where there is none.
  public let drawing: String?

  public init(_ task: BuiltInTask) throws {
    name = task.name
    title = task.title
    dataset = task.dataset
    kind = task.kind
    modality = task.modality
    classes = task.classNames
    scoredClasses = task.scoredClasses
    metric = task.metric
    files = task.layout.items.map { item in
      var columns = [String]()
      if case .table(let names, _) = item.content { columns = names }
      return File(role: item.role, forms: item.forms, columns: columns, isRequired: item.isRequired)
    }
    splits = task.splits
    positives = task.positives
    groups = task.data.groupColumns
    recipeChanges = try Self.changes(of: task.recipe, from: .standard(for: task.kind))
    citation = task.citation
    access = task.access
    remarks = task.remarks
    unverified = task.unverified
    images = task.statedImages
    drawing = task.drawing
  }

  /// The keys of a recipe whose values are not the standard's, spelled as in a study.
  private static func changes(of recipe: Recipe, from standard: Recipe) throws -> [String: String] {
    func values(_ recipe: Recipe) throws -> [String: Any] {
      try JSONSerialization.jsonObject(with: CanonicalJSON.encode(recipe)) as? [String: Any] ?? [:]
    }
    func spelled(_ value: Any?) throws -> String {
      guard let value else { return "null" }
      if let text = value as? String { return text }
      return String(decoding: try JSONSerialization.data(withJSONObject: value, options: [.fragmentsAllowed, .sortedKeys]), as: UTF8.self)
    }
    let (own, usual) = (try values(recipe), try values(standard))
    var changes = [String: String]()
    for key in Set(own.keys).union(usual.keys) {
      let value = try spelled(own[key])
      if try value != spelled(usual[key]) { changes[key] = value }
    }
    return changes
  }

  public var terminalText: String {
    var lines = [("Data set", "\(dataset), \(modality.rawValue)")]
    lines.append(("Kind", kind.rawValue))
    if !classes.isEmpty { lines.append((classes.count == 1 ? "Class" : "\(classes.count) classes", classes.map(counted).joined(separator: ", "))) }
    if let scoredClasses { lines.append(("Scored", "\(scoredClasses.count) of them: \(scoredClasses.joined(separator: ", "))")) }
    lines.append(("Metric", metric.rawValue))
    if let images { lines.append(("Images", String(images))) }
    for split in splits { lines.append(("Split", words(split))) }
    if let drawing { lines.append(("Drawn", drawing)) }
    if !groups.isEmpty { lines.append(("Groups", groups.map(words).joined(separator: ", "))) }
    if !recipeChanges.isEmpty {
      lines.append(("Recipe", "the standard, but " + recipeChanges.sorted { $0.key < $1.key }.map { "\($0): \($1)" }.joined(separator: ", ")))
    }
    lines.append(("Paper", citation.text + (citation.doi.map { " https://doi.org/\($0)" } ?? "")))
    lines.append(("Get it", "\(access.steps) \(access.url)"))
    lines.append(("Terms", access.license))
    for remark in remarks { lines.append(("Remark", remark)) }
    for sentence in unverified { lines.append(("Not verified", sentence)) }
    return "\(name): \(title)\n\n" + labeled(lines) + "\nFiles below the root:\n\n" + fileTable + "\nIn a study:\n\n"
      + "tasks:\n  \(name): {builtIn: \(name), root: /path/to/the/copy}\n\nCheck a copy: medtransfer tasks check \(name) --root /path/to/the/copy\n"
  }

  private func counted(_ name: String) -> String { positives[name].map { "\(name) (\($0))" } ?? name }

  /// `Age (StudyDate_DICOM since PatientBirth: 0, 40, 65, 120)`, or the name alone where it is the column's.
  private func words(_ group: GroupColumn) -> String {
    let column = group.columns.joined(separator: " since "), bands = group.bands.map { Int(exactly: $0).map(String.init) ?? "\($0)" }.joined(separator: ", ")
    let details = [column == group.name ? nil : column, bands.isEmpty ? nil : bands].compactMap(\.self)
    return details.isEmpty ? group.name : "\(group.name) (\(details.joined(separator: ": ")))"
  }

  private func words(_ split: ExpectedSplit) -> String {
    let parts = [("training", split.training), ("validation", split.validation), ("test", split.test)]
    return "\(split.name): " + parts.map { name, size in "\(name) \(size.map(String.init) ?? "drawn by rule")" }.joined(separator: ", ")
  }

  private var fileTable: String {
    var table = Table(columns: [Table.Column("What"), Table.Column("Where"), Table.Column("Count", .right)])
    for file in files {
      for (index, form) in file.forms.enumerated() {
        let place = form.paths.count == 1 ? form.paths[0] : "\(form.paths[0]) … \(form.paths[form.paths.count - 1])"
        let role = index == 0 ? file.role + (file.isRequired ? "" : " (may be missing)") : "  or"
        table.append([role, place + (form.version.map { " (\($0))" } ?? ""), form.count.map(String.init) ?? "–"])
      }
    }
    return table.rendered()
  }
}
