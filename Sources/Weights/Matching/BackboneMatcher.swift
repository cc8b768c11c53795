public import Containers
internal import Foundation

/// Puts the arrays of a file and the tensors of a network into one-to-one correspondence, or refuses.
///
/// Every expected tensor is filled exactly once, with its exact shape, from finite numbers; every other array of the file
/// is named by a rule. The only tensors that may be missing, or of another type, are the batch norms' `num_batches_tracked`, which files
/// from before PyTorch 0.4.1 and of other frameworks lack, files in half precision have as fractions, and which then start at 0.
///
/// There are two ways in. With a catalog entry, the file must be laid out as the entry says. Without one, the network is looked for
/// under every naming, at every place, behind every prefix; where exactly one is complete it is taken, and the match says which.
/// Where several are (a student and its teacher, a network and its moving average), all are named and the person must say which.
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
    /// The catalog entry that the file was held to.
    public let entry: WeightsEntry?
    /// By expected name; the arrays carry the expected names.
    public let tensors: [String: NamedArray]
    /// The keys that lead to the network's arrays in the file; empty for its root.
    public let dictionaryPath: [String]
    /// What the file's names start with.
    public let prefix: String
    /// How the file names and stores the tensors.
    public let naming: KeyNaming
    public let dropped: [Dropped]
    /// Counters that the file lacks, or has as something else than 64-bit integers, and that start at 0.
    public let defaulted: [String]
    /// Keys of convolution biases that went into the running mean of the normalization behind them.
    public let folded: [String]
    /// In expected order, without those that are empty or defaulted.
    public let statistics: [(name: String, statistics: ArrayStatistics)]
    /// What a reader must know of it, each a sentence.
    public let cautions: [String]
  }

  /// - Parameters:
  ///   - expected: the network's tensors in its order, under PyTorch's names: for `.backbone` without any prefix
  ///     (`conv1.weight`, `layer1.0.conv1.weight` …), for `.full` as the whole network names them.
  ///   - entry: the catalog entry that the file is of; for `.full`, which is for files of this program, it says nothing.
  ///   - keys: what a person says of the network's place in the file, in place of the layout's.
  ///   - offered: the networks that a file which does not fit may be of, for the advice; called only then.
  /// - Throws: `WeightsError` that lists what is missing, left over or of another shape, and says what would fit.
  public static func match(
    _ file: CheckpointFile, expected: [(name: String, shape: [Int])], mode: Mode, entry: WeightsEntry? = nil,
    keys: KeySelection = KeySelection(), offered: () throws -> [OfferedNetwork] = { [] }
  ) throws -> Match {
    do {
      let entry = mode == .full ? nil : entry
      return try withoutActuallyEscaping(offered) { offered in
        // Asked for many times by a refusal, and made once.
        var known: [OfferedNetwork]?
        func once() throws -> [OfferedNetwork] {
          if let known { return known }
          let made = try offered()
          known = made
          return made
        }
        return try Matching(file: file, expected: expected, mode: mode, entry: entry, keys: keys, offered: once).match()
      }
    } catch let error as WeightsError {
      throw error.naming(file.url)
    } catch let error as ContainersError {
      throw WeightsError(error).naming(file.url)
    }
  }
}

/// One run of the matcher.
struct Matching {
  let file: CheckpointFile
  var expected: [(name: String, shape: [Int])]
  var mode: BackboneMatcher.Mode
  var entry: WeightsEntry?
  var keys: KeySelection
  let offered: () throws -> [OfferedNetwork]
  /// Whether a refusal says what would fit, which is tried.
  var advises = true

  var root: CheckpointNode { file.root }

  /// The names that a file must have.
  var required: [String] { expected.map(\.name).filter { !$0.hasSuffix(KeyRules.counter) } }

  func match() throws -> BackboneMatcher.Match {
    let pool = try KeyPool(root, keys: keys)
    let reading = try choose(in: pool)
    let assignment = try assign(reading)
    guard assignment.difference.isEmpty else {
      throw WeightsError.mismatch(assignment.difference, try refusal(of: assignment.difference, in: reading))
    }
    let ignored = try pool.ignored(at: Array(reading.path.dropFirst(pool.path.count)))
    return BackboneMatcher.Match(
      mode: mode, entry: entry, tensors: assignment.tensors, dictionaryPath: reading.path, prefix: reading.prefix,
      naming: reading.naming, dropped: assignment.dropped + ignored + besides(reading.path, ignored: ignored),
      defaulted: assignment.defaulted, folded: assignment.folded,
      statistics: try statistics(of: assignment.tensors, without: Set(assignment.defaulted)),
      cautions: try cautions(reading, ignored: ignored))
  }

  /// What a reading makes of the file, whether it fits or not. No number is read unless it does.
  struct Assignment {
    var difference = Difference()
    var tensors: [String: NamedArray] = [:]
    var defaulted: [String] = []
    var folded: [String] = []
    var dropped: [BackboneMatcher.Dropped] = []
  }

