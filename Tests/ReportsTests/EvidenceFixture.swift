import Foundation
import Foundations
import Metrics
import RunStore
import Studies

@testable import Reports

/// A study of a classification and a segmentation from three starts, with all the files that a run and a study write beside
/// predictions.
final class EvidenceFixture {
  let folder: URL
  let study: Study
  let plan: Plan
  /// Whether the folder goes with this fixture.
  private let ownsFolder: Bool

  static let data: @Sendable (TaskSpecification) -> String = { "data of \($0.name)" }

  /// - Parameters:
  ///   - groups: columns of the chest's manifest that group its images.
  ///   - modes: of the chest.
  ///   - fractions: of the training images; they change no answer.
  init(
    seeds: String = "[1, 2]", epochs: Int = 10, groups: [String] = [], modes: String = "fullFineTuning", fractions: String = "1", folder: URL? = nil
  ) throws {
    ownsFolder = folder == nil
    self.folder = folder ?? FileManager.default.temporaryDirectory.appendingPathComponent("evidence-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
    let text = """
      name: chests and eyes
      seeds: \(seeds)
      fraction: \(fractions)
      recipe: {epochs: \(epochs)}
      initializations:
        imagenet: {weights: imagenet.pth}
        seen: {weights: seen.pth, trainingImages: lists/training_images.csv}
        random: random
      tasks:
        chest: {kind: multiLabelClassification, data: {manifest: {file: a.csv, labelColumns: [Edema, Mass]\(groups.isEmpty ? "" : ", groupColumns: [\(groups.joined(separator: ", "))]")}}, recipe: {mode: \(modes)}}
        vessels: {kind: binarySegmentation, data: {maskFolders: {training: {images: i, masks: m}}}}
      """
    study = try Study.decode(text, file: self.folder.appendingPathComponent("study.yaml"))
    plan = try Plan(study, fingerprints: Fingerprints(data: Self.data, weights: { $0 }))
  }

  deinit { if ownsFolder { try? FileManager.default.removeItem(at: folder) } }

  var output: URL { study.outputDirectory }
  func cells(_ task: String, _ initialization: String? = nil) -> [Cell] {
    plan.cells.filter { $0.task == task && (initialization == nil || $0.initialization == initialization) }
  }

  static let environment = RunEnvironment(
    program: "medtransfer 0.1.0", libtorch: "2.13.0", device: "cpu", threads: 2, processor: "EPYC", vectorInstructions: "AVX2", system: "Debian 12")

  /// Makes a finished run one of a program that made no seals.
  func unseal(_ cell: Cell) throws {
    let directory = RunDirectory(of: cell, in: output)
    try FileManager.default.removeItem(at: directory.sealFile)
    try directory.write(RunStatus.finished)
  }

  /// - Parameter began: the minute of a day at which runs begin; nil leaves no times.
  func finish(
    _ cells: [Cell]? = nil, plan other: Plan? = nil, began: Int? = 60, environment: (Cell) -> RunEnvironment? = { _ in EvidenceFixture.environment }
  ) throws {
    for (index, cell) in (cells ?? plan.cells).enumerated() {
      guard let record = CellRecord(cell, in: other ?? plan) else { continue }
      let directory = RunDirectory(of: cell, in: output)
      try directory.begin(record)
      try PredictionsFile.write(predictions(cell), to: directory.predictionsFile)
      if cell.task == "chest" { try PredictionsFile.write(predictions(cell, prefix: "validation"), to: directory.validationPredictionsFile) }
      try directory.write(predictions(cell).allMetrics(validation: nil))
      if let environment = environment(cell) { try directory.write(environment, to: directory.environmentFile) }
      let times = began.map { (Self.time($0 + index), Self.time($0 + index + 1)) }
      try directory.write(
        RunTiming(seconds: 30 + Double(index % 2), trainedImages: 10, resumedAfterStep: nil, began: times?.0, ended: times?.1), to: directory.timingFile)
      let key = cell.task == "chest" ? "auroc" : "dicePooled"
      let history = (1...6 + cell.seed).map { epoch in
        "{\"epoch\":\(epoch),\"loss\":0.5,\"step\":\(epoch)}\n"
          + "{\"epoch\":\(epoch),\"learningRate\":0.0002,\"trainingLoss\":0.5,\"validation\":{\"\(key)\":0.7,\"loss\":\(epoch == 3 + cell.seed ? 0.1 : 0.2)}}\n"
      }
      if cell.mode.isHeadOnFeatures {
        let isRandom = cell.initialization == "random"
        try directory.write(
          ProbeRecord(mode: cell.mode, features: "digest", featureCount: 2048, trainingImages: 200, dependsOnSeed: isRandom), to: directory.probeFile)
      }
      if !cell.mode.isHeadOnFeatures { try Data(history.joined().utf8).write(to: directory.historyFile) }
      try directory.write(["training": [["id": "broken.png", "reason": "cut short"]], "validation": [], "test": []], to: directory.quarantineFile)
      if cell.initialization == "random" { try directory.write(["initialization": "random"], to: directory.certificateFile) }
      try directory.finish(cell)
    }
  }

  private static func time(_ minute: Int) -> String { String(format: "2026-11-29T%02d:%02d:00Z", minute / 60, minute % 60) }

  static let quality = ["imagenet": 0.5, "seen": 0.9, "random": 0.2]

  func predictions(_ cell: Cell, prefix: String = "image") -> Predictions {
    // A head on given weights is the same for every seed, and here it is less good than what is trained.
    let isHead = cell.mode.isHeadOnFeatures, seed = isHead && cell.initialization != "random" ? 1 : cell.seed
    let quality = (Self.quality[cell.initialization] ?? 0) * (isHead ? 0.8 : 1)
    let path = SeedPath(seed) / cell.initialization / prefix
    var ofRun = (isHead ? path / cell.mode.rawValue : path).generator(), ofImages = (SeedPath(5) / prefix).generator()
    if cell.task == "vessels" {
      return .segmentation(
        SegmentationPredictions(
          rows: (0..<20).map { row in
            let hits = Int(300 * (0.5 + quality / 2) + 60 * ofImages.uniform() + 30 * ofRun.uniform())
            return .init(
              id: String(format: "eye-%03d.png", row), patient: nil,
              counts: PixelConfusion(truePositives: hits, falsePositives: 200 - hits / 3, falseNegatives: 500 - hits, trueNegatives: 1000))
          }))
    }
    return .classification(
      ClassificationPredictions(
        classNames: ["Edema", "Mass"],
        rows: (0..<100).map { row in
          let targets: [Float] = [row % 4 == 0 ? 1 : 0, row % 3 == 0 ? 1 : 0]
          return .init(
            id: String(format: "\(prefix)-%04d.png", row), patient: "p\(row / 2)", targets: targets,
            probabilities: targets.map { 0.05 + 0.9 * min(1, 0.2 + 0.4 * quality * Double($0) + 0.3 * ofImages.uniform() + 0.1 * ofRun.uniform()) })
        }))
  }

  // MARK: - Files of the study

  func put(_ value: some Encodable, _ path: String) throws {
    let url = output.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try CanonicalJSON.encodePretty(value).write(to: url)
  }

  func split(_ task: String, data: String? = nil, test: String = "test digest", parts hasParts: Bool = true) -> SplitRecord {
    func part(_ images: Int, _ sha256: String) -> SplitRecord.Part {
      SplitRecord.Part(
        images: images, patients: task == "chest" ? images / 2 : nil,
        classes: task == "chest"
          ? [
            .init(name: "Edema", present: images / 4, absent: images - images / 4, uncertain: 0, unknown: 0),
            .init(name: "Mass", present: images / 4, absent: images / 2, uncertain: 2, unknown: images - images / 4 - images / 2 - 2),
          ] : [], sha256: sha256)
    }
    return SplitRecord(
      task: task, table: "\(task).csv", sha256: String(repeating: "ab", count: 32), data: data ?? "data of \(task)", subsets: [:],
      images: ["training": 200, "validation": 40, "test": 100], seed: 0,
      parts: hasParts ? ["training": part(200, "a"), "validation": part(40, "b"), "test": part(100, test)] : nil,
      origin: hasParts ? .init(file: nil, carved: task == "chest" ? ["validation": 0.15] : [:], isByPatient: task == "chest") : nil,
      subsetImages: hasParts ? [:] : nil)
  }

  func putSplits() throws {
    for task in ["chest", "vessels"] { try put(split(task), SplitRecord.path(of: task)) }
  }

  /// Every fourteenth test image is on the list of `seen`: 7 of 100.
  func putList(data: String = "data of chest", every step: Int = 15) throws {
    let matches = stride(from: 0, to: 100, by: step).map {
      TrainingListRecord.Match(image: String(format: "image-%04d.png", $0), evidence: .name, entry: String(format: "image-%04d.png", $0))
    }
    try put(
      TrainingListRecord(
        task: "chest", data: data, testImages: 100,
        findings: [.init(initializations: ["seen"], list: "training_images.csv", sha256: "cd", entries: 1000, hasDigests: false, matches: matches)]),
      TrainingListRecord.path(of: "chest"))
    try put(
      TrainingListRecord(
        task: "vessels", data: "data of vessels", testImages: 20,
        findings: [.init(initializations: ["seen"], list: "training_images.csv", sha256: "cd", entries: 1000, hasDigests: false, matches: [])]),
      TrainingListRecord.path(of: "vessels"))
  }

  func putAudit(leaking: [String]) throws {
    try put(
      AuditRecord(
        task: "chest", data: "data of chest", images: ["training": 200, "validation": 40, "test": 100], patients: 170, sharedPatients: 0,
        identicalAcross: leaking.count, identicalWithin: 1, nearAcross: 0, nearWithin: 2, labelConflicts: 1, uniform: 0, unreadable: 1,
        leakingTestImages: leaking, lineages: []),
      AuditRecord.path(of: "chest"))
  }

  /// Every other patient is a woman.
  func putGroups() throws {
    let rows = (0..<100).map { GroupTable.Row(id: String(format: "image-%04d.png", $0), split: "test", strata: [$0 / 2 % 2 == 0 ? "f" : "m"]) }
    let url = output.appendingPathComponent(GroupTable.path(of: "chest"))
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(GroupTable(names: ["Sex"], rows: rows).text.utf8).write(to: url)
  }

  /// A second observer of the vessels who is as good as the best network.
  func putObservers() throws {
    guard let cell = cells("vessels", "seen").first else { return }
    let url = output.appendingPathComponent(ObserverRecord.tablePath(of: "vessels"))
    try AtomicFile.makeFolder(url.deletingLastPathComponent())
    try PredictionsFile.write(predictions(cell), to: url)
    try put(
      ObserverRecord(task: "vessels", sha256: try Digest.sha256Hex(ofFile: url), masks: "", inputSize: 64, reducedSize: nil, metrics: [], images: 20, testImages: 20),
      ObserverRecord.path(of: "vessels"))
  }

  /// What a run answers when it is asked about another task's test images.
  ///
  /// - Parameter testSet: the digest of those images.
  func ask(_ cell: Cell, on task: String, data: String, testSet: String? = nil) throws {
    let answers = predictions(cell, prefix: task)
    _ = try RunDirectory(of: cell, in: output).external(task: task, part: "test").write(answers) { digest in
      ExternalEvaluation(
        task: task, part: "test", run: cell.identity, data: data, testSet: testSet,
        classes: cell.task == "chest" ? ["Edema", "Mass"].map { .init(ofRun: $0, ofTestSet: $0) } : [], classesOfRunLeftOut: [], classesOfTestSetLeftOut: [],
        overlap: [], leavesOverlapOut: false, imageCount: answers.imageCount, unusable: [], predictions: digest)
    }
  }

  func numbers() throws -> StudyNumbers {
    try StudyNumbers(StudyOutline(plan), from: RunFolderSource(output), settings: StudySettings(bootstrap: .never))
  }

  func section() throws -> DataAndTraining {
    guard let found = try numbers().sections.all.compactMap({ $0 as? DataAndTraining }).first else { throw NoSection() }
    return found
  }

  struct NoSection: Error {}
}
