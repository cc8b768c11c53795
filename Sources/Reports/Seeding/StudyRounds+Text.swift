internal import Foundation
internal import Foundations
internal import Statistics
internal import Studies

/// How many runs there are to be at most, and what became of them.
struct RunsSaved {
  var atMost = 0, counted = 0, next = 0, notNeeded = 0

  static func + (one: Self, other: Self) -> Self {
    Self(atMost: one.atMost + other.atMost, counted: one.counted + other.counted, next: one.next + other.next, notNeeded: one.notNeeded + other.notNeeded)
  }

  /// `60 runs at most: 26 made, 2 are next, 14 not needed (23 %)`.
  var words: String {
    let share = atMost > 0 ? " (\(fixed(100 * Double(notNeeded) / Double(atMost), 0)) %)" : ""
    return "\(grouped(atMost)) run\(atMost == 1 ? "" : "s") at most: \(grouped(counted)) made\(next > 0 ? ", \(grouped(next)) next" : ""), \(grouped(notNeeded)) not needed\(share)"
  }
}

extension StudyRounds {
  /// Of all questions.
  var saved: RunsSaved { questions.map { $0.saved(seedLimit) }.reduce(RunsSaved(), +) }

  /// What became of the seeds, for a person: how many runs were spared, and a sentence for each question.
  public var sentences: [String] {
    let state = isSettled ? "all is settled" : "not all is settled yet"
    return ["Seeds round by round, at most \(grouped(seedLimit)) each; \(state). \(saved.words)."] + questions.map { $0.sentence(seedLimit) }
  }
}

extension StudyRounds.Question {
  /// `effusion, linear probe, 10 % of the training images`
  var title: String {
    ([task] + (mode.isHeadOnFeatures ? [mode.words] : []) + (fraction.isWhole ? [] : ["\(fraction.percentText) of the training images"])).joined(separator: ", ")
  }

  func saved(_ limit: Int) -> RunsSaved {
    var saved = RunsSaved()
    for rounds in [rounds] + shownAlone {
      for arm in rounds.arms {
        let next = rounds.next[arm.name]?.count ?? 0
        saved.atMost += limit
        saved.counted += arm.seedCount
        saved.next += next
        if !rounds.mayGoOn(arm) { saved.notNeeded += limit - arm.seedCount - next }
      }
    }
    return saved
  }

  /// `effusion: settled with 3 to 6 seeds: …`
  func sentence(_ limit: Int) -> String {
    let counts = rounds.arms.map(\.seedCount), least = counts.min() ?? 0, most = counts.max() ?? 0
    let seeds = least == most ? "\(least) seed\(least == 1 ? "" : "s")" : "\(least) to \(most) seeds"
    guard rounds.isSettled else {
      let asked = rounds.arms.filter { rounds.next[$0.name] != nil }.map(\.name)
      return "\(title): in question after \(seeds); next: \(listed(asked)).\(rounds.standings.map { " \($0)." } ?? "")"
    }
    return "\(title): settled with \(seeds).\(rounds.standings.map { " \($0)." } ?? "")"
  }
}

extension SeedRounds {
  /// Whether more seeds of it may still come.
  func mayGoOn(_ arm: Arm) -> Bool { !isSettled && (next[arm.name] != nil || [.inQuestion, .best].contains(arm.standing)) }

  /// How the initializations stand, in one sentence without its stop; nil before the first look.
  var standings: String? {
    guard let best = arms.first(where: { $0.standing == .best }) else { return nil }
    let kinds: [(Standing, (String) -> String)] = [
      (.worse, { "shown to be worse: \($0)" }),
      (.hopeless, { "no more seeds for \($0), since all \(design.most) are unlikely to settle it" }),
      (.undecided, { "not told from it by \(design.most) seeds: \($0)" }), (.inQuestion, { "in question: \($0)" }),
      (.undefined, { "not compared: \($0)" }),
    ]
    let words = kinds.compactMap { standing, words -> String? in
      let names = arms.filter { $0.standing == standing }.map(\.name)
      return names.isEmpty ? nil : words(firstFew(names, atMost: 6))
    }
    return "Best mean: \(best.name)" + words.map { "; \($0)" }.joined()
  }

  /// What a verdict says beside the best: by which levels, or why there are no more seeds.
  var details: [String] {
    let level = significant(design.significance, 6)
    var lines = [
      "Seeds were added in rounds, from \(design.least) to at most \(design.most) each; \(level) is the level of all looks and all \(grouped(pairCount)) pair\(pairCount == 1 ? "" : "s") together."
    ]
    let worse = arms.filter { $0.standing == .worse }
    for arm in worse.prefix(3) {
      guard let look = arm.look else { continue }
      lines.append("\(arm.name) is shown to be worse than \(look.against) \(look.words).")
    }
    if worse.count > 3 { lines.append("The levels of the other \(worse.count - 3) that are shown to be worse are in the comparisons.") }
    for arm in arms where [.hopeless, .undecided, .inQuestion].contains(arm.standing) {
      guard let look = arm.look else { continue }
      lines.append("\(arm.name) is not told from \(look.against) \(look.words)\(reason(arm, look)).")
    }
    for arm in arms where arm.standing == .undefined { lines.append("\(arm.name) could not be compared: \(arm.reason ?? "").") }
    return lines
  }

  private func reason(_ arm: Arm, _ look: Look) -> String {
    switch arm.standing {
    case .hopeless:
      let patients = look.parts.variance > 0 ? fixed(100 * look.parts.patientPart / look.parts.variance, 0) : "0"
      let chance = look.chance.map { "the chance that \(design.most) seeds would settle it is \(chanceWords($0))" } ?? ""
      let endless =
        (look.chanceWithEndlessSeeds ?? 1) < design.leastChance
        ? ", and no number of seeds is likely to: other patients make \(patients) % of the variance, which seeds leave as it is" : ""
      return "; no more seeds, since \(chance)\(endless)"
    case .undecided: return "; \(design.most) seeds are the most that were asked for"
    case .inQuestion: return "; more seeds are to come"
    case .best, .worse, .undefined: return ""
    }
  }

  private func chanceWords(_ chance: Double) -> String { chance < 0.01 ? "below 1 %" : "\(fixed(100 * chance, 0)) %" }
}

extension SeedRounds.Look {
  /// `with 5 and 5 seeds (look 3, p = 0.0021 against a level of 0.0107)`
  var words: String {
    "with \(seeds[0]) and \(seeds[1]) seeds (look \(count), p = \(pText(.value(p))) against \(level > 0 ? "a level of \(significant(level, 2))" : "a level of nothing yet"))"
  }
}
