import NeuralNetworks
public import Torch

/// Looks at a fixed batch every so many steps, and knows when what it sees is collapse.
public struct CollapseMonitor {
  /// Images in the view `ViewGeometry.center`, `[images, channels, height, width]`, the same in every check; 512 say enough.
  public let images: Tensor
  /// Steps between checks.
  public let interval: Int
  /// Nil for the method's own.
  public let bounds: CollapseBounds?

  public init(images: Tensor, interval: Int, bounds: CollapseBounds? = nil) {
    (self.images, self.interval, self.bounds) = (images, max(interval, 1), bounds)
  }

  /// Measures in training mode, since running statistics lag behind a young network; buffers are put back, so nothing of the training
  /// changes. Waits for the device.
  ///
  /// - Parameters:
  ///   - stores: of all networks that the method may ask.
  ///   - gradientNorm: of the step just made, a scalar.
  func measure(_ method: any SelfSupervisedMethod, buffersOf stores: [ParameterStore], gradientNorm: Tensor?) throws -> CollapseMeasures {
    try withoutGradient {
      let buffers = stores.flatMap(\.buffers).map(\.tensor), before = try buffers.map { try $0.clone() }
      let measures = try CollapseMeasures(method.inspect(images), gradientNorm: gradientNorm)
      for (buffer, value) in zip(buffers, before) { _ = try buffer.copy(from: value) }
      return measures
    }
  }
}

/// What a measure must not fall below. The defaults lie under what any healthy training of a method here showed.
///
/// Spread and rank must also have fallen since the first check: images that are much alike have embeddings that are, in a network with
/// random weights, and a training that spreads them is healthy. So a start that is collapsed already is not seen.
public struct CollapseBounds: Sendable, Hashable {
  /// Of `CollapseMeasures.spread`, which must also be less than half of the first.
  public var spread = 0.02
  /// Of `CollapseMeasures.effectiveRank`, which must also be less than four fifths of the first.
  public var effectiveRank = 1.5
  /// And of a rank that has fallen to less than a tenth of the first check's. Normalized outputs of a collapsed network are not one point
  /// but a few, opposite to each other.
  public var fallenRank = 5.0
  /// Of `CollapseMeasures.codeSharpness`, in nats.
  public var codeSharpness = 0.02
  /// Of `CollapseMeasures.codeDiversity`, in nats.
  public var codeDiversity = 0.05
  /// Of `CollapseMeasures.gradientNorm`.
  public var gradientNorm = 1e-9
  /// So many checks in a row below a bound are collapse.
  public var checks = 3

  public init() {}

  /// Bounds with another one of the sharpness of codes.
  public init(codeSharpness: Double) { self.codeSharpness = codeSharpness }

  /// The kinds of collapse that the measures of one check show, the most telling first.
  func kinds(_ measures: CollapseMeasures, since first: CollapseMeasures) -> [CollapseKind] {
    func isBelow(_ value: Double?, _ bound: Double) -> Bool { value.map { !($0 >= bound) } ?? false }
    let rank = min(max(effectiveRank, min(first.effectiveRank / 10, fallenRank)), first.effectiveRank * 0.8)
    return [
      (CollapseKind.oneCode, isBelow(measures.codeDiversity, codeDiversity)), (.uniformCodes, isBelow(measures.codeSharpness, codeSharpness)),
      (.point, isBelow(measures.spread, min(spread, first.spread / 2))), (.dimension, isBelow(measures.effectiveRank, rank)),
      (.stillness, isBelow(measures.gradientNorm, gradientNorm)),
    ].filter(\.1).map(\.0)
  }
}

/// How often in a row each kind of collapse was seen. A part of a training's progress, so that a resumed one counts on.
public struct CollapseWatch: Codable, Hashable, Sendable {
  /// By the kind's raw value.
  public private(set) var seen: [String: Int] = [:]
  /// What the first check and the latest one measured.
  public private(set) var first: CollapseMeasures?
  public private(set) var latest: CollapseMeasures?

  public init() {}

  /// Takes note of a check.
  ///
  /// - Returns: the most telling kind that was seen often enough in a row.
  mutating func note(_ measures: CollapseMeasures, bounds: CollapseBounds) -> CollapseKind? {
    let beginning = first ?? measures
    (first, latest) = (beginning, measures)
    let kinds = bounds.kinds(measures, since: beginning)
    seen = Dictionary(uniqueKeysWithValues: kinds.map { ($0.rawValue, seen[$0.rawValue, default: 0] + 1) })
    return kinds.first { seen[$0.rawValue, default: 0] >= bounds.checks }
  }
}

extension PretrainingError {
  static func collapsed(
    _ kind: CollapseKind, method: PretrainingMethod, measures: CollapseMeasures, step: Int, checks: Int
  ) -> PretrainingError {
    func said(_ name: String, _ value: Double?) -> String? { value.map { "\(name) \(($0 * 1000).rounded() / 1000)" } }
    let numbers = [
      said("spread", measures.spread), said("effective rank", measures.effectiveRank), said("sharpness of codes", measures.codeSharpness),
      said("diversity of codes", measures.codeDiversity), measures.gradientNorm.map { "gradient norm \($0)" },
    ].compactMap { $0 }.joined(separator: ", ")
    return PretrainingError(
      kind: .collapse,
      problem: "After step \(step) the training by \(method.title) shows, in \(checks) checks in a row, \(kind.words) (\(numbers)).",
      remedy: method.remedies[kind] ?? kind.generalRemedy)
  }
}

extension CollapseKind {
  /// What helps where a method has no advice of its own.
  var generalRemedy: String {
    switch self {
    case .point, .dimension: "Lower learningRate, raise the batch size, and check that the views of an image are not all alike."
    case .oneCode, .uniformCodes: "Use fewer prototypes, and freeze them for longer."
    case .stillness: "Raise learningRate, or lower weightDecay."
    }
  }
}
