import DatasetFixtures
import Foundation
import Foundations
import Imaging
import Studies
import Testing

@testable import Datasets
@testable import Loading
@testable import Phantoms

@Suite("The pipeline prepares images as the 2021 benchmark does")
struct PipelineTests {
  /// A gradient with a bright square, gray or RGB, and the square's mask.
  private func write(
    to data: TemporaryData, width: Int = 40, height: Int = 30, channels: Int = 1, maskSize: (Int, Int)? = nil
  ) throws -> Sample {
    func isSquare(_ x: Int, _ y: Int) -> Bool { abs(10 * x - 5 * width) < 2 * width && abs(10 * y - 5 * height) < 2 * height }
    var pixels = [UInt8]()
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<channels { pixels.append(isSquare(x, y) ? 250 : UInt8(min(20 + x + 2 * y, 130) + 10 * channel)) }
      }
    }
    let image = data.url.appendingPathComponent("image.png"), mask = data.url.appendingPathComponent("mask.png")
    try ImageFile.writePNG(
      PixelBuffer(width: width, height: height, channels: channels, bitDepth: 8, samples: .bytes(pixels)), to: image)
    let (maskWidth, maskHeight) = maskSize ?? (width, height)
    let values = (0..<maskWidth * maskHeight).map { isSquare($0 % maskWidth, $0 / maskWidth) ? UInt8(255) : 0 }
    try ImageFile.writePNG(
      PixelBuffer(width: maskWidth, height: maskHeight, channels: 1, bitDepth: 8, samples: .bytes(values)), to: mask)
    return Sample(id: "image.png", image: ImageReference(image), mask: MaskReference(mask), labels: [1], byteCount: 1)
  }

  private func recipe(_ kind: TaskKind, _ change: (inout Recipe) -> Void = { _ in }) -> Recipe {
    var recipe = Recipe.standard(for: kind)
    recipe.inputSize = 28
    recipe.resizeSize = kind.isSegmentation ? 28 : 32
    recipe.normalization = .none
    change(&recipe)
    return recipe
  }

  private func load(
    _ sample: Sample, _ kind: TaskKind, _ stage: SamplePipeline.Stage, seed: Int = 1,
    _ change: (inout Recipe) -> Void = { _ in }
  ) throws -> PreparedSample {
    try SamplePipeline(recipe: recipe(kind, change), kind: kind, stage: stage).load(sample, seed: SeedPath(seed))
  }

  @Test("Validation is the resized image's center crop, gray in every channel")
  func validation() throws {
    let data = try TemporaryData()
    let sample = try write(to: data)
    let prepared = try load(sample, .binaryClassification, .validation)
    let expected = try FloatImage(sample.image.read()).resized(width: 32, height: 32).centerCropped(
      width: 28, height: 28)
    #expect(prepared.imageShape == [1, 3, 28, 28] && prepared.mask == nil)
    #expect(prepared.image == expected.values + expected.values + expected.values)
    #expect(try load(sample, .binaryClassification, .validation, seed: 2) == prepared)
  }

  @Test("Images are resized by the recipe's interpolation in every stage; masks by nearest neighbor whatever it is")
  func interpolation() throws {
    let data = try TemporaryData()
    let sample = try write(to: data), whole = try FloatImage(sample.image.read())
    let mask = try #require(sample.mask).read(for: sample.image.read(), of: sample.id).resized(width: 28, height: 28).values.map(Float.init)
    for (interpolation, filter) in [(Interpolation.bilinear, ResizeFilter.bilinearAntialiased), (.bicubic, .bicubicAntialiased), (.nearest, .nearest)] {
      let crop = try load(sample, .binaryClassification, .validation) { $0.interpolation = interpolation }
      let expected = try whole.resized(width: 32, height: 32, filter: filter).centerCropped(width: 28, height: 28)
      #expect(crop.image.prefix(28 * 28).elementsEqual(expected.values))
      let segmented = try load(sample, .binarySegmentation, .validation) { $0.interpolation = interpolation }
      #expect(segmented.image.prefix(28 * 28).elementsEqual(try whole.resized(width: 28, height: 28, filter: filter).values))
      #expect(segmented.mask == mask)
    }
    let varied = try [Interpolation.bilinear, .bicubic].map { choice in
      try load(sample, .binaryClassification, .training) { $0.interpolation = choice }.image
    }
    #expect(varied[0] != varied[1])
  }

  @Test("Test is ten crops, or the center crop where the recipe says so")
  func test() throws {
    let data = try TemporaryData()
    let sample = try write(to: data, channels: 3)
    let ten = try load(sample, .multiLabelClassification, .test)
    #expect(ten.imageShape == [10, 3, 28, 28])
    let crops = try FloatImage(sample.image.read()).resized(width: 32, height: 32).tenCrop(width: 28, height: 28)
    #expect(ten.image == crops.flatMap(\.values))
    let one = try load(sample, .multiLabelClassification, .test) { $0.testTimeAugmentation = .none }
    #expect(try one == load(sample, .multiLabelClassification, .validation))
    #expect(Array(ten.image[(4 * 3 * 784)..<(5 * 3 * 784)]) == one.image)
  }

  @Test("Training varies with the seed's path and with nothing else")
  func training() throws {
    let data = try TemporaryData()
    let sample = try write(to: data)
    for kind in [TaskKind.binaryClassification, .binarySegmentation] {
      let drawn = try (0..<12).map { try load(sample, kind, .training, seed: $0) }
      #expect(try load(sample, kind, .training, seed: 3) == drawn[3])
      #expect(Set(drawn.map { $0.image }).count > 3)
      let plain = try load(sample, kind, .training) { $0.augmentation = .none }
      #expect(try plain == load(sample, kind, .validation))
    }
  }

  @Test("Image and mask share one geometry: the mask stays on the bright square", arguments: 0..<24)
  func sharedGeometry(seed: Int) throws {
    let data = try TemporaryData()
    let sample = try write(to: data, width: 96, height: 96)
    let prepared = try load(sample, .binarySegmentation, .training, seed: seed) {
      $0.inputSize = 96
      $0.inputChannels = 1
    }
    let mask = try #require(prepared.mask)
    let isBinary = mask.allSatisfy { $0 == 0 || $0 == 1 }
    #expect(prepared.maskShape == [1, 96, 96] && isBinary)
    // The square (250) is far brighter than the gradient (130 at most), so a level near the top tells them apart.
    let inside = zip(prepared.image, mask).filter { $1 == 1 }.map(\.0)
    let outside = zip(prepared.image, mask).filter { $1 == 0 }.map(\.0)
    let brightest = try #require(inside.max())
    let isOnSquare = Double(inside.filter { $0 > 0.8 * brightest }.count) > 0.85 * Double(inside.count)
    let isAllOfIt = Double(outside.filter { $0 > 0.95 * brightest }.count) < 0.02 * Double(outside.count)
    #expect(isOnSquare && isAllOfIt)
  }

  @Test("Segmentation resizes the image smoothly and the mask by its nearest pixel")
  func segmentation() throws {
    let data = try TemporaryData()
    let sample = try write(to: data)
    for stage in [SamplePipeline.Stage.validation, .test] {
      let prepared = try load(sample, .binarySegmentation, stage)
      #expect(prepared.imageShape == [1, 3, 28, 28] && prepared.maskShape == [1, 28, 28])
      let image = try FloatImage(sample.image.read()).resized(width: 28, height: 28)
      #expect(Array(prepared.image[..<784]) == image.values)
      let mask = try #require(sample.mask).read(for: sample.image.read(), of: sample.id).resized(width: 28, height: 28)
      #expect(prepared.mask == mask.values.map(Float.init))
    }
  }

  @Test("Normalization is (value − mean) / standard deviation in each channel")
  func normalization() throws {
    let data = try TemporaryData()
    let sample = try write(to: data)
    let plain = try load(sample, .binaryClassification, .validation)
    let imagenet = try load(sample, .binaryClassification, .validation) { $0.normalization = .imagenet }
    let (mean, deviation): ([Float], [Float]) = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    for index in stride(from: 0, to: 3 * 784, by: 97) {
      #expect(imagenet.image[index] == (plain.image[index] - mean[index / 784]) / deviation[index / 784])
    }
    let custom = try load(sample, .binaryClassification, .validation) {
      $0.inputChannels = 1
      $0.normalization = .custom(mean: [0.5056], standardDeviation: [0.252])
    }
    #expect(custom.imageShape == [1, 1, 28, 28] && custom.image[5] == (plain.image[5] - 0.5056) / 0.252)
  }

  @Test("What does not fit is told with its numbers")
  func sentences() throws {
    let data = try TemporaryData()
    let sample = try write(to: data, maskSize: (20, 30))
    func failure(_ body: () throws -> Void) -> String {
      #expect(throws: DatasetsError.self, performing: body).map(\.description) ?? ""
    }
    #expect(
      failure { _ = try load(sample, .binarySegmentation, .test) }
        == "The image image.png has 40 × 30 pixels and its mask has 20 × 30. Give the mask that belongs to the image, in the same size."
    )
    let lonely = Sample(id: "x.png", image: sample.image, byteCount: 1)
    #expect(
      failure { _ = try load(lonely, .binarySegmentation, .test) }
        == "The image x.png has no mask. Give the task a source with masks.")
    #expect(
      failure { _ = try load(sample, .binaryClassification, .test) { $0.inputChannels = 4 } }
        == "A network input of 4 channels cannot be made from an image. Set `inputChannels` to 3 or 1.")
    #expect(
      failure {
        _ = try load(sample, .binaryClassification, .test) { $0.normalization = .custom(mean: [0], standardDeviation: [1]) }
      } == "The normalization has 1 means and 1 standard deviations for 3 channels. Give one mean and one standard deviation a channel.")
    #expect(
      failure { _ = try load(sample, .binaryClassification, .test) { $0.resizeSize = 20 } }
        == "A crop of 28 × 28 pixels does not fit an image resized to 20 × 20. Set `inputSize` to at least 1 and `resizeSize` to at least `inputSize`."
    )
  }

  @Test("Through the loader a torn file is named with its reason, and the rest comes whatever the number of workers")
  func tornFile() throws {
    let data = try TemporaryData()
    let source = try PhantomWriter.write(
      kind: .findings, counts: PhantomCounts(training: 10, validation: 1, test: 1), size: 32, seed: SeedPath(1), to: data.url)
    let torn = data.url.appendingPathComponent("images/00004.png")
    let bytes = try Data(contentsOf: torn)
    try bytes.prefix(bytes.count / 2).write(to: torn)
    let splits = try DatasetResolver.resolve(.manifest(source), kind: .multiLabelClassification)
    let pipeline = try SamplePipeline(recipe: recipe(.multiLabelClassification), kind: .multiLabelClassification, stage: .training)
    let runs = try [1, 2, 4].map { workers in
      let loader = try BatchLoader(
        samples: splits.training, batches: BatchOrder(sampleCount: 10, batchSize: 4, shuffledBy: SeedPath(2)).batches,
        pipeline: pipeline, seed: SeedPath(2) / "epoch" / 1, workers: workers)
      var batches = [Batch]()
      while let batch = try loader.next() { batches.append(batch) }
      return batches
    }
    #expect(runs[0] == runs[1] && runs[0] == runs[2])
    let broken = runs[0].flatMap(\.broken)
    #expect(broken.map(\.id) == ["images/00004.png"])
    #expect(broken.first?.reason.hasPrefix("The image \(torn.path) is ") == true)
    #expect(runs[0].flatMap(\.indices).count == 9)
    #expect(runs[0][0].targetShape[1] == 5)
  }
}
