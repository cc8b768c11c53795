/// What is taken from each channel and by what it is divided, after pixels became 0…1.
public enum Normalization: Codable, Hashable, Sendable {
  /// Mean 0.485, 0.456, 0.406 and standard deviation 0.229, 0.224, 0.225 of red, green and blue; networks with another
  /// number of channels take the average of the three.
  case imagenet
  /// Pixels stay 0…1.
  case none
  /// One mean and one standard deviation a channel, on the scale 0…1.
  case custom(mean: [Double], standardDeviation: [Double])

  /// The means to take away, one a channel.
  public func mean(channels: Int) -> [Double] {
    switch self {
    case .imagenet: channels == 3 ? [0.485, 0.456, 0.406] : [Double](repeating: (0.485 + 0.456 + 0.406) / 3, count: channels)
    case .none: [Double](repeating: 0, count: channels)
    case .custom(let mean, _): mean
    }
  }

  /// The standard deviations to divide by, one a channel.
  public func standardDeviation(channels: Int) -> [Double] {
    switch self {
    case .imagenet: channels == 3 ? [0.229, 0.224, 0.225] : [Double](repeating: (0.229 + 0.224 + 0.225) / 3, count: channels)
    case .none: [Double](repeating: 1, count: channels)
    case .custom(_, let standardDeviation): standardDeviation
    }
  }
}
