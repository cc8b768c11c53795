internal import Containers

// He et al. 2016, section 4.2: small ResNets for images of 32 × 32, as retrained and published by Y. Idelbayev.
//
// Their accuracies are of the networks themselves on CIFAR-10 (91.73, 92.63, 93.10 and 93.39 percent), not linear ones on ImageNet.
extension WeightsEntry {
  static let cifar10ResNet20 = cifar10(depth: 20, file: "resnet20-12fca82f.th")
  static let cifar10ResNet32 = cifar10(depth: 32, file: "resnet32-d509ac18.th")
  static let cifar10ResNet44 = cifar10(depth: 44, file: "resnet44-014dd654.th")
  static let cifar10ResNet56 = cifar10(depth: 56, file: "resnet56-4bfd9763.th")

  /// The publisher's training normalized CIFAR-10 with ImageNet's numbers, and so does the card.
  private static func cifar10(depth: Int, file: String) -> WeightsEntry {
    let digits = file.split { $0 == "-" || $0 == "." }[1]
    return WeightsEntry(
      id: "cifar10-resnet\(depth)", title: "CIFAR-10 (ResNet-\(depth))", method: "supervised", trainedOn: ["CIFAR-10"],
      architecture: "resnet\(depth)",
      file: File(
        file, address: "https://github.com/akamaster/pytorch_resnet_cifar10/raw/master/pretrained_models/\(file)",
        checksum: "sha256:\(digits)"),
      container: .torchLegacyStream, layout: KeyLayout(["state_dict"], prefix: "module."), license: "BSD-2-Clause",
      paper: "He et al. 2016, arXiv 1512.03385", verification: .fromCode)
  }
}
