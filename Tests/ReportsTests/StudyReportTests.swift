import Foundation
import Foundations
import Metrics
import RunStore
import Statistics
import Studies
import Testing

@testable import Reports

@Suite struct StudyReportTests {
  @Test("A field holds mean ± sample standard deviation (ddof = 1) with n, and says what is missing or failed")
  func fields() throws {
    let fixture = try ReportFixture()
    // AUROC 0.9, 0.8, 0.7: mean 80 %, standard deviation 10 % with n − 1 (8.16 % with n).
    for (seed, above) in [(1, 1), (2, 2), (3, 3)] {
      try fixture.finish(try fixture.cell("findings", "random", seed), fixture.ranking(["Edema", "Mass"], above: above, of: 10))
    }
    try fixture.finish(try fixture.cell("sick", "random", 1), fixture.ranking(["p"], above: 1, of: 8))
    try fixture.begin(try fixture.cell("sick", "random", 2)).write(RunStatus.failed(code: "training.lossNotFinite", message: "The loss became nan."))
    for seed in [1, 2] {
      let counts = [PixelConfusion(truePositives: 3, falsePositives: seed, falseNegatives: 1, trueNegatives: 9), PixelConfusion(trueNegatives: 14)]
      let rows = counts.enumerated().map { SegmentationPredictions.Row(id: "\($0.offset).png", patient: nil, counts: $0.element) }
      try fixture.finish(try fixture.cell("vessels", "adapted", seed), .segmentation(SegmentationPredictions(rows: rows)))
    }
    let report = try StudyReport(fixture.plan)
    #expect(report.table.columns.map(\.title) == ["Task", "Metric, %", "random", "adapted"])
    #expect(
      report.table.rows == [
        ["findings", "AUROC (macro)", "80.00 ± 10.00 (n = 3)", "–"],
        ["sick", "AUROC", "87.50 (n = 1; 1 failed, 1 missing)", "3 missing"],
        ["vessels", "Dice (pooled)", "3 missing", "70.83 ± 5.89 (n = 2; 1 missing)"],
        ["vessels", "Dice (per image)", "3 missing", "85.42 ± 2.95 (n = 2; 1 missing)"],
      ])
    #expect(report.remarks == ["sick from random, seed 2 failed: The loss became nan."])
    let summary = report.rows[0].fields[0].summary
    #expect(abs((summary.standardDeviation.number ?? 0) - 0.1) < 1e-15)
  }

  @Test("The table is aligned for a terminal and whole in Markdown")
  func text() throws {
    let fixture = try ReportFixture(seeds: "[1]")
    try fixture.finish(try fixture.cell("sick", "random", 1), fixture.ranking(["p"], above: 0, of: 4))
    let report = try StudyReport(fixture.plan)
    let legend = "Mean ± standard deviation (n − 1 in its denominator) over n seeds, on the test set; – where the initialization was trained on the task itself."
    #expect(
      report.terminalText == """
        Task      Metric, %                 random    adapted
        ────────  ────────────────  ──────────────  ─────────
        findings  AUROC (macro)          1 missing          –
        sick      AUROC             100.00 (n = 1)  1 missing
        vessels   Dice (pooled)          1 missing  1 missing
        vessels   Dice (per image)       1 missing  1 missing

        \(legend)

        """)
    #expect(
      report.markdown == """
        # eyes and chests

        | Task | Metric, % | random | adapted |
        |---|---|---:|---:|
        | findings | AUROC (macro) | 1 missing | – |
        | sick | AUROC | 100.00 (n = 1) | 1 missing |
        | vessels | Dice (pooled) | 1 missing | 1 missing |
        | vessels | Dice (per image) | 1 missing | 1 missing |

        - \(legend)

        """)
  }

  @Test("Initializations that do not fit a terminal stand in a table below, whole; without a terminal all stand side by side")
  func widths() throws {
    let fixture = try ReportFixture(seeds: "[1]")
    try fixture.finish(try fixture.cell("sick", "random", 1), fixture.ranking(["p"], above: 0, of: 4))
    let report = try StudyReport(fixture.plan)
    #expect(report.terminalText(width: nil) == report.terminalText && report.terminalText(width: 53) == report.terminalText)
    let narrow = report.terminalText(width: 52).split(separator: "\n")
    #expect(narrow.filter { $0.hasPrefix("Task") }.map { $0.split(separator: " ").last } == ["random", "adapted"])
    #expect(narrow.contains { $0.contains("100.00 (n = 1)") } && !narrow.contains { $0.contains("…") })
  }

  @Test("Files that runs left out are counted over all runs of a task and named, up to a limit with the total", arguments: [3, 30])
  func quarantine(count: Int) throws {
    let fixture = try ReportFixture(seeds: "[1, 2]")
    for seed in [1, 2] {
      let cell = try fixture.cell("sick", "random", seed)
      try fixture.finish(cell, fixture.ranking(["p"], above: 0, of: 4))
      let training = (0..<count).filter { $0 % 2 == seed - 1 || $0 == 0 }.map { ["id": String(format: "%03d.png", $0), "reason": "cut short"] }
      var content: [String: Any] = ["training": training, "test": [["id": "t.png"]]]
      // Only newer runs name those of validation.
      if seed == 2 { content["validation"] = [["id": "u.png", "reason": "cut short"]] }
      try JSONSerialization.data(withJSONObject: content).write(to: fixture.directory(cell).quarantineFile)
    }
    let text = try StudyFolder(fixture.plan, maker: "test").markdown
    let named = (0..<min(count, 20)).map { String(format: "%03d.png", $0) }.joined(separator: ", ")
    let end = count == 3 ? ", t.png, u.png; why is" : " and 12 more; all are"
    #expect(
      text.contains(
        "\(count + 2) files of sick could not be read and are left out (\(count) of the training set, 1 of the validation set and 1 of the test set): \(named)\(end) in quarantine.json of the runs."
      ),
      "\(text)")
  }

  @Test("The CSV has one line for every metric of every run, with the reason where there is no value")
  func csv() throws {
    let fixture = try ReportFixture(seeds: "[1]"), cell = try fixture.cell("findings", "random", 1)
    let rows = [
      ClassificationPredictions.Row(id: "a", patient: "p", targets: [1, 0], probabilities: [0.5, 0.5]),
      ClassificationPredictions.Row(id: "b", patient: "p", targets: [0, .nan], probabilities: [0.25, 0.5]),
      ClassificationPredictions.Row(id: "c", patient: "q", targets: [0, 0], probabilities: [0.75, 0.5]),
      ClassificationPredictions.Row(id: "d", patient: "q", targets: [0, 0], probabilities: [0.0, 0.5]),
    ]
    try fixture.finish(cell, .classification(ClassificationPredictions(classNames: ["Edema", "Mass"], rows: rows)))
    let report = try StudyReport(fixture.plan)
    let run = cell.relativePath, start = "eyes and chests,findings,random,fullFineTuning,1,1"
    #expect(
      String(decoding: report.csv, as: UTF8.self) == """
        study,task,initialization,mode,seed,fraction,metric,class,value,undefined,images,identity,run
        \(start),aurocMacro,,0.6666666666666666,,4,\(cell.identity),\(run)
        \(start),auroc,Edema,0.6666666666666666,,4,\(cell.identity),\(run)
        \(start),auroc,Mass,,no positive sample,4,\(cell.identity),\(run)

        """)
    #expect(report.remarks == ["On findings, the AUROC of “Mass” is undefined (no positive sample); means over classes leave it out."])
  }

  @Test("A metric that is undefined is never counted as 0")
  func undefined() throws {
    let fixture = try ReportFixture(seeds: "[1, 2]")
    try fixture.finish(try fixture.cell("sick", "random", 1), fixture.ranking(["p"], above: 1, of: 4))
    let positive = ClassificationPredictions.Row(id: "a", patient: nil, targets: [1], probabilities: [0.5])
    try fixture.finish(try fixture.cell("sick", "random", 2), .classification(ClassificationPredictions(classNames: ["p"], rows: [positive])))
    #expect(try StudyReport(fixture.plan).table.rows[1][2] == "75.00 (n = 1; 1 undefined)")
  }

  @Test("A run made again never counts twice, and runs with other settings do not count")
  func noDoubleCount() throws {
    let fixture = try ReportFixture(seeds: "[1, 2]"), cell = try fixture.cell("sick", "random", 1)
    try fixture.finish(cell, fixture.ranking(["p"], above: 1, of: 4))
    try fixture.finish(cell, fixture.ranking(["p"], above: 1, of: 4))
    #expect(try StudyReport(fixture.plan).table.rows[1][2] == "75.00 (n = 1; 1 missing)")
    // The same task, initialization and seed with another recipe: an older run beside the new one.
    var other = fixture.study
    for index in other.tasks.indices { other.tasks[index].recipe.epochs = 5 }
    let otherPlan = try Plan(other, fingerprints: Fingerprints(data: { $0.name }, weights: { $0 }))
    let older = try #require(otherPlan.cells.first { $0.task == "sick" && $0.initialization == "random" && $0.seed == 1 })
    #expect(older.identity != cell.identity)
    let directory = fixture.directory(older)
    try directory.begin(try #require(CellRecord(older, in: otherPlan)))
    try PredictionsFile.write(fixture.ranking(["p"], above: 4, of: 4), to: directory.predictionsFile)
    try directory.write(RunMetrics(entries: [], imageCount: 5))
    try directory.finish(older)
    let report = try StudyReport(fixture.plan)
    #expect(report.table.rows[1][2] == "75.00 (n = 1; 1 missing)")
    #expect(report.remarks == ["1 run was made with other settings or data and does not count, such as \(older.relativePath)."])
    #expect(report.entries.filter { $0.metric == .aurocMacro }.count == 1)
  }

  @Test("A broken run is said and hides no other")
  func broken() throws {
    let fixture = try ReportFixture(seeds: "[1, 2]")
    let first = try fixture.cell("sick", "random", 1), second = try fixture.cell("sick", "random", 2)
    for cell in [first, second] { try fixture.finish(cell, fixture.ranking(["p"], above: 1, of: 4)) }
    let file = fixture.directory(second).predictionsFile
    let size = try Data(contentsOf: file).count
    try Data("id,patient\n".utf8).write(to: file)
    let report = try StudyReport(fixture.plan)
    #expect(report.table.rows[1][2] == "75.00 (n = 1; 1 broken)")
    #expect(
      report.remarks == [
        "sick from random, seed 2 cannot be counted: The seal of this run is broken: predictions.csv has 11 bytes instead of \(size). Run the study again, which makes this run anew."
      ])
  }

  @Test("A metrics.json that does not follow from the predictions is said, and so are runs without a seal and without weights")
  func findings() throws {
    let fixture = try ReportFixture(seeds: "[1, 2]")
    let first = try fixture.cell("sick", "random", 1), second = try fixture.cell("sick", "random", 2)
    for cell in [first, second] {
      try fixture.finish(cell, fixture.ranking(["p"], above: 1, of: 4))
      let directory = fixture.directory(cell)
      try directory.write(RunMetrics(entries: [RunMetrics.Entry(metric: .aurocMacro, value: .value(cell == first ? 0.75 : 0.7))], imageCount: 5))
      if cell == first { try Data("weights".utf8).write(to: directory.weightsFile) }
      if cell == first { try directory.finish(cell) } else { try FileManager.default.removeItem(at: directory.sealFile) }
      if cell == second { try directory.write(RunStatus.finished) }
    }
    try FileManager.default.removeItem(at: fixture.directory(first).weightsFile)
    let folder = try StudyFolder(fixture.plan, maker: "medtransfer test")
    #expect(
      folder.report.remarks == [
        "The metrics.json of \(second.relativePath) does not follow from its predictions, which count here: AUROC (macro) is 0.7, and the predictions give 0.75.",
        "1 finished run has no seal, as an earlier version made it: that the files are those of the run, nothing vouches for.",
        "1 finished run has no best.safetensors any more (\(first.relativePath)): no number here needs it, and “medtransfer run --verify” makes it again.",
      ])
    // The predictions count, whatever is stated.
    #expect(folder.report.table.rows[1][2].hasPrefix("75.00 ± 0.00 (n = 2"))
  }

  @Test("A report is the same after JSON and back")
  func json() throws {
    let fixture = try ReportFixture(seeds: "[1, 2]")
    try fixture.finish(try fixture.cell("findings", "random", 1), fixture.ranking(["Edema", "Mass"], above: 1, of: 3))
    let report = try StudyReport(fixture.plan)
    let read = try JSONDecoder().decode(StudyReport.self, from: try CanonicalJSON.encode(report))
    #expect(read == report)
    #expect(read.entries.count == 3)
  }
}
