import Datasets
import Foundation
import Foundations
import Imaging
import Loading
import Models
import NeuralNetworks
import Studies
import Torch
import Training
import Vocabulary

/// Draws single test images as a trained network sees them: with nothing over them, with outlines of masks, or with Grad-CAM.
struct ExamplePainter {
  let network: any Network
  let kind: TaskKind
  let recipe: Recipe
  let numerics: NumericSetting
  /// Where decoded images are; nil reads all from their files.
  let cache: SampleCache?

  /// A side of a picture, in pixels, is at most this; larger inputs are shown smaller.
  static let greatestSide = 256

  static let outlinesLegend = "Outlines over the image as the network sees it: truth sky blue, prediction orange, both white."
  static let gradCAMLegend = "Grad-CAM of the last feature map for the named class, scaled to its greatest value in the image: the brighter, the more evidence."

  private var side: Int { min(recipe.inputSize, Self.greatestSide) }

  /// The image alone.
  func plain(_ sample: Sample) throws -> PixelBuffer { try picture(input(sample).0).pixelBuffer() }

  func outlines(_ sample: Sample) throws -> PixelBuffer {
    let (prepared, images) = try input(sample)
    let size = recipe.inputSize
    let found = try withoutGradient {
      try MaskDecisions.of(numerics.computing { try network(images, mode: .evaluation) }.to(type: .float32), kind: kind).booleans()
    }
    let truth = (prepared.mask ?? []).map { $0 > 0.5 }
    guard !truth.isEmpty, truth.count % (size * size) == 0, found.count == truth.count else { throw ExecutionError.noExample(sample.id) }
    func ofEachClass(_ masks: [Bool]) throws -> [[Bool]] {
      try stride(from: 0, to: masks.count, by: size * size).map { try shown(Array(masks[$0..<$0 + size * size])) }
    }
    func shown(_ mask: [Bool]) throws -> [Bool] {
      try Mask(width: size, height: size, values: mask.map { $0 ? 1 : 0 }).resized(width: side, height: side).values.map { $0 == 1 }
    }
    var overlay = try picture(prepared)
    overlay.drawOutlines(truth: try ofEachClass(truth), prediction: try ofEachClass(found))
    return try overlay.pixelBuffer()
  }

  /// What Grad-CAM shows of an image for a class.
  struct Heat {
    let picture: PixelBuffer
    /// Of the class, from the one view that is shown.
    let probability: Double
    /// Why there is no heat, or none that tells places apart; nil where there is.
    let remark: String?
  }

  /// - Parameter column: the class's place among the classes that the network answers for.
  func heat(_ sample: Sample, column: Int) throws -> Heat {
    guard let classifier = network as? ClassifierNetwork else { throw ExecutionError.noExample(sample.id) }
    let (prepared, images) = try input(sample), architecture = network.architecture
    // With three states a class, the evidence is that for “present”, and its probability is against “absent”.
    let isThreefold = recipe.labelPolicy == .multiClass
    let output = isThreefold ? 3 * column + 1 : column
    guard architecture.record.uses.contains(.gradCAM) else {
      let logits = try numerics.computing { try withoutGradient { try classifier(images, mode: .evaluation) } }.doubles()
      return Heat(
        picture: try picture(prepared).pixelBuffer(),
        probability: probability(logits, column: column, logit: isThreefold ? logits[output] - logits[output - 1] : logits[output]),
        remark: Self.unexplained(architecture.title))
    }
    let (map, logits) = try numerics.computing { try classifier.gradCAM(images, classIndex: output) }
    let outputs = try logits.doubles(), logit = isThreefold ? outputs[output] - outputs[output - 1] : outputs[output]
    let (height, width) = (map.shape[1], map.shape[2])
    let values = try map.floats(), greatest = values.allSatisfy(\.isFinite) ? values.max() ?? 0 : .nan
    // A map that is 0 everywhere stays so: there is no evidence for the class.
    let scaled = greatest > 0 && greatest.isFinite ? values.map { $0 / greatest } : values.map { _ in 0 }
    let heat = try FloatImage(width: width, height: height, channels: 1, values: scaled)
      .resized(width: side, height: side, filter: .bilinearAntialiased)
    var overlay = try picture(prepared)
    overlay.drawHeat(heat.values)
    return Heat(
      picture: try overlay.pixelBuffer(), probability: probability(outputs, column: column, logit: logit),
      remark: Self.remark(greatest: greatest, cells: width * height, inputSize: recipe.inputSize))
  }

  private func probability(_ outputs: [Double], column: Int, logit: Double) -> Double {
    guard kind.isOfExactlyOneClass else { return 1 / (1 + exp(-logit)) }
    let greatest = outputs.max() ?? 0
    return exp(outputs[column] - greatest) / outputs.reduce(0) { $0 + exp($1 - greatest) }
  }

  /// Why a network's answer has no map.
  static func unexplained(_ title: String) -> String {
    "no heat: Grad-CAM does not fit \(title), whose head sees a class token and not the last feature map"
  }

  /// Why a map shows nothing.
  static func remark(greatest: Float, cells: Int, inputSize: Int) -> String? {
    if !greatest.isFinite { return "no heat: the map holds values that are no numbers" }
    // Grad-CAM keeps what is above 0 of the weighted sum of the maps.
    if greatest <= 0 { return "no heat: nothing in the last feature map speaks for it" }
    return cells == 1 ? "even heat: with inputs of \(inputSize) pixels the last feature map has one place" : nil
  }

  /// One test image in one view, prepared and as a tensor.
  private func input(_ sample: Sample) throws -> (PreparedSample, Tensor) {
    let prepared = try SamplePipeline(recipe: recipe, kind: kind, stage: .validation, cache: cache).load(sample, seed: SeedPath(0))
    let images = try Tensor(prepared.image, shape: prepared.imageShape).to(device: numerics.device).to(type: numerics.parameterType)
    return (prepared, images)
  }

  /// The gray picture behind a prepared image: the mean of its channels, with the normalization taken back.
  private func picture(_ prepared: PreparedSample) throws -> Overlay {
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
