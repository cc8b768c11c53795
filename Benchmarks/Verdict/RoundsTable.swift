import Foundation
import Foundations
import Reports
import Statistics

/// What seeds that are added round by round come to, beside all seeds at once: how often equal initializations are said to differ, how often
/// a better one is found, and how many runs that takes. Every study goes from the bytes of its runs to the rounds as `run` does.
enum RoundsTable {
  private static let most = 20
  /// Differences in standard errors of all seeds: none, one that all seeds find in eight of ten studies or so, and a clear one.
  private static let shifts = [0, 2.8, 6.0]

  private struct Outcome {
    /// Whether any is said to be worse than another.
    let isAnyTold: Bool
    /// Whether the last, which is the better one, is best and all others are shown to be worse.
    let isFound: Bool
    /// The same of all seeds at once, in the report; nil where that was not asked, since it takes longer.
    let all: (isFound: Bool, isAnyTold: Bool)?
    let runs: Int
  }

  /// Whether false claims are at most 5 of 100, within what so many studies can tell, and a clear difference spares 40 of 100 runs.
  static func isKept(_ kinds: [MadeUpStudy.Kind], studies: Int) throws -> Bool {
    VerdictSimulation.say(
      "Seeds in rounds, 3 to \(most) each, beside all \(most). “Said to differ”: any two of the initializations; “found”: the better one is best and all others are shown to be worse\n"
    )
    VerdictSimulation.say(
      "| values | test images | initializations | seeds’ spread | true difference | said to differ, rounds | all \(most) | found, rounds | all \(most) | runs saved |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    )
    var mostFalse = 0.0, leastSaved = 1.0
    for kind in kinds {
      for (images, initializations, spread) in [(50, 2, 8.0), (200, 2, 1), (200, 2, 8), (200, 4, 8)] {
        let rounds = try MadeUpStudy(kind, images: images, seeds: most, initializations: initializations, seedSpread: spread, isInRounds: true)
        let full = try MadeUpStudy(kind, images: images, seeds: most, initializations: initializations, seedSpread: spread)
        for shift in shifts {
          // A share near 5 % asks for more studies than one near all or none.
          let studies = shift == 0 ? studies : max(10, studies / 4), whole = shift == 0 ? studies / 4 : studies
          let outcomes = try concurrentMap(studies) { study in Result { try outcome(rounds, study < whole ? full : nil, study, shift * rounds.standardError) } }.map {
            try $0.get()
          }
          func share(_ isCounted: (Outcome) -> Bool) -> Double { Double(outcomes.count(where: isCounted)) / Double(outcomes.count) }
          let all = outcomes.compactMap(\.all)
          func shareOfAll(_ isCounted: (Bool, Bool) -> Bool) -> Double { Double(all.count { isCounted($0.isFound, $0.isAnyTold) }) / Double(max(1, all.count)) }
          let saved = 1 - Double(outcomes.reduce(0) { $0 + $1.runs }) / Double(studies * initializations * most)
          if shift == 0 { mostFalse = max(mostFalse, share(\.isAnyTold)) }
          if shift == shifts.last { leastSaved = min(leastSaved, saved) }
          let told = shift == 0 ? [share(\.isAnyTold), shareOfAll { $1 }].map(VerdictSimulation.percent) : ["", ""]
          let found = shift == 0 ? ["", ""] : [share(\.isFound), shareOfAll { isFound, _ in isFound }].map(VerdictSimulation.percent)
          VerdictSimulation.say(
            "| \(name(kind)) | \(images) | \(initializations) | × \(Int(spread)) | \(shift == 0 ? "none" : String(format: "%.1f SE", shift)) | \((told + found).joined(separator: " | ")) | \(VerdictSimulation.percent(saved)) |"
          )
        }
      }
    }
    // Of so many studies a share of 5 % is seen as at most this, in 99 of 100 tables' lines.
    let limit = 0.05 + 2.6 * (0.05 * 0.95 / Double(studies)).squareRoot()
    VerdictSimulation.say(
      "\nMost said to differ with equal means: \(VerdictSimulation.percent(mostFalse)) (at most \(VerdictSimulation.percent(limit)) of so many studies). Least saved where one is clearly best: \(VerdictSimulation.percent(leastSaved))."
    )
    return mostFalse <= limit && leastSaved >= 0.4
  }

  private static func name(_ kind: MadeUpStudy.Kind) -> String {
    if case .auroc(let prevalence) = kind { return "AUROC, \(prevalence) % positive" }
    return "Dice (pooled)"
  }

  private static func outcome(_ rounds: MadeUpStudy, _ full: MadeUpStudy?, _ study: Int, _ shift: Double) throws -> Outcome {
    let found = try rounds.rounds(study: study, shift: shift), task = try full?.numbers(study: study, shift: shift).analysis.tasks[0]
    let all = task.map { task -> (isFound: Bool, isAnyTold: Bool) in
      let told = task.againstBest?.comparisons.map { $0.isToldApart == true } ?? []
      return (task.best.known == "second" && told.allSatisfy(\.self), told.contains(true))
    }
    return Outcome(
      isAnyTold: found.arms.contains { $0.standing == .worse },
      isFound: found.arm("second")?.standing == .best && found.arms.allSatisfy { $0.name == "second" || $0.standing == .worse },
      all: all, runs: found.arms.reduce(0) { $0 + $1.seedCount })
  }
}
