internal import Containers
internal import Foundations

// What would fit: the sentences behind a refusal. Nothing is advised that was not tried.
extension Matching {
  /// The error for a file in which no allowed reading finds the network.
  func refusal(best: KeyReading?) throws -> WeightsError {
    guard let best else {
      guard root.holdsArrays else { return WeightsError.noArrays() }
      guard let entry else {
        return WeightsError.noMatch(found: 0, of: required.count, fileNames: try root.arrays().map(\.name), try advice(for: nil, in: nil))
      }
      return WeightsError.notAsEntry(entry, "has nothing at that place", try advice(for: nil, in: nil))
    }
    let advice = try advice(for: required.filter { best.array($0) == nil }, in: best)
    guard let entry else {
      return WeightsError.noMatch(found: best.found, of: required.count, fileNames: best.arrays.map(\.name), advice)
    }
    let problem =
      "has only \(best.found) of the \(required.count) arrays there, among \(best.arrays.count): "
      + firstFew(best.arrays.map(\.name))
    return WeightsError.notAsEntry(entry, problem, advice)
  }

  /// The advice for a file in which the network is found and does not fit.
  func refusal(of difference: Difference, in reading: KeyReading) throws -> Advice {
    let general = try advice(for: difference.missing, in: reading, difference)
    guard general.ways.isEmpty, difference.onlyLeftOver, advises else { return general }
    if mode == .full {
      let backbone = WayOut(takesBackbone: true)
      return Advice(ways: try leadsOut(backbone) ? [backbone] : [], otherwise: "Ask for the network that the file was saved from.")
    }
    let named = "No rule drops \(firstFew(difference.leftOver))"
    var other = keys
    other.ignore += Self.fronts(of: difference.leftOver, behind: reading, expected: required)
    let way = WayOut(keys: other)
    if other.ignore.count > keys.ignore.count, try leadsOut(way) {
      return Advice(explanation: "\(named); where that is no part of the backbone, such as a head", ways: [way], otherwise: "")
    }
    return Advice(
      explanation: named,
      otherwise: "They lie among the backbone's own layers, so the file is of another network: give weights of the one that the study asks for.")
  }

  /// The first parts of left-over keys, where no layer of the network has such a name.
  private static func fronts(of keys: [String], behind reading: KeyReading, expected: [String]) -> [String] {
    let own = Set(expected.map { $0.prefix { $0 != "." } })
    var found: [String] = []
    for key in keys {
      guard key.hasPrefix(reading.prefix) else { return [] }
      let front = key.dropFirst(reading.prefix.count).prefix { $0 != "." && $0 != "/" }
      guard !own.contains(front) else { return [] }
      let whole = reading.prefix + front
      if !found.contains(whole) { found.append(whole) }
    }
    return found
  }

  /// - Parameter missing: the tensors that the reading does not find; nil where there is no reading.
  private func advice(for missing: [String]?, in reading: KeyReading?, _ difference: Difference? = nil) throws -> Advice {
    let otherwise =
      Self.isKeras3(reading)
      ? "These are Keras 3's numbered variables, which say no layer: in Python, load them into their model, and model.save(\"weights.h5\") "
        + "writes the HDF5 that is read."
      : entry?.fetchAdvice ?? "Give weights of the network that the study asks for, under torchvision's names."
    guard advises else { return Advice(otherwise: otherwise) }
    if let reading, let missing, let mixed = mixedPrefix(missing: missing, in: reading) {
      return Advice(explanation: mixed, otherwise: "Give a file with one prefix for all.")
    }
    if let reading, let other = try otherNetwork(reading) { return other }
    if entry != nil, let other = try otherLayout(otherwise: otherwise) { return other }
    if !keys.isEmpty {
      let found = WayOut(keys: KeySelection())
      if try leadsOut(found) { return Advice(explanation: "The network is found without them", ways: [found], otherwise: otherwise) }
    }
    return Advice(otherwise: otherwise)
  }

