import Figures
import Foundation
import Foundations
import Metrics
import RunStore
import Statistics
import Studies
import Testing

@testable import Reports

@Suite struct StudyNumbersTests {
  /// Two seeds of each start on two tasks, with patients.
  private func study() throws -> ReportFixture {
    let fixture = try ReportFixture(seeds: "[1, 2, 3]")
    for (number, cell) in fixture.plan.cells.enumerated() where cell.role == .target {
      try fixture.finish(cell, cell.task == "vessels" ? masks(number) : findings(number, cell.task == "sick" ? ["p"] : ["Edema", "Mass"]))
    }
    return fixture
  }

  private func findings(_ number: Int, _ classes: [String]) -> Predictions {
    var generator = SeedPath(number).generator()
    return .classification(
      ClassificationPredictions(
        classNames: classes,
        rows: (0..<24).map { row in
          .init(
            id: "\(row).png", patient: "p\(row / 2)", targets: classes.indices.map { (row / 3 + $0) % 2 == 0 ? 1 : 0 },
            probabilities: classes.indices.map { index in
              let truth = (row / 3 + index) % 2 == 0 ? 0.6 : 0.4
              return 0.4 * truth + 0.6 * generator.uniform()
            })
        }))
  }

  private func masks(_ number: Int) -> Predictions {
    .segmentation(
      SegmentationPredictions(
        rows: (0..<10).map { row in
          .init(
            id: "\(row).png", patient: nil,
            counts: PixelConfusion(
              truePositives: 30 + row, falsePositives: (row * 7 + number * 3) % 11, falseNegatives: (row + number) % 5, trueNegatives: 50))
        }))
  }

  private func numbers(_ fixture: ReportFixture, bootstrap: BootstrapRule = .never) throws -> StudyNumbers {
    try StudyNumbers(
      StudyOutline(fixture.plan), from: RunFolderSource(fixture.study.outputDirectory), settings: StudySettings(bootstrap: bootstrap))
  }

  @Test("A folder and an archive of its files give the same bytes, and again after JSON")
  func sources() throws {
    let fixture = try study(), output = fixture.study.outputDirectory
    var files: [String: Data] = [:]
    for run in try RunFolderSource(output).runs() {
      for name in try FileManager.default.contentsOfDirectory(atPath: output.appendingPathComponent(run).path) {
        files["\(run)/\(name)"] = try Data(contentsOf: output.appendingPathComponent("\(run)/\(name)"))
      }
    }
    let own = try numbers(fixture, bootstrap: .bounded)
    let outline = try JSONDecoder().decode(StudyOutline.self, from: CanonicalJSON.encode(own.outline))
    let again = try StudyNumbers(outline, from: RunArchiveSource(files, name: "pack"), settings: own.settings)
    #expect(try CanonicalJSON.encode(again) == CanonicalJSON.encode(own))
    #expect(try JSONDecoder().decode(StudyNumbers.self, from: CanonicalJSON.encode(own)) == own)
    #expect(own.runs.count == 15 && own.groups.count == 5)
  }

  @Test("numbers.json has each run and each group on a line as canonical JSON has them, and is read back whole")
  func json() throws {
    let own = try numbers(try study())
    let text = try own.json(), lines = String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(try JSONDecoder().decode(StudyNumbers.self, from: text) == own)
    func list(_ key: String, _ entries: [String]) -> [String] {
      ["  \"\(key)\" : ["] + entries.enumerated().map { "    \($1)" + ($0 == entries.count - 1 ? "" : ",") } + ["  ],"]
    }
    for expected in [
      list("runs", try own.runs.map { try CanonicalJSON.encodeText($0) }), list("groups", try own.groups.map { try CanonicalJSON.encodeText($0) }),
    ] {
      let start = try #require(lines.firstIndex(of: expected[0]))
      #expect(Array(lines[start..<start + expected.count]) == expected)
    }
    // Without runs there is nothing to put on lines.
    let empty = try numbers(try ReportFixture(seeds: "[1, 2]"))
    #expect(try JSONDecoder().decode(StudyNumbers.self, from: empty.json()) == empty)
  }

