internal import Foundations
internal import RunStore
internal import Studies

/// How many training images a share of them is: measured at the shares that were trained on, and in proportion between two of these.
struct TrainingCounts: Codable, Hashable, Sendable {
  struct Count: Codable, Hashable, Sendable {
    let fraction: TrainingFraction
    let images: Int
  }

  /// From the smallest share to all.
  let counts: [Count]

  /// Nil where the study's output has no split of the task's data that counts them.
  init?(_ task: StudyOutline.Task, _ source: any RunSource) {
    guard let split = try? StudyFiles.read(SplitRecord.self, at: SplitRecord.path(of: task.name), from: source),
      task.data.map({ split.isOf(data: $0) }) ?? true, let all = split.images["training"]
    else { return nil }
    // Whole patients are drawn, so a share of the images is not exactly the share that was asked for.
    let subsets = task.fractions.filter { !$0.isWhole }.compactMap { fraction in
      split.subsetImages?[fraction.description].map { Count(fraction: fraction, images: $0) }
    }
    counts = subsets.sorted { $0.fraction.value < $1.fraction.value } + [Count(fraction: .whole, images: all)]
  }

  func images(at share: Double) -> Int {
    var below = (share: 0.0, images: 0.0)
    for count in counts {
      let here = (share: count.fraction.value, images: Double(count.images))
      if share <= here.share {
        return Int((below.images + (here.images - below.images) * (share - below.share) / (here.share - below.share)).rounded())
      }
      below = here
    }
    return Int(below.images)
  }
}
