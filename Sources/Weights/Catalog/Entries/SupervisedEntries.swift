internal import Containers

// Networks that were trained with labels on ImageNet. torchvision's accuracies are of the network itself on its validation set.
extension WeightsEntry {
  private static let torchvisionLicense = "BSD-3-Clause"
  private static let resNetPaper = "He et al. 2016, arXiv 1512.03385"

  /// The weights of the papers' figures: torchvision's first recipe.
  static let imageNetV1 = WeightsEntry(
    id: "imagenet", title: "ImageNet", method: "supervised", trainedOn: ["ImageNet-1K"],
    file: File(
      "resnet50-0676ba61.pth", address: "https://download.pytorch.org/models/resnet50-0676ba61.pth", checksum: "sha256:0676ba61"),
    container: .torchLegacyStream, layout: .bare, linearAccuracy: 76.13, license: torchvisionLicense, paper: resNetPaper,
    verification: .fromCode)

  /// The same numbers in the container they were first published in.
  static let imageNetV1Tar = WeightsEntry(
    id: "imagenet-tar", title: "ImageNet (2017 file)", method: "supervised", trainedOn: ["ImageNet-1K"],
    file: File(
      "resnet50-19c8e357.pth", address: "https://download.pytorch.org/models/resnet50-19c8e357.pth", checksum: "sha256:19c8e357"),
    container: .torchTar, layout: .bare, linearAccuracy: 76.13, license: torchvisionLicense, paper: resNetPaper,
    verification: .fromCode)

  /// torchvision's second recipe: 600 epochs, stronger augmentation.
  static let imageNetV2 = WeightsEntry(
    id: "imagenet-v2", title: "ImageNet (V2 recipe)", method: "supervised", trainedOn: ["ImageNet-1K"],
    file: File(
      "resnet50-11ad3fa6.pth", address: "https://download.pytorch.org/models/resnet50-11ad3fa6.pth", checksum: "sha256:11ad3fa6"),
    container: .torchArchive, layout: .bare, linearAccuracy: 80.86, license: torchvisionLicense, paper: resNetPaper,
    verification: .fromCode)

  static let imageNet22K = WeightsEntry(
    id: "imagenet-22k", title: "ImageNet-22K", method: "supervised", trainedOn: ["ImageNet-1K", "ImageNet-21K-P"],
    file: File(
      "resnet50_miil_21k.pth",
      address: "https://miil-public-eu.oss-eu-central-1.aliyuncs.com/model-zoo/ImageNet_21K_P/models/resnet50_miil_21k.pth"),
    container: .torchArchive, layout: KeyLayout(paths: [["state_dict"], ["model"], []], prefixes: ["", "module."]),
    preprocessing: .unnormalized, license: "not stated in the publisher's repository",
    paper: "Ridnik et al. 2021, arXiv 2104.10972", verification: .unverified,
    remark: "Which ResNet-50 the 2025 study took for ImageNet-22K is not known; this public one had the cleaned set.")
}