  @Test("A run is written as canonical JSON writes it, whatever its texts and numbers are")
  func run() throws {
    let names = ["Edema", "Ödem", "a \"b\" \\ c/d", "tab\tline\nend\u{1}\u{7F}\u{2028}", "<&>", ""]
    let values: [MetricValue] = [0, 1, 0.1, 1e-9, 1e21, .leastNonzeroMagnitude, 123_456_789, -0.0, 2.5].map { .value($0) } + [.undefined(reason: "no \"positive\" sample")]
    let entries =
      names.flatMap { name in
        values.map { RunMetrics.Entry(metric: .auroc, className: name, value: $0) }
      } + [RunMetrics.Entry(metric: .hausdorff95, value: .value(3), leftOut: 2)]
    for name in names {
      let run = StudyNumbers.Run(
        task: name, initialization: name, seed: -3, fraction: try #require(TrainingFraction(0.1)), identity: name, imageCount: 7, metrics: entries)
      #expect(try run.json() == CanonicalJSON.encodeText(run))
    }
  }

  @Test("A broken run counts as a missing one does: no other number differs by a byte")
  func broken() throws {
    let whole = try study(), others = try numbers(whole)
    let victim = try whole.cell("sick", "random", 2), directory = whole.directory(victim)
    let kept = directory.url.deletingLastPathComponent().appendingPathComponent(".kept")
    try FileManager.default.copyItem(at: directory.url, to: kept)
    func restore() throws {
      try? FileManager.default.removeItem(at: directory.url)
      try FileManager.default.copyItem(at: kept, to: directory.url)
    }
    try FileManager.default.removeItem(at: directory.url)
    let missing = try CanonicalJSON.encode(numbers(whole))
    let damages: [(String, (URL) throws -> Void)] = [
      ("no cell.json", { try FileManager.default.removeItem(at: $0.appendingPathComponent("cell.json")) }),
      ("half of cell.json", { try cut($0.appendingPathComponent("cell.json")) }),
      ("half of status.json", { try cut($0.appendingPathComponent("status.json")) }),
      ("no metrics.json", { try FileManager.default.removeItem(at: $0.appendingPathComponent("metrics.json")) }),
      ("empty predictions", { try Data().write(to: $0.appendingPathComponent("predictions.csv")) }),
      ("half of the predictions", { try cut($0.appendingPathComponent("predictions.csv")) }),
      (
        "whole rows that are missing",
        { folder in
          let url = folder.appendingPathComponent("predictions.csv"), lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
          try Data((lines.dropLast(5).joined(separator: "\n") + "\n").utf8).write(to: url)
        }
      ),
      ("zeros", { try Data(count: 200).write(to: $0.appendingPathComponent("predictions.csv")) }),
      ("the predictions of a segmentation", { try PredictionsFile.write(masks(1), to: $0.appendingPathComponent("predictions.csv")) }),
      ("half of the validation's", { try Data("id,patient,tar".utf8).write(to: $0.appendingPathComponent("validation-predictions.csv")) }),
      (
        "another cell",
        { folder in
          let other = whole.directory(try whole.cell("sick", "random", 1)).url
          try FileManager.default.removeItem(at: folder)
          try FileManager.default.copyItem(at: other, to: folder)
        }
      ),
      (
        "a file in its place",
        {
          try FileManager.default.removeItem(at: $0)
          try Data("x".utf8).write(to: $0)
        }
      ),
    ]
    for (name, damage) in damages {
      try restore()
      try damage(directory.url)
      let found = try numbers(whole)
      #expect(try CanonicalJSON.encode(found) == missing, "\(name)")
      #expect(found.groups.filter { $0.task != "sick" || $0.initialization != "random" } == others.groups.filter { $0.task != "sick" || $0.initialization != "random" })
    }
    try restore()
    #expect(try numbers(whole) == others)
  }

  @Test("Seeds and patients: the components are those of Statistics, and the sum of pixels is the jackknife's")
  func twoLevel() throws {
    let fixture = try study(), numbers = try numbers(fixture)
    let group = try #require(numbers.group(task: "vessels", initialization: "random"))
    var runs: [SegmentationPredictions] = []
    for seed in 1...3 {
      let url = fixture.directory(try fixture.cell("vessels", "random", seed)).predictionsFile
      if case .segmentation(let found) = try PredictionsFile.read(url) { runs.append(found) }
    }
    // Each image left out once, and Dice computed again.
    let left = runs.map { run in
      (0..<10).map { out in Dice(images: run.rows.indices.filter { $0 != out }.map { run.rows[$0].counts }).pooled.number ?? .nan }
    }
    let deviations = left.map { values in
      PatientDeviations(values: values.map { 0.9.squareRoot() * ($0 - values.reduce(0, +) / 10) }, degreesOfFreedom: 9)
    }
    let expected = TwoLevel(
      "Dice (pooled)", SeedsAndPatients.make(values: runs.compactMap(\.dice.pooled.number), deviations: deviations), range: 0...1)
    #expect(abs((group.seedsAndPatients.standardError.known ?? 0) - (expected.standardError.known ?? 1)) < 1e-15)
    #expect(group.seedsAndPatients.estimate.interval.known != nil)
    let single = try #require(numbers.group(task: "sick", initialization: "random"))
    #expect(single.seedsAndPatients.patientVariance.known != nil)
  }

  @Test("Intervals over patients are those of the median run alone; where nothing is resampled, formulas keep theirs and the reason is said")
  func patients() throws {
    let fixture = try study(), numbers = try numbers(fixture, bootstrap: .bounded)
    let group = try #require(numbers.group(task: "sick", initialization: "random")), found = try #require(group.patients.known)
    let values = numbers.runs.filter { $0.task == "sick" && $0.initialization == "random" }
      .map { run in (run.seed, run.metrics.first { $0.metric == .aurocMacro }?.value.number ?? .nan) }.sorted { $0.1 < $1.1 }
    #expect(found.seed == values[1].0 && found.intervals.patientCount == 12 && found.intervals.imageCount == 24)
    let predictions = try PredictionsFile.read(fixture.directory(try fixture.cell("sick", "random", found.seed)).predictionsFile)
    #expect(found.intervals == MetricIntervals(predictions, validation: nil))
    let table = try #require(numbers.tables.first { $0.label == "patients-sick" })
    #expect(table.columns.map(\.title) == ["Metric", "random, seed \(found.seed)"] + table.columns.dropFirst(2).map(\.title))
    #expect(table.rows.first?[0].text == "AUROC, %" && table.rows.contains { $0[0].text == "Brier score, %" && $0[1].text.contains(" to ") })
    #expect(numbers.methods.contains("BCa bootstrap intervals of 1,000 resamples of whole patients"))

    let never = try self.numbers(fixture)
    let part = try #require(never.group(task: "sick", initialization: "random")?.patients.known?.intervals)
    #expect(part.entries == found.intervals.entries.filter { !$0.metric.interval.isResampled })
    #expect(part.entries.contains { $0.metric == .aurocMacro } && part.entries.contains { $0.metric == .brier && $0.interval.known != nil })
    #expect(part.bootstrap.reason == "no bootstrap was asked for")
    let masks = try #require(never.tables.first { $0.label == "patients-vessels" })
    // Every metric of masks has a formula.
    #expect(
      masks.rows.map { $0[0].text } == [
        "Dice (pooled), %", "Dice (per image), %", "IoU (pooled), %", "IoU (per image), %", "HD95, px of the network's input",
        "NSD at 2 px of the network's input, %", "Sensitivity (pixels), %", "Precision (pixels), %",
      ])
    #expect(never.methods.contains("Not every metric was resampled: no bootstrap was asked for."))
  }

