internal import Figures
internal import Foundations
internal import Statistics
internal import Studies

/// What is said of modes beside the one that verdicts are of.
extension StudyNumbers {
  var allRunCount: Int { runs.count + (furtherModes ?? []).reduce(0) { $0 + $1.runs.count } }

  /// Means and comparisons of each further mode, for the most training images and then for each smaller part of them.
  var modeTables: [ReportTable] {
    (furtherModes ?? []).flatMap { mode in
      ([(nil, mode.analysis)] + mode.smallerFractions.map { ($0.fraction, $0.analysis) }).flatMap { fraction, analysis in
        [analysis.resultsTable.upright(heading: "Task"), analysis.comparisonsTable].map { table in
          var table = table
          table.label += "-\(mode.mode.rawValue)" + (fraction.map { "-\($0.description)" } ?? "")
          table.title += ", \(mode.mode.words)" + (fraction.map { ", \($0.percentText) of the training images" } ?? "")
          return table
        }
      }
    }
  }

  /// The section that further modes have on the page.
  func section(of modes: [ModeNumbers]) -> HTMLReport.Section {
    .init("Other modes", (modeVerdicts + [seedsOfHeads].compactMap(\.self)).map { .paragraph($0) } + modeTables.map { .table($0) })
  }

  /// `Linear probe, on effusion: …`, one for each further mode and task.
  var modeVerdicts: [String] {
    (furtherModes ?? []).flatMap { mode in
      let all = mode.analysis.verdicts
      return mode.verdictTasks.map { index in
        "\(mode.mode.words.prefix(1).uppercased())\(mode.mode.words.dropFirst()), \(all[index].task): \(all[index].statement)"
      }
    }
  }

  /// What the seeds of heads are; nil where no mode is one.
  var seedsOfHeads: String? {
    guard (furtherModes ?? []).contains(where: \.mode.isHeadOnFeatures) || outline.cells.contains(where: \.mode.isHeadOnFeatures) else { return nil }
    return "The head on the features of given weights is the same for every seed: a standard deviation of 0 over its seeds is no certainty, and what is "
      + "said of its differences rests on the patients alone. From random weights each seed is another network."
  }

  var modes: String {
    let names = (furtherModes ?? []).map(\.mode.words)
    let compared = names.isEmpty ? "" : "Runs in other modes (\(listed(names))) were compared among themselves in the same way, and no mean is over two modes."
    return [compared, seedsOfHeads ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
  }
}

extension ReportTable {
  /// Whether it is one of `modeTables`, which stand in a section of their own.
  func isOfFurtherMode(_ numbers: StudyNumbers) -> Bool {
    (numbers.furtherModes ?? []).contains { ["results", "comparisons"].contains(String(label.prefix { $0 != "-" })) && label.hasPrefix("\(label.prefix { $0 != "-" })-\($0.mode.rawValue)") }
  }
}
