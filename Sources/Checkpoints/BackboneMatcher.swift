internal import Foundation

/// Puts the arrays of a file and the tensors of a network into one-to-one correspondence, or refuses.
///
/// Every expected tensor is filled exactly once, with its exact shape, from finite numbers; every other array of the file
/// is named by a rule. The only tensors that may be missing are the batch norms' `num_batches_tracked`, which files from
/// before PyTorch 0.4.1 lack and which then start at 0.
public enum BackboneMatcher {
  /// How much of the network the file must hold.
  public enum Mode: String, Codable, Sendable {
    /// The backbone; heads, decoders, momentum encoders and memory banks are dropped by rule.
    case backbone
    /// Everything: no array may be left over.
    case full
  }

  /// An array of the file that the network does not use, and the rule that says why.
  public struct Dropped: Codable, Hashable, Sendable {
    public let key: String
    public let rule: String
  }

  /// The correspondence.
  public struct Match: Sendable {
    public let mode: Mode
    /// By expected name; the arrays carry the expected names.
    public let tensors: [String: NamedArray]
    /// The keys that lead to the network's arrays in the file; empty for its root.
    public let dictionaryPath: [String]
    /// What the file's names start with.
    public let prefix: String
    public let dropped: [Dropped]
    /// Tensors that the file lacks and that start at 0.
    public let defaulted: [String]
    /// In expected order, without those that are empty or defaulted.
    public let statistics: [(name: String, statistics: ArrayStatistics)]
  }

  /// - Parameters:
  ///   - expected: the network's tensors in its order, under PyTorch's names: for `.backbone` without any prefix
  ///     (`conv1.weight`, `layer1.0.conv1.weight` …), for `.full` as the whole network names them.
  ///   - path: the keys that lead to the network's arrays in the file; nil tries the usual ones.
  /// - Throws: `CheckpointsError` that lists what is missing, left over or of another shape, and says what would fit.
  public static func match(
    _ file: CheckpointFile, expected: [(name: String, shape: [Int])], mode: Mode, path: [String]? = nil
  ) throws -> Match {
    do {
      return try Matching(file: file, expected: expected, mode: mode, path: path).match()
    } catch let error as CheckpointsError {
      throw error.naming(file.url)
    }
  }
}

/// One run of the matcher.
private struct Matching {
  let expected: [(name: String, shape: [Int])]
  let mode: BackboneMatcher.Mode
  let dictionaryPath: [String]
  let arrays: [NamedArray]
  let byName: [String: NamedArray]
  let root: CheckpointNode

  static let counter = ".num_batches_tracked"

  init(
    file: CheckpointFile, expected: [(name: String, shape: [Int])], mode: BackboneMatcher.Mode, path: [String]?
  ) throws {
    self.expected = expected
    self.mode = mode
    root = file.root
    let place = try KeyRules.dictionary(in: file.root, path: path)
    dictionaryPath = place.path
    arrays = try place.node.arrays()
    guard !arrays.isEmpty else { throw CheckpointsError.noArrays() }
    byName = Dictionary(arrays.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func match() throws -> BackboneMatcher.Match {
    let required = expected.map(\.name).filter { !$0.hasSuffix(Self.counter) }
    let names = Set(byName.keys)
    guard let prefix = KeyRules.prefix(for: required, in: names) else {
      let best = KeyRules.bestPrefix(for: required, in: names)
      throw CheckpointsError.noMatch(
        found: best.count, of: required.count, fileNames: arrays.map(\.name), advice: layoutAdvice)
    }
    var difference = Difference()
    var tensors: [String: NamedArray] = [:]
    var defaulted: [String] = []
    for (name, shape) in expected {
      if let array = byName[prefix + name] {
        difference.compare(array, name: name, shape: shape)
        tensors[name] = array.renamed(name)
      } else if name.hasSuffix(Self.counter) {
        tensors[name] = try zero(name, shape: shape)
        defaulted.append(name)
      } else {
        difference.missing.append(name)
      }
    }
    var dropped: [BackboneMatcher.Dropped] = []
    let used = Set(expected.map { prefix + $0.name })
    for array in arrays where !used.contains(array.name) {
      if let rule = rule(for: array.name, prefix: prefix, used: used) {
        dropped.append(BackboneMatcher.Dropped(key: array.name, rule: rule))
      } else {
        difference.leftOver.append(array.name)
      }
    }
    guard difference.isEmpty else { throw CheckpointsError.mismatch(difference, advice: advice(for: difference)) }
    return BackboneMatcher.Match(
      mode: mode, tensors: tensors, dictionaryPath: dictionaryPath, prefix: prefix, dropped: dropped + besides(),
      defaulted: defaulted, statistics: try statistics(of: tensors, without: Set(defaulted)))
  }

  private func zero(_ name: String, shape: [Int]) throws -> NamedArray {
    try NamedArray(
      name: name, elementType: .int64, shape: shape, bytes: Data(count: 8 * (Extent.elementCount(shape) ?? 0)))
  }

  private func rule(for key: String, prefix: String, used: Set<String>) -> String? {
    if key.hasSuffix(Self.counter), used.contains(key.dropLast(Self.counter.count) + ".running_mean") {
      return "batch counter"
    }
    return mode == .backbone ? DropRule.explaining(key, prefix: prefix)?.name : nil
  }

  /// The parts of the file next to the network that hold arrays: optimizers, second networks, memory banks.
  private func besides() -> [BackboneMatcher.Dropped] {
    guard let first = dictionaryPath.first, case .dictionary(let items) = root else { return [] }
    return items.filter { $0.key != first && $0.value.holdsArrays }
      .map { BackboneMatcher.Dropped(key: $0.key, rule: "outside \(dictionaryPath.joined(separator: "."))") }
  }

  /// Reads every number once: all must be finite, and variances positive.
  private func statistics(
    of tensors: [String: NamedArray], without defaulted: Set<String>
  ) throws -> [(name: String, statistics: ArrayStatistics)] {
    var all: [(name: String, statistics: ArrayStatistics)] = []
    for (name, _) in expected where !defaulted.contains(name) {
      guard let statistics = try tensors[name]?.statistics() else { continue }
      guard !name.hasSuffix(".running_var") || statistics.minimum > 0 else {
        throw CheckpointsError.badValues("\(name) holds the variance \(statistics.minimum), which is not positive")
      }
      all.append((name, statistics))
    }
    return all
  }

  // MARK: What would fit

  private var layouts: (file: ResNetLayout, network: ResNetLayout)? {
    let shapes = Dictionary(expected.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
    guard let file = ResNetLayout(byName.mapValues(\.shape)), let network = ResNetLayout(shapes) else { return nil }
    return (file, network)
  }

  private var layoutAdvice: String? {
    guard let (file, network) = layouts, file != network else { return nil }
    if file.architecture != network.architecture || file.depths != network.depths {
      let asked = network.architecture ?? network.description
      guard let fitting = file.architecture else {
        return "The file holds \(file.description), which is not offered: give weights of \(asked)."
      }
      return "The file holds \(file.description) and the study asks for \(asked): set architecture: \(fitting)."
    }
    guard file.inputChannels != network.inputChannels else { return nil }
    return "The file's network takes \(file.inputChannels) input channels and the study's \(network.inputChannels): "
      + "set inputChannels: \(file.inputChannels)."
  }

  private func advice(for difference: Difference) -> String {
    if let layoutAdvice { return layoutAdvice }
    if mode == .full, difference.missing.isEmpty {
      return "Set state: backbone to take only the backbone, or ask for the network that the file was saved from."
    }
    return "Give weights of the network that the study asks for, under torchvision's names."
  }
}
