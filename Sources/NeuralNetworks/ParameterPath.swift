/// Where a parameter lives in a network: the components of its name in PyTorch's `state_dict`.
///
///     let path = ParameterPath() / "layer1" / 0 / "conv1" / "weight"
///     path.description  // layer1.0.conv1.weight
public struct ParameterPath: Hashable, Sendable, CustomStringConvertible {
  public let components: [String]

  /// The root, whose name is empty.
  public init() { components = [] }

  private init(components: [String]) { self.components = components }

  public static func / (path: ParameterPath, component: String) -> ParameterPath {
    ParameterPath(components: path.components + [component])
  }

  public static func / (path: ParameterPath, index: Int) -> ParameterPath { path / String(index) }

  /// The components, joined by dots.
  public var description: String { components.joined(separator: ".") }
}
