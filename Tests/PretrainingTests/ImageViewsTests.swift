import Datasets
import Foundation
import Foundations
import Phantoms
import Studies
import Testing
import Torch
import Training

@testable import Pretraining

/// Drawn images on disk, removed with the value.
private final class DrawnImages {
  let folder: URL
  let samples: [Sample]

  init() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("views-\(UUID().uuidString)")
    self.folder = folder
    try PhantomWriter.write(kind: .effusion, counts: PhantomCounts(training: 10, validation: 1, test: 1), size: 24, seed: SeedPath(0), to: folder)
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }.filter { $0.hasSuffix(".png") }.sorted() ?? []
    samples = names.enumerated().map { index, name in
      Sample(
        id: name, image: ImageReference(folder.appendingPathComponent(name)), patient: "P\(index / 3)",
        byteCount: (try? Data(contentsOf: folder.appendingPathComponent(name)).count) ?? 0)
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func views(
    of samples: [Sample]? = nil, recipe views: ViewRecipe = .two(.b, .y.second, scale: 0.2...1).withJigsaw(), workers: Int = 1, onePerPatient: Bool = false,
    positives: PositiveViews = .sameImage, rule: GrayRule = .on
  ) throws -> ImageViews {
    var recipe = Recipe.standard(for: .multiLabelClassification)
    (recipe.inputSize, recipe.resizeSize, recipe.batchSize) = (28, 28, 4)
    return try ImageViews(
      samples ?? self.samples, views: views, recipe: recipe, sourceSize: 40, grayRule: rule, onePerPatient: onePerPatient, positives: positives, seed: SeedPath(5) / "views",
      numerics: NumericSetting(device: .cpu, precision: .float32), loaders: LoaderSetting(workers: workers, prefetch: 2))
  }
}

@Suite("Views of images on disk")
struct ImageViewsTests {
  private func all(_ source: any BatchSource<ViewBatch>) throws -> [(indices: [Int], views: [[Float]])] {
    var batches: [(indices: [Int], views: [[Float]])] = []
    while let batch = try source.next() { batches.append((batch.indices, try batch.views.map { try $0.floats() })) }
    return batches
  }

  @Test("What an image's views are depends on its id and the epoch, not on the threads, the batch or where a training goes on")
  func determinism() throws {
    let images = try DrawnImages()
    #expect(images.samples.count == 12)
    let one = try all(images.views().batches(ofEpoch: 2, after: 0)), three = try all(images.views(workers: 3).batches(ofEpoch: 2, after: 0))
    #expect(one.map(\.indices) == three.map(\.indices) && one.map(\.views) == three.map(\.views))
    #expect(one.count == 3 && Set(one.flatMap(\.indices)).count == 12)
    let rest = try all(images.views().batches(ofEpoch: 2, after: 2))
    #expect(rest.map(\.indices) == [one[2].indices] && rest.map(\.views) == [one[2].views])
    let other = try all(images.views().batches(ofEpoch: 3, after: 0))
    #expect(other.map(\.indices) != one.map(\.indices) && other[0].views != one[0].views)
    // Nine images make two whole batches of four.
    #expect(try all(images.views(of: Array(images.samples.prefix(9))).batches(ofEpoch: 1, after: 0)).map(\.indices.count) == [4, 4])
  }

  @Test("Views have the sizes of their recipe, and gray images have three equal channels before they are normalized")
  func shapes() throws {
    let images = try DrawnImages(), batch = try #require(try images.views().batches(ofEpoch: 1, after: 0).next())
    #expect(batch.views.map(\.shape) == [[4, 3, 28, 28], [4, 3, 28, 28], [36, 3, 8, 8]])
    let mean = try Tensor([0.485, 0.456, 0.406] as [Float], shape: [1, 3, 1, 1]), deviation = try Tensor([0.229, 0.224, 0.225] as [Float], shape: [1, 3, 1, 1])
    for view in batch.views {
      let brightness = try view * deviation + mean, channels = try brightness.split(size: 1, along: 1)
      #expect(try channels[0].isClose(to: channels[1], absoluteTolerance: 1e-6) && channels[0].isClose(to: channels[2], absoluteTolerance: 1e-6))
      let values = try brightness.floats()
      #expect(values.allSatisfy { (-1e-5...1.00001).contains($0) } && Set(values.map { ($0 * 20).rounded() }).count > 3)
    }
  }

