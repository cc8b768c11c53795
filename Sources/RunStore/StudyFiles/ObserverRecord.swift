/// What stands in `observers/<task>.json`: of what the table beside it is, which holds a second observer's masks of the test images against the
/// first's, in the columns of a network's predictions.
public struct ObserverRecord: Codable, Hashable, Sendable {
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

  public init(
    task: String, sha256: String, masks: String, inputSize: Int, reducedSize: Int?, metrics: [String], images: Int, testImages: Int
  ) {
    (self.task, self.sha256, self.masks, self.inputSize, self.reducedSize) = (task, sha256, masks, inputSize, reducedSize)
    (self.metrics, self.images, self.testImages) = (metrics, images, testImages)
  }

  public static func path(of task: String) -> String { "\(StudyFiles.observers)/\(task).json" }
  public static func tablePath(of task: String) -> String { "\(StudyFiles.observers)/\(task).csv" }

  /// Whether it is of the same masks, measured in the same way.
  public func isLike(_ other: ObserverRecord) -> Bool {
    (masks, inputSize, reducedSize) == (other.masks, other.inputSize, other.reducedSize) && metrics == other.metrics
      && (images, testImages) == (other.images, other.testImages)
  }
}
