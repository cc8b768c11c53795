import Datasets
import Foundation
import Foundations
import Loading
import Models
import Studies
import Testing
import Torch

@testable import Training

@Suite("A feature pass", .serialized)
struct FeaturePassTests {
  private func rows(_ fixture: TrainingFixture, _ network: any Network, _ samples: [Sample], layers: [String] = ["pooled"]) throws -> [String: [[Float]]] {
    let pass = try FeaturePass(
      network, recipe: fixture.recipe, kind: fixture.kind, numerics: fixture.numerics, loaders: LoaderSetting(workers: 1, prefetch: 1), layers: layers)
    var found: [String: [[Float]]] = [:]
    try pass.run(samples) { batch in
      #expect(batch.broken.isEmpty)
      for (layer, values) in batch.values {
        let width = values.count / batch.indices.count
        found[layer, default: []] += batch.indices.indices.map { Array(values[$0 * width..<($0 + 1) * width]) }
      }
    }
    return found
  }

  @Test("An image has the same features to the last bit, alone, among others and in another order")
  func sameInAnyCompany() throws {
    let fixture = try TrainingFixture(), network = try fixture.makeNetwork()
    let samples = fixture.splits.training + fixture.splits.validation
    let all = try #require(try rows(fixture, network, samples)["pooled"])
    #expect(all.count == samples.count && all[0].count == 512 && Set(all).count > samples.count / 2)
    let turned = try rows(fixture, network, samples.reversed())["pooled"], alone = try rows(fixture, network, [samples[3]])["pooled"]
    #expect(turned == all.reversed() && alone == [all[3]])
  }

  @Test("They are the backbone's of the image as validation prepares it; a stage is the mean of its map")
  func sameAsTheBackbone() throws {
    let fixture = try TrainingFixture(), network = try fixture.makeNetwork(), sample = fixture.splits.test[1]
    let found = try rows(fixture, network, [sample], layers: ["layer2", "pooled"])
    let prepared = try SamplePipeline(recipe: fixture.recipe, kind: fixture.kind, stage: .validation).load(sample, seed: SeedPath(0))
    let stages = try network.stageFeatures(Tensor(prepared.image, shape: prepared.imageShape))
    for stage in stages where found[stage.name] != nil {
      let own = try (stage.name == "pooled" ? stage.features : stage.features.mean(over: [2, 3])).floats(), row = try #require(found[stage.name]?.first)
      #expect(own.count == row.count)
      for (first, second) in zip(own, row) { #expect(abs(first - second) < 1e-5 * max(1, abs(first))) }
    }
    #expect(found["layer2"]?.first?.count == 128 && found["pooled"]?.first?.count == 512)
  }

  @Test("A layer that is not there is refused with the nearest, and a batch of large images is small")
  func refusal() throws {
    let fixture = try TrainingFixture(), network = try fixture.makeNetwork()
    #expect {
      try FeaturePass(
        network, recipe: fixture.recipe, kind: fixture.kind, numerics: fixture.numerics, loaders: LoaderSetting(workers: 1, prefetch: 1), layers: ["layer9"])
    } throws: {
      sentence(for: $0).hasPrefix("The network has no features “layer9”. Did you mean “layer")
    }
    #expect(FeaturePass.batchSize(inputSize: 32) == 32 && FeaturePass.batchSize(inputSize: 448) == 8 && FeaturePass.batchSize(inputSize: 4096) == 1)
  }
}
