internal import Containers
internal import Foundations

/// The published weights that are known, one line each.
///
/// Random values are an initialization too, but no file: a study says `random`, and so does the list of weights, in a line of its
/// own (`randomTitle`).
public enum WeightsCatalog {
  public static let all: [WeightsEntry] = [
    // Supervised, natural images.
    .imageNetV1, .imageNetV1Tar, .imageNetV2, .imageNet22K, .iNat2021, .iNat2021Mini, .places365, .coco,
    // Self-supervised on ImageNet: the fourteen of 2021, then those of 2025 and two more.
    .insDis, .moCoV1, .pclV1, .pirl, .pclV2, .simCLRV1, .moCoV2, .simCLRV2, .seLaV2, .infoMin, .byol, .deepClusterV2, .swav,
    .barlowTwins, .clsa, .pixPro, .denseCL, .detCo, .vicRegL, .dino, .simSiam, .obow, .vicReg, .moCoV3,
    // Medical images.
    .chestXray14, .cheXpert, .imageNetChestXray14, .imageNetCheXpert, .imageNetMIMIC, .radImageNet, .radImageNetKeras, .lvmMed,
    .torchXRayVision,
    // DenseNet-121, natural images and chest X-rays.
    .imageNetDenseNet121, .imageNetDenseNet121Timm, .cheXNet, .cheXpertWinner,
    .xRayAll, .xRayRSNA, .xRayNIH, .xRayPadChest, .xRayCheXpert, .xRayMIMICNegBio, .xRayMIMICCheXpert,
    // Vision transformers.
    .augRegTiny, .augRegSmall, .augRegBase, .dinoSmall, .dinoBase, .mae, .moCoV3Base, .dinoV2Small, .dinoV2Base,
    // Small natural images.
    .cifar10ResNet20, .cifar10ResNet32, .cifar10ResNet44, .cifar10ResNet56,
  ]

  public static let names: [String] = all.map(\.id)

  /// What stands in lists for the initialization that is no file.
  public static let randomTitle = "Random values (no file: needs no path, no license and no preprocessing)"

  /// The entry of that id.
  ///
  /// - Throws: `WeightsError` that names the nearest id, or all of them.
  public static func named(_ id: String) throws(WeightsError) -> WeightsEntry {
    guard let found = all.first(where: { $0.id == id }) else { throw WeightsError.unknownEntry(id, known: names) }
    return found
  }
}
