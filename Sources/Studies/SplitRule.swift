/// How validation and test images are carved out where the source does not name them.
///
/// The carving is by patient where patients are known, so no patient is on both sides.
public struct SplitRule: Codable, Hashable, Sendable {
  /// The fraction of the training data that becomes validation data. The 2021 splits keep 13 % (ChestX-ray14) and 12 %
  /// (Shenzhen) of their training images for validation; 15 % gives small sets a few images more.
  public var validation: Double
  /// The fraction of all data that becomes test data, only where no test set is given. 20 % as in the 2021 benchmark.
  public var test: Double
  /// The seed of the carving. It is apart from the study's seeds, so that all seeds share one split.
  public var seed: Int

  /// A table that says which part each image belongs to, as `medtransfer tasks split` writes it; it stands above every other
  /// way in which a source gives parts, and nothing is carved.
  public var file: String?

  /// What stays on one side beside the images of one patient; nil for nothing.
  public var keepTogether: KeptTogether?

  /// Into how many folds all images are parted, each of which is the test part once; nil for one test part.
  public var folds: Int?
  /// Whose parts are meant, from 1, where a task is looked at in one of its folds; never in a study file. Nil stands for the first.
  public var fold: Int?

  public enum KeptTogether: String, Codable, Sendable, CaseIterable {
    /// Images that are equal in every pixel or nearly so, as `medtransfer tasks audit` finds them.
    case copies
  }

  public init(validation: Double = 0.15, test: Double = 0.2, seed: Int = 0, file: String? = nil, keepTogether: KeptTogether? = nil, folds: Int? = nil) {
    self.keepTogether = keepTogether
    self.folds = folds
    self.validation = validation
    self.test = test
    self.seed = seed
    self.file = file
  }
}
