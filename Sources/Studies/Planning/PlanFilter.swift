internal import Foundations

/// The part of a study that is wanted. An empty list wants all.
public struct PlanFilter: Codable, Hashable, Sendable {
  public var tasks: [String]
  public var initializations: [String]
  public var seeds: [Int]
  public var fractions: [TrainingFraction]
  public var modes: [FineTuningMode]
  /// The places of cells below the study's output (`Cell.relativePath`): these very cells, and what they start from.
  public var cells: [String]

  public init(
    tasks: [String] = [], initializations: [String] = [], seeds: [Int] = [], fractions: [TrainingFraction] = [],
    modes: [FineTuningMode] = [], cells: [String] = []
  ) {
    self.cells = cells
    self.tasks = tasks
    self.initializations = initializations
    self.seeds = seeds
    self.fractions = fractions
    self.modes = modes
  }

  public var isEmpty: Bool { tasks.isEmpty && initializations.isEmpty && seeds.isEmpty && fractions.isEmpty && modes.isEmpty && cells.isEmpty }

  func check(against study: Study) throws {
    for name in tasks where study.task(named: name) == nil {
      throw StudiesError.unknownName(name, what: "task", valid: study.tasks.map(\.name))
    }
    for name in initializations where study.initialization(named: name) == nil {
      throw StudiesError.unknownName(name, what: "initialization", valid: study.initializations.map(\.name))
    }
    let known = Set(study.tasks.flatMap(\.fractions)).sorted { $0.value < $1.value }
    for fraction in fractions where !known.contains(fraction) {
      throw StudiesError.unknownName(fraction.description, what: "fraction", valid: known.map(\.description))
    }
    let knownModes = FineTuningMode.allCases.filter { mode in study.tasks.contains { $0.modes.contains(mode) } }
    for mode in modes where !knownModes.contains(mode) {
      throw StudiesError.unknownName(mode.rawValue, what: "mode", valid: knownModes.map(\.rawValue))
    }
    for seed in seeds where !study.seeds.contains(seed) {
      throw StudiesError.unknownName(String(seed), what: "seed", valid: study.seeds.map(String.init))
    }
  }

  func wants(task: String) -> Bool { (tasks.isEmpty || tasks.contains(task)) && (cells.isEmpty || cells.contains { $0.hasPrefix("\(task)/") }) }

  func wants(initialization: String) -> Bool { initializations.isEmpty || initializations.contains(initialization) }

  func wants(fraction: TrainingFraction) -> Bool { fractions.isEmpty || fractions.contains(fraction) }

  func wants(mode: FineTuningMode) -> Bool { modes.isEmpty || modes.contains(mode) }

  func wants(seed: Int) -> Bool { seeds.isEmpty || seeds.contains(seed) }
}

extension PlanFilter {
  /// The cells that are asked for by their places, with those they start from, in their order; all where none are.
  func narrowed(_ planned: [Cell]) throws -> [Cell] {
    if cells.isEmpty { return planned }
    let places = Dictionary(planned.map { ($0.relativePath, $0) }) { first, _ in first }
    let sources = Dictionary(planned.map { ($0.identity, $0) }) { first, _ in first }
    var wanted = Set<String>()
    for place in cells {
      guard var cell = places[place] else {
        throw StudiesError.unknownName(place, what: "cell", valid: Array(places.keys.sorted().prefix(5)))
      }
      wanted.insert(cell.identity)
      while let source = cell.source.flatMap({ sources[$0] }) {
        wanted.insert(source.identity)
        cell = source
      }
    }
    return planned.filter { wanted.contains($0.identity) }
  }
}
