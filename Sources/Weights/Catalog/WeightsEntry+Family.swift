internal import Containers

extension WeightsEntry {
  /// The family of the pre-training method, by which figures color it: what the method learns from.
  public var family: String {
    if method.hasPrefix("supervised") { return trainedOn.count > 1 ? "supervised, continued" : "supervised" }
    return Self.families.first { $0.prefixes.contains { method.hasPrefix($0) } }?.name ?? "self-supervised, other"
  }

  /// Weights of a supervised training on ImageNet-1K alone: what the papers compare everything with.
  public var isSupervisedImageNet: Bool { method == "supervised" && trainedOn == ["ImageNet-1K"] }

  /// The grouping of surveys of self-supervised learning (such as Balestriero et al. 2023, arXiv 2304.12210).
  private static let families: [(name: String, prefixes: [String])] = [
    ("instance discrimination", ["InsDis", "PIRL", "CMC", "InfoMin", "SimCLR", "MoCo", "CLSA"]),
    ("dense contrast", ["DenseCL", "DetCo", "PixPro"]),
    ("clustering", ["PCL", "SwAV", "DeepCluster", "SeLa", "OBoW"]),
    ("self-distillation", ["BYOL", "SimSiam", "DINO"]),
    ("masked images", ["MAE"]),
    ("redundancy reduction", ["Barlow Twins", "VICReg"]),
  ]
}