  func assign(_ reading: KeyReading) throws -> Assignment {
    var found = Assignment()
    var used: Set<String> = []
    for (name, shape) in expected {
      if let stored = reading.array(name) {
        used.insert(stored.name)
        // A network that was saved in half precision has its counters so, which hold no count any more; no result depends on them.
        if name.hasSuffix(KeyRules.counter), stored.elementType != .int64 {
          found.tensors[name] = try zero(name, shape: shape)
          found.defaulted.append(name)
          continue
        }
        var array = try (reading.rules[name]?.axes ?? .asStored)(stored)
        found.difference.compare(array, name: name, shape: shape)
        if let bias = reading.bias(name) {
          used.insert(bias.name)
          found.difference.compare(bias, name: "\(name) (its convolution's bias)", shape: shape)
          if found.difference.isEmpty { array = try array.subtracting(bias) }
          found.folded.append(bias.name)
        }
        found.tensors[name] = array.renamed(name)
      } else if name.hasSuffix(KeyRules.counter) {
        found.tensors[name] = try zero(name, shape: shape)
        found.defaulted.append(name)
      } else {
        found.difference.missing.append(name)
      }
    }
    for array in reading.arrays where !used.contains(array.name) {
      if let rule = rule(for: array.name, reading: reading, used: used) {
        found.dropped.append(BackboneMatcher.Dropped(key: array.name, rule: rule))
      } else {
        found.difference.leftOver.append(array.name)
      }
    }
    return found
  }

  private func zero(_ name: String, shape: [Int]) throws -> NamedArray {
    try NamedArray(
      name: name, elementType: .int64, shape: shape, bytes: Data(count: 8 * (shape.reduce(1, *))))
  }

  private func rule(for key: String, reading: KeyReading, used: Set<String>) -> String? {
    if key.hasSuffix(KeyRules.counter), used.contains(key.dropLast(KeyRules.counter.count) + ".running_mean") {
      return "batch counter"
    }
    guard mode == .backbone else { return nil }
    if let rule = DropRule.explaining(key, prefix: reading.prefix, naming: reading.naming) { return rule.name }
    // What an entry's file holds is known; of any other file, what is not behind the prefix belongs to another part of the model.
    let isOutside = (entry == nil || !keys.isEmpty) && !reading.prefix.isEmpty && reading.naming.canonical(key)?.hasPrefix(reading.prefix) != true
    return isOutside ? "outside \(reading.prefix)" : nil
  }

  /// The parts of the file next to the network, at every step of the path to it, that hold arrays: optimizers, second
  /// networks, memory banks. Nothing of them is read.
  private func besides(_ path: [String], ignored: [BackboneMatcher.Dropped]) -> [BackboneMatcher.Dropped] {
    var found: [BackboneMatcher.Dropped] = []
    var node = root
    for (depth, step) in path.enumerated() {
      guard case .dictionary(let items) = node else { break }
      for (key, value) in items where key != step && value.holdsArrays {
        let name = (path.prefix(depth) + [key]).joined(separator: ".")
        if ignored.contains(where: { $0.key == name || $0.key.hasPrefix(name + ".") }) { continue }
        found.append(BackboneMatcher.Dropped(key: name, rule: "outside \(path.joined(separator: "."))"))
      }
      guard let next = node[step] else { break }
      node = next
    }
    return found
  }

  /// Reads every number once: all must be finite, and variances positive.
  private func statistics(
    of tensors: [String: NamedArray], without defaulted: Set<String>
  ) throws -> [(name: String, statistics: ArrayStatistics)] {
    var all: [(name: String, statistics: ArrayStatistics)] = []
    for (name, _) in expected where !defaulted.contains(name) {
      guard let statistics = try tensors[name]?.statistics() else { continue }
      guard !name.hasSuffix(".running_var") || statistics.minimum > 0 else {
        throw WeightsError.badValues("\(name) holds the variance \(statistics.minimum), which is not positive")
      }
      all.append((name, statistics))
    }
    return all
  }
}

extension NamedArray {
  /// This array less another of its shape, rounded once, in float32; 64-bit floats stay such.
  ///
  /// For a convolution with the bias b and a normalization behind it that has the mean μ, (conv(x) + b) − μ = conv(x) − (μ − b):
  /// without b and with μ − b the network computes the same, and goes on to: in training the batch's own mean takes b away.
  fileprivate func subtracting(_ other: NamedArray) throws -> NamedArray {
    let differences = try zip(doubles(), other.doubles()).map { $0 - $1 }
    let type = elementType == .float64 ? ElementType.float64 : .float32
    var data = Data(capacity: differences.count * type.byteCount)
    for value in differences {
      if type == .float64 {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
      } else {
        withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { data.append(contentsOf: $0) }
      }
    }
    return try NamedArray(name: name, elementType: type, shape: shape, bytes: data)
  }
}
