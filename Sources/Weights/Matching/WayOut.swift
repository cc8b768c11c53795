internal import Containers
internal import Foundations

/// A change of what was asked under which a refused file fits: it was tried before it is advised.
public struct WayOut: Hashable, Sendable {
  public enum EntryChange: Hashable, Sendable {
    case keep
    case leaveOut
    /// Any of these ids.
    case name([String])
  }

  /// The architecture to ask for; nil for the same.
  public var architecture: String?
  /// The channels of images to ask for; nil for the same.
  public var inputChannels: Int?
  public var entry = EntryChange.keep
  /// What to say of the network's place in the file; nil for nothing new.
  public var keys: KeySelection?
  /// Whether to take the backbone alone of a file that was to be taken whole.
  public var takesBackbone = false

  init(
    architecture: String? = nil, inputChannels: Int? = nil, entry: EntryChange = .keep, keys: KeySelection? = nil, takesBackbone: Bool = false
  ) {
    (self.architecture, self.inputChannels, self.entry, self.keys, self.takesBackbone) = (
      architecture, inputChannels, entry, keys, takesBackbone
    )
  }

  /// Other images alone.
  public static func inputChannels(_ count: Int) -> WayOut { WayOut(inputChannels: count) }

  /// Where the change is to be said.
  public enum Place: Sendable {
    case study, command
  }

  /// In the imperative: `leave the entry out and set architecture: resnet18`.
  public func text(in place: Place) -> String {
    var parts: [String] = []
    switch (entry, place) {
    case (.keep, _): break
    case (.leaveOut, .study): parts.append("leave the entry out")
    case (.leaveOut, .command): parts.append("leave --as out")
    case (.name(let ids), .study): parts.append("name the entry that it is of (\(firstFew(ids)))")
    case (.name(let ids), .command): parts.append("name the entry that it is of (--as \(firstFew(ids)))")
    }
    var settings: [String] = []
    func add(_ key: String, _ option: String?, _ value: String) {
      switch place {
      case .study: settings.append("\(key): \(value)")
      case .command: settings.append(option.map { "\($0) \(value)" } ?? "\(key): \(value)")
      }
    }
    if keys?.isEmpty == true { parts.append(place == .study ? "leave path, prefix and ignore out" : "leave --path, --prefix and --ignore out") }
    if let architecture { add("architecture", "--architecture", architecture) }
    if let inputChannels { add("inputChannels", nil, String(inputChannels)) }
    if takesBackbone { add("state", nil, "backbone") }
    if let path = keys?.path { add("path", "--path", Self.quoted(path)) }
    if let prefix = keys?.prefix { add("prefix", "--prefix", Self.quoted(prefix)) }
    if let ignore = keys?.ignore, !ignore.isEmpty {
      add("ignore", "--ignore", place == .study ? "[\(ignore.joined(separator: ", "))]" : ignore.joined(separator: " --ignore "))
    }
    if !settings.isEmpty { parts.append((place == .study ? "set " : "say ") + settings.joined(separator: place == .study ? " and " : " ")) }
    return parts.joined(separator: " and ")
  }

  private static func quoted(_ text: String) -> String {
    // A dot at the end would look like the sentence's.
    let isPlain = !text.isEmpty && !text.hasSuffix(".") && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-/".contains($0)) }
    return isPlain ? text : "\"\(text)\""
  }
}

/// What to do about a refusal: what is known of the file, and the ways out that were tried. Where there is none, what to give instead.
struct Advice: Equatable {
  /// A clause that the ways follow behind a colon, without its end; nil where they stand alone.
  var explanation: String?
  var ways: [WayOut] = []
  /// What to do where no way leads out, a sentence.
  var otherwise: String

  func text(in place: WayOut.Place) -> String {
    guard !ways.isEmpty else { return [explanation.map { $0 + "." }, otherwise].compactMap(\.self).joined(separator: " ") }
    let clauses = ways.map { $0.text(in: place) }.joined(separator: ", or ")
    return explanation.map { "\($0): \(clauses)." } ?? clauses.prefix(1).uppercased() + clauses.dropFirst() + "."
  }
}

extension Matching {
  /// The file asked for in another way.
  ///
  /// - Returns: nil for a network that is not offered.
  func following(_ way: WayOut) throws -> Matching? {
    var other = self
    if let id = way.architecture {
      guard let network = try offered().first(where: { $0.id == id }) else { return nil }
      let channels = way.inputChannels ?? OfferedNetwork.inputChannels(of: expected) ?? 3
      guard network.inputChannels.contains(channels) else { return nil }
      other.expected = network.tensors(inputChannels: channels)
    } else if let channels = way.inputChannels {
      guard let network = try offered().first(where: { $0.isOf(expected) }), network.inputChannels.contains(channels) else { return nil }
      other.expected = OfferedNetwork.replacing(inputChannels: channels, in: expected)
    }
    switch way.entry {
    case .keep: break
    case .leaveOut: other.entry = nil
    case .name(let ids):
      guard let id = ids.first else { return nil }
      other.entry = try WeightsCatalog.named(id)
    }
    if let keys = way.keys { other.keys = keys }
    if way.takesBackbone { other.mode = .backbone }
    return other
  }

  /// Whether the file fits when it is asked for that way. No number is read.
  func leadsOut(_ way: WayOut) throws -> Bool {
    do {
      guard let other = try following(way) else { return false }
      let pool = try KeyPool(root, keys: other.keys)
      let reading = try other.silent.choose(in: pool)
      guard try other.assign(reading).difference.isEmpty else { return false }
      _ = try other.cautions(reading, ignored: pool.ignored(at: Array(reading.path.dropFirst(pool.path.count))))
      return true
    } catch is WeightsError {
      return false
    }
  }

  /// The same without advice, which would try ways out again.
  private var silent: Matching {
    Matching(file: file, expected: expected, mode: mode, entry: entry, keys: keys, offered: offered, advises: false)
  }
}
