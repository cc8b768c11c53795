internal import Foundations

extension PackVerification {
  /// The checks with their counts, every fault by name, and the verdict.
  public func text(faultLimit: Int = 100) -> String {
    var table = Table(columns: [.init("Checked"), .init("Count", .right), .init("Faults", .right)])
    for check in checks { table.append([check.name, String(check.count), check.faults.isEmpty ? "none" : String(check.faults.count)]) }
    var text = "\(pack): the study “\(study)”, packed by \(maker)\nSHA-256 \(sha256)\n\n" + table.rendered()
    for check in checks where !check.remark.isEmpty { text += "\n\(check.name): \(check.remark)." }
    if checks.contains(where: { !$0.remark.isEmpty }) { text += "\n" }
    let notCounting = UncountedRun.text(uncounted)
    if !notCounting.isEmpty { text += "\n" + notCounting.map { $0 + "\n" }.joined() }
    let all = faults
    if !all.isEmpty {
      text += "\n" + all.prefix(faultLimit).map { "✗ \($0.name): \($0.problem)\n" }.joined()
      if all.count > faultLimit { text += "  … and \(all.count - faultLimit) more (--json lists all)\n" }
    }
    return text + "\n" + verdict + "\n"
  }

  public var verdict: String {
    guard holds else { return "The pack does NOT hold: \(faults.count) fault\(faults.count == 1 ? "" : "s")." }
    return "The pack holds: every number follows from its predictions. That the file is its maker's, its SHA-256 tells."
  }
}