  /// Whether arrays are called by their place in a layer, as in Keras 3's own files of weights: `layers/conv2d_1/vars/0`.
  private static func isKeras3(_ reading: KeyReading?) -> Bool {
    reading?.arrays.first?.name.contains(/[.\/]vars[.\/][0-9]+$/) == true
  }

  /// The first of some ways that lead out.
  private func first(_ ways: [WayOut]) throws -> [WayOut] { try ways.first { try leadsOut($0) }.map { [$0] } ?? [] }

  // MARK: Another architecture

  /// For a file of another network than the study asks for, or of a variant of it.
  private func otherNetwork(_ reading: KeyReading) throws -> Advice? {
    let offered = try offered()
    guard let asked = offered.first(where: { $0.isOf(expected) }) else { return nil }
    let wanted = OfferedNetwork.inputChannels(of: expected)
    guard let held = try held(of: offered) else {
      // All names, and other shapes: a wider or a grouped one.
      guard reading.found == required.count, try !difference(reading).unequal.isEmpty else { return nil }
      return Advice(
        explanation: "The file has the names of a \(asked.title) and other shapes, such as a wider variant has, which is not offered",
        otherwise: "Give weights of \(asked.id).")
    }
    let channels = held.inputChannels == wanted ? nil : held.inputChannels
    if held.network.id == asked.id {
      guard let channels else { return nil }
      let ways = try first([WayOut(inputChannels: channels), WayOut(inputChannels: channels, entry: .leaveOut)])
      return Advice(
        explanation: "The file's network takes \(channels) input channels and the study's \(wanted ?? 3)", ways: ways,
        otherwise: "Give weights for \(held.network.inputChannels.map(String.init).joined(separator: " or ")) channels.")
    }
    let otherwise = "Give weights of \(asked.id)."
    guard let entry else {
      let way = WayOut(architecture: held.network.id, inputChannels: channels)
      let ways = try leadsOut(way) ? [way] : choices(after: way)
      return Advice(explanation: "The file holds a \(held.network.title) and the study asks for \(asked.id)", ways: ways, otherwise: otherwise)
    }
    let named = try WeightsCatalog.all.filter { other in
      guard other.architecture == held.network.id else { return false }
      return try leadsOut(WayOut(architecture: held.network.id, inputChannels: channels, entry: .name([other.id])))
    }
    let ways =
      named.isEmpty
      ? try first([WayOut(architecture: held.network.id, inputChannels: channels, entry: .leaveOut)])
      : [WayOut(architecture: held.network.id, inputChannels: channels, entry: .name(named.map(\.id)))]
    return Advice(
      explanation: "The file holds a \(held.network.title) and \(entry.id) is a \(asked.title)", ways: ways,
      otherwise: "Give the file of \(entry.id).")
  }

  /// The way with each of the networks that the file then has several of.
  private func choices(after way: WayOut) throws -> [WayOut] {
    guard let other = try following(way) else { return [] }
    let fitting = try other.fitting(other.readings(in: KeyPool(root, keys: keys)))
    return try other.withoutCopies(fitting).compactMap { reading in
      var chosen = way
      chosen.keys = other.selection(of: reading, among: fitting)
      return try leadsOut(chosen) ? chosen : nil
    }
  }

  private func difference(_ reading: KeyReading) throws -> Difference { try assign(reading).difference }

  /// The largest of the networks all of whose tensors are in the file with their shapes, but for the channels of its images: a smaller
  /// one's names may be among a larger one's.
  private func held(of offered: [OfferedNetwork]) throws -> (network: OfferedNetwork, inputChannels: Int?)? {
    for network in offered.sorted(by: { $0.tensors.count > $1.tensors.count }) {
      var other = self
      (other.expected, other.entry, other.mode, other.advises) = (network.tensors, nil, .backbone, false)
      // Of several, any tells what the file is of.
      for reading in try other.readings(in: try KeyPool(root, keys: keys)) where reading.found == network.required.count {
        let stored = try network.tensors.map { name, shape in
          (name, shape: try reading.array(name).map { try (reading.rules[name]?.axes ?? .asStored)($0).shape } ?? shape)
        }
        if network.isOf(stored) { return (network, OfferedNetwork.inputChannels(of: stored)) }
      }
    }
    return nil
  }

