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
        advice: mixedPrefixAdvice(missing: required.filter { best.array($0) == nil }, in: best) ?? sizeAdvice(best))
    }
    let problem = "has only \(best.found) of the \(required.count) arrays there, among \(best.arrays.count): "
      + firstFew(best.arrays.map(\.name))
    return WeightsError.notAsEntry(
      entry, problem,
      advice: try mixedPrefixAdvice(missing: required.filter { best.array($0) == nil }, in: best) ?? sizeAdvice(best)
        ?? otherLayoutAdvice ?? entry.fetchAdvice)
  }

  func advice(for difference: Difference, in reading: KeyReading) throws -> String {
    if let advice = mixedPrefixAdvice(missing: difference.missing, in: reading) { return advice }
    if let advice = sizeAdvice(reading) { return advice }
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

  /// For a file of another ResNet than the study asks for.
  private func sizeAdvice(_ reading: KeyReading) -> String? {
    let shapes = Dictionary(expected.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
    let stored = Dictionary(reading.arrays.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
    guard let file = ResNetLayout(stored), let network = ResNetLayout(shapes), file != network else { return nil }
    if file.architecture != network.architecture || file.depths != network.depths {
      let asked = network.architecture ?? network.description
      guard let fitting = file.architecture else {
        return "The file holds \(file.description), which is not offered: give weights of \(asked)."
      }
      guard let entry else { return "The file holds \(file.description) and the study asks for \(asked): set architecture: \(fitting)." }
      let others = WeightsCatalog.all.filter {
        $0.architecture == fitting && $0.layout.admits(path: reading.path, prefix: reading.prefix, naming: reading.naming)
      }
      let advice =
        others.isEmpty
        ? "give the file of \(entry.id), or leave the entry out and set architecture: \(fitting)"
        : "name the entry that it is of, such as \(firstFew(others.map(\.id), atMost: 2)), or give the file of \(entry.id)"
      return "The file holds \(file.description) and \(entry.id) is \(network.description): \(advice)."
    }
    guard file.inputChannels != network.inputChannels else { return nil }
    return "The file's network takes \(file.inputChannels) input channels and the study's \(network.inputChannels): "
      + "set inputChannels: \(file.inputChannels)."
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
