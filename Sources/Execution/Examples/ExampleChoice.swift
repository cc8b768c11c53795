import Foundations
import Metrics

/// Which test images a run shows: the same whatever was learned, so that initializations and seeds can be compared picture by picture.
enum ExampleChoice {
  /// How many images are shown.
  static let imageCount = 4

  /// The images with something to find whose ids have the least digests, in that order.
  static func masks(_ predictions: SegmentationPredictions) -> [SegmentationPredictions.Row] {
    let found = predictions.rows.filter(\.counts.hasTruth)
    return Array((found.isEmpty ? predictions.rows : found).sorted { isBefore($0.id, $1.id) }.prefix(imageCount))
  }

  /// The same of several classes: the rows of images that have one of them.
  static func masks(_ predictions: ClassMaskPredictions) -> [Int] {
    let images = predictions.images
    let found = images.indices.filter { row in predictions.classes.contains { $0.rows[row].counts.hasTruth } }
    return Array((found.isEmpty ? Array(images.indices) : found).sorted { isBefore(images[$0].id, images[$1].id) }.prefix(imageCount))
  }

  private static func isBefore(_ first: String, _ second: String) -> Bool {
    (Digest.sha256Hex(of: first), first) < (Digest.sha256Hex(of: second), second)
  }

  /// Positives of the classes with most positives, by turns, each time the image whose id has the least digest.
  ///
  /// - Parameter scored: the classes that the task is judged by; nil for all.
  static func positives(_ predictions: ClassificationPredictions, scored: [String]?) -> [(className: String, column: Int, id: String)] {
    let classes = predictions.classNames.enumerated()
      .filter { scored?.contains($0.element) ?? true }
      .map { column, name in (name: name, column: column, ids: predictions.rows.filter { $0.targets[column] == 1 }.map(\.id)) }
      .filter { !$0.ids.isEmpty }
      .sorted { ($0.ids.count, $1.name) > ($1.ids.count, $0.name) }
      .prefix(imageCount)
    var queues = classes.map { ($0.name, $0.column, $0.ids.sorted(by: isBefore)) }
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

extension PixelConfusion {
  /// Whether there is anything in the image to be found.
  var hasTruth: Bool { truePositives + falseNegatives > 0 }
}
