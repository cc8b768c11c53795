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

  /// What was drawn, and is not on the disk yet.
  struct Drawn {
    fileprivate let kind: RunExamples.Kind
    fileprivate let legend: String
    fileprivate let pictures: [(example: RunExamples.Example, pixels: PixelBuffer)]
  }

  func draw(_ predictions: Predictions) throws -> Drawn {
    switch predictions {
    case .segmentation(let all):
      return Drawn(
        kind: .outlines, legend: ExamplePainter.outlinesLegend,
        pictures: try ExampleChoice.masks(all).enumerated().map { try outlines($1, number: $0 + 1) })
    case .classMasks(let all):
      return Drawn(
        kind: .outlines, legend: ExamplePainter.outlinesLegend,
        pictures: try ExampleChoice.masks(all).enumerated().map { try outlines(all, row: $1, number: $0 + 1) })
    case .numbers: return Drawn(kind: .gradCAM, legend: ExamplePainter.gradCAMLegend, pictures: [])
    case .classification(let all):
      return Drawn(
        kind: .gradCAM, legend: ExamplePainter.gradCAMLegend,
        pictures: try ExampleChoice.positives(all, scored: scoredClasses).enumerated().map { try heat($1, number: $0 + 1) })
    }
  }

  /// Writes the pictures, and `examples.json` last.
  func write(_ drawn: Drawn) throws {
    try AtomicFile.makeFolder(directory.examplesFolder)
    try AtomicFile.removeLeftovers(in: directory.examplesFolder)
    for picture in drawn.pictures {
      try ImageFile.writePNG(picture.pixels, to: directory.examplesFolder.appendingPathComponent(picture.example.file))
    }
    try directory.write(
      RunExamples(kind: drawn.kind, legend: drawn.legend, examples: drawn.pictures.map(\.example)), to: directory.examplesFile)
  }

  private func outlines(_ row: SegmentationPredictions.Row, number: Int) throws -> (RunExamples.Example, PixelBuffer) {
    (RunExamples.Example(file: "outlines-\(number).png", id: row.id, dice: row.counts.dice), try painter.outlines(sample(row.id)))
  }

  private func outlines(_ all: ClassMaskPredictions, row: Int, number: Int) throws -> (RunExamples.Example, PixelBuffer) {
    let id = all.images[row].id
    return (RunExamples.Example(file: "outlines-\(number).png", id: id, dice: all.meanDice(ofImage: row)), try painter.outlines(sample(id)))
  }

  private func heat(_ choice: (className: String, column: Int, id: String), number: Int) throws -> (RunExamples.Example, PixelBuffer) {
    let heat = try painter.heat(sample(choice.id), column: choice.column)
    return (
      RunExamples.Example(
        file: "grad-cam-\(number).png", id: choice.id, className: choice.className, probability: heat.probability, remark: heat.remark),
      heat.picture
    )
  }

  private func sample(_ id: String) throws -> Sample {
    guard let sample = test.first(where: { $0.id == id }) else { throw ExecutionError.noExample(id) }
    return sample
  }
}
