extension WeightsEntry {
  static let imageNetV1 = WeightsEntry(
    id: "imagenet", title: "ImageNet", method: "supervised", trainedOn: ["ImageNet-1K"],
    file: File("resnet50-0676ba61.pth", address: "https://download.pytorch.org/models/resnet50-0676ba61.pth"),
    container: .torchLegacyStream, layout: KeyLayout(dictionaryPath: [], prefix: ""), linearAccuracy: 76.13,
    license: "BSD-3-Clause", paper: "He et al. 2016, arXiv 1512.03385", verification: .fromCode)
}
