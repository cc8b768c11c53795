internal import Foundation

/// How much of a task's training images a run sees. Validation and test images are always all there.
public struct TrainingFraction: Hashable, Sendable {
  /// Above 0, at most 1.
  public let value: Double

  /// Nil for a number that is not above 0 and at most 1.
  public init?(_ value: Double) {
    guard value > 0, value <= 1 else { return nil }
    self.value = value
  }

  private init(whole: Double) { value = whole }

  public static let whole = TrainingFraction(whole: 1)

  public var isWhole: Bool { value == 1 }

  /// `10 %`
  public var percentText: String { String(format: "%.6g %%", value * 100) }
}

extension TrainingFraction: CustomStringConvertible {
  /// The number in its shortest round trip, such as `0.1`; the whole is `1`.
  public var description: String { isWhole ? "1" : "\(value)" }
}

extension TrainingFraction: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let value = try container.decode(Double.self)
    guard let fraction = TrainingFraction(value) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(value) is not above 0 and at most 1")
    }
    self = fraction
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}
