public import Foundation
internal import Foundations
public import Studies

/// What stands in `plan.json` of a study's output: the cells that were planned, and the fingerprints of the data and weights that their
/// identities are made of.
///
/// With it the study is readable where neither its images nor its weights are. What the study file says of a task's data or of an
/// initialization's weights is kept beside each fingerprint: where the file says something else by now, the fingerprint is not used.
public struct KeptPlan: VouchedRecord, Hashable, Sendable {
  /// The data of one task.
  public struct Data: Codable, Hashable, Sendable {
    public let described: ContentDescription
    /// By fraction of the training images, as `TrainingFraction` describes it (the whole is `1`), and by fold where there are some, as in
    /// `fold-2@0.1`.
    public var fingerprints: [String: String]
  }

  /// The file of one initialization, or the images without labels that it is pre-trained on.
  public struct Weights: Codable, Hashable, Sendable {
    public let described: ContentDescription
    public let fingerprint: String
  }

  static let currentFormat = "medtransfer.plan/1"
  /// The file below the study's output.
  public static let path = "plan.json"

  public let format: String
  public let numericsRevision: Int
  /// By task.
  public var data: [String: Data]
  /// By initialization.
  public var weights: [String: Weights]
  /// What pre-trainings learn from, by the initialization that they make; nil where there is none.
  public var images: [String: Weights]?
  /// In the order they run; those of every part of the study that was planned so far.
  public var cells: [Cell]
  /// Of all that is stated above, as it was kept; nil in plans of programs that made none.
  public internal(set) var checksum: String?

  public init(_ plan: Plan) throws {
    (format, numericsRevision, cells) = (Self.currentFormat, NumericsRevision.current, plan.cells)
    (data, weights) = ([:], [:])
    let study = plan.study
    for cell in plan.cells {
      if cell.isSelfSupervised { try keep(images: cell, plan) }
      guard let configuration = plan.configurations[cell.identity], let task = study.task(named: cell.task) else { continue }
      var known = try data[cell.task] ?? Data(described: ContentDescription(task, in: study), fingerprints: [:])
      known.fingerprints[Place(fraction: cell.fraction, fold: cell.fold).description] = configuration.data
      data[cell.task] = known
      if case .weights(let fingerprint, _, _) = configuration.start,
        case .weights(let source)? = study.initialization(named: cell.initialization)?.source
      {
        weights[cell.initialization] = Weights(
          described: try ContentDescription(weights: source.path, in: study), fingerprint: fingerprint)
      }
    }
  }

  private mutating func keep(images cell: Cell, _ plan: Plan) throws {
    guard let configuration = plan.configurations[cell.identity], let made = plan.study.pretraining(named: cell.initialization) else { return }
    let known = Weights(described: try ContentDescription(made, in: plan.study), fingerprint: configuration.data)
    images = (images ?? [:]).merging([cell.initialization: known]) { $1 }
    if case .weights(let fingerprint, _, _) = configuration.start, case .weights(let source)? = plan.study.initialization(named: made.initialization)?.source {
      weights[made.initialization] = Weights(described: try ContentDescription(weights: source.path, in: plan.study), fingerprint: fingerprint)
    }
    // The data that its probe judges on need not be those of a cell.
    for (name, fingerprint) in zip(made.probe?.tasks ?? [], configuration.pretraining?.probe?.data ?? []) {
      guard let task = plan.study.task(named: name) else { continue }
      var known = try data[name] ?? Data(described: ContentDescription(task, in: plan.study), fingerprints: [:])
      known.fingerprints[TrainingFraction.whole.description] = fingerprint
      data[name] = known
    }
  }

  /// The plan that is kept in a study's output.
  ///
  /// - Returns: nil where none is kept.
  /// - Throws: `RunStoreError` for a file that cannot be understood, or that another program of a later version wrote.
  public static func read(from output: URL) throws -> KeptPlan? {
    let source = RunFolderSource(output)
    guard let kept = try StudyFiles.read(KeptPlan.self, at: path, from: source) else { return nil }
    guard kept.format == currentFormat else {
      throw RunStoreError.malformedStudyFile(source.url(path), reason: "its format is “\(kept.format)”, not “\(currentFormat)”")
    }
    return kept
  }

  /// Keeps a plan in the study's output. What is kept there of other parts of the study stays, if the study still says the same of them.
  public static func keep(_ plan: Plan) throws {
    let url = plan.study.outputDirectory.appendingPathComponent(path)
    try AtomicFile.makePlace(for: .file, at: url)
    // A damaged one holds nothing that the plan does not.
    let before = try? read(from: plan.study.outputDirectory)
    try AtomicFile.writeIfChanged(try CanonicalJSON.encodePretty(try KeptPlan(plan).merging(before, of: plan.study).vouched()), to: url)
  }

