import Figures
import Foundation
import Foundations
import Metrics
import RunStore
import Statistics
import Studies
import Testing

@testable import Reports

@Suite("Figures that only some studies have")
struct StudyFiguresTests {
  /// Runs of made-up predictions, better with more images and with the second architecture.
  private func numbers(_ text: String) throws -> StudyNumbers {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("figures-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let study = try Study.decode(text, file: folder.appendingPathComponent("study.yaml"))
    // The data are what the manifest says, so that tasks of one manifest share them.
    let plan = try Plan(
      study, fingerprints: Fingerprints(data: { String(decoding: try CanonicalJSON.encode($0.data), as: UTF8.self) }, weights: { $0 }))
    for cell in plan.cells {
      guard let record = CellRecord(cell, in: plan) else { continue }
      let directory = RunDirectory(of: cell, in: study.outputDirectory)
      try directory.begin(record)
      var generator = (SeedPath(cell.seed) / cell.task).generator()
      let skill = 0.2 + 0.3 * cell.fraction.value + (cell.task.hasSuffix("50") ? 0.2 : 0)
      let rows = (0..<30).map { row in
        let truth: Double = row % 2 == 0 ? 1 : 0
        return ClassificationPredictions.Row(
          id: "\(row)", patient: nil, targets: [Float(truth)], probabilities: [skill * truth + (1 - skill) * generator.uniform()])
      }
      let predictions = Predictions.classification(ClassificationPredictions(classNames: ["p"], rows: rows))
      try PredictionsFile.write(predictions, to: directory.predictionsFile)
      try directory.write(predictions.allMetrics(validation: nil))
      try directory.finish(cell)
    }
    return try StudyNumbers(StudyOutline(plan), from: RunFolderSource(study.outputDirectory), settings: StudySettings(bootstrap: .never))
  }

  private func task(_ name: String, _ file: String, _ architecture: String) -> String {
    "  \(name): {kind: binaryClassification, recipe: {architecture: \(architecture)}, data: {manifest: {file: \(file).csv, labelColumns: [p]}}}\n"
  }

  @Test("The same images with several architectures are one axis, and each architecture from each initialization is a line")
  func architectures() throws {
    let study = "name: s\nseeds: 2\ninitializations: {random: random, other: {weights: w.pth}}\ntasks:\n"
    let four =
      study + task("eyes-resnet18", "a", "resnet18") + task("eyes-resnet50", "a", "resnet50")
      + task("lungs_resnet18", "b", "resnet18") + task("lungs_resnet50", "b", "resnet50") + task("alone", "c", "resnet50")
    let numbers = try numbers(four)
    let figure = try #require(numbers.figures.first { $0.id == "over-architectures" })
    let rows = figure.data.rows.map { $0.map(\.text) }
    #expect(figure.data.columns.map(\.title) == ["Architecture", "Family", "eyes", "lungs"])
    #expect(rows.map { $0[0] } == ["resnet18 from random", "resnet18 from other", "resnet50 from random", "resnet50 from other"])
    let mean = numbers.group(task: "lungs_resnet50", initialization: "random")?.metric(.aurocMacro)?.summary.mean.known
    #expect(rows[2][3] == mean.map { fixed($0 * 100, 2) })
    // Two architectures on different images have nothing in common to be drawn over.
    let apart = try self.numbers(study + task("eyes", "a", "resnet18") + task("lungs", "b", "resnet50"))
    #expect(!apart.figures.contains { $0.id == "over-architectures" })
  }

  @Test(
    "What names have in common is their beginning in whole words",
    arguments: [
      (["lungs-resnet18", "lungs-resnet50"], "lungs"), (["TXC", "TXC swin"], "TXC"), (["r18", "r50"], "r18 / r50"),
      (["a", "b"], "a / b"), (["chest x_a", "chest x_b"], "chest x"),
    ])
  func commonNames(names: [String], wanted: String) { #expect(StudyNumbers.commonName(names) == wanted) }

  @Test("With several amounts of training images the means are lines, in the order of the amounts, beside the differences")
  func sizes() throws {
    let text = """
      name: s
      seeds: 3
      initializations: {random: random, other: {weights: w.pth}}
      tasks:
        eyes: {kind: binaryClassification, fraction: [1, 0.1, 0.5], data: {manifest: {file: a.csv, labelColumns: [p]}}}
      """
    let numbers = try numbers(text)
    let ids = numbers.figures.map(\.id)
    let place = try #require(ids.firstIndex(of: "size-lines-eyes"))
    #expect(ids[place + 1] == "by-size-eyes")
    let rows = numbers.figures[place].data.rows.map { $0.map(\.text) }
    #expect(rows.map { $0[1] } == ["random", "random", "random", "other", "other", "other"])
    #expect(rows.prefix(3).map { $0[2] } == ["10 %", "50 %", "100 %"])
    let tenth = try #require(TrainingFraction(0.1))
    let summary = try #require(numbers.group(task: "eyes", initialization: "other", fraction: tenth)?.metric(.aurocMacro)?.summary)
    let wanted = summary.mean.known.flatMap { mean in summary.standardDeviation.known.map { "\(fixed(mean * 100, 2)) ± \(fixed($0 * 100, 2))" } }
    #expect(rows[3][3] == wanted)
  }

  @Test("An initialization has one color in every figure of a study, also of more than there are hues", arguments: [3, 5, 10])
  func oneColor(count: Int) throws {
    let names = (1...count).map { "start\($0)" }
    let starts = names.map { $0 == "start1" ? "\($0): random" : "\($0): {weights: \($0).pth}" }
    let study = "name: s\nseeds: 2\ninitializations: {\(starts.joined(separator: ", "))}\ntasks:\n"
    let tasks = (1...3).map { "  eyes\($0): {kind: binaryClassification, fraction: [0.5, 1], data: {manifest: {file: \($0).csv, labelColumns: [p]}}}\n" }
    let numbers = try numbers(study + tasks.joined())
    let figures = numbers.figures + numbers.sections.all.flatMap { $0.figures(order: numbers.lookOrder) }
    var colors: [String: Set<Color>] = [:]
    for figure in figures {
      for entry in figure.legend {
        // `start2 − start1` has the look of what is compared.
        guard let name = names.first(where: { entry.series == $0 || entry.series == "\($0) − start1" }) else { continue }
        colors[name, default: []].insert(entry.style.color)
      }
    }
    #expect(colors.count == count && colors.values.allSatisfy { $0.count == 1 }, "\(colors)")
    // Those that are drawn on one task differ.
    for task in numbers.outline.tasks {
      let drawn = numbers.drawn(task).names
      if count <= 8 { #expect(Set(drawn.flatMap { colors[$0] ?? [] }).count == drawn.count) }
    }
    // Titles are points, not the names of kinds of figures.
    for figure in figures {
      #expect(!["What labels are worth", "Means and standard deviations"].contains(figure.title) && !figure.title.hasSuffix("by the amount of training images"), "\(figure.title)")
    }
  }

  @Test("The published networks are drawn over their tasks, with parameters and ImageNet accuracy; other tables are not")
  func publishedNetworks() throws {
    let set = try Analysis(ResultTable(.named("published-2025-architectures")), AnalysisSettings())
    let figure = try #require(set.figures.first { $0.id == "architectures" })
    #expect(figure.data.rows.count == 12 && figure.data.columns.count == 12)
    let swin = try #require(figure.data.rows.first { $0[0].text == "Swin-B" })
    #expect(swin.map(\.text).prefix(5) == ["Swin-B", "Swin", "88", "83.5", "81.50"])
    let table2 = try Analysis(ResultTable(.named("published-2021")), AnalysisSettings())
    #expect(!table2.figures.contains { $0.id == "architectures" })
  }
}
