import Datasets
import Foundation
import Foundations
import Imaging
import Metrics
import RunStore
import Studies

/// Draws a run's few examples at its end: outlines of masks or Grad-CAM, of images that do not depend on what was learned.
struct ExampleWriter {
  let painter: ExamplePainter
  /// The classes that the task is judged by; nil for all.
  let scoredClasses: [String]?
  let test: [Sample]
  let directory: RunDirectory

  /// Draws and writes all; `examples.json` last.
  func write(_ predictions: Predictions) throws {
    let examples: RunExamples
    try AtomicFile.makeFolder(directory.examplesFolder)
    try AtomicFile.removeLeftovers(in: directory.examplesFolder)
    switch predictions {
    case .segmentation(let all):
      examples = RunExamples(
        kind: .outlines, legend: ExamplePainter.outlinesLegend,
        examples: try ExampleChoice.masks(all).enumerated().map { try outlines($1, number: $0 + 1) })
    case .classification(let all):
      examples = RunExamples(
        kind: .gradCAM, legend: ExamplePainter.gradCAMLegend,
        examples: try ExampleChoice.positives(all, scored: scoredClasses).enumerated().map { try heat($1, number: $0 + 1) })
    }
    try directory.write(examples, to: directory.examplesFile)
  }

  private func outlines(_ row: SegmentationPredictions.Row, number: Int) throws -> RunExamples.Example {
    let file = "outlines-\(number).png"
    try ImageFile.writePNG(painter.outlines(sample(row.id)), to: directory.examplesFolder.appendingPathComponent(file))
    return RunExamples.Example(file: file, id: row.id, dice: row.counts.dice)
  }

  private func heat(_ choice: (className: String, column: Int, id: String), number: Int) throws -> RunExamples.Example {
    let heat = try painter.heat(sample(choice.id), column: choice.column), file = "grad-cam-\(number).png"
    try ImageFile.writePNG(heat.picture, to: directory.examplesFolder.appendingPathComponent(file))
    return RunExamples.Example(
      file: file, id: choice.id, className: choice.className, probability: heat.probability, remark: heat.remark)
  }

  private func sample(_ id: String) throws -> Sample {
    guard let sample = test.first(where: { $0.id == id }) else { throw ExecutionError.noExample(id) }
    return sample
  }
}