  private func merging(_ earlier: KeptPlan?, of study: Study) throws -> KeptPlan {
    guard let earlier, earlier.numericsRevision == numericsRevision else { return self }
    let still = try earlier.usable(for: study)
    var merged = self
    for (task, known) in still.data {
      guard let now = merged.data[task] else {
        merged.data[task] = known
        continue
      }
      // Files that changed make every fingerprint of the task old.
      let agree = now.fingerprints.allSatisfy { known.fingerprints[$0.key] ?? $0.value == $0.value }
      if agree { merged.data[task]?.fingerprints.merge(known.fingerprints) { now, _ in now } }
    }
    merged.weights.merge(still.weights) { now, _ in now }
    if let images = still.images { merged.images = (merged.images ?? [:]).merging(images) { now, _ in now } }
    let known = Set(merged.cells.map(\.identity)), tasks = Set(study.tasks.map(\.name))
    merged.cells += earlier.cells.filter { cell in
      !known.contains(cell.identity) && (cell.isSelfSupervised || tasks.contains(cell.task)) && study.initialization(named: cell.initialization) != nil
        && !merged.cells.contains { $0.isSamePlace(as: cell) }
    }
    return merged
  }

  /// What of it the study file still says.
  private func usable(for study: Study) throws -> KeptPlan {
    var usable = self
    usable.data = try data.filter { name, known in
      guard let task = study.task(named: name) else { return false }
      return try ContentDescription(task, in: study).isSame(as: known.described)
    }
    usable.weights = try weights.filter { name, known in
      guard case .weights(let source)? = study.initialization(named: name)?.source else { return false }
      return try ContentDescription(weights: source.path, in: study).isSame(as: known.described)
    }
    usable.images = try images?.filter { name, known in
      guard let made = study.pretraining(named: name) else { return false }
      return try ContentDescription(made, in: study).isSame(as: known.described)
    }
    return usable
  }

  /// The fingerprints that still hold for the study as its file is now.
  public func fingerprints(for study: Study) throws -> PlanFingerprints {
    let usable = try usable(for: study)
    var prints = PlanFingerprints()
    for (task, known) in usable.data {
      for (place, fingerprint) in known.fingerprints {
        guard let place = Place(place) else { continue }
        prints.data[PlanFingerprints.key(task, place.fraction, fold: place.fold)] = fingerprint
      }
    }
    for (name, known) in usable.weights { prints.weights[name] = known.fingerprint }
    prints.images = usable.images?.mapValues(\.fingerprint)
    return prints
  }

  /// What changed between what is kept and a plan of the study as its files are now: one sentence each.
  public func changes(in plan: Plan) throws -> [String] {
    let before = try fingerprints(for: plan.study), now = PlanFingerprints(plan)
    let tasks = Set(now.data.keys.filter { before.data[$0] != nil && before.data[$0] != now.data[$0] }.map { String($0.prefix { $0 != "@" && $0 != "/" }) })
    let files = now.weights.keys.filter { before.weights[$0] != nil && before.weights[$0] != now.weights[$0] }
    let old = cells.filter { cell in !plan.cells.contains { $0.identity == cell.identity } }
    func runs(_ isMeant: (Cell) -> Bool) -> String {
      let count = old.filter(isMeant).count
      return count == 1 ? "the run that was planned with them is planned anew" : "the \(count) runs that were planned with them are planned anew"
    }
    let ofTasks = plan.study.tasks.map(\.name).filter(tasks.contains).map { task in
      "The data of \(task) are not those of the plan that is kept: files or labels changed since, so \(runs { $0.task == task })."
    }
    let names = plan.study.initializations.map(\.name)
    let ofWeights = names.filter(files.contains).map { name in
      "The weights of \(name) are not those of the plan that is kept: the file changed since, so \(runs { $0.initialization == name })."
    }
    let ofImages = names.compactMap { name -> String? in
      guard let image = now.images?[name], let earlier = before.images?[name], image != earlier else { return nil }
      return "The images that \(name) is pre-trained on are not those of the plan that is kept, so \(runs { $0.initialization == name })."
    }
    return ofTasks + ofWeights + ofImages
  }
}

extension KeptPlan {
  /// Which of a task's data a fingerprint is of.
  struct Place: CustomStringConvertible {
    let fraction: TrainingFraction
    let fold: Int?

    private static let foldPrefix = "fold-"

    var description: String { fold.map { "\(Self.foldPrefix)\($0)@\(fraction)" } ?? fraction.description }
  }
}

extension KeptPlan.Place {
  init?(_ text: String) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let number = parts.count == 2 ? parts[0].hasPrefix(Self.foldPrefix) ? Int(parts[0].dropFirst(Self.foldPrefix.count)) : nil : nil
    guard parts.count == 1 || number != nil, let fraction = parts.last.flatMap({ Double($0) }).flatMap(TrainingFraction.init) else { return nil }
    self.init(fraction: fraction, fold: number)
  }
}

extension Cell {
  /// Whether both stand in one field of the study, whatever it was made of.
  fileprivate func isSamePlace(as other: Cell) -> Bool {
    task == other.task && initialization == other.initialization && seed == other.seed && fraction == other.fraction && mode == other.mode && fold == other.fold
  }
}
