internal import Foundation

/// What stands in `audits/<task>.json`: the findings of the last audit of a task's images, kept so that a report can tell them
/// where the images are not.
public struct AuditRecord: VouchedRecord, Hashable, Sendable {
  /// Test images that a task which initializations were trained on in the study has for training or validation.
  public struct Lineage: Codable, Hashable, Sendable {
    public let initializations: [String]
    public let trainedOn: String
    public let testImages: Int

    public init(initializations: [String], trainedOn: String, testImages: Int) {
      (self.initializations, self.trainedOn, self.testImages) = (initializations, trainedOn, testImages)
    }
  }

  public let task: String
  /// The fingerprint of the data that were audited; of other data nothing is said.
  public let data: String
  public let images: [String: Int]
  /// Nil where patients are not known.
  public let patients: Int?
  /// Patients with images in two parts or three.
  public let sharedPatients: Int
  /// Groups of images that are equal in every pixel: across parts, and within one.
  public let identicalAcross: Int
  public let identicalWithin: Int
  /// Pairs of images that are nearly the same: across parts, and within one.
  public let nearAcross: Int
  public let nearWithin: Int
  /// Groups and pairs with a class that is present in one of the images and absent in another.
  public let labelConflicts: Int
  /// Images of one brightness, and images that cannot be opened.
  public let uniform: Int
  public let unreadable: Int
  /// The test images that are known from training or validation, by themselves or by their patient, sorted.
  public let leakingTestImages: [String]
  /// One a task that an initialization was trained on, where both have images in common.
  public let lineages: [Lineage]
  /// Of all that is stated above; nil in records of programs that made none.
  public internal(set) var checksum: String?

  public init(
    task: String, data: String, images: [String: Int], patients: Int?, sharedPatients: Int, identicalAcross: Int, identicalWithin: Int,
    nearAcross: Int, nearWithin: Int, labelConflicts: Int, uniform: Int, unreadable: Int, leakingTestImages: [String],
    lineages: [Lineage]
  ) {
    (self.task, self.data, self.images, self.patients, self.sharedPatients) = (task, data, images, patients, sharedPatients)
    (self.identicalAcross, self.identicalWithin, self.nearAcross, self.nearWithin) = (identicalAcross, identicalWithin, nearAcross, nearWithin)
    (self.labelConflicts, self.uniform, self.unreadable) = (labelConflicts, uniform, unreadable)
    (self.leakingTestImages, self.lineages) = (leakingTestImages, lineages)
    checksum = digestOfContent()
  }

  public static func path(of task: String) -> String { "\(StudyFiles.audits)/\(task).json" }

  /// The same with other names for its images.
  public func naming(_ name: (String) -> String) -> AuditRecord {
    AuditRecord(
      task: task, data: data, images: images, patients: patients, sharedPatients: sharedPatients, identicalAcross: identicalAcross,
      identicalWithin: identicalWithin, nearAcross: nearAcross, nearWithin: nearWithin, labelConflicts: labelConflicts, uniform: uniform,
      unreadable: unreadable, leakingTestImages: leakingTestImages.map(name).sorted(), lineages: lineages)
  }
}
