public import Foundation
public import Foundations
public import Metrics

/// What stands in `observers/<task>.json`: of what the table beside it is, which holds a second observer's masks of the test images against the
/// first's, in the columns of a network's predictions.
public struct ObserverRecord: VouchedRecord, Hashable, Sendable {
  public let task: String
  /// Of the table's bytes.
  public let sha256: String
  /// Of the masks of both observers.
  public let masks: String
  /// At which the pixels are counted, as those of the task's networks are.
  public let inputSize: Int
  /// To which images are reduced before; nil where they are not.
  public let reducedSize: Int?
  /// What is measured beside what every task has.
  public let metrics: [String]
  /// The test images that both observers saw, and all.
  public let images: Int
  public let testImages: Int
  /// Of all that is stated above; nil in records of programs that made none.
  public internal(set) var checksum: String?

  public init(
    task: String, sha256: String, masks: String, inputSize: Int, reducedSize: Int?, metrics: [String], images: Int, testImages: Int
  ) {
    (self.task, self.sha256, self.masks, self.inputSize, self.reducedSize) = (task, sha256, masks, inputSize, reducedSize)
    (self.metrics, self.images, self.testImages) = (metrics, images, testImages)
    checksum = digestOfContent()
  }

  public static func path(of task: String) -> String { "\(StudyFiles.observers)/\(task).json" }
  public static func tablePath(of task: String) -> String { "\(StudyFiles.observers)/\(task).csv" }

  /// The same of the same table with other names.
  public func vouching(for table: Data) -> ObserverRecord {
    ObserverRecord(
      task: task, sha256: Digest.sha256Hex(of: table), masks: masks, inputSize: inputSize, reducedSize: reducedSize, metrics: metrics,
      images: images, testImages: testImages)
  }

  /// Whether it is of the same masks, measured in the same way.
  public func isLike(_ other: ObserverRecord) -> Bool {
    (masks, inputSize, reducedSize) == (other.masks, other.inputSize, other.reducedSize) && metrics == other.metrics
      && (images, testImages) == (other.images, other.testImages)
  }

  /// The second observer's masks held against the first's, as the table has them.
  ///
  /// - Returns: nil where the study has none; not available with the reason where the files are not as they were written.
  public static func table(of task: String, from source: any RunSource) -> Available<(record: ObserverRecord?, predictions: Predictions)>? {
    let path = tablePath(of: task)
    func refused(_ what: String) -> Available<(record: ObserverRecord?, predictions: Predictions)> {
      .notAvailable(reason: "\(path) \(what); “medtransfer run” writes it anew, and makes no finished run anew")
    }
    let bytes: Data?, record: ObserverRecord?
    do {
      bytes = try source.bytes(path)
      record = try StudyFiles.read(ObserverRecord.self, at: Self.path(of: task), from: source)
    } catch {
      return refused("cannot be read, or its record")
    }
    guard let bytes else { return nil }
    if let record, record.sha256 != Digest.sha256Hex(of: bytes) { return refused("is not as it was written") }
    guard let predictions = try? PredictionsFile.decode(bytes, of: source.url(path)) else { return refused("is no table of predictions") }
    return .value((record, predictions))
  }
}
