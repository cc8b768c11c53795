internal import Foundation
internal import Foundations
internal import RunStore
internal import Studies

/// Which data have the same test images as a task, by the splits that are kept, those of an earlier state of the data among them.
struct TestSets {
  private let data: String?
  private let digest: String?
  /// Of a task with folds, whose test parts are all of its images, what the folds' runs saw; nil for others.
  private let folds: [SplitRecord]?
  private let source: any RunSource

  init(_ task: StudyOutline.Task, _ source: any RunSource) {
    let splits = (try? task.splits(from: source)) ?? [], split = task.folds == nil ? splits.first : nil
    folds = task.folds == nil ? nil : splits
    data = task.data
    self.source = source
    digest = split.flatMap { split in task.data.map { split.isOf(data: $0) } ?? true ? split.parts?["test"]?.sha256 : nil }
  }

  /// Whether a run was asked about these test images.
  func isSame(_ asked: AskedTestSet) -> Bool {
    if let digest, let other = asked.testSet { return digest == other }
    return isSame(asked.data, of: asked.task) == true
  }

  /// Nil where it cannot be told.
  func isSame(_ other: String, of task: String) -> Bool? {
    if other == data { return true }
    // Runs of another division were tested on some of these images, or on all.
    if let folds { return folds.contains { $0.isOf(data: other) } ? true : nil }
    guard let digest else { return nil }
    for path in ((try? source.paths(in: StudyFiles.splits)) ?? []) where path.hasSuffix(".json") {
      guard let split = try? StudyFiles.read(SplitRecord.self, at: path, from: source), split.isOf(data: other) else { continue }
      return split.parts?["test"].map { $0.sha256 == digest }
    }
    return nil
  }
}
