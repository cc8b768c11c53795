import Foundation
import Foundations
import Metrics
import Reports
import RunStore
import Studies

@testable import Packs

/// A study of two tasks, two starts and three seeds with made-up predictions, in a folder that is removed with it.
final class PackFixture {
  let folder: URL
  let text: String
  let plan: Plan

  /// - Parameters:
  ///   - name: of the folder, which is part of every path that the study names.
  ///   - initialization: one more, as a study file has it.
  ///   - hasTwin: whether there is a task `vessels-again` with the data and the recipe of `vessels`, and so with runs of the same identities.
  init(_ name: String = "packs-\(UUID().uuidString)", initialization: String? = nil, hasTwin: Bool = false) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(name, isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let data = folder.appendingPathComponent("my data")
    let masks = "{kind: binarySegmentation, data: {maskFolders: {training: {images: \"\(data.path)/i\", masks: \"\(data.path)/m\"}}}}"
    text = """
      name: eyes and chests
      output: \(folder.path)/runs
      seeds: [1, 2, 3]
      initializations:
        random: random
        adapted: {trainedOn: findings, from: random}\(initialization.map { "\n  " + $0 } ?? "")
      tasks:
        findings: {kind: multiLabelClassification, data: {manifest: {file: "\(data.path)/a.csv", labelColumns: [Edema, Mass], groupColumns: [Sex]}}}
        vessels: \(masks)\(hasTwin ? "\n  vessels-again: \(masks)" : "")

      """
    let file = folder.appendingPathComponent("study.yaml")
    try Data(text.utf8).write(to: file)
    let study = try Study.decode(text, file: file)
    plan = try Plan(study, fingerprints: Fingerprints(data: { "data of \($0.name.hasPrefix("vessels") ? "vessels" : $0.name)" }, weights: { _ in "digest of weights" }))
    for (number, cell) in plan.cells.enumerated() { try finish(cell, number) }
    try FileManager.default.createDirectory(at: output.appendingPathComponent("splits"), withIntermediateDirectories: true)
    let rows = (0..<24).map { "\($0).png,p\($0 / 2),test\n" } + (0..<8).map { "v\($0).png,q\($0),validation\n" }
    try Data(("path,patient,split\n" + rows.joined()).utf8).write(to: output.appendingPathComponent("splits/findings.csv"))
    let groups = GroupTable(
      names: ["Sex"],
      rows: (0..<24).map { .init(id: "\($0).png", split: "test", strata: [$0 < 12 ? "F" : "M"]) }
        + (0..<8).map { .init(id: "v\($0).png", split: "validation", strata: ["unknown"]) })
    try FileManager.default.createDirectory(at: output.appendingPathComponent("groups"), withIntermediateDirectories: true)
    try Data(groups.text.utf8).write(to: output.appendingPathComponent("groups/findings.csv"))
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var output: URL { plan.study.outputDirectory }
  var pack: URL { folder.appendingPathComponent("pack.tar.gz") }

  /// - Parameter other: the plan that the cell is of, where it is another.
  func finish(_ cell: Cell, _ number: Int, of other: Plan? = nil) throws {
    guard let record = CellRecord(cell, in: other ?? plan) else { return }
    let directory = RunDirectory(of: cell, in: output)
    try directory.begin(record)
    let isSegmentation = cell.task.hasPrefix("vessels"), predictions = isSegmentation ? masks(number) : findings(number, "", 24)
    try PredictionsFile.write(predictions, to: directory.predictionsFile)
    var validation: Predictions?
    if !isSegmentation {
      validation = findings(number + 100, "v", 8)
      try PredictionsFile.write(findings(number + 100, "v", 8), to: directory.validationPredictionsFile)
    }
    try directory.write(predictions.allMetrics(validation: validation))
    if cell.initialization == "random" { try directory.write(["initialization": "random"], to: directory.certificateFile) }
    try directory.write(["program": "medtransfer", "log": "\(folder.path)/my data/log.txt"], to: directory.environmentFile)
    try Data("{\"epoch\":1,\"loss\":0.5}\n".utf8).write(to: directory.historyFile)
    try Data("weights \(number)".utf8).write(to: directory.weightsFile)
    try directory.write(["training": ["\(folder.path)/my data/broken one.png"]], to: directory.quarantineFile)
    try directory.write(RunStatus.finished)
  }

  private func findings(_ number: Int, _ prefix: String, _ count: Int) -> Predictions {
    var generator = SeedPath(number).generator()
    return .classification(
      ClassificationPredictions(
        classNames: ["Edema", "Mass"],
        rows: (0..<count).map { row in
          .init(
            id: "\(prefix)\(row).png", patient: prefix.isEmpty ? "p\(row / 2)" : "q\(row)", targets: (0..<2).map { (row / 3 + $0) % 2 == 0 ? 1 : 0 },
            probabilities: (0..<2).map { (((row / 3 + $0) % 2 == 0 ? 0.6 : 0.4) * 0.4 + 0.6 * generator.uniform()) })
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

  @discardableResult
  func write(
    _ options: PackOptions = PackOptions(), settings: StudySettings = StudySettings(bootstrap: .never), names: [String] = [], to url: URL? = nil
  ) throws -> ReviewerPack.Receipt {
    try ReviewerPack.write(
      plan, studyText: text, overrides: [], options: options, settings: settings, maker: "medtransfer test", machineNames: names, to: url ?? pack)
  }

  func verify() throws -> PackVerification { try PackVerification(pack, checker: "medtransfer test") }

  /// The members of the pack.
  func members() throws -> [String: Data] {
    let reader = try ArchiveReader(pack)
    var members: [String: Data] = [:]
    while let member = try reader.next() { members[member.name] = member.data }
    return members
  }

  /// Writes other members in place of the pack's, with a manifest that lists them where `isListed`, as a careful forger would.
  func forge(isListed: Bool, _ change: (inout [String: Data]) throws -> Void) throws {
    var members = try members()
    try change(&members)
    let old = try JSONDecoder().decode(PackManifest.self, from: members[PackManifest.path] ?? Data())
    members[PackManifest.path] = nil
    let paths = members.keys.sorted()
    let files = paths.map { path -> PackManifest.File in
      let data = members[path] ?? Data()
      return .init(path: path, byteCount: data.count, sha256: Digest.sha256Hex(of: data))
    }
    let manifest = PackManifest(
      format: old.format, maker: old.maker, study: old.study, overrides: old.overrides, hasWeights: old.hasWeights,
      hidesPatients: old.hidesPatients, shortenedPaths: old.shortenedPaths, leftOut: old.leftOut, files: isListed ? files : old.files)
    try AtomicFile.write(to: pack) { writer in
      let archive = try ArchiveWriter(writer)
      try archive.add(PackManifest.path, CanonicalJSON.encodePretty(manifest))
      for path in paths { try archive.add(path, members[path] ?? Data()) }
      _ = try archive.finish()
    }
  }
}

extension [String: Data] {
  func text(_ path: String) -> String { String(decoding: self[path] ?? Data(), as: UTF8.self) }

  /// Replaces a text once; the forgery must have something to forge.
  mutating func replace(_ old: String, _ new: String, in path: String) throws {
    guard let range = text(path).range(of: old) else { throw NotThere(text: old, path: path) }
    self[path] = Data(text(path).replacingCharacters(in: range, with: new).utf8)
  }

  struct NotThere: Error { let text: String, path: String }
}
