import Foundation
import Foundations
import Metrics
import RunStore
import Statistics
import Studies

@testable import Reports

/// A study of two tasks and three starts whose runs were asked about other test sets, with made-up answers.
final class ExternalFixture {
  let folder: URL
  let plan: Plan
  let data: [String: String] = ["elsewhere": "data of elsewhere", "fundus": "data of fundus"]

  /// - Parameter listed: an initialization that names the list of its training images, in a study that has the other test set too.
  init(seeds: String = "[1, 2, 3]", fractions: String = "1", listed: String? = nil) throws {
    func list(_ name: String) -> String { name == listed ? ", trainingImages: lists/training_images.csv" : "" }
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("external-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = """
      name: here and there
      seeds: \(seeds)
      fraction: \(fractions)
      initializations:
        imagenet: {weights: a.pth\(list("imagenet"))}
        chest: {weights: b.pth\(list("chest"))}
        random: random
      tasks:
        findings: {kind: multiLabelClassification, data: {manifest: {file: a.csv, labelColumns: [Edema, Mass, Nodule]}}}
        vessels: {kind: binarySegmentation, data: {maskFolders: {training: {images: i, masks: m}}}}
      """ + (listed == nil ? "" : "\n  elsewhere: {kind: multiLabelClassification, data: {manifest: {file: b.csv, labelColumns: [Edema, Mass]}}}")
    let study = try Study.decode(text, file: folder.appendingPathComponent("study.yaml"))
    plan = try Plan(study, fingerprints: Fingerprints(data: { "data of \($0.name)" }, weights: { $0 }))
    for cell in plan.cells { try finish(cell) }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var output: URL { plan.study.outputDirectory }
  func directory(_ cell: Cell) -> RunDirectory { RunDirectory(of: cell, in: output) }
  func cells(_ task: String) -> [Cell] { plan.cells.filter { $0.task == task } }

  /// How good a start is, on the own images and elsewhere: chest is the best on its own, and not there.
  static let quality = ["imagenet": (own: 0.50, other: 0.45), "chest": (own: 0.60, other: 0.30), "random": (own: 0.2, other: 0.15)]

  private func finish(_ cell: Cell) throws {
    guard let record = CellRecord(cell, in: plan) else { return }
    let directory = directory(cell)
    try directory.begin(record)
    let predictions = own(cell)
    try PredictionsFile.write(predictions, to: directory.predictionsFile)
    try directory.write(predictions.allMetrics(validation: nil))
    try directory.finish(cell)
  }

  func own(_ cell: Cell) -> Predictions {
    let quality = Self.quality[cell.initialization]?.own ?? 0
    return cell.task == "vessels"
      ? masks(cell, "eye", 24, quality) : findings(cell, "own", ["Edema", "Mass", "Nodule"], 60, quality)
  }

  /// Noise of the image is the same for all runs on it, so that patients move all of them alike.
  func findings(_ cell: Cell, _ set: String, _ names: [String], _ count: Int, _ quality: Double) -> Predictions {
    var ofRun = (SeedPath(cell.seed) / set / cell.initialization).generator(), ofImages = (SeedPath(7) / set).generator()
    let shift = 0.05 * (ofRun.uniform() - 0.5)
    return .classification(
      ClassificationPredictions(
        classNames: names,
        rows: (0..<count).map { row in
          let targets = names.indices.map { Float((row / ($0 + 2)) % 3 == 0 ? 1 : 0) }
          return .init(
            id: "\(set)-\(row).png", patient: "\(set)-\(row / 2)", targets: targets,
            probabilities: targets.map { target in
              0.02 + 0.9 * min(1, max(0, 0.25 + (quality + shift) * Double(target) * 0.5 + 0.35 * ofImages.uniform() + 0.15 * ofRun.uniform()))
            })
        }))
  }

  func masks(_ cell: Cell, _ set: String, _ count: Int, _ quality: Double) -> Predictions {
    var ofRun = (SeedPath(cell.seed) / set / cell.initialization).generator(), ofImages = (SeedPath(8) / set).generator()
    let shift = 20 * (ofRun.uniform() - 0.5)
    return .segmentation(
      SegmentationPredictions(
        rows: (0..<count).map { row in
          let hits = Int(300 * (0.5 + quality / 2) + shift + 60 * ofImages.uniform() + 30 * ofRun.uniform())
          return .init(
            id: "\(set)-\(row).png", patient: nil,
            counts: PixelConfusion(truePositives: hits, falsePositives: 200 - hits / 3, falseNegatives: 400 - hits, trueNegatives: 1000))
        }))
  }

  func elsewhere(_ cell: Cell) -> Predictions {
    let quality = Self.quality[cell.initialization]?.other ?? 0
    return cell.task == "vessels" ? masks(cell, "fundus", 16, quality) : findings(cell, "there", ["Edema", "Mass"], 80, quality)
  }

  /// Stores answers as `evaluate` does.
  @discardableResult
  func answer(
    _ cell: Cell, _ predictions: Predictions? = nil, part: String = "test", change: (ExternalEvaluation) -> ExternalEvaluation = { $0 }
  ) throws -> ExternalReport.Result {
    let task = cell.task == "vessels" ? "fundus" : "elsewhere", other = predictions ?? elsewhere(cell)
    var names: [String] = []
    if case .classification(let all) = other { names = all.classNames }
    let record = try directory(cell).external(task: task, part: part).write(other) { digest in
      change(
        ExternalEvaluation(
          task: task, part: part, run: cell.identity, data: self.data[task] ?? "",
          classes: names.map { .init(ofRun: $0, ofTestSet: $0 == "Mass" ? "MASS" : $0) },
          classesOfRunLeftOut: names.isEmpty ? [] : ["Nodule"], classesOfTestSetLeftOut: [], overlap: [], leavesOverlapOut: false,
          imageCount: other.imageCount, unusable: [], predictions: digest))
    }
    return .init(cell: cell, kind: cell.task == "vessels" ? .binarySegmentation : .multiLabelClassification, record: record, own: own(cell).keeping(classes: names), other: other)
  }

  /// Four images of the other test set are on the list of the initialization that names one.
  func putList() throws {
    let matches = (0..<4).map { TrainingListRecord.Match(image: "there-\($0).png", evidence: .name, entry: "there-\($0).png") }
    let listed = plan.study.initializations.map(\.name)
    let url = output.appendingPathComponent(TrainingListRecord.path(of: "elsewhere"))
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try CanonicalJSON.encodePretty(
      TrainingListRecord(
        task: "elsewhere", data: "data of elsewhere", testImages: 80,
        findings: [
          .init(initializations: listed, list: "training_images.csv", sha256: "cd", entries: 1000, hasDigests: false, matches: matches)
        ])
    ).write(to: url)
  }

  func numbers(_ settings: StudySettings = StudySettings(bootstrap: .never)) throws -> StudyNumbers {
    try StudyNumbers(StudyOutline(plan), from: RunFolderSource(output), settings: settings)
  }
}

extension ExternalEvaluation {
  /// The same record with something else in it.
  func changed(
    run: String? = nil, data: String? = nil, overlap: [String]? = nil, leavesOverlapOut: Bool? = nil, imageCount: Int? = nil,
    unusable: [UnusableImage]? = nil
  ) -> ExternalEvaluation {
    ExternalEvaluation(
      task: task, part: part, run: run ?? self.run, data: data ?? self.data, classes: classes, classesOfRunLeftOut: classesOfRunLeftOut,
      classesOfTestSetLeftOut: classesOfTestSetLeftOut, overlap: overlap ?? self.overlap,
      leavesOverlapOut: leavesOverlapOut ?? self.leavesOverlapOut, imageCount: imageCount ?? self.imageCount,
      unusable: unusable ?? self.unusable, predictions: predictions)
  }
}
