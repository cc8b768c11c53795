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

  @Test("A plan says how tasks are trained that are not trained by the standard rules")
  func trainingRules() throws {
    let text = """
      seeds: [1]
      initializations: {random: random}
      tasks:
        standard:
          kind: binaryClassification
          data: {classFolders: {training: a, positive: b}}
          recipe: {epochs: 3, architecture: resnet18, learningRate: 1e-3}
        modern:
          kind: multiLabelClassification
          data: {manifest: {file: labels.csv, labelColumns: [Edema, Mass]}}
          recipe:
            optimizer: {adamW: {weightDecay: 0.05, beta2: 0.95}}
            weightDecayExclusions: normsAndBiases
            layerDecay: 0.75
            schedule: {warmUp: {epochs: 5, then: cosineBySteps}}
            gradientClipping: 1
            gradientAccumulation: 4
            classWeights: {Mass: 2.5}
        older:
          kind: binarySegmentation
          data: {maskFolders: {training: {images: images, masks: masks}}}
          recipe: {optimizer: {sgd: {nesterov: true}}, schedule: {step: {epochs: 30}}, learningRate: 0.05}
      """
    let study = try Study.decode(text, file: URL(fileURLWithPath: "/studies/rules.yaml"))
    let report = PlanReport(try Plan(study, fingerprints: Fingerprints(data: { $0.name }, weights: { $0 })))
    #expect(report.training.map(\.task) == ["modern", "older"])
    #expect(
      report.terminalText.hasSuffix(
        """

        Task    Optimizer                                                   Learning rate                           Schedule                                   Gradients                            Class weights
        ──────  ──────────────────────────────────────────────────────────  ──────────────────────────────────────  ─────────────────────────────────────────  ───────────────────────────────────  ─────────────
        modern  AdamW, β₂ 0.95, weight decay 0.05 but for norms and biases  0.0002, times 0.75 from stage to stage  warm-up of 5 epochs, then cosine by steps  4 batches a step, clipped to norm 1  Mass 2.5
        older   SGD, Nesterov momentum 0.9                                  0.05                                    times 0.1 every 30 epochs

        """))
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
        The folder sick/random/seed7-0123456789ab cannot be read as a run: The run has no cell.json in \(stray.path).

        """)
    withExtendedLifetime(lease) {}
    let read = try JSONDecoder().decode(StatusReport.self, from: try CanonicalJSON.encode(report))
    #expect(read == report)
  }
}
