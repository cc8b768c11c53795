/// Where a published file keeps the network's arrays, and how their names and axes become torchvision's.
public struct KeyLayout: Sendable {
  /// The keys that lead to the arrays; empty for the root of the file, nil to try the usual ones.
  public let dictionaryPath: [String]?
  /// What stands in front of the network's names; nil to try the usual ones.
  public let prefix: String?

  public init(dictionaryPath: [String]? = nil, prefix: String? = nil) {
    self.dictionaryPath = dictionaryPath
    self.prefix = prefix
  }
}
