import Foundation
import Foundations
import Metrics
import Reports
import RunStore
import Studies
import Testing

@Suite struct PlanReportTests {
  @Test("A plan shows each run with what it starts from and how far it is")
  func plan() throws {
    let fixture = try ReportFixture(seeds: "[1]")
    try fixture.finish(try fixture.cell("findings", "random", 1), fixture.ranking(["Edema", "Mass"], above: 0, of: 2))
    let begun = try fixture.begin(try fixture.cell("sick", "random", 1))
    try Data("{\"epoch\":1,\"loss\":1,\"step\":1}\n{\"epoch\":2,\"loss\":1,\"step\":2}\n{\"epoch\":3,\"lo".utf8).write(to: begun.historyFile)
    let report = PlanReport(fixture.plan)
    #expect(
      report.terminalText == """
        #  Task      Initialization  Seed  Mode            Purpose  After  State
        ─  ────────  ──────────────  ────  ──────────────  ───────  ─────  ────────────────────
        1  findings  random             1  fullFineTuning  result          finished
        2  sick      random             1  fullFineTuning  result          interrupted, epoch 2
        3  sick      adapted            1  fullFineTuning  result      #1  missing
        4  vessels   random             1  fullFineTuning  result          missing
        5  vessels   adapted            1  fullFineTuning  result      #1  missing

        5 runs: 1 finished, 1 interrupted, 3 missing.
        Not run, because the initialization was trained on the task itself: findings from adapted.

        """)
    let read = try JSONDecoder().decode(PlanReport.self, from: try CanonicalJSON.encode(report))
    #expect(read == report)
  }

  @Test("The status counts finished runs of each field and gives every reason")
  func status() throws {
    let fixture = try ReportFixture(seeds: "[1, 2]")
    for seed in [1, 2] {
      try fixture.finish(try fixture.cell("findings", "random", seed), fixture.ranking(["Edema", "Mass"], above: 0, of: 2))
    }
    let failed = try fixture.cell("sick", "adapted", 2)
    try fixture.begin(failed).write(RunStatus.failed(code: "x", message: "There is no room left."))
    let working = try fixture.begin(try fixture.cell("vessels", "random", 1))
    let lease = try #require(try Lease.acquire(in: working.url))
    try Data("{\"epoch\":5,\"loss\":1,\"step\":9}\n".utf8).write(to: working.historyFile)
    let stray = fixture.study.outputDirectory.appendingPathComponent("sick/random/seed7-0123456789ab")
    try FileManager.default.createDirectory(at: stray, withIntermediateDirectories: true)
    try Data("{}".utf8).write(to: stray.appendingPathComponent("metrics.json"))
    let report = try StatusReport(fixture.plan)
    #expect(
      report.terminalText == """
        Task              random        adapted
        ────────  ──────────────  ─────────────
        findings             2/2              –
        sick                 0/2  0/2, 1 failed
        vessels   0/2, 1 in work            0/2

        10 runs: 2 finished, 1 failed, 1 in work, 6 missing.
        vessels from random, seed 1: in work, epoch 5
        sick from adapted, seed 2, failed: There is no room left.
        The folder sick/random/seed7-0123456789ab cannot be read as a run: The run has no cell.json in \(stray.path). Delete that folder; the next run of the study makes it again.

        """)
    withExtendedLifetime(lease) {}
    let read = try JSONDecoder().decode(StatusReport.self, from: try CanonicalJSON.encode(report))
    #expect(read == report)
  }
}
