internal import Foundation
internal import Foundations
internal import Studies

/// The choices of a configuration by their keys, spelled as in a study file, so that a choice that is new has its words already.
struct SpelledSettings: Codable, Hashable, Sendable {
  /// By key, in no order.
  let values: [String: String]

  /// - Parameter value: encodes as an object.
  init(_ value: some Encodable) throws {
    let object = try JSONDecoder().decode([String: JSONValue].self, from: CanonicalJSON.encode(value))
    values = object.compactMapValues(\.spelled)
  }

  /// Of a recipe, what the run follows: a head on features trains no network.
  init(ofUsed recipe: Recipe) throws {
    let all = try SpelledSettings(recipe).values
    let used = [
      "architecture", "mode", "featureStage", "inputSize", "resizeSize", "reducedSize", "inputChannels", "normalization", "interpolation", "labelPolicy", "precision",
      "brokenFileLimit",
    ]
    values = recipe.mode.isHeadOnFeatures ? all.filter { used.contains($0.key) } : all
  }

  /// The same with the keys of objects within, by dotted path: `optimizer.adam.beta1`.
  static func flat(_ value: some Encodable) throws -> [String: String] {
    var flat = [String: String]()
    try JSONDecoder().decode(JSONValue.self, from: CanonicalJSON.encode(value)).flatten(into: &flat, at: "")
    return flat
  }
}

/// Any JSON.
private indirect enum JSONValue: Decodable {
  case object([String: JSONValue])
  case list([JSONValue])
  case truth(Bool)
  case number(Double)
  case text(String)
  case null

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .truth(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// `adam (beta1 0.9, beta2 0.999)`; nil for null.
  var spelled: String? {
    switch self {
    case .null: return nil
    case .truth(let value): return value ? "true" : "false"
    case .number(let value): return Self.shortest(value)
    case .text(let value): return value
    case .list(let values): return "[" + values.map { $0.spelled ?? "null" }.joined(separator: ", ") + "]"
    case .object(let values):
      let members = values.keys.sorted().compactMap { key in values[key]?.spelled.map { (key, values[key]?.isObject == true, $0) } }
      return members.map { $1 ? "\($0) (\($2))" : "\($0) \($2)" }.joined(separator: ", ")
    }
  }

  func flatten(into flat: inout [String: String], at path: String) {
    guard case .object(let values) = self else {
      flat[path] = spelled ?? "null"
      return
    }
    for (key, value) in values { value.flatten(into: &flat, at: path.isEmpty ? key : "\(path).\(key)") }
  }

  private var isObject: Bool { if case .object = self { true } else { false } }

  private static func shortest(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
  }
}