  @Test("One image of each patient and epoch, another in other epochs; an image of no known patient is one by itself")
  func patients() throws {
    let images = try DrawnImages(), views = try images.views(recipe: .two(.none, scale: 0.5...1), onePerPatient: true)
    #expect(views.sampleCount == 12 && views.imagesPerEpoch == 4)
    let epochs = try (1...6).map { try all(views.batches(ofEpoch: $0, after: 0)).flatMap(\.indices) }
    for epoch in epochs { #expect(Set(epoch.map { $0 / 3 }).count == 4 && epoch.count == 4) }
    #expect(Set(epochs.joined()).count > 6)
    let strangers = images.samples.map { Sample(id: $0.id, image: $0.image, byteCount: $0.byteCount) }
    #expect(try images.views(of: strangers, onePerPatient: true).imagesPerEpoch == 12)
  }

  @Test("Of two images of a patient the first view is of one and the second of the other, drawn anew each epoch; who has no other, or an unreadable one, is its own")
  func partners() throws {
    let images = try DrawnImages()
    var samples = images.samples
    samples[9] = Sample(id: samples[9].id, image: samples[9].image, byteCount: samples[9].byteCount)
    let broken = images.folder.appendingPathComponent("broken.png")
    try Data("no picture".utf8).write(to: broken)
    samples[11] = Sample(id: "broken.png", image: ImageReference(broken), patient: samples[10].patient, byteCount: 10)
    // Whole images without a change, by which a view shows what it is of.
    let recipe = ViewRecipe([View(.center(size: .full), .none), View(.center(size: .full), .none)])
    let size = 3 * 28 * 28
    func picture(_ view: [Float], _ row: Int) -> [Float] { Array(view[(row * size)..<((row + 1) * size)]) }
    var plain: [[Float]: Int] = [:]
    for batch in try all(images.views(of: samples, recipe: recipe).plainBatches()) {
      for (row, index) in batch.indices.enumerated() { plain[picture(batch.views[0], row)] = index }
    }
    var partners: [Int: Set<Int>] = [:]
    let views = try images.views(of: samples, recipe: recipe, positives: .samePatient)
    for epoch in 1...8 {
      for batch in try all(views.batches(ofEpoch: epoch, after: 0)) {
        for (row, index) in batch.indices.enumerated() {
          #expect(plain[picture(batch.views[0], row)] == index)
          partners[index, default: []].insert(try #require(plain[picture(batch.views[1], row)]))
        }
      }
    }
    #expect(partners[0] == [1, 2] && partners[4] == [3, 5] && partners[9] == [9] && partners[10] == [10] && partners[11] == nil)
    #expect(PatientPartners(samples).pairedCount == 11)
    let again = try images.views(of: samples, recipe: recipe, workers: 3, positives: .samePatient)
    let rest = try all(again.batches(ofEpoch: 2, after: 1)), whole = try all(views.batches(ofEpoch: 2, after: 0))
    #expect(rest.map(\.views) == whole.dropFirst().map(\.views))
  }

  @Test("Every image once in one plain view, in order; one that cannot be read is named")
  func plain() throws {
    let images = try DrawnImages()
    var samples = images.samples
    let broken = images.folder.appendingPathComponent("broken.png")
    try Data("no picture".utf8).write(to: broken)
    samples[5] = Sample(id: "broken.png", image: ImageReference(broken), byteCount: 10)
    let source = try images.views(of: samples).plainBatches()
    var indices: [Int] = [], unusable: [String] = []
    while let batch = try source.next() {
      #expect(batch.views.map(\.shape) == [[batch.indices.count, 3, 28, 28]])
      indices += batch.indices
      unusable += batch.unusable.map(\.id)
    }
    #expect(indices == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11] && unusable == ["broken.png"])
  }
}
