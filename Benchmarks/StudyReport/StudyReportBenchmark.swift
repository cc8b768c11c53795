import Dispatch
import Figures
import Foundation
import Foundations
import Metrics
import Reports
import RunStore
import Studies

/// Writes a made-up study of many runs, and times its report: planning, reading and computing, drawing and writing.
///
///     study-report-benchmark [runs] [folder]
@main struct StudyReportBenchmark {
  static let tasks = 10, seeds = 20, images = 200, epochs = 30

  static func main() throws {
    let arguments = CommandLine.arguments
    let runs = arguments.count > 1 ? Int(arguments[1]) ?? 10_000 : 10_000
    let own = FileManager.default.temporaryDirectory.appendingPathComponent("study-report-benchmark-\(getpid())")
    let folder = arguments.count > 2 ? URL(fileURLWithPath: arguments[2]) : own
    defer { if arguments.count <= 2 { try? FileManager.default.removeItem(at: own) } }
    try AtomicFile.makeFolder(folder)
    let initializations = max(2, runs / (tasks * seeds))
    var lines = ["name: many", "seeds: \(seeds)", "initializations:"]
    // Every path is its own file, whose digest is made up too: nothing but the runs is read.
    lines += (1...initializations).map { "  start\($0): {weights: w\($0).pth}" }
    lines.append("tasks:")
    for index in 1...tasks {
      lines.append(
        index % 3 == 0
          ? "  task\(index): {kind: binarySegmentation, data: {maskFolders: {training: {images: i, masks: m}}}}"
          : "  task\(index): {kind: multiLabelClassification, data: {manifest: {file: a.csv, labelColumns: [Edema, Mass, Nodule, Hernia, Effusion]}}}")
    }
    let study = try Study.decode(lines.joined(separator: "\n") + "\n", file: folder.appendingPathComponent("study.yaml"))
    let clock = Clock()
    let plan = try Plan(study, fingerprints: Fingerprints(data: { $0.name }, weights: { $0 }))
    print("\(plan.cells.count) runs: \(tasks) tasks, \(initializations) initializations, \(seeds) seeds, \(images) test images")
    print("planning             \(clock.seconds()) s")
    try write(plan)
    print("writing them         \(clock.seconds()) s (not part of a report)")
    let whole = Clock()
    let report = try StudyFolder(plan, maker: "study-report-benchmark")
    print("reading, computing   \(clock.seconds()) s")
    let text = report.terminalText(width: 120)
    let plotly = try? PlotlyLibrary.installed()
    try report.write(to: folder.appendingPathComponent("report"), plotly: plotly)
    print("drawing, writing     \(clock.seconds()) s\(plotly == nil ? " (without report.html: no plotly.js)" : "")")
    print("the report in all    \(whole.seconds()) s; \(text.count) characters for the terminal")
  }

  static func write(_ plan: Plan) throws {
    for result in concurrentMap(plan.cells.count, { index in Result { try write(plan.cells[index], number: index, of: plan) } }) {
      try result.get()
    }
  }

  static func write(_ cell: Cell, number: Int, of plan: Plan) throws {
    let directory = RunDirectory(of: cell, in: plan.study.outputDirectory)
    guard !directory.exists, let record = CellRecord(cell, in: plan) else { return }
    try FileManager.default.createDirectory(at: directory.url, withIntermediateDirectories: true)
    // Not synced to disk one by one: it is the report that is timed.
    func put(_ value: some Encodable, _ url: URL) throws { try CanonicalJSON.encodePretty(value).write(to: url) }
    var generator = SeedPath(number).generator()
    let isMask = plan.configurations[cell.identity]?.kind.isSegmentation == true
    let predictions = isMask ? masks(&generator) : findings(&generator)
    try put(record, directory.cellFile)
    try put(predictions.allMetrics(validation: predictions), directory.metricsFile)
    try Data(PredictionsFile.text(predictions, of: directory.predictionsFile).utf8).write(to: directory.predictionsFile)
    try Data(PredictionsFile.text(predictions, of: directory.predictionsFile).utf8).write(to: directory.validationPredictionsFile)
    try Data().write(to: directory.url.appendingPathComponent("lease"))
    let metric = isMask ? "\"diceMean\":0.5,\"dicePooled\":" : "\"auroc\":"
    var history = ""
    for epoch in 1...epochs {
      for step in 1...20 { history += "{\"epoch\":\(epoch),\"loss\":0.\(step)1234567,\"step\":\((epoch - 1) * 20 + step)}\n" }
      let value = 0.5 + 0.4 * generator.uniform()
      history += "{\"epoch\":\(epoch),\"learningRate\":0.0002,\"trainingLoss\":0.5,\"validation\":{\(metric)\(value),\"loss\":\(1 - value)}}\n"
    }
    try Data(history.utf8).write(to: directory.historyFile)
    try directory.finish(cell)
  }

  static func findings(_ generator: inout SeededGenerator) -> Predictions {
    let names = ["Edema", "Mass", "Nodule", "Hernia", "Effusion"]
    return .classification(
      ClassificationPredictions(
        classNames: names,
        rows: (0..<images).map { row in
          let targets = names.indices.map { Float((row / ($0 + 2)) % 3 == 0 ? 1 : 0) }
          return .init(
            id: "image-\(row).png", patient: "patient-\(row / 2)", targets: targets,
            probabilities: targets.map { 0.3 * Double($0) + 0.7 * generator.uniform() })
        }))
  }

  static func masks(_ generator: inout SeededGenerator) -> Predictions {
    .segmentation(
      SegmentationPredictions(
        rows: (0..<images).map { row in
          let hits = generator.integer(below: 500)
          return .init(
            id: "image-\(row).png", patient: "patient-\(row / 2)",
            counts: PixelConfusion(truePositives: 2000 + hits, falsePositives: 500 - hits, falseNegatives: generator.integer(below: 300), trueNegatives: 47000),
            outline: OutlineAgreement(hausdorff95: 10 * generator.uniform(), normalizedSurfaceDistance: generator.uniform()))
        }))
  }
}

private final class Clock {
  private var last = DispatchTime.now().uptimeNanoseconds

  /// Since the last call.
  func seconds() -> String {
    let now = DispatchTime.now().uptimeNanoseconds
    defer { last = now }
    return String(format: "%6.2f", Double(now - last) / 1e9)
  }
}
