import Figures
import Foundation
import Foundations
import RunStore
import Statistics
import Studies
import Testing

@testable import Reports

@Suite("Reports of seeds that are added round by round")
struct SeedingReportTests {
  /// Plays the rounds as `run` does: makes the cells that are asked for until none is.
  private func settled(_ fixture: EvidenceFixture) throws -> (plan: Plan, rounds: StudyRounds) {
    for _ in 0..<20 {
      let needed = fixture.plan.asNeeded()
      let open = needed.plan.cells.filter { RunDirectory(of: $0, in: fixture.output).state(of: $0) == .missing }
      guard !open.isEmpty else { return (needed.plan, try #require(needed.rounds)) }
      try fixture.finish(open)
    }
    throw CancellationError()
  }

  @Test("A settled study says its rounds, its levels and the runs that were not needed, which are neither missing nor counted")
  func settledReport() throws {
    let fixture = try EvidenceFixture(seeds: "{atMost: 8}"), (plan, rounds) = try settled(fixture)
    #expect(rounds.isSettled)
    #expect(plan.cells.count < 48)
    #expect(plan.cells.count + plan.notNeeded.count == 48)
    let share = String(format: "%.0f", 100 * Double(plan.notNeeded.count) / 48)
    let saved = "48 runs at most: \(plan.cells.count) made, \(plan.notNeeded.count) not needed (\(share) %)."
    #expect(rounds.sentences[0] == "Seeds round by round, at most 8 each; all is settled. \(saved)")
    let status = try StatusReport(fixture.plan)
    #expect(status.plan.count(.notNeeded) == plan.notNeeded.count)
    #expect(status.plan.count(.missing) == 0)
    #expect(status.terminalText.contains("not needed"))
    #expect(status.terminalText.contains("Seeds round by round, at most 8 each; all is settled."))

    let folder = try StudyFolder(fixture.plan, settings: StudySettings(bootstrap: .never), maker: "test"), numbers = folder.numbers
    #expect(numbers.rounds == rounds)
    #expect(numbers.runs.count == plan.cells.count)
    let chest = numbers.analysis.tasks[0], best = try #require(chest.rounds?.arms.first { $0.standing == .best })
    #expect(chest.best.known == best.name)
    #expect(chest.againstBaseline?.reason == "seeds that are added round by round settle comparisons with the best alone")
    for comparison in try #require(chest.againstBest).comparisons {
      let arm = try #require(chest.rounds?.arm(comparison.second))
      #expect(comparison.isToldApart == (arm.standing == .worse))
      #expect(comparison.adjustedP.known == nil)
      #expect(comparison.look == arm.look)
    }
    let verdict = try #require(folder.verdicts.first)
    #expect(verdict.statement.contains("(seeds in rounds, 0.05 for all looks and pairs together"), "\(verdict.statement)")
    #expect(verdict.statement.contains("adjusted level"), "\(verdict.statement)")
    #expect(verdict.details.first == "Seeds were added in rounds, from 3 to at most 8 each; 0.05 is the level of all looks and all 3 pairs together.", "\(verdict.details)")
    #expect(numbers.methods.contains("Lan and DeMets"))
    #expect(!folder.terminalText(width: nil).contains("missing"))
    // Further metrics did not decide: of the vessels the Dice per image.
    #expect(numbers.analysis.tasks.map { $0.rounds != nil } == [true, true, false])
  }

  @Test("A finished run with a seed that was not asked for does not count, and the report says so; with all seeds it is the full factorial")
  func beyond() throws {
    let fixture = try EvidenceFixture(seeds: "{atMost: 8}"), (plan, rounds) = try settled(fixture)
    let before = try StudyNumbers(StudyOutline(plan), from: RunFolderSource(fixture.output), settings: StudySettings(bootstrap: .never)).json()
    try fixture.finish([try #require(plan.notNeeded.first)])
    let folder = try StudyFolder(fixture.plan, settings: StudySettings(bootstrap: .never), maker: "test")
    #expect(folder.numbers.rounds == rounds)
    #expect(try folder.numbers.json() == before)
    #expect(folder.terminalText(width: nil).contains("1 finished run has a seed that no verdict asked for, and does not count."))
  }

  @Test("Before all is settled the plan is the round that comes next, and the report says what is in question")
  func begun() throws {
    let fixture = try EvidenceFixture(seeds: "{atMost: 8}"), first = fixture.plan.asNeeded()
    #expect(first.plan.cells.map(\.seed).max() == 3)
    #expect(first.plan.cells.count == 18)
    #expect(first.rounds?.isSettled == false)
    try fixture.finish(first.plan.cells.filter { $0.seed < 3 })
    let next = fixture.plan.asNeeded(), kept = fixture.plan.asNeeded(keepsLater: true)
    #expect(next.plan.cells == first.plan.cells)
    #expect(kept.plan.cells == fixture.plan.cells)
    #expect(next.rounds?.sentences[1] == "chest: in question after 2 seeds; next: imagenet, seen and random.", "\(next.rounds?.sentences ?? [])")
    #expect(next.rounds?.sentences[0] == "Seeds round by round, at most 8 each; not all is settled yet. 48 runs at most: 12 made, 6 next, 0 not needed (0 %).")
    let full = try EvidenceFixture(seeds: "8")
    #expect(full.plan.asNeeded().rounds == nil)
    #expect(full.plan.asNeeded().plan == full.plan)
  }
}
