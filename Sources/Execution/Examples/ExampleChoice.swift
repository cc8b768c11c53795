import Foundations
import Metrics

/// Which test images are shown.
enum ExampleChoice {
  /// How many images a classification shows.
  static let imageCount = 4

  /// The best, the median and the worst image by Dice, ties by id; fewer where there are fewer images.
  static func ranked(_ predictions: SegmentationPredictions) -> [(rank: String, row: SegmentationPredictions.Row)] {
    let sorted = predictions.rows.sorted { ($0.counts.dice, $1.id) > ($1.counts.dice, $0.id) }
    var places: [(String, Int)] = [("best", 0), ("median", sorted.count / 2), ("worst", sorted.count - 1)]
    if sorted.count < 3 { places = [("best", 0), ("worst", sorted.count - 1)] }
    if sorted.count < 2 { places = sorted.isEmpty ? [] : [("best", 0)] }
    return places.map { ($0.0, sorted[$0.1]) }
  }

  /// Positives of the classes with most positives, by turns, each time the image whose id has the least digest: the same images
  /// whatever was learned, so that initializations can be compared picture by picture.
  ///
  /// - Parameter scored: the classes that the task is judged by; nil for all.
  static func positives(_ predictions: ClassificationPredictions, scored: [String]?) -> [(className: String, column: Int, id: String)] {
    let classes = predictions.classNames.enumerated()
      .filter { scored?.contains($0.element) ?? true }
      .map { column, name in (name: name, column: column, ids: predictions.rows.filter { $0.targets[column] == 1 }.map(\.id)) }
      .filter { !$0.ids.isEmpty }
      .sorted { ($0.ids.count, $1.name) > ($1.ids.count, $0.name) }
      .prefix(imageCount)
    var queues = classes.map { ($0.name, $0.column, $0.ids.sorted { (Digest.sha256Hex(of: $0), $0) < (Digest.sha256Hex(of: $1), $1) }) }
    var chosen: [(className: String, column: Int, id: String)] = [], used = Set<String>()
    while chosen.count < imageCount, queues.contains(where: { !$0.2.isEmpty }) {
      for index in queues.indices where chosen.count < imageCount {
        while let id = queues[index].2.first {
          queues[index].2.removeFirst()
          guard used.insert(id).inserted else { continue }
          chosen.append((queues[index].0, queues[index].1, id))
          break
        }
      }
    }
    return chosen
  }
}
