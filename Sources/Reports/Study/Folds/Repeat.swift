internal import Foundations
internal import RunStore
public import Studies

extension StudyOutline {
  /// What counts as one run of a task with folds: one seed over all of them. Every image is then tested once.
  public struct Repeat: Codable, Hashable, Sendable {
    /// Of what stands for it in `cells`.
    public let identity: String
    /// Its runs, in the order of the folds. It is whole with as many as the task has folds.
    public let folds: [Cell]
  }

  /// Puts the runs of folds together.
  ///
  /// - Returns: the cells that count, those of folds as their repeats, in the order of the plan.
  static func gathered(_ planned: [Cell]) -> (cells: [Cell], repeats: [Repeat]) {
    struct Key: Hashable {
      let group: CellGroup.Key
      let mode: FineTuningMode
      let seed: Int
    }
    var places: [Key: Int] = [:], members: [[Cell]] = []
    for cell in planned {
      let key = Key(group: CellGroup.Key(cell), mode: cell.mode, seed: cell.seed)
      if cell.fold != nil, let place = places[key] {
        members[place].append(cell)
      } else {
        if cell.fold != nil { places[key] = members.count }
        members.append([cell])
      }
    }
    var repeats: [Repeat] = []
    let cells = members.map { all -> Cell in
      let first = all[0]
      guard first.fold != nil else { return first }
      let folds = all.sorted { ($0.fold ?? 0) < ($1.fold ?? 0) }
      let identity = Digest.sha256Hex(of: folds.map(\.identity).joined(separator: " "))
      repeats.append(Repeat(identity: identity, folds: folds))
      return Cell(
        task: first.task, initialization: first.initialization, mode: first.mode, seed: first.seed, role: first.role, identity: identity,
        source: first.source, fraction: first.fraction)
    }
    return (cells, repeats)
  }

  /// The runs behind what counts, by its identity.
  var foldsByIdentity: [String: [Cell]] { Dictionary((repeats ?? []).map { ($0.identity, $0.folds) }) { first, _ in first } }

  /// The folders of all runs.
  var runPaths: Set<String> {
    let folds = Dictionary(([self] + (furtherModes ?? []).map(alone)).flatMap { $0.repeats ?? [] }.map { ($0.identity, $0.folds) }) { first, _ in first }
    return Set(allCells.flatMap { folds[$0.identity] ?? [$0] }.map(\.relativePath))
  }
}

extension StudyOutline.Task {
  /// Each of its folds, from 1; nil alone where it has none.
  var everyFold: [Int?] { folds.map { Array(1...max(1, $0)) } ?? [nil] }

  /// How the task's images are parted: one record, or one a fold. Those that are not kept are missing.
  func splits(from source: any RunSource) throws -> [SplitRecord] {
    try everyFold.compactMap {
      try StudyFiles.read(SplitRecord.self, at: SplitRecord.path(of: name, fold: $0), from: source)
    }
  }
}
