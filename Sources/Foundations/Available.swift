/// A value, or the reason why there is none.
///
/// What cannot be computed is never 0 and never NaN: it is not available, and says why. As JSON it is the bare value, or
/// `{"notAvailable": "<reason>"}`.
public enum Available<Value> {
  case value(Value)
  case notAvailable(reason: String)

  /// The value, or nil when it is not available.
  public var known: Value? {
    if case .value(let value) = self { return value }
    return nil
  }

  /// Why it is not available, or nil when it is.
  public var reason: String? {
    if case .notAvailable(let reason) = self { return reason }
    return nil
  }

  /// The same reason, or another value made from this one.
  public func map<Other>(_ transform: (Value) -> Other) -> Available<Other> {
    switch self {
    case .value(let value): return .value(transform(value))
    case .notAvailable(let reason): return .notAvailable(reason: reason)
    }
  }

  /// The same reason, or what can be made from the value.
  public func flatMap<Other>(_ transform: (Value) -> Available<Other>) -> Available<Other> {
    switch self {
    case .value(let value): return transform(value)
    case .notAvailable(let reason): return .notAvailable(reason: reason)
    }
  }
}

extension Available<Double> {
  /// The number, or nil when it is not available.
  public var number: Double? { known }
}

extension Available: Sendable where Value: Sendable {}
extension Available: Equatable where Value: Equatable {}
extension Available: Hashable where Value: Hashable {}

private enum AvailableKey: String, CodingKey { case notAvailable }

extension Available: Encodable where Value: Encodable {
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .value(let value):
      try value.encode(to: encoder)
    case .notAvailable(let reason):
      var container = encoder.container(keyedBy: AvailableKey.self)
      try container.encode(reason, forKey: .notAvailable)
    }
  }
}

extension Available: Decodable where Value: Decodable {
  public init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: AvailableKey.self), container.contains(.notAvailable) {
      self = .notAvailable(reason: try container.decode(String.self, forKey: .notAvailable))
    } else {
      self = .value(try Value(from: decoder))
    }
  }
}
