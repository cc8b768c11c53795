import Datasets
import Foundation
import Foundations
import Models
import NeuralNetworks
import Phantoms
import Studies
import Testing
import Torch

@testable import Training

/// A tiny task on drawn images of 32 px, in a folder that lives as long as the fixture.
final class TrainingFixture {
  let folder: URL
  let splits: DatasetSplits
  let kind: TaskKind
  var recipe: Recipe

  /// - Parameter classes: if given, each image is of one of these, in turn.
  init(_ phantom: PhantomKind = .effusion, classes: [String] = []) throws {
    // Tests run side by side; threads of one operator that wait for each other would use the processors up.
    try TorchRuntime.setThreadCount(1)
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("training-\(UUID().uuidString)")
    let counts = PhantomCounts(training: 12, validation: 6, test: 6)
    let source = try PhantomWriter.write(kind: phantom, counts: counts, size: 36, seed: SeedPath(0), to: folder)
    kind = classes.isEmpty ? phantom.task : .multiclassClassification
    let drawn = try DatasetResolver.resolve(.manifest(source), kind: phantom.task)
    splits = try classes.isEmpty ? drawn : Self.folders(of: classes, from: drawn, in: folder)
    recipe = Recipe.standard(for: kind)
    recipe.architecture = "resnet18"
    recipe.inputSize = 32
    recipe.resizeSize = kind.isSegmentation ? 32 : 36
    recipe.batchSize = 4
    recipe.evaluationBatchSize = 4
    recipe.epochs = 2
  }

  /// The same images in folders of classes.
  private static func folders(of classes: [String], from drawn: DatasetSplits, in folder: URL) throws -> DatasetSplits {
    for part in DatasetPart.allCases {
      for (index, sample) in drawn[part].enumerated() {
        let place = folder.appendingPathComponent("classes/\(part)/\(classes[index % classes.count])")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let file = sample.image.files[0]
        try FileManager.default.copyItem(at: file, to: place.appendingPathComponent(file.lastPathComponent))
      }
    }
    let root = folder.path + "/classes/"
    let source = ClassFolderSource(training: root + "training", validation: root + "validation", test: root + "test", classes: classes)
    return try DatasetResolver.resolve(.classFolders(source), kind: .multiclassClassification)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var numerics: NumericSetting { NumericSetting(device: .cpu, precision: recipe.precision) }

  func makeNetwork(seed: Int = 1) throws -> any Network {
    try recipe.makeNetwork(kind: kind, outputs: kind == .multiclassClassification ? splits.classNames.count : 1, seed: SeedPath(seed), numerics: numerics)
  }

  func makeProcedure(network: (any Network)? = nil, loaders: LoaderSetting = LoaderSetting(workers: 2, prefetch: 2)) throws -> Supervised {
    try Supervised(
      network: network ?? makeNetwork(), kind: kind, recipe: recipe, splits: splits, seed: SeedPath(1) / "training",
      numerics: numerics, loaders: loaders)
  }

  func makeTraining(_ recorder: any RunRecorder, network: (any Network)? = nil) throws -> TrainingLoop<Supervised> {
    let training = TrainingLoop(try makeProcedure(network: network), recorder: recorder)
    try training.prepare()
    return training
  }

  /// The bytes of every tensor of a network, in order.
  static func bytes(_ network: any Network) throws -> [Data] { try network.store.state.map { try $0.tensor.bytes() } }
}
