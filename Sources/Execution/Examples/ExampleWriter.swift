import Datasets
import Foundation
import Foundations
import Imaging
import Metrics
import Models
import NeuralNetworks
import RunStore
import Studies
import Torch
import Training

/// Draws a run's few examples at its end: outlines of the best, median and worst mask, or Grad-CAM of fixed images.
struct ExampleWriter {
  let network: any Network
  let task: TaskSpecification
  let recipe: Recipe
  let numerics: NumericSetting
  let test: [Sample]
  let directory: RunDirectory
  /// Where decoded images are; nil reads all from their files.
  let cache: SampleCache?

  /// A side of a picture, in pixels, is at most this; larger inputs are shown smaller.
  static let greatestSide = 256

  /// Draws and writes all; `examples.json` last.
  func write(_ predictions: Predictions) throws {
    let examples: RunExamples
    try AtomicFile.makeFolder(directory.examplesFolder)
    try AtomicFile.removeLeftovers(in: directory.examplesFolder)
    switch predictions {
    case .segmentation(let all):
      examples = RunExamples(
        kind: .outlines, legend: "Outlines over the image as the network sees it: truth sky blue, prediction orange, both white.",
        examples: try ExampleChoice.ranked(all).map(outlines))
    case .classification(let all):
      guard let classifier = network as? ClassifierNetwork else { return }
      examples = RunExamples(
        kind: .gradCAM,
        legend: "Grad-CAM of the last feature map for the named class, scaled to its greatest value in the image: the brighter, the more evidence.",
        examples: try ExampleChoice.positives(all, scored: task.scoredClasses).enumerated().map { index, choice in
          try heat(classifier, choice, number: index + 1)
        })
    }
    try directory.write(examples, to: directory.examplesFile)
  }

  private func outlines(_ choice: (rank: String, row: SegmentationPredictions.Row)) throws -> RunExamples.Example {
    let (prepared, images) = try input(choice.row.id)
    let size = recipe.inputSize, side = min(size, Self.greatestSide)
    let found = try withoutGradient {
      try (numerics.computing { try network(images, mode: .evaluation) }.to(type: .float32) .> 0).booleans()
    }
    let truth = (prepared.mask ?? []).map { $0 > 0.5 }
    guard truth.count == size * size, found.count == size * size else { throw ExecutionError.noExample(choice.row.id) }
    func shown(_ mask: [Bool]) throws -> [Bool] {
      try Mask(width: size, height: size, values: mask.map { $0 ? 1 : 0 }).resized(width: side, height: side).values.map { $0 == 1 }
    }
    var overlay = try picture(prepared, side: side)
    overlay.drawOutlines(truth: try shown(truth), prediction: try shown(found))
    let file = "\(choice.rank).png"
    try ImageFile.writePNG(overlay.pixelBuffer(), to: directory.examplesFolder.appendingPathComponent(file))
    return RunExamples.Example(file: file, id: choice.row.id, rank: choice.rank, dice: choice.row.counts.dice)
  }

  private func heat(
    _ classifier: ClassifierNetwork, _ choice: (className: String, column: Int, id: String), number: Int
  ) throws -> RunExamples.Example {
    let (prepared, images) = try input(choice.id)
    let side = min(recipe.inputSize, Self.greatestSide)
    // With three states a class, the evidence is that for “present”, and its probability is against “absent”.
    let isThreefold = recipe.labelPolicy == .multiClass
    let output = isThreefold ? 3 * choice.column + 1 : choice.column
    let (map, logits) = try numerics.computing { try classifier.gradCAM(images, classIndex: output) }
    let outputs = try logits.doubles(), logit = isThreefold ? outputs[output] - outputs[output - 1] : outputs[output]
    let (height, width) = (map.shape[1], map.shape[2])
    let values = try map.floats(), greatest = values.max() ?? 0
    // A map that is 0 everywhere stays so: there is no evidence for the class.
    let scaled = greatest > 0 ? values.map { $0 / greatest } : values
    let heat = try FloatImage(width: width, height: height, channels: 1, values: scaled)
      .resized(width: side, height: side, filter: .bilinearAntialiased)
    var overlay = try picture(prepared, side: side)
    overlay.drawHeat(heat.values)
    let file = "grad-cam-\(number).png"
    try ImageFile.writePNG(overlay.pixelBuffer(), to: directory.examplesFolder.appendingPathComponent(file))
    return RunExamples.Example(file: file, id: choice.id, className: choice.className, probability: 1 / (1 + exp(-logit)))
  }

  /// One test image in one view, prepared and as a tensor.
  private func input(_ id: String) throws -> (PreparedSample, Tensor) {
    guard let sample = test.first(where: { $0.id == id }) else { throw ExecutionError.noExample(id) }
    let prepared = try SamplePipeline(recipe: recipe, kind: task.kind, stage: .validation, cache: cache).load(sample, seed: SeedPath(0))
    let images = try Tensor(prepared.image, shape: prepared.imageShape).to(device: numerics.device).to(type: numerics.parameterType)
    return (prepared, images)
  }

  /// The gray picture behind a prepared image: the mean of its channels, with the normalization taken back.
  private func picture(_ prepared: PreparedSample, side: Int) throws -> Overlay {
    let size = recipe.inputSize, channels = recipe.inputChannels
    let means = recipe.normalization.mean(channels: channels), deviations = recipe.normalization.standardDeviation(channels: channels)
    var gray = [Float](repeating: 0, count: size * size)
    for channel in 0..<channels {
      let (mean, deviation) = (Float(means[channel]), Float(deviations[channel]))
      for pixel in gray.indices {
        gray[pixel] += (prepared.image[channel * size * size + pixel] * deviation + mean) / Float(channels)
      }
    }
    let image = try FloatImage(width: size, height: size, channels: 1, values: gray.map { min(max($0, 0), 1) })
      .resized(width: side, height: side, filter: .bilinearAntialiased)
    return Overlay(gray: image.values, width: side, height: side)
  }
}

extension ExecutionError {
  static func noExample(_ id: String) -> ExecutionError {
    ExecutionError(
      kind: .noExample, problem: "The test image \(id) cannot be shown as an example.",
      remedy: "Set examples: false in the study, or correct the image.")
  }
}