  @Test("The bound counts planned groups × images × classes, and says them")
  func bound() throws {
    func make(_ images: Int, _ groups: Int, _ rule: BootstrapRule) throws -> MetricIntervals? {
      let rows = (0..<images).map {
        SegmentationPredictions.Row(
          id: "\($0)", patient: nil, counts: PixelConfusion(truePositives: 30 + $0 % 7, falsePositives: $0 % 5, falseNegatives: $0 % 3, trueNegatives: 50))
      }
      let predictions = Predictions.segmentation(SegmentationPredictions(rows: rows))
      return PatientIntervals.make(
        [(1, predictions.allMetrics(validation: nil))], [predictions], kind: .binarySegmentation, rule: rule, groupCount: groups
      ).known?.intervals
    }
    #expect(try make(20, PatientIntervals.limit / 20, .bounded)?.entry(of: .dicePooled)?.interval.known != nil)
    let beyond = try make(20, PatientIntervals.limit / 20 + 1, .bounded)
    #expect(
      beyond?.bootstrap.reason
        == "1,001 groups of runs × 20 test images are more than the 20,000 that are resampled unless asked for")
    #expect(
      beyond?.entries.map(\.metric) == [
        .dicePooled, .dicePerImage, .iouPooled, .iouPerImage, .hausdorff95, .normalizedSurfaceDistance, .pixelSensitivity, .pixelPrecision,
      ])
    #expect(try make(20, 1_000_000, .always)?.entry(of: .dicePooled)?.interval.known != nil)
  }

  @Test("Methods of a study of segmentations speak of no AUROC, of no threshold, and of the plans that there are")
  func methodsOfSegmentations() throws {
    let fixture = try study(), whole = StudyOutline(fixture.plan)
    let outline = StudyOutline(
      study: whole.study, tasks: whole.tasks.filter(\.kind.isSegmentation), initializations: whole.initializations, cells: whole.cells.filter { $0.task == "vessels" })
    let methods = try StudyNumbers(outline, from: RunFolderSource(fixture.study.outputDirectory), settings: StudySettings(bootstrap: .always)).methods
    #expect(!methods.contains("specificity") && !methods.contains("DeLong") && !methods.contains("placements"), "\(methods)")
    #expect(
      methods.contains("the covariance over patients is the jackknife's for the pooled Dice and that of the images' own values for the Dice per image.")
        && methods.contains("BCa bootstrap intervals"))
    // Its plans are over seeds alone.
    #expect(methods.contains("by the noncentral t distribution, with the pooled standard deviation") && !methods.contains("corrected to the first order"))
    #expect(
      try numbers(fixture).methods.contains(
        "DeLong's for an AUROC, that of summed placements for a mean over classes, the jackknife's for the pooled Dice and that of the images' own values for the Dice per image."))
  }

  @Test("A mean that lacks a run in which the metric is undefined is never bold, however high")
  func undefinedRuns() throws {
    let fixture = try ReportFixture(seeds: "[1, 2, 3]")
    for cell in fixture.plan.cells where cell.task == "vessels" {
      // `random` calls hardly anything and is always right, and in one run calls nothing at all.
      let counts =
        cell.initialization == "random"
        ? PixelConfusion(truePositives: cell.seed == 1 ? 0 : 5, falsePositives: 0, falseNegatives: cell.seed == 1 ? 35 : 30, trueNegatives: 60)
        : PixelConfusion(truePositives: 30, falsePositives: 10, falseNegatives: 5, trueNegatives: 50)
      try fixture.finish(cell, .segmentation(SegmentationPredictions(rows: (0..<4).map { .init(id: "\($0).png", patient: nil, counts: counts) })))
    }
    let table = try #require(try numbers(fixture).furtherTables.first { $0.label == "metrics-vessels" })
    let row = try #require(table.rows.first { $0[1].note?.hasPrefix("Undefined in 1") == true && $0[1].text.hasPrefix("100.00") })
    #expect(row[1].text.hasPrefix("100.00") && !row[1].isBold, "\(row)")
    #expect(row[1].note == "Undefined in 1 of the runs: of the others alone, and not compared.")
    #expect(row[2].text.hasPrefix("75.00"))
  }

  @Test("The baseline is supervised ImageNet, else the first; an unknown one is refused with the nearest")
  func baseline() throws {
    let fixture = try study()
    #expect(try numbers(fixture).settings.analysis.baseline == "random")
    var settings = StudySettings()
    settings.analysis.baseline = "adaptd"
    #expect(throws: ReportsError.self) {
      try StudyNumbers(StudyOutline(fixture.plan), from: RunFolderSource(fixture.study.outputDirectory), settings: settings)
    }
  }
}

/// Keeps the first half of a file.
private func cut(_ url: URL) throws {
  let data = try Data(contentsOf: url)
  try data.prefix(data.count / 2).write(to: url)
}
