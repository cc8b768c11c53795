/// A metric: a number, or the reason why there is none.
///
/// A metric that cannot be computed is never 0: it is undefined, and says why. As JSON it is a bare number, or
/// `{"undefined": "<reason>"}`.
public enum MetricValue: Codable, Hashable, Sendable {
  case value(Double)
  case undefined(reason: String)

  /// The number, or nil when the metric is undefined.
  public var number: Double? {
    if case .value(let number) = self { return number }
    return nil
  }

  /// Why the metric is undefined, or nil when it has a value.
  public var reason: String? {
    if case .undefined(let reason) = self { return reason }
    return nil
  }

  private enum Key: String, CodingKey { case undefined }

  public init(from decoder: any Decoder) throws {
    if let number = try? decoder.singleValueContainer().decode(Double.self) {
      self = .value(number)
    } else {
      self = .undefined(reason: try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .undefined))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .value(let number):
      var container = encoder.singleValueContainer()
      try container.encode(number)
    case .undefined(let reason):
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(reason, forKey: .undefined)
    }
  }
}
