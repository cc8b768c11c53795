internal import Foundation

/// What stands in `training-lists/<task>.json`: which of a task's test images are on the list of the images that weights were
/// trained on, where a study names such a list.
public struct TrainingListRecord: VouchedRecord, Hashable, Sendable {
  /// By what a test image was recognized on a list.
  public enum Evidence: String, Codable, Hashable, Sendable, CaseIterable {
    /// By the SHA-256 or MD5 of its file.
    case digest
    /// By its name and the names of folders around it.
    case path
    /// By its name alone.
    case name
  }

  public struct Match: Codable, Hashable, Sendable {
    /// The test image's id.
    public let image: String
    public let evidence: Evidence
    /// What stands on the list.
    public let entry: String

    public init(image: String, evidence: Evidence, entry: String) {
      (self.image, self.evidence, self.entry) = (image, evidence, entry)
    }
  }

  /// One list, and what was found on it.
  public struct Finding: Codable, Hashable, Sendable {
    /// Those that start from the weights, directly or through what they were trained from.
    public let initializations: [String]
    /// The list's file name, its digest and the number of its entries.
    public let list: String
    public let sha256: String
    public let entries: Int
    /// Whether the list has digests, so that files were compared by their bytes too.
    public let hasDigests: Bool
    /// In the order of the images; one an image.
    public let matches: [Match]
    /// Further test images whose names agree with the list's and are too short or too common to prove it; nil in older files, which did not ask.
    public let unproven: Int?

    public init(
      initializations: [String], list: String, sha256: String, entries: Int, hasDigests: Bool, matches: [Match], unproven: Int? = nil
    ) {
      (self.initializations, self.list, self.sha256, self.entries) = (initializations, list, sha256, entries)
      (self.hasDigests, self.matches, self.unproven) = (hasDigests, matches, unproven)
    }

    /// What an agreement of names that proves nothing calls for, behind the names' number; nil where there is none.
    public func unprovenSentence(of task: String) -> String? {
      guard let unproven, unproven > 0 else { return nil }
      return "\(unproven) name\(unproven == 1 ? "" : "s") of test images of \(task) agree\(unproven == 1 ? "s" : "") with \(list), the list of the training images of "
        + "\(initializations.joined(separator: ", ")), but \(unproven == 1 ? "is" : "are") too short or too common to prove it: give the list digests or folders."
    }
  }

  public let task: String
  /// The fingerprint of the data that were compared.
  public let data: String
  public let testImages: Int
  /// One a list, in the order of the study's initializations.
  public let findings: [Finding]
  /// Of all that is stated above; nil in records of programs that made none.
  public internal(set) var checksum: String?

  public init(task: String, data: String, testImages: Int, findings: [Finding]) {
    (self.task, self.data, self.testImages, self.findings) = (task, data, testImages, findings)
    checksum = digestOfContent()
  }

  public static func path(of task: String) -> String { "\(StudyFiles.trainingLists)/\(task).json" }

  /// What was found on the list behind an initialization; nil where it has none.
  public func finding(of initialization: String) -> Finding? { findings.first { $0.initializations.contains(initialization) } }

  /// The same with other names for its images, and without what stands on the lists.
  public func naming(_ name: (String) -> String) -> TrainingListRecord {
    TrainingListRecord(
      task: task, data: data, testImages: testImages,
      findings: findings.map { finding in
        Finding(
          initializations: finding.initializations, list: finding.list, sha256: finding.sha256, entries: finding.entries,
          hasDigests: finding.hasDigests,
          matches: finding.matches.map { Match(image: name($0.image), evidence: $0.evidence, entry: "") }.sorted { $0.image < $1.image },
          unproven: finding.unproven)
      })
  }
}
