import Datasets
import Foundation
import Foundations
import Phantoms
import Probes
import Studies
import Testing
import Torch
import Training

@testable import Execution

@Suite("Features of the heads of a cell", .serialized)
struct CellFeaturesTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cell-features-\(UUID().uuidString)", isDirectory: true)

  private func study(output: String, stage: String = "pooled") throws -> StudyData {
    let text = """
      output: \(output)
      seeds: 1
      threads: 1
      loaderThreads: 1
      recipe: {architecture: resnet18, inputSize: 32, mode: kNN, featureStage: \(stage)}
      initializations: {random: random}
      tasks:
        effusion:
          kind: binaryClassification
          data: {manifest: {file: effusion/manifest.csv, imageRoot: effusion, labelColumns: [Effusion], patientColumn: patient, splitColumn: split}}
      """
    return StudyData(try Study.decode(text, file: folder.appendingPathComponent("study.yaml")))
  }

  @Test("A pass that was left after some images asks for the rest alone, and all have the bits of one whole pass; a broken image is asked about once")
  func goesOn() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    // Tests run side by side; threads of one operator that wait for each other would use the processors up.
    try TorchRuntime.setThreadCount(1)
    try PhantomWriter.write(
      kind: .effusion, counts: PhantomCounts(training: 40, validation: 4, test: 6), size: 32, seed: SeedPath(0), to: folder.appendingPathComponent("effusion"))
    let broken = folder.appendingPathComponent("effusion/images/00003.png"), whole = try Data(contentsOf: broken)
    try whole.prefix(whole.count / 2).write(to: broken)
    func gathered(_ data: StudyData, _ wanted: (DatasetSplits) -> [Sample]) throws -> (CellFeatures.Gathered, [Sample]) {
      let plan = try data.plan(), cell = plan.cells[0], task = data.study.tasks[0]
      let features = CellFeatures(
        cell: cell, configuration: try #require(plan.configurations[cell.identity]), plan: plan, data: data,
        numerics: NumericSetting(device: .cpu, precision: .float32))
      let splits = try data.splits(of: task), all = splits.training + splits.validation + splits.test
      return (try features.gather(task, samples: wanted(splits), watcher: { _, _ in }, cacheWatcher: { _ in }), all)
    }
    let (first, all) = try gathered(study(output: "left")) { Array($0.training.prefix(37)) }
    #expect(first.asked == 37 && all.count == 50)
    let (second, _) = try gathered(study(output: "left")) { $0.training + $0.validation + $0.test }
    let (once, _) = try gathered(study(output: "once")) { $0.training + $0.validation + $0.test }
    #expect(second.asked == 13 && once.asked == 50 && first.digest == once.digest)
    let (own, other) = (try second.features(all), try once.features(all))
    #expect(own.features == other.features && own.samples == other.samples && own.samples.count == 49 && own.features.width == 512)
    #expect(second.broken(all).map(\.id) == once.broken(all).map(\.id) && once.broken(all).count == 1)
    let (third, _) = try gathered(study(output: "left")) { $0.training + $0.validation + $0.test }
    #expect(third.asked == 0 && third.remarks.isEmpty)
    // Another stage of the same network is asked for once, and lies beside the first.
    let (stage, _) = try gathered(study(output: "left", stage: "layer3")) { $0.training + $0.validation + $0.test }
    #expect(try stage.asked == 49 && stage.digest == once.digest && stage.features(all).features.width == 256)
    for (name, asked) in [("layer3", 0), ("pooled", 0), ("stem", 49)] {
      #expect(try gathered(study(output: "left", stage: name)) { $0.training + $0.validation + $0.test }.0.asked == asked, "\(name)")
    }
  }
}
