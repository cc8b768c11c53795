internal import Containers

/// Where a published file keeps the network's arrays, and how their names and axes become torchvision's. Pure data.
///
/// A layout offers alternatives, in order; the first under which the file names the network is taken. Most entries offer one
/// path and one prefix and so are strict.
public struct KeyLayout: Codable, Hashable, Sendable {
  /// The keys that lead to the arrays; an empty list is the root of the file.
  public let paths: [[String]]
  /// What stands in front of the network's names, taken off once and exactly: `module.encoder_q.` is never `module.` first.
  public let prefixes: [String]
  /// How the network's tensors are named and stored behind that.
  public let naming: KeyNaming

  public init(paths: [[String]] = [[]], prefixes: [String] = [""], naming: KeyNaming = .torchvision) {
    self.paths = paths
    self.prefixes = prefixes
    self.naming = naming
  }

  /// One path and one prefix.
  public init(_ path: [String], prefix: String = "", naming: KeyNaming = .torchvision) {
    self.init(paths: [path], prefixes: [prefix], naming: naming)
  }

  /// The network's own `state_dict()`, as it is.
  public static let bare = KeyLayout([])

  /// SimCLR's variables.
  public static let tensorFlow = KeyLayout([], prefix: "base_model/", naming: .tensorFlow)

  /// BYOL's experiment.
  public static let haiku = KeyLayout(paths: [["experiment_state"], []], naming: .haiku)

  /// `keras.applications.ResNet50`, weights alone or a whole model.
  public static let keras = KeyLayout([], naming: .keras)

  /// The layouts whose keys are cut short, so that no prefix is looked for: tried for a file of which nobody says what it is, after
  /// every other naming.
  static let fixed: [KeyLayout] = [haiku, keras]

  /// Whether a file that was read so is laid out as this says.
  func admits(path: [String], prefix: String, naming: KeyNaming) -> Bool {
    self.naming == naming && paths.contains(path) && prefixes.contains(prefix)
  }

  /// In a sentence: `under state_dict with the prefix module.`.
  var description: String {
    let places = paths.map { $0.isEmpty ? "at its root" : "under \($0.joined(separator: "."))" }
    let fronts = prefixes.map { $0.isEmpty ? "no prefix" : "the prefix \($0)" }
    return "\(naming.description) \(places.joined(separator: " or ")) with \(fronts.joined(separator: " or "))"
  }
}
