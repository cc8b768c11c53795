internal import Foundation
public import Studies

/// What stands in `splits/<task>.json`: how a task's images are parted, and the fingerprints that its runs record.
///
/// It says enough to describe the data where neither the images nor the table of them are.
public struct SplitRecord: VouchedRecord, Hashable, Sendable {
  /// One part of the data.
  public struct Part: Codable, Hashable, Sendable {
    public let images: Int
    /// Nil where no image's patient is known.
    public let patients: Int?
    /// One a class, in the order of the network's outputs; empty for a segmentation.
    public let classes: [ClassCount]
    /// SHA-256 over the images' ids and labels: the same for another split that leaves this part as it is.
    public let sha256: String

    public init(images: Int, patients: Int?, classes: [ClassCount], sha256: String) {
      (self.images, self.patients, self.classes, self.sha256) = (images, patients, classes, sha256)
    }
  }

  /// How many images of a part have a class.
  public struct ClassCount: Codable, Hashable, Sendable {
    public let name: String
    public let present: Int
    public let absent: Int
    /// The table says that it is not certain.
    public let uncertain: Int
    /// Nothing is said.
    public let unknown: Int

    public init(name: String, present: Int, absent: Int, uncertain: Int, unknown: Int) {
      self.name = name
      (self.present, self.absent, self.uncertain, self.unknown) = (present, absent, uncertain, unknown)
    }
  }

  /// Where the parts come from.
  public struct Origin: Codable, Hashable, Sendable {
    /// The table that names every image's part; nil where the data themselves give parts, or none.
    public let file: String?
    /// The fraction of the images that each part which was carved was to have.
    public let carved: [String: Double]
    /// Whether whole patients were carved; else single images.
    public let isByPatient: Bool

    public init(file: String?, carved: [String: Double], isByPatient: Bool) {
      (self.file, self.carved, self.isByPatient) = (file, carved, isByPatient)
    }
  }

  /// One of several folds, each of which is the test part once.
  public struct Fold: Codable, Hashable, Sendable {
    /// From 1.
    public let number: Int
    public let count: Int

    public init(number: Int, count: Int) { (self.number, self.count) = (number, count) }
  }

  public let task: String
  /// The table's name.
  public let table: String
  /// Of the table's bytes.
  public let sha256: String
  /// What runs on all training images have under `configuration.data` in their `cell.json`.
  public let data: String
  /// The same for runs on a fraction, by fraction.
  public let subsets: [String: String]
  public let images: [String: Int]
  /// The seed of the carving and of the fractions.
  public let seed: Int
  /// By part. Nil in records that were written before the parts were counted, and so the next two.
  public let parts: [String: Part]?
  public let origin: Origin?
  /// The training images of each subset, by fraction.
  public let subsetImages: [String: Int]?
  /// Of which fold the parts are; nil where there is one test part.
  public let fold: Fold?
  /// Of all that is stated above; nil in records of programs that made none.
  public internal(set) var checksum: String?

  public init(
    task: String, table: String, sha256: String, data: String, subsets: [String: String], images: [String: Int], seed: Int,
    parts: [String: Part]?, origin: Origin?, subsetImages: [String: Int]?, fold: Fold? = nil
  ) {
    (self.task, self.table, self.sha256, self.data, self.subsets) = (task, table, sha256, data, subsets)
    (self.images, self.seed, self.parts, self.origin, self.subsetImages) = (images, seed, parts, origin, subsetImages)
    self.fold = fold
    checksum = digestOfContent()
  }

  /// The names of the parts, in the order in which they are told.
  public static let partNames = ["training", "validation", "test"]

  /// What the files of a task's split are called, without ending; of a task with folds there is one split for each.
  public static func stem(of task: String, fold: Int? = nil) -> String { fold.map { foldPrefix(of: task) + String($0) } ?? task }

  /// What the splits of a task's folds begin with; no task is called so.
  public static func foldPrefix(of task: String) -> String { task + ".fold-" }

  public static func path(of task: String, fold: Int? = nil) -> String { "\(StudyFiles.splits)/\(stem(of: task, fold: fold)).json" }

  /// What runs with so much of the training images have under `configuration.data`; nil where it is not recorded.
  public func data(at fraction: TrainingFraction) -> String? { fraction.isWhole ? data : subsets[fraction.description] }

  /// Whether runs that saw some data were trained on this split, whole or in part.
  public func isOf(data fingerprint: String) -> Bool { data == fingerprint || subsets.values.contains(fingerprint) }
}