  // MARK: Another layout

  /// For a file that names a part of the network with one prefix and the rest with another, as after a careless renaming.
  private func mixedPrefix(missing: [String], in reading: KeyReading) -> String? {
    guard reading.naming == .torchvision, !missing.isEmpty, missing.count < required.count else { return nil }
    func named(_ prefix: String) -> String { prefix.isEmpty ? "without a prefix" : "with the prefix \(prefix)" }
    let ends = reading.byKey.keys.filter { $0.hasSuffix(missing[0]) }.sorted().map { String($0.dropLast(missing[0].count)) }
    for prefix in ends where prefix != reading.prefix && (prefix.isEmpty || prefix.hasSuffix(".")) {
      let elsewhere = missing.filter { reading.byKey[prefix + $0] != nil }
      guard elsewhere.count == missing.count else { continue }
      return "It names \(required.count - missing.count) of the network's arrays \(named(reading.prefix)) and "
        + "\(missing.count) \(named(prefix)) (\(firstFew(elsewhere.map { prefix + $0 })))"
    }
    return nil
  }

  /// For a file that is not what the entry says but what another layout does: that layout, and the entries that have it.
  private func otherLayout(otherwise: String) throws -> Advice? {
    guard let entry, try leadsOut(WayOut(entry: .leaveOut)) else { return nil }
    var other = self
    (other.entry, other.advises) = (nil, false)
    let fitting = try other.choose(in: KeyPool(root, keys: keys))
    let layout = KeyLayout(fitting.path, prefix: fitting.prefix, naming: fitting.naming)
    let explanation = "It has the network as \(layout.description)"
    let channels = OfferedNetwork.inputChannels(of: expected)
    let asked = try offered().first { $0.isOf(expected) }?.id
    let entries = try WeightsCatalog.all.filter { other in
      guard other.verification == .fromCode, other.id != entry.id, other.architecture == asked ?? entry.architecture,
        channels == nil || other.preprocessing.inputChannels == channels,
        other.layout.admits(path: fitting.path, prefix: fitting.prefix, naming: fitting.naming)
      else { return false }
      return try leadsOut(WayOut(entry: .name([other.id])))
    }
    if !entries.isEmpty {
      return Advice(
        explanation: explanation, ways: [WayOut(entry: .name(entries.map(\.id))), WayOut(entry: .leaveOut)], otherwise: otherwise)
    }
    // It may be the entry's file under other names; that is for the person to say.
    let path = fitting.path.isEmpty ? nil : fitting.path.joined(separator: ".")
    let said = [nil, path].map { WayOut(keys: KeySelection(path: $0, prefix: fitting.prefix, ignore: keys.ignore)) }
    return Advice(
      explanation: explanation + ", which no catalog entry describes",
      ways: (fitting.naming == entry.layout.naming ? try first(said) : []) + [WayOut(entry: .leaveOut)], otherwise: otherwise)
  }
}

extension WeightsEntry {
  /// What to do about a file that is not of this entry.
  fileprivate var fetchAdvice: String { "Give \(file.name)" + (file.address.map { " from \($0)" } ?? "") + "." }
}

extension WeightsError {
  fileprivate static func notAsEntry(_ entry: WeightsEntry, _ problem: String, _ advice: Advice) -> WeightsError {
    WeightsError(
      .noMatch, "The file should have \(entry.layout.description), as the catalog entry \(entry.id) says, but \(problem).", advice)
  }
}
