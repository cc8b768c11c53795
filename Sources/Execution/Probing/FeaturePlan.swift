import Datasets
import Foundations
public import Studies

/// How often networks are asked for features so that the heads of a plan can be made, at most: what is kept already, and images that two
/// data sets share, are found only when their files are read.
public struct FeaturePlan: Codable, Hashable, Sendable {
  /// Of one task.
  public struct Line: Codable, Hashable, Sendable {
    public let task: String
    /// Cells whose heads are made on the task's features.
    public let heads: Int
    /// Networks that are asked about images of the task that no task before had.
    public let passes: Int
    /// Those images, of all passes.
    public let images: Int
  }

  public let lines: [Line]
  public var heads: Int { lines.reduce(0) { $0 + $1.heads } }
  public var passes: Int { lines.reduce(0) { $0 + $1.passes } }
  public var images: Int { lines.reduce(0) { $0 + $1.images } }

  /// - Parameter wanted: the cells that are still to be run.
  public init(_ plan: Plan, data: StudyData, wanted: (Cell) -> Bool) throws {
    var seen: [FeatureSource: Set<ImageReference>] = [:], lines: [Line] = []
    for task in plan.study.tasks {
      let cells = plan.cells.filter { $0.task == task.name && $0.mode.isHeadOnFeatures && wanted($0) }
      guard let largest = cells.map(\.fraction).max(by: { $0.value < $1.value }) else { continue }
      let splits = try data.splits(of: task, fraction: largest)
      let images = Set((splits.training + splits.validation + splits.test).map(\.image))
      var passes = 0, count = 0
      for source in Set(cells.compactMap { plan.configurations[$0.identity] }.map { FeatureSource($0) }) {
        let new = images.subtracting(seen[source] ?? [])
        if new.isEmpty { continue }
        seen[source, default: []].formUnion(new)
        passes += 1
        count += new.count
      }
      lines.append(Line(task: task.name, heads: cells.count, passes: passes, images: count))
    }
    self.lines = lines
  }

  /// `Features: 10 passes over 10000 images at most, of which 120 heads are made.`; nil where there are no heads.
  public var sentence: String? {
    guard heads > 0 else { return nil }
    return "Features: \(counted(passes, "pass", "passes")) over \(counted(images, "image", "images")) at most, of which "
      + "\(counted(heads, "head is", "heads are")) made."
  }
}
