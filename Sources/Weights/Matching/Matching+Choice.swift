internal import Containers

// Which network of a file is meant.
extension Matching {
  /// The reading that the file is taken by.
  ///
  /// - Throws: `WeightsError` where no reading finds nine tenths of the network's names, and where several networks are complete.
  func choose(in pool: KeyPool) throws -> KeyReading {
    let needed = Int((KeyRules.namesRequired * Double(required.count)).rounded(.up))
    if let entry {
      let reading = try KeyReading.best(in: pool, layouts: layouts(of: entry), expected: required, needed: needed)
      guard let reading, reading.found >= needed else { throw try refusal(best: reading) }
      return reading
    }
    let readings = try readings(in: pool)
    let fitting = try fitting(readings)
    let complete = try withoutCopies(fitting)
    if complete.count > 1 { throw several(complete, among: fitting) }
    if let only = complete.first {
      if let plain = try besideItself(only, readings) { throw several(plain, and: only, in: pool) }
      return only
    }
    guard let best = readings.first, best.found >= needed else { throw try refusal(best: readings.first) }
    return try closest(readings.filter { $0.found == best.found }) ?? best
  }

  /// The readings that fit.
  func fitting(_ readings: [KeyReading]) throws -> [KeyReading] {
    try readings.filter { reading in
      guard reading.found == required.count else { return false }
      return try assign(reading).difference.isEmpty
    }
  }

  /// A network that would fit but for the keys of the one that does: one under plain names, beside its copy behind a prefix.
  private func besideItself(_ only: KeyReading, _ readings: [KeyReading]) throws -> KeyReading? {
    guard !only.prefix.isEmpty else { return nil }
    return try readings.first { reading in
      guard reading.found == required.count, reading.path == only.path, reading.prefix != only.prefix, only.prefix.hasPrefix(reading.prefix) else { return false }
      let difference = try assign(reading).difference
      guard difference.onlyLeftOver, !difference.leftOver.isEmpty, difference.leftOver.allSatisfy({ $0.hasPrefix(only.prefix) }) else { return false }
      return try !isSame(reading, only)
    }
  }

  /// The error that names both, and how each is meant: one without the keys of the other, which are left over for it.
  private func several(_ plain: KeyReading, and only: KeyReading, in pool: KeyPool) -> WeightsError {
    var ways = [keys, keys]
    ways[0].ignore.append(only.path.dropFirst(pool.path.count).map { $0 + "." }.joined() + only.prefix + "*")
    ways[1].prefix = only.prefix
    return WeightsError.several([plain.place, only.place], ways: ways.map { WayOut(keys: $0) })
  }

  /// The entry's layout at the place that a person says, and else at its own.
  private func layouts(of entry: WeightsEntry) -> [KeyLayout] {
    let layout = entry.layout
    guard keys.path != nil || keys.prefix != nil else { return [layout] }
    // A person may say the prefix from the root of the file, so places are tried too; what is not admitted is left out there.
    let paths = keys.path == nil ? layout.paths + [[]] : [[]]
    let own = keys.prefix.map { prefix in prefix.isEmpty || prefix.hasSuffix(".") || prefix.hasSuffix("/") ? prefix : prefix + "." }
    return [KeyLayout(paths: paths, prefixes: own.map { [$0] } ?? layout.prefixes, naming: layout.naming)]
  }

  /// All readings of a file of which nobody says what it is, those that find most of the network first.
  func readings(in pool: KeyPool) throws -> [KeyReading] {
    if mode == .full { return try KeyReading.all(in: pool, naming: .torchvision, expected: required) }
    var found: [KeyReading] = []
    for naming in [KeyNaming.torchvision, .denseNetDotted, .transformers, .sequential, .tensorFlow] {
      found += try KeyReading.all(in: pool, naming: naming, expected: required)
    }
    if try pool.hasPrivateNames() { found += try KeyReading.all(in: pool, naming: .wrapped, expected: required).filter(\.hasWrappers) }
    if !found.contains(where: { $0.found == required.count }) {
      let fixed = try KeyReading.best(in: pool, layouts: KeyLayout.fixed, expected: required, needed: required.count)
      found += [fixed].compactMap(\.self)
    }
    // A stable order: by names that are found, then as tried.
    return found.enumerated().sorted { (-$0.element.found, $0.offset) < (-$1.element.found, $1.offset) }.map(\.element)
  }

  /// Of readings that find as many names, the first whose shapes and left-over keys differ least.
  private func closest(_ readings: [KeyReading]) throws -> KeyReading? {
    let own = readings.filter { !$0.isMomentumCopy }
    let differences = try (own.isEmpty ? readings : own).map { reading in
      let difference = try assign(reading).difference
      return (reading, difference.unequal.count + difference.leftOver.count)
    }
    return differences.min { $0.1 < $1.1 }?.0
  }

  /// Without the encoders that MoCo's query encoder is followed by, and without networks whose numbers an earlier one has too.
  func withoutCopies(_ readings: [KeyReading]) throws -> [KeyReading] {
    guard readings.count > 1 else { return readings }
    let own = readings.filter { !$0.isMomentumCopy }
    var kept: [KeyReading] = []
    for reading in own.isEmpty ? readings : own where try !kept.contains(where: { try isSame($0, reading) }) { kept.append(reading) }
    return kept
  }

  /// Whether two readings bring the same numbers.
  private func isSame(_ one: KeyReading, _ other: KeyReading) throws -> Bool {
    for name in required {
      guard let first = one.array(name), let second = other.array(name), first.elementType == second.elementType,
        first.shape == second.shape, try first.bytes() == second.bytes()
      else { return false }
    }
    return true
  }

  /// The error that names every complete network, with what singles each out.
  private func several(_ readings: [KeyReading], among fitting: [KeyReading]) -> WeightsError {
    let ways = readings.map { WayOut(keys: selection(of: $0, among: fitting)) }
    return WeightsError.several(readings.map(\.place), ways: ways)
  }

  /// The least that a person must say to mean this reading and no other.
  func selection(of reading: KeyReading, among readings: [KeyReading]) -> KeySelection {
    var selection = keys
    let path = reading.path.joined(separator: ".")
    if !reading.path.isEmpty, readings.count(where: { $0.path.starts(with: reading.path) }) == 1 {
      selection.path = path
    } else if readings.count(where: { $0.prefix == reading.prefix }) == 1 {
      selection.prefix = reading.prefix
    } else {
      selection.prefix = (reading.path + [""]).joined(separator: ".") + reading.prefix
    }
    return selection
  }
}

extension KeyReading {
  /// Whether a name of the network has a wrapper between its parts, so that no other naming reads it.
  fileprivate var hasWrappers: Bool {
    rules.keys.contains { name in array(name).map { $0.name != prefix + name } ?? false }
  }

  /// Whether it lies where MoCo keeps the encoder that is not to be used.
  fileprivate var isMomentumCopy: Bool {
    let parts = path.map { $0[...] } + prefix.split(separator: ".")
    return parts.contains { KeyRules.momentumCopies.contains($0) }
  }
}
