internal import Containers

/// How images must be prepared for the weights of a catalog entry: as they were when the weights were trained.
///
/// The card belongs to the weights, not to the caller's memory: whoever starts from an entry gets its card without asking.
public struct PreprocessingCard: Codable, Hashable, Sendable {
  /// How images are resized.
  public enum Interpolation: String, Codable, Hashable, Sendable, CaseIterable {
    case bilinear, bicubic
  }

  /// What is taken from each channel after pixels became 0…1; as many as the network has input channels (3: red, green, blue; 1: gray).
  public let mean: [Double]
  /// What each channel is divided by after that.
  public let standardDeviation: [Double]
  public let interpolation: Interpolation

  public init(mean: [Double], standardDeviation: [Double], interpolation: Interpolation = .bilinear) {
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.interpolation = interpolation
  }

  public var inputChannels: Int { mean.count }

  /// ImageNet's mean and standard deviation, as torchvision has them.
  public static let imageNet = PreprocessingCard(mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225])

  /// Three channels between 0 and 1 and nothing else.
  public static let unnormalized = PreprocessingCard(mean: [0, 0, 0], standardDeviation: [1, 1, 1])

  /// The same, resized as SimCLR did.
  static let unnormalizedBicubic = PreprocessingCard(mean: [0, 0, 0], standardDeviation: [1, 1, 1], interpolation: .bicubic)
}
