import Datasets
import Foundation
import Foundations
import Loading
import Metrics
import RunStore
import Studies
import Training

/// How far a second observer agrees with the first on a task's test images, measured as a network's answers are, and kept below the study's
/// output, where a report finds it without the images. It is no part of any run: it can come before or after them.
struct ObserverExport {
  let task: TaskSpecification
  /// The images that networks are tested on.
  let tested: [Sample]
  let output: URL

  private var table: URL { output.appendingPathComponent(ObserverRecord.tablePath(of: task.name)) }
  private var json: URL { output.appendingPathComponent(ObserverRecord.path(of: task.name)) }

  /// Writes `observers/<task>.csv` and `.json` where they are not there already; removes them where no second observer is named any more.
  func keep() throws {
    guard !tested.seenTwice.isEmpty else {
      for file in [table, json] where FileManager.default.fileExists(atPath: file.path) { try FileManager.default.removeItem(at: file) }
      return
    }
    let planned = record(masks: try tested.secondOpinionDigest(), sha256: "")
    let kept = (try? StudyFiles.read(ObserverRecord.self, at: ObserverRecord.path(of: task.name), from: RunFolderSource(output))) ?? nil
    if let kept, kept.isLike(planned), kept.checksum != nil, (try? Digest.sha256Hex(ofFile: table)) == kept.sha256 { return }
    let text = try PredictionsFile.text(.segmentation(agreement()), of: table)
    try AtomicFile.makeFolder(table.deletingLastPathComponent())
    for file in [table, json] { try AtomicFile.makePlace(for: .file, at: file) }
    try AtomicFile.write(text, to: table)
    try AtomicFile.write(CanonicalJSON.encodePretty(record(masks: planned.masks, sha256: Digest.sha256Hex(of: text))), to: json)
  }

  private func record(masks: String, sha256: String) -> ObserverRecord {
    ObserverRecord(
      task: task.name, sha256: sha256, masks: masks, inputSize: task.recipe.inputSize, reducedSize: task.recipe.reducedSize,
      metrics: task.metrics.map(\.rawValue), images: tested.seenTwice.count, testImages: tested.count)
  }

  /// The second observer's masks as if they were a network's.
  func agreement() throws -> SegmentationPredictions {
    let samples = tested.seenTwice, hasCenterline = task.metrics.contains(.clDice)
    let pipeline = try SamplePipeline(recipe: task.recipe, kind: task.kind, stage: .test)
    let measured = concurrentMap(samples.count) { index in
      Result {
        try pipeline.secondOpinion(on: samples[index]).map { opinion in
          (
            counts: PixelConfusion(predicted: opinion.inputSecond, target: opinion.inputTruth),
            mask: MeasuredMask(predicted: opinion.second, truth: opinion.truth, hasCenterline: hasCenterline)
          )
        }
      }
    }
    var all = MaskAgreements()
    for (sample, found) in zip(samples, measured) {
      if let found = try found.get() { all.add(sample, counts: found.counts, measured: found.mask) }
    }
    return all.predictions
  }
}

extension StudyRunner {
  /// Keeps what two observers agree in of every planned target, before the first run.
  func writeObservers() throws {
    let planned = Set(plan.cells.map(\.task))
    for task in plan.study.tasks where planned.contains(task.name) && task.isTarget && task.kind.answer == .mask {
      try ObserverExport(task: task, tested: data.testedSamples(of: task), output: plan.study.outputDirectory).keep()
    }
  }
}
