import Containers
import Foundation
import NeuralNetworks
import Testing
import Torch
import Vocabulary
import Weights

@testable import Models

/// From a file to features, in one go: the files of Tools/goldens/layouts.py against torchvision's forward (networks.py, `layouts`).
@Suite struct LayoutFeatureTests {
  /// What the fixtures' index says of a file.
  struct Fixture: Decodable {
    let entries: [String]
    let network: String
  }

  static let folder = PublishedWeights.repository.appendingPathComponent("Tests/WeightsTests/Goldens/layouts")
  static let index = Result {
    try JSONDecoder().decode([String: Fixture].self, from: Data(contentsOf: folder.appendingPathComponent("index.json")))
  }
  static let files = ((try? index.get())?.keys.sorted() ?? [])

  /// The networks of the fixtures: the published structure, a few channels wide.
  static func network(_ name: String, arithmetic: Arithmetic) throws -> any Network {
    try Formula.runtime.get()
    if let other = other(name) {
      return try makeClassifier(
        architecture: other, classCount: 5, inputChannels: name == "dense-gray" ? 1 : 3, arithmetic: arithmetic,
        store: ParameterStore(generator: Generator(seed: 1)))
    }
    var design: ResNetDesign
    if name == "cifar" {
      design = .cifar(depth: 3)
      (design.widths, design.outputs) = ([2, 2, 2], [2, 2, 2])
    } else {
      design = .imageNet(.bottleneck, depths: [3, 4, 6, 3])
      (design.widths, design.outputs) = ([2, 2, 2, 2], [3, 3, 3, 3])
    }
    design.stemWidth = 2
    let architecture = Architecture.resNet(
      name, name, design, headName: name == "cifar" ? "linear" : "fc", arithmetics: Arithmetic.allCases)
    return try makeClassifier(
      architecture: architecture, classCount: 5, inputChannels: name == "gray" ? 1 : 3, arithmetic: arithmetic,
      store: ParameterStore(generator: Generator(seed: 1)))
  }

  /// Those that are no residual networks.
  private static func other(_ name: String) -> Architecture? {
    switch name {
    case "dense", "dense-gray": .denseNet(name, name, DenseNetDesign(stemWidth: 2, growthRate: 1, depths: [2, 2, 2, 2]))
    case "vit": .visionTransformer(name, name, VisionTransformerDesign(width: 4, depth: 2, headCount: 2))
    case "vit14": .visionTransformer(name, name, VisionTransformerDesign(patchSize: 14, width: 4, depth: 2, headCount: 2, gridSize: 37, scalesLayers: true))
    default: nil
    }
  }

  @Test("There is a file for every entry whose layout was read in its publisher's code")
  func complete() throws {
    let entries = Set(try Self.index.get().values.flatMap(\.entries))
    #expect(entries == Set(WeightsCatalog.all.filter { $0.verification == .fromCode }.map(\.id)))
  }

  @Test("Features of a file read through its layout equal torchvision's (timm's) to 1e-5, in torchvision's arithmetic and in the entry's", arguments: files)
  func features(name: String) throws {
    let fixture = try #require(Self.index.get()[name])
    let file = try CheckpointFile.open(Self.folder.appendingPathComponent(name))
    let golden = try Golden.decode([String: [String: [Double]]].self, "layouts")
    let entries: [WeightsEntry?] = fixture.entries.isEmpty ? [nil] : try fixture.entries.map { try WeightsCatalog.named($0) }
    for entry in entries {
      for arithmetic in Set([.torchvision, entry?.arithmeticAsTrained ?? .torchvision]) {
        let network = try Self.network(fixture.network, arithmetic: arithmetic)
        try PublishedWeights.fill(network, from: file, entry: entry)
        let record = network.architecture.record, isPatched = record.sizeMultiple > 1
        var images = try Formula.uniform("layouts", [2, network.inputChannels, isPatched ? 64 : 65, 64]).to(type: .float32)
        if isPatched {
          let side = record.size(upTo: 64)
          images = try images.narrow(along: 2, start: 0, count: side).narrow(along: 3, start: 0, count: side)
        }
        var found: [String: [Double]] = [:]
        for stage in try network.stageFeatures(images) {
          found[stage.name] =
            stage.name == "pooled" ? try stage.features.doubles() : try Formula.summary(stage.name, stage.features)
        }
        let expected = try #require(golden["\(fixture.network) \(arithmetic.rawValue)"])
        #expect(strays(found, expected, tolerance: 1e-5) == [], "\(entry?.id ?? "no entry"), \(arithmetic)")
      }
    }
  }
}
