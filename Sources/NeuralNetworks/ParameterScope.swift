/// A place in a parameter store under which layers register what they own.
///
/// A layer is made with the scope that its module has in PyTorch, so the names in the store equal the keys of the
/// `state_dict` by construction:
///
///     let conv1 = try Conv2d(scope / "layer1" / 0 / "conv1", inputChannels: 64, outputChannels: 64, kernelSize: 3)
///     // registers layer1.0.conv1.weight
public struct ParameterScope {
  public let store: ParameterStore
  public let path: ParameterPath

  public init(_ store: ParameterStore, path: ParameterPath = ParameterPath()) {
    self.store = store
    self.path = path
  }

  public static func / (scope: ParameterScope, component: String) -> ParameterScope {
    ParameterScope(scope.store, path: scope.path / component)
  }

  public static func / (scope: ParameterScope, index: Int) -> ParameterScope {
    ParameterScope(scope.store, path: scope.path / index)
  }
}
