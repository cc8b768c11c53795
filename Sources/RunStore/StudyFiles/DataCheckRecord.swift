internal import Foundation
internal import Foundations
public import Studies

/// What stands in `checks/<task>.json`: what the last look at a task's data found, kept so that a report can tell it where the data are
/// not, and that a second start need not look again.
public struct DataCheckRecord: VouchedRecord, Hashable, Sendable {
  /// One part of the data.
  public struct Part: Codable, Hashable, Sendable {
    public let part: String
    public let images: Int
    /// Nil where no image's patient is known.
    public let patients: Int?
    public let classes: [SplitRecord.ClassCount]

    public init(part: String, images: Int, patients: Int?, classes: [SplitRecord.ClassCount]) {
      (self.part, self.images, self.patients, self.classes) = (part, images, patients, classes)
    }
  }

  public let task: String
  /// The fingerprint of the data that were looked at; nil where they cannot be used as they are.
  public let data: String?
  /// Changes when any file does.
  public let key: String
  public let parts: [Part]
  public let filesUsed: Int
  /// Files of the source's folders that are not used, by reason.
  public let filesUnused: [String: Int]
  /// Whether images were decoded.
  public let isDecoded: Bool
  /// SHA-256 over the pixels of every image and mask; nil where they were not decoded. `checks/<task>-<its first 12 digits>.csv` has
  /// those of each image.
  public let pixels: String?
  /// By severity, then in the order of the looks.
  public let findings: [DataFinding]
  /// The codes of those findings for which images were opened.
  public let pictureCodes: [String]
  /// Of all that is stated above; nil in records of programs that made none.
  public internal(set) var checksum: String?

  public init(
    task: String, data: String?, key: String, parts: [Part], filesUsed: Int, filesUnused: [String: Int], isDecoded: Bool, pixels: String?,
    findings: [DataFinding], pictureCodes: [String]
  ) {
    (self.task, self.data, self.key, self.parts, self.filesUsed, self.filesUnused) = (task, data, key, parts, filesUsed, filesUnused)
    (self.isDecoded, self.pixels, self.findings, self.pictureCodes) = (isDecoded, pixels, findings, pictureCodes)
    checksum = digestOfContent()
  }

  public static func path(of task: String) -> String { "\(StudyFiles.checks)/\(task).json" }
  public static func digestsPath(of task: String, pixels: String) -> String { "\(StudyFiles.checks)/\(task)-\(pixels.prefix(12)).csv" }

  /// The digest that stands for those of all images, in the order of their ids.
  public static func pixels(of digests: [(id: String, digest: String)]) -> String {
    Digest.sha256Hex(of: digests.map { "\($0.id) \($0.digest)\n" }.joined())
  }

  public var refusals: [DataFinding] { findings.filter(\.isRefusal) }

  /// The same without the names of images, files and patients: what was found is told by its code and number.
  public func withoutNames() -> DataCheckRecord {
    DataCheckRecord(
      task: task, data: data, key: key, parts: parts, filesUsed: filesUsed, filesUnused: filesUnused, isDecoded: isDecoded, pixels: pixels,
      findings: findings.map { finding in
        DataFinding(
          code: finding.code, severity: finding.severity, task: finding.task, part: finding.part, count: finding.count,
          sentence: "\(finding.code): \(finding.count). What it is of is left out, since it may name images.", remedy: "", isAccepted: finding.isAccepted)
      }, pictureCodes: pictureCodes)
  }
}
