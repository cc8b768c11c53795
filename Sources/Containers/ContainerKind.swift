/// A file format in which checkpoints are published, by the name that certificates and the catalog of weights have. What it is stands in its
/// own `CheckpointContainer`.
public struct ContainerKind: RawRepresentable, Hashable, CaseIterable, Sendable {
  let container: any CheckpointContainer.Type

  init(_ container: any CheckpointContainer.Type) { self.container = container }

  /// The format of that name; nil where no container of the catalog has it.
  public init?(rawValue: String) {
    guard let found = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = found
  }

  /// Every format that is read; a new one is one line here.
  ///
  /// In the order in which files are asked what they are: the marks of the later ones are weaker, and some are also found in earlier ones.
  public static let allCases: [ContainerKind] = [
    .torchArchive, .torchScript, .numpyArchive, .torchLegacyStream, .hdf5, .numpyArray, .torchTar, .shardedSafetensors, .safetensors, .plainPickle,
    .tensorFlowBundle,
  ]

  /// The name in files, such as `torchArchive`.
  public var rawValue: String { container.name }
  /// A word or two for a table.
  public var shortName: String { container.shortName }
  /// What a person would call it, with its article.
  public var description: String { container.description }
  /// What to do about a container that is recognized but not read.
  var resaveAdvice: String { container.resaveAdvice }

  public static func == (first: Self, second: Self) -> Bool { first.rawValue == second.rawValue }
  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}

extension ContainerKind: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer(), name = try container.decode(String.self)
    guard let kind = Self(rawValue: name) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "There is no container “\(name)”.")
    }
    self = kind
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
