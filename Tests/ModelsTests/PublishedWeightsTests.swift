import Containers
import Foundation
import Models
import NeuralNetworks
import Testing
import Torch
import Weights

@Suite(.tags(.data), .enabled(if: PublishedWeights.data != nil, PublishedWeights.absence))
struct PublishedWeightsTests {
  @Test(
    "The published CIFAR-10 weights, read from their files, give PyTorch's logits to 1e-5",
    arguments: WeightsCatalog.all.filter { $0.trainedOn == ["CIFAR-10"] }.map(\.id))
  func logits(id: String) throws {
    let entry = try WeightsCatalog.named(id)
    let golden = try #require(Golden.decode([String: [Double]].self, "published")[entry.file.name])
    let folder = try #require(PublishedWeights.data).appendingPathComponent("checkpoints/cifar10-resnet")
    let file = try CheckpointFile.open(folder.appendingPathComponent(entry.file.name))
    let network = try makeClassifier(
      architecture: ArchitectureCatalog.named(entry.architecture), classCount: 10,
      store: ParameterStore(generator: Generator(seed: 1)))
    let match = try PublishedWeights.fill(network, from: file, entry: entry)
    #expect(Set(match.dropped.map(\.key)) == ["module.linear.weight", "module.linear.bias"])

    // The head is no part of a backbone, but here the published logits are wanted.
    let head = try file.arrays().filter { $0.name.contains("module.linear.") }
    #expect(head.count == 2)
    for array in head {
      let name = try #require(array.name.components(separatedBy: "module.").last)
      try withoutGradient { _ = try #require(network.store[name]).copy(from: PublishedWeights.tensor(array)) }
    }
    let images = try Formula.uniform("published", [2, 3, 32, 32]).to(type: .float32)
    let logits = try withoutGradient { try network(images, mode: .evaluation) }
    let distance = try relativeDistance(logits.doubles(), golden)
    #expect(distance < 1e-5, "\(distance)")
  }
}
