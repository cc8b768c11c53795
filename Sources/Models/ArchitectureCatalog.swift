public import Vocabulary
public import Weights

/// Every architecture, one line each.
public enum ArchitectureCatalog {
  public static let all: [Architecture] = [
    .resNet("resnet18", "ResNet-18", .basic, depths: [2, 2, 2, 2]),
    .resNet("resnet34", "ResNet-34", .basic, depths: [3, 4, 6, 3]),
    .resNet("resnet50", "ResNet-50", .bottleneck, depths: [3, 4, 6, 3]),
    .resNet("resnet101", "ResNet-101", .bottleneck, depths: [3, 4, 23, 3]),
    .resNet("resnet152", "ResNet-152", .bottleneck, depths: [3, 8, 36, 3]),
    .cifarResNet("resnet20", "ResNet-20", depth: 3),
    .cifarResNet("resnet32", "ResNet-32", depth: 5),
    .cifarResNet("resnet44", "ResNet-44", depth: 7),
    .cifarResNet("resnet56", "ResNet-56", depth: 9),
    .denseNet("densenet121", "DenseNet-121", depths: [6, 12, 24, 16]),
    .visionTransformer("vit-ti16", "ViT-Ti/16", width: 192, headCount: 3),
    .visionTransformer("vit-s16", "ViT-S/16", width: 384, headCount: 6),
    .visionTransformer("vit-b16", "ViT-B/16", width: 768, headCount: 12),
    .visionTransformer("vit-s14", "ViT-S/14", width: 384, headCount: 6, patchSize: 14, gridSize: 37, scalesLayers: true),
    .visionTransformer("vit-b14", "ViT-B/14", width: 768, headCount: 12, patchSize: 14, gridSize: 37, scalesLayers: true),
  ]

  public static let names: [String] = all.map(\.id)

  /// Those that something can be made of.
  public static func names(for use: ArchitectureUse) -> [String] { all.filter { $0.record.uses.contains(use) }.map(\.id) }

  /// What recipes and rules know of them.
  public static let records: [ArchitectureRecord] = all.map(\.record)

  /// Every network with its tensors, for a file of weights that does not fit the one it was given for.
  public static func offeredNetworks() throws -> [OfferedNetwork] {
    try all.map { OfferedNetwork(id: $0.id, title: $0.title, tensors: try $0.backboneTensors(), inputChannels: $0.record.inputChannels) }
  }

  /// The architecture of that id.
  ///
  /// - Throws: `ModelsError` that names the nearest id, or all of them.
  public static func named(_ id: String) throws -> Architecture {
    guard let found = all.first(where: { $0.id == id }) else { throw ModelsError.unknownArchitecture(id, known: names) }
    return found
  }
}
