import DatasetFixtures
import Foundation
import Foundations
import Imaging
import Studies
import Testing

@testable import Datasets
@testable import Loading

@Suite("What a network sees")
struct InspectedInputTests {
  private func recipe(_ kind: TaskKind, _ change: (inout Recipe) -> Void = { _ in }) -> Recipe {
    var recipe = Recipe.standard(for: kind)
    (recipe.inputSize, recipe.resizeSize) = (32, kind.isSegmentation ? 32 : 40)
    change(&recipe)
    return recipe
  }

  private func sample(in folder: TemporaryData) throws -> Sample {
    let (width, height) = (50, 44)
    let samples = (0..<width * height).map { UInt8(($0 % width * 5 + $0 / width * 2) % 256) }
    let image = folder.url.appendingPathComponent("image.png"), mask = folder.url.appendingPathComponent("mask.png")
    try ImageFile.writePNG(PixelBuffer(width: width, height: height, channels: 1, bitDepth: 8, samples: .bytes(samples)), to: image)
    try ImageFile.writePNG(
      PixelBuffer(width: width, height: height, channels: 1, bitDepth: 8, samples: .bytes(samples.map { $0 > 127 ? 255 : 0 })), to: mask)
    return Sample(id: "image.png", image: ImageReference(image), mask: MaskReference(mask), byteCount: 1)
  }

  @Test("What is told of a sample is of the very tensor that training gets", arguments: [TaskKind.binaryClassification, .binarySegmentation])
  func sameTensor(kind: TaskKind) throws {
    let folder = try TemporaryData()
    let sample = try sample(in: folder)
    for part in DatasetPart.allCases {
      let pipeline = try SamplePipeline(recipe: recipe(kind), kind: kind, stage: part)
      for seed in 1...6 {
        let loaded = try pipeline.load(sample, seed: SeedPath(seed)), told = try pipeline.inspect(sample, seed: SeedPath(seed))
        #expect(told.tensor.shape == loaded.imageShape)
        #expect(Float(told.tensor.minimum) == loaded.image.min())
        #expect(Float(told.tensor.maximum) == loaded.image.max())
        #expect((told.drawn != nil) == (part == .training))
        #expect(told.pictures.count == loaded.imageShape[0])
        if let mask = loaded.mask {
          let foreground = mask.filter { $0 == 1 }.count
          #expect(told.maskFraction == Double(foreground) / 1024)
        }
      }
    }
  }

  @Test("Steps are told in their order with their parameters")
  func steps() throws {
    let folder = try TemporaryData()
    let sample = try sample(in: folder)
    let test = try SamplePipeline(recipe: recipe(.binaryClassification), kind: .binaryClassification, stage: .test).inspect(sample, seed: SeedPath(1))
    #expect(
      test.steps.map { "\($0.name): \($0.detail)" } == [
        "read: 50 × 44 pixels, gray, 8 bits, divided by 255", "resize: to 40 × 40, bilinear, antialiased",
        "ten crops: 32 × 32: corners, center, and their mirror images", "repeat: gray in 3 channels",
        "normalize: mean 0.485, 0.456, 0.406; standard deviation 0.229, 0.224, 0.225",
      ])
    let training = try SamplePipeline(recipe: recipe(.binaryClassification), kind: .binaryClassification, stage: .training)
      .inspect(sample, seed: SeedPath(1))
    #expect(training.steps.map(\.name) == ["read", "random crop", "resize", "mirror", "rotate", "repeat", "normalize"])
    let masked = try SamplePipeline(
      recipe: recipe(.binarySegmentation) {
        $0.inputChannels = 1
        $0.interpolation = .nearest
      }, kind: .binarySegmentation, stage: .test
    )
    .inspect(sample, seed: SeedPath(1))
    #expect(
      masked.steps.map { "\($0.name): \($0.detail)" } == [
        "read: 50 × 44 pixels, gray, 8 bits, divided by 255", "resize: to 32 × 32, nearest pixel; mask nearest", "normalize: not",
      ])
  }

  @Test("The picture is the crop before normalization, and red tints the mask alone")
  func picture() throws {
    let folder = try TemporaryData()
    let sample = try sample(in: folder)
    let pipeline = try SamplePipeline(recipe: recipe(.binarySegmentation), kind: .binarySegmentation, stage: .test)
    let loaded = try pipeline.load(sample, seed: SeedPath(1)), picture = try pipeline.inspect(sample, seed: SeedPath(1)).pictures[0]
    let mask = try #require(loaded.mask)
    for (index, isObject) in mask.enumerated() {
      let (x, y) = (index % 32, index / 32)
      let gray = Double((loaded.image[index] * 255).rounded())
      let green: Double = isObject == 1 ? 0.6 * gray : gray
      let red: Double = isObject == 1 ? 0.6 * gray + 102 : gray
      #expect(picture[x, y, 1] == Int(green.rounded()))
      #expect(picture[x, y, 0] == Int(red.rounded()))
    }
  }
}
