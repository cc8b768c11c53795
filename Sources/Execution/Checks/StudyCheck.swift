import Foundations
public import RunStore
public import Studies

/// What the look at a study's data came to, a task after the other.
public struct StudyCheck: Encodable, Sendable {
  public let tasks: [DataCheckRecord]

  public var findings: [DataFinding] { tasks.flatMap(\.findings) }
  public var refusals: [DataFinding] { tasks.flatMap(\.refusals) }

  /// - Throws: `ExecutionError` that says every refusal at once.
  public func requireUsable() throws {
    let refused = refusals
    if !refused.isEmpty { throw ExecutionError.refusedData(refused) }
  }

  /// What is in each part, and the findings, for a terminal.
  public var terminalText: String {
    var text = counts.rows.isEmpty ? "" : counts.rendered()
    for record in tasks where !record.filesUnused.isEmpty || record.filesUsed > 0 { text += files(of: record) }
    if !findings.isEmpty { text += "\n" + findings.map(Self.lines).joined() }
    return text + "\n" + summary + "\n"
  }

  /// One line a finding but what is only worth knowing, for where a table of runs is the subject.
  public var shortText: String {
    let told = findings.filter { $0.severity != .noted }
    return told.map(Self.lines).joined() + summary + "\n"
  }

  public var summary: String {
    func count(_ severity: DataFinding.Severity) -> Int { findings.count { $0.severity == severity && !$0.isAccepted } }
    let accepted = findings.count(where: \.isAccepted), undecoded = tasks.filter { !$0.isDecoded && $0.data != nil }
    var words = ["\(count(.refused)) refused", "\(count(.warned)) warned", "\(count(.noted)) noted"]
    if accepted > 0 { words.append("\(accepted) accepted") }
    return "Data: \(words.joined(separator: ", "))." + (undecoded.isEmpty ? "" : " No image of \(undecoded.map(\.task).joined(separator: ", ")) was decoded.")
  }

  private var counts: Table {
    let hasClasses = tasks.contains { $0.parts.contains { !$0.classes.isEmpty } }
    var table = Table(
      columns: [.init("Task"), .init("Part"), .init("Images", .right), .init("Patients", .right)] + (hasClasses ? [.init("Present of known labels")] : []))
    for record in tasks {
      for part in record.parts {
        table.append([record.task, part.part, String(part.images), part.patients.map(String.init) ?? "not known", Self.words(part.classes)])
      }
    }
    return table
  }

  private static func words(_ classes: [SplitRecord.ClassCount]) -> String {
    firstFew(
      classes.map { one in
        let open = one.unknown + one.uncertain
        return "\(one.name) \(one.present) of \(one.present + one.absent)" + (open > 0 ? " (\(open) open)" : "")
      }, atMost: 4)
  }

  private func files(of record: DataCheckRecord) -> String {
    let unused = record.filesUnused.values.reduce(0, +)
    let reasons = record.filesUnused.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
    return "\(record.task): \(record.filesUsed) files of its folders used, \(unused) not\(unused == 0 ? "" : " (\(reasons.joined(separator: ", ")))").\n"
  }

  static func lines(_ finding: DataFinding) -> String {
    let mark = finding.isAccepted ? "accepted" : finding.severity.rawValue
    let head = mark.padding(8) + "  \(finding.task)\(finding.part.map { ", \($0)" } ?? "")  [\(finding.code)]\n"
    return head + "          \(finding.sentence)\n" + (finding.remedy.isEmpty ? "" : "          → \(finding.remedy)\n")
  }
}

extension String {
  fileprivate func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

extension StudyData {
  /// The plan; where data cannot be used as they are, everything that is wrong with them at once.
  public func usablePlan(_ filter: PlanFilter = PlanFilter()) throws -> Plan {
    do {
      return try plan(filter)
    } catch let error as StudiesError where error.kind == .missingFingerprints {
      let wanted = filter.tasks.isEmpty ? nil : Set(filter.tasks)
      let refused = try check(wanted, opensPictures: false).refusals
      if refused.isEmpty { throw error }
      throw ExecutionError.unplannable(error, refused)
    }
  }
}
