/// What the 2025 paper prints on the amount of labeled images: AUROC of Swin-B minus that of ConvNeXt-B, in percentage points.
public struct PublishedDifference: Codable, Hashable, Sendable {
  /// `10 % of ChestX-ray14`.
  public let data: String
  /// In thousands.
  public let labeledImages: Int
  public let fromImageNet: Double
  /// Of the difference from ImageNet; none is printed for training from scratch.
  public let mark: PublishedValue.Mark
  public let fromScratch: Double

  /// Printed in the figure, so exact to its last digit.
  public static let dataSize2025 = [
    PublishedDifference(data: "10 % of ChestX-ray14", labeledImages: 9, fromImageNet: -2.8, mark: .stars(4), fromScratch: -10.3),
    PublishedDifference(data: "25 % of ChestX-ray14", labeledImages: 22, fromImageNet: -1.9, mark: .stars(4), fromScratch: -9.7),
    PublishedDifference(data: "ChestX-ray14", labeledImages: 86, fromImageNet: -0.04, mark: .notSignificant, fromScratch: -6.7),
    PublishedDifference(data: "CheXpert", labeledImages: 224, fromImageNet: 0.16, mark: .notSignificant, fromScratch: -3.7),
    PublishedDifference(data: "MIMIC-CXR", labeledImages: 368, fromImageNet: 0.24, mark: .stars(1), fromScratch: -1.8),
  ]
}

/// A network of the 2025 paper's comparison, as its figure describes it.
public struct PublishedNetwork: Codable, Hashable, Sendable {
  public let name: String
  public let family: String
  /// 0 for the largest of its family.
  public let sizeRank: Int
  public let millionParameters: Double
  /// Top-1 on ImageNet-1K, in percent.
  public let imageNetAccuracy: Double

  public static let networks2025 = [
    PublishedNetwork(name: "ConvNeXt-B", family: "ConvNeXt", sizeRank: 0, millionParameters: 89, imageNetAccuracy: 83.8),
    PublishedNetwork(name: "ConvNeXt-S", family: "ConvNeXt", sizeRank: 1, millionParameters: 50, imageNetAccuracy: 83.1),
    PublishedNetwork(name: "ConvNeXt-T", family: "ConvNeXt", sizeRank: 2, millionParameters: 29, imageNetAccuracy: 82.1),
    PublishedNetwork(name: "Swin-B", family: "Swin", sizeRank: 0, millionParameters: 88, imageNetAccuracy: 83.5),
    PublishedNetwork(name: "Swin-S", family: "Swin", sizeRank: 1, millionParameters: 49.5, imageNetAccuracy: 83.0),
    PublishedNetwork(name: "Swin-T", family: "Swin", sizeRank: 2, millionParameters: 28, imageNetAccuracy: 81.3),
    PublishedNetwork(name: "DeiT-B", family: "DeiT", sizeRank: 0, millionParameters: 86, imageNetAccuracy: 81.8),
    PublishedNetwork(name: "DeiT-S", family: "DeiT", sizeRank: 1, millionParameters: 22, imageNetAccuracy: 79.8),
    PublishedNetwork(name: "DeiT-T", family: "DeiT", sizeRank: 2, millionParameters: 5, imageNetAccuracy: 72.2),
    PublishedNetwork(name: "ResNet-152", family: "ResNet", sizeRank: 0, millionParameters: 60, imageNetAccuracy: 78.3),
    PublishedNetwork(name: "ResNet-101", family: "ResNet", sizeRank: 1, millionParameters: 45, imageNetAccuracy: 77.4),
    PublishedNetwork(name: "ResNet-50", family: "ResNet", sizeRank: 2, millionParameters: 26, imageNetAccuracy: 76.1),
  ]
}
