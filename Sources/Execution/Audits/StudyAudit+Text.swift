import Datasets
import Foundation
import Foundations
import Inspection
import RunStore
import Studies

extension StudyAudit {
  /// The counts, the findings and what they come to, for a terminal.
  ///
  /// - Parameter limit: the most findings that are listed of a task or a lineage.
  public func terminalText(limit: Int) -> String {
    var text = counts.rendered()
    for task in tasks { text += Self.listing(of: task, limit: limit) }
    if !lineages.isEmpty { text += "\nWhat initializations were trained on in this study, against the test images of their targets:\n" + lineageCounts.rendered() }
    for lineage in lineages { text += Self.listing(of: lineage, limit: limit) }
    if !lists.isEmpty { text += "\nLists of the images that weights were trained on, against the test images of their targets:\n" + listCounts.rendered() }
    for record in lists { for finding in record.findings { text += Self.listing(of: finding, task: record.task, limit: limit) } }
    let unproven = lists.flatMap { record in record.findings.compactMap { $0.unprovenSentence(of: record.task) } }
    let notes = notApplicable.map { "\($0.initialization) on \($0.task) is not applicable: it was trained on the task's data." } + unproven + remarks
    if !notes.isEmpty { text += "\n" + notes.map { $0 + "\n" }.joined() }
    return text + "\n" + verdict + "\n"
  }

  /// One sentence for all.
  public var verdict: String {
    hasLeakage
      ? "LEAKAGE: test images are known from what was trained on or validated with. Correct the split, or leave those images or initializations out, before results count."
      : "No test image was found among what is trained on or validated with."
  }

  private var counts: Table {
    var table = Table(columns: [
      .init("Task"), .init("Images", .right), .init("Patients", .right), .init("Patients in two parts", .right),
      .init("Identical across parts", .right), .init("Near-duplicate across parts", .right), .init("Within a part", .right),
      .init("Label conflicts", .right), .init("One brightness", .right), .init("Unreadable", .right),
    ])
    for task in tasks {
      let audit = task.audit, conflicts = audit.identical.count { !$0.conflictingClasses.isEmpty }
      let within = audit.identical.count { !$0.crossesParts } + audit.nearDuplicates.count { !$0.crossesParts }
      table.append([
        task.task, String(audit.imageCounts.values.reduce(0, +)), audit.patientCount.map(String.init) ?? "not known",
        audit.patientCount == nil ? "not known" : String(audit.sharedPatients.count),
        String(audit.identical.count(where: \.crossesParts)), String(audit.nearDuplicates.count(where: \.crossesParts)),
        String(within), String(conflicts + audit.nearDuplicates.count { !$0.conflictingClasses.isEmpty }),
        String(audit.uniformCount), String(audit.unreadable.count),
      ])
    }
    return table
  }

  private var lineageCounts: Table {
    var table = Table(columns: [.init("Trained on"), .init("Initializations"), .init("Target"), .init("Test images seen before", .right)])
    for lineage in lineages {
      table.append([
        lineage.trainedOn, lineage.initializations.joined(separator: ", "), lineage.target,
        "\(lineage.overlap.sharedCount) of \(lineage.overlap.testCount)",
      ])
    }
    return table
  }

  private var listCounts: Table {
    var table = Table(columns: [
      .init("List"), .init("Entries", .right), .init("Initializations"), .init("Target"), .init("Test images on it", .right), .init("Recognized by"),
    ])
    for record in lists {
      for finding in record.findings {
        let kinds = TrainingListRecord.Evidence.allCases.map { kind in (kind.rawValue, finding.matches.count { $0.evidence == kind }) }
        table.append([
          finding.list, String(finding.entries), finding.initializations.joined(separator: ", "), record.task,
          "\(finding.matches.count) of \(record.testImages)", kinds.filter { $0.1 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", "),
        ])
      }
    }
    return table
  }

  // MARK: Findings

  /// What reaches the test first, then what crosses parts, then the rest.
  private static func listing(of task: Task, limit: Int) -> String {
    let audit = task.audit
    var rows = [(rank: Int, cells: [String])]()
    func rank(_ reachesTest: Bool, _ crosses: Bool) -> Int { reachesTest ? 0 : crosses ? 1 : 2 }
    for shared in audit.sharedPatients {
      let counts = shared.parts.map { "\(shared.imageCounts[$0.rawValue] ?? 0) \($0)" }.joined(separator: ", ")
      rows.append((rank(shared.reachesTest, true), ["patient in two parts", shared.patient, counts, "", ""]))
    }
    for group in audit.identical {
      let names = group.images.map { "\($0.id) (\($0.place))" }
      rows.append(
        (rank(group.reachesTest, group.crossesParts), ["identical", names[0], firstFew(Array(names.dropFirst()), atMost: 10), "", conflict(group.conflictingClasses)]))
    }
    for pair in audit.nearDuplicates {
      rows.append(
        (
          rank(pair.reachesTest, pair.crossesParts),
          [
            pair.relation.rawValue, "\(pair.first.id) (\(pair.first.place))", "\(pair.second.id) (\(pair.second.place))",
            String(format: "%.4f", pair.correlation), conflict(pair.conflictingClasses),
          ]
        ))
    }
    let ordered = rows.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.map(\.element.cells)
    var text = table(ordered, title: task.task, last: "Labels that differ", limit: limit)
    for image in audit.unreadable.prefix(limit) { text += "\(task.task): \(image.id) cannot be opened: \(image.reason)\n" }
    return text
  }

  private static func listing(of lineage: Lineage, limit: Int) -> String {
    let rows = lineage.overlap.pairs.map {
      [$0.relation.rawValue, $0.trained.id, $0.tested.id, String(format: "%.4f", $0.correlation), ""]
    }
    return table(rows, title: "\(lineage.trainedOn) → \(lineage.target)", last: "", limit: limit)
  }

  private static func listing(of finding: TrainingListRecord.Finding, task: String, limit: Int) -> String {
    if finding.matches.isEmpty { return "" }
    var table = Table(columns: [.init("\(finding.list) → \(task)"), .init("Test image"), .init("On the list")])
    for match in finding.matches.prefix(limit) { table.append([match.evidence.rawValue, match.image, match.entry]) }
    let rest = finding.matches.count - limit
    return "\n" + table.rendered() + (rest > 0 ? "… and \(rest) more; --json lists all.\n" : "")
  }

  private static func conflict(_ classes: [String]) -> String { classes.joined(separator: ", ") }

  private static func table(_ rows: [[String]], title: String, last: String, limit: Int) -> String {
    if rows.isEmpty { return "" }
    // A surplus field of a row is dropped.
    var table = Table(
      columns: [.init(title), .init("First"), .init("Second"), .init("Correlation", .right)] + (last.isEmpty ? [] : [.init(last)]))
    for row in rows.prefix(limit) { table.append(row) }
    let rest = rows.count - limit
    return "\n" + table.rendered() + (rest > 0 ? "… and \(rest) more; --json lists all.\n" : "")
  }
}
