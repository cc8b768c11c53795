/// One run of a study: a task from an initialization with a seed.
public struct Cell: Hashable, Sendable, Codable {
  /// What stands in the place of a task's name for a pre-training on images without labels, and names the folder of such runs.
  public static let selfSupervised = "pretraining"

  public enum Role: String, Codable, Sendable {
    /// Counts in the table. It may serve as a pre-training run besides.
    case target
    /// Only makes weights for other cells.
    case pretraining
  }

  public let task: String
  public let initialization: String
  public let mode: FineTuningMode
  public let seed: Int
  public let role: Role
  /// The SHA-256 of everything that alters the cell's numbers, as 64 hexadecimal digits.
  public let identity: String
  /// The identity of the cell whose weights this one starts from, if any.
  public let source: String?
  /// Which of the task's folds it is tested on, from 1; nil where the task has none.
  public let fold: Int?
  /// Nil for the whole, so that the record of such a run is what it was before there were fractions.
  private let partialFraction: TrainingFraction?

  private enum CodingKeys: String, CodingKey {
    case task, initialization, mode, seed, role, identity, source, fold
    case partialFraction = "fraction"
  }

  public init(
    task: String, initialization: String, mode: FineTuningMode, seed: Int, role: Role, identity: String, source: String?,
    fraction: TrainingFraction = .whole, fold: Int? = nil
  ) {
    self.task = task
    self.initialization = initialization
    self.mode = mode
    self.seed = seed
    self.role = role
    self.identity = identity
    self.source = source
    self.fold = fold
    partialFraction = fraction.isWhole ? nil : fraction
  }

  /// Whether this is a pre-training on images without labels, whose `initialization` is the one that it makes.
  public var isSelfSupervised: Bool { task == Self.selfSupervised }

  /// How much of the task's training images the run sees.
  public var fraction: TrainingFraction { partialFraction ?? .whole }

  /// The folder of the cell's run below the study's output: `<task>/<initialization>/seed<k>-<12 digits of identity>`, and
  /// `seed<k>-fraction-<f>-<12 digits>` where the run sees a fraction of the training images; a head on features has its mode
  /// behind the seed, as in `seed1-linearProbe-<12 digits>`, and a run on one of several folds the fold, as in `seed1-fold-2-<12 digits>`.
  public var relativePath: String {
    let head = mode.isHeadOnFeatures ? "\(mode.rawValue)-" : ""
    return "\(task)/\(initialization)/seed\(seed)-\(head)\(fold.map { "fold-\($0)-" } ?? "")\(partialFraction.map { "fraction-\($0)-" } ?? "")\(identity.prefix(12))"
  }
}

extension Cell: CustomStringConvertible {
  public var description: String {
    if isSelfSupervised { return "pre-training of \(initialization), seed \(seed)" }
    return words
  }

  private var words: String {
    "\(task) from \(initialization)\(mode.isHeadOnFeatures ? ", \(mode.words)" : ""), seed \(seed)\(fold.map { ", fold \($0)" } ?? "")\(partialFraction.map { ", \($0.percentText) of the training images" } ?? "")"
  }
}
