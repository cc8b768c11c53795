internal import Containers
internal import Foundations

// What would fit: the sentences behind a refusal.
extension Matching {
  /// The error for a file in which no allowed reading finds the network.
  func noReading(best: KeyReading?) throws -> WeightsError {
    guard let best else {
      guard let entry, root.holdsArrays else { return WeightsError.noArrays() }
      return WeightsError.notAsEntry(
        entry, "has nothing at that place", advice: try otherLayoutAdvice ?? entry.fetchAdvice)
    }
    guard let entry else {
      return WeightsError.noMatch(
        found: best.found, of: required.count, fileNames: best.arrays.map(\.name),
        advice: try mixedPrefixAdvice(missing: required.filter { best.array($0) == nil }, in: best) ?? networkAdvice(best))
    }
    let problem = "has only \(best.found) of the \(required.count) arrays there, among \(best.arrays.count): "
      + firstFew(best.arrays.map(\.name))
    return WeightsError.notAsEntry(
      entry, problem,
      advice: try mixedPrefixAdvice(missing: required.filter { best.array($0) == nil }, in: best) ?? networkAdvice(best)
        ?? otherLayoutAdvice ?? entry.fetchAdvice)
  }

  func advice(for difference: Difference, in reading: KeyReading) throws -> String {
    if let advice = mixedPrefixAdvice(missing: difference.missing, in: reading) { return advice }
    if let advice = try networkAdvice(reading) { return advice }
    if mode == .full, difference.missing.isEmpty {
      return "Set state: backbone to take only the backbone, or ask for the network that the file was saved from."
    }
    if difference.onlyLeftOver {
      return "No rule drops \(firstFew(difference.leftOver)): give weights of the network that the study asks for, without more."
    }
    if let entry { return try otherLayoutAdvice ?? entry.fetchAdvice }
    return "Give weights of the network that the study asks for, under torchvision's names."
  }

  // MARK: Another architecture

  /// For a file of another network than the study asks for, or of a variant of it.
  private func networkAdvice(_ reading: KeyReading) throws -> String? {
    let offered = try offered()
    guard let asked = offered.first(where: { $0.isOf(expected) }) else { return nil }
    guard let held = try held(of: offered) else {
      // All names, and other shapes: a wider or a grouped one.
      return reading.found == required.count
        ? "The file has the names of a \(asked.title) and other shapes, such as a wider variant has, which is not offered: give weights of \(asked.id)."
        : nil
    }
    if held.network.id == asked.id {
      guard let channels = held.inputChannels, let wanted = OfferedNetwork.inputChannels(of: expected), channels != wanted else { return nil }
      return "The file's network takes \(channels) input channels and the study's \(wanted): set inputChannels: \(channels)."
    }
    guard let entry else {
      return "The file holds a \(held.network.title) and the study asks for \(asked.id): set architecture: \(held.network.id)."
    }
    let others = WeightsCatalog.all.filter {
      $0.architecture == held.network.id && $0.layout.admits(path: reading.path, prefix: reading.prefix, naming: reading.naming)
    }
    let advice =
      others.isEmpty
      ? "give the file of \(entry.id), or leave the entry out and set architecture: \(held.network.id)"
      : "name the entry that it is of, such as \(firstFew(others.map(\.id), atMost: 2)), or give the file of \(entry.id)"
    return "The file holds a \(held.network.title) and \(entry.id) is a \(asked.title): \(advice)."
  }

  /// The largest of the networks all of whose tensors are in the file with their shapes, but for the channels of its images: a smaller
  /// one's names may be among a larger one's.
  private func held(of offered: [OfferedNetwork]) throws -> (network: OfferedNetwork, inputChannels: Int?)? {
    for network in offered.sorted(by: { $0.tensors.count > $1.tensors.count }) {
      let required = network.required
      // A file that is not of the entry lies as another layout says.
      guard let reading = try KeyReading.best(of: root, layouts: layouts + KeyLayout.known, expected: required, needed: required.count),
        reading.found == required.count
      else { continue }
      let stored = try network.tensors.map { name, shape in
        (name, shape: try reading.array(name).map { try (reading.rules[name]?.axes ?? .asStored)($0).shape } ?? shape)
      }
      if network.isOf(stored) { return (network, OfferedNetwork.inputChannels(of: stored)) }
    }
    return nil
  }

  // MARK: Another layout

  /// For a file that names a part of the network with one prefix and the rest with another, as after a careless renaming.
  private func mixedPrefixAdvice(missing: [String], in reading: KeyReading) -> String? {
    guard reading.naming == .torchvision, !missing.isEmpty, missing.count < required.count else { return nil }
    func named(_ prefix: String) -> String { prefix.isEmpty ? "without a prefix" : "with the prefix \(prefix)" }
    for prefix in KeyRules.prefixes where prefix != reading.prefix {
      let elsewhere = missing.filter { reading.byKey[prefix + $0] != nil }
      guard elsewhere.count == missing.count else { continue }
      return "It names \(required.count - missing.count) of the network's arrays \(named(reading.prefix)) and "
        + "\(missing.count) \(named(prefix)) (\(firstFew(elsewhere.map { prefix + $0 }))): give a file with one prefix for all."
    }
    return nil
  }

  /// For a file that is not what the entry says but what another layout does: that layout, and the entries that have it.
  private var otherLayoutAdvice: String? {
    get throws {
      guard
        let fitting = try KeyReading.best(
          of: root, layouts: KeyLayout.known, expected: required, needed: required.count),
        fitting.found == required.count,
        entry?.layout.admits(path: fitting.path, prefix: fitting.prefix, naming: fitting.naming) != true
      else { return nil }
      let layout = KeyLayout(fitting.path, prefix: fitting.prefix, naming: fitting.naming)
      let entries = WeightsCatalog.all.filter {
        $0.verification == .fromCode && $0.layout.admits(path: fitting.path, prefix: fitting.prefix, naming: fitting.naming)
      }
      let names = "It has the network as \(layout.description)"
      guard !entries.isEmpty else { return "\(names), which no catalog entry describes: leave the entry out." }
      return "\(names), as \(firstFew(entries.map(\.id))): name the entry that it is of, or none."
    }
  }
}

extension WeightsEntry {
  /// What to do about a file that is not of this entry.
  fileprivate var fetchAdvice: String {
    "Give \(file.name)" + (file.address.map { " from \($0)" } ?? "") + ", or leave the entry out for weights of your own."
  }
}

extension WeightsError {
  fileprivate static func notAsEntry(_ entry: WeightsEntry, _ problem: String, advice: String) -> WeightsError {
    WeightsError(
      .noMatch, "The file should have \(entry.layout.description), as the catalog entry \(entry.id) says, but \(problem).",
      remedy: advice)
  }
}
