/// Which way a representation has lost what it could say.
public enum CollapseKind: String, Sendable, Hashable, CaseIterable, Codable {
  /// Every image has the same embedding.
  case point
  /// The embeddings of all images lie in a few directions.
  case dimension
  /// Every image has the same code, one prototype or output.
  case oneCode
  /// Every image has all codes alike: the loss stays at the logarithm of their number.
  case uniformCodes
  /// The gradient has vanished.
  case stillness

  /// In words, after “the run shows”.
  public var words: String {
    switch self {
    case .point: "collapse to a point: all images have nearly the same embedding"
    case .dimension: "collapse of dimensions: the embeddings lie in a few directions"
    case .oneCode: "collapse to one code: all images have the same prototype"
    case .uniformCodes: "collapse to uniform codes: every image has all prototypes alike"
    case .stillness: "a vanished gradient: nothing is learned any more"
    }
  }
}
