internal import Containers

// SwAV's program and its two companions, and OBoW, which learns by visual words.
extension WeightsEntry {
  /// Published as flat dictionaries; one's own trainings with the same program have them under `state_dict`. Images were divided
  /// by 0.228 in red where ImageNet's deviation is 0.229.
  private static func multiCrop(
    id: String, title: String, file: String, accuracy: Double, paper: String
  ) -> WeightsEntry {
    WeightsEntry(
      id: id, title: title, method: title, trainedOn: ["ImageNet-1K"],
      file: File(file, address: "https://dl.fbaipublicfiles.com/deepcluster/\(file)"), container: .torchLegacyStream,
      layout: KeyLayout(paths: [[], ["state_dict"]], prefixes: ["module."]),
      preprocessing: PreprocessingCard(mean: PreprocessingCard.imageNet.mean, standardDeviation: [0.228, 0.224, 0.225]),
      linearAccuracy: accuracy, license: "CC-BY-NC-4.0", paper: paper, verification: .fromCode)
  }

  static let swav = multiCrop(
    id: "swav", title: "SwAV", file: "swav_800ep_pretrain.pth.tar", accuracy: 75.3, paper: "Caron et al. 2020, arXiv 2006.09882")

  static let deepClusterV2 = multiCrop(
    id: "deepcluster-v2", title: "DeepCluster-v2", file: "deepclusterv2_800ep_pretrain.pth.tar", accuracy: 75.2,
    paper: "Caron et al. 2020, arXiv 2006.09882")

  static let seLaV2 = multiCrop(
    id: "sela-v2", title: "SeLa-v2", file: "selav2_400ep_pretrain.pth.tar", accuracy: 71.8,
    paper: "Asano et al. 2020, arXiv 1911.05371; Caron et al. 2020, arXiv 2006.09882")

  static let obow = WeightsEntry(
    id: "obow", title: "OBoW", method: "OBoW", trainedOn: ["ImageNet-1K"],
    file: File(
      "tochvision_resnet50_student_K8192_epoch200.pth.tar",
      address: "https://github.com/valeoai/obow/releases/download/v0.1.0/ImageNetFull_ResNet50_OBoW_full_feature_extractor.zip",
      isDirect: false, note: "The address gives an archive that holds the file."),
    container: .torchArchive, layout: KeyLayout(paths: [["network"], ["state_dict"], []], prefixes: [""]), linearAccuracy: 73.8,
    license: "Apache-2.0", paper: "Gidaris et al. 2021, arXiv 2012.11552", verification: .unverified)
}
