public import Foundation
internal import Foundations
public import Studies

/// What stands in `precisions/<task>.json`: what a task with `precision: fastest` computes in.
///
/// It is settled once, by whoever runs the study first, and then holds on every machine: runs of different precisions cannot be compared.
public struct PrecisionRecord: VouchedRecord, Hashable, Sendable {
  /// What was measured of one precision.
  public struct Measured: Codable, Hashable, Sendable {
    public let precision: Precision
    public let threads: Int
    public let trainingImagesPerSecond: Double
    public let evaluationImagesPerSecond: Double

    public init(precision: Precision, threads: Int, trainingImagesPerSecond: Double, evaluationImagesPerSecond: Double) {
      (self.precision, self.threads) = (precision, threads)
      (self.trainingImagesPerSecond, self.evaluationImagesPerSecond) = (trainingImagesPerSecond, evaluationImagesPerSecond)
    }
  }

  static let currentFormat = "medtransfer.precision/1"
  let format: String
  public let precision: Precision
  /// The machine that settled it.
  public let processor: String
  public let measured: [Measured]
  /// Of all that is stated above; nil in records of programs that made none.
  public internal(set) var checksum: String?

  public init(precision: Precision, processor: String, measured: [Measured]) {
    (format, self.precision, self.processor, self.measured) = (Self.currentFormat, precision, processor, measured)
    checksum = digestOfContent()
  }

  private static func path(_ task: String) -> String { "\(StudyFiles.precisions)/\(task).json" }

  /// - Returns: nil where none is kept.
  /// - Throws: `RunStoreError` for a file that cannot be understood: no other precision may be taken in its place.
  public static func read(task: String, from output: URL) throws -> PrecisionRecord? {
    let source = RunFolderSource(output)
    guard let record = try StudyFiles.read(PrecisionRecord.self, at: path(task), from: source) else { return nil }
    guard record.format == currentFormat else {
      throw RunStoreError.malformedStudyFile(source.url(path(task)), reason: "its format is “\(record.format)”, not “\(currentFormat)”")
    }
    return record
  }

  /// Keeps it where none is kept.
  ///
  /// - Returns: the one that holds now: another process may have been first.
  public func keep(task: String, in output: URL) throws -> PrecisionRecord {
    let url = output.appendingPathComponent(Self.path(task))
    try AtomicFile.makeFolder(url.deletingLastPathComponent())
    try AtomicFile.writeIfAbsent(try CanonicalJSON.encodePretty(self), to: url)
    return try Self.read(task: task, from: output) ?? self
  }
}
