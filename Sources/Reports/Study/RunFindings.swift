internal import Foundations
internal import RunStore
internal import Studies

/// What must be said of the files of a finished run, beside its numbers.
struct RunFindings: Sendable {
  /// It is of a program that made no seals.
  var isUnsealed = false
  var lacksWeights = false
  /// What its `metrics.json` states and its predictions do not give; empty where they agree.
  var differences: [String] = []

  init() {}

  /// - Parameters:
  ///   - own: all metrics as they follow from the predictions; nil where not all were computed, and nothing is compared.
  init(_ condition: RunCondition, _ reader: RunReader, own: RunMetrics?) {
    isUnsealed = !condition.isSealed
    lacksWeights = condition.lacksWeights
    guard let own else { return }
    do {
      differences = try reader.metricDifferences(from: own, in: condition).map(\.words)
    } catch {
      differences = ["metrics.json cannot be compared: \(sentence(for: error))"]
    }
  }

  /// A sentence for each thing, whatever the number of runs.
  static func remarks(_ runs: [(cell: Cell, findings: RunFindings)]) -> [String] {
    func named(_ runs: [(cell: Cell, findings: RunFindings)]) -> String { firstFew(runs.map { $0.cell.relativePath }, atMost: 2) }
    func counted(_ count: Int) -> String { "\(grouped(count)) finished run\(count == 1 ? "" : "s")" }
    var remarks: [String] = []
    let differing = runs.filter { !$0.findings.differences.isEmpty }
    for run in differing.prefix(5) {
      let all = run.findings.differences
      remarks.append(
        "The metrics.json of \(run.cell.relativePath) does not follow from its predictions, which count here: \(firstFew(all, atMost: 2, separator: "; ")).")
    }
    if differing.count > 5 { remarks.append("So it is with \(counted(differing.count - 5)) more.") }
    let unsealed = runs.filter { $0.findings.isUnsealed }
    if !unsealed.isEmpty {
      let verb = unsealed.count == 1 ? "has" : "have"
      remarks.append(
        "\(counted(unsealed.count)) \(verb) no seal, as an earlier version made \(unsealed.count == 1 ? "it" : "them"): that the files are those of the run, nothing vouches for.")
    }
    let without = runs.filter { $0.findings.lacksWeights }
    if !without.isEmpty {
      remarks.append(
        "\(counted(without.count)) \(without.count == 1 ? "has" : "have") no best.safetensors any more (\(named(without))): no number here needs it, and “medtransfer run --verify” makes it again."
      )
    }
    return remarks
  }
}
