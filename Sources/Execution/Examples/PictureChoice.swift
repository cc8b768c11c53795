import Metrics
import RunStore

/// Which test images of a task are shown for every initialization: chosen from what all runs say of all images.
struct PictureChoice {
  /// A test image; in a classification, one of its findings.
  struct Subject: Hashable {
    let id: String
    let className: String?
  }

  struct Chosen: Equatable {
    var roles: [TaskPictures.Role]
    let subject: Subject
    /// One an initialization: the mean over its seeds.
    let means: [Double]
  }

  /// By initialization, of each subject the sum over runs and how many there were.
  private var sums: [[Subject: (sum: Double, count: Int)]]
  private var runCounts: [Int]

  init(initializations: Int) {
    sums = Array(repeating: [:], count: initializations)
    runCounts = Array(repeating: 0, count: initializations)
  }

  /// How the images were chosen, for a caption.
  static func rule(isSegmentation: Bool, initializations: Int) -> String {
    let (what, among) =
      isSegmentation ? ("Dice", "the test images with something to find") : ("the probability of the class", "all pairs of a test image and a finding that it has")
    let over = initializations == 1 ? "the seeds" : "the seeds and the initializations"
    return "Best, median and worst by the mean of \(what) over \(over), among \(among)"
      + (initializations == 1 ? "." : "; the greatest disagreement is where the initializations' means over seeds are farthest apart.")
  }

  /// Takes what a run says of the test set.
  mutating func add(_ predictions: Predictions, of initialization: Int) {
    runCounts[initialization] += 1
    for (subject, value) in Self.values(predictions) {
      let before = sums[initialization][subject] ?? (0, 0)
      sums[initialization][subject] = (before.sum + value, before.count + 1)
    }
  }

  /// Of a mask Dice, of several classes their mean; of a finding that is there, its probability.
  static func values(_ predictions: Predictions) -> [(subject: Subject, value: Double)] {
    switch predictions {
    case .segmentation(let all):
      let found = all.rows.filter(\.counts.hasTruth)
      return (found.isEmpty ? all.rows : found).map { (subject: Subject(id: $0.id, className: nil), value: $0.counts.dice) }
    case .classMasks(let all):
      return all.images.indices.compactMap { row in
        guard all.classes.contains(where: { $0.rows[row].counts.hasTruth }) else { return nil }
        return all.meanDice(ofImage: row).map { (subject: Subject(id: all.images[row].id, className: nil), value: $0) }
      }
    case .numbers: return []
    case .classification(let all):
      let scored = all.scored
      return scored.rows.flatMap { row in
        scored.classNames.indices.filter { row.targets[$0] == 1 && row.probabilities[$0].isFinite }
          .map { (subject: Subject(id: row.id, className: scored.classNames[$0]), value: row.probabilities[$0]) }
      }
    }
  }

  /// At most four, the best first and the one of greatest disagreement last; an image that is two of them stands once.
  var chosen: [Chosen] {
    // What a run could not read is no choice: all pictures are there for all.
    let shared = (sums.first ?? [:]).keys.filter { subject in
      sums.indices.allSatisfy { sums[$0][subject]?.count == runCounts[$0] }
    }
    let candidates = shared.map { subject in
      Chosen(roles: [], subject: subject, means: sums.map { ($0[subject]?.sum ?? 0) / Double(max($0[subject]?.count ?? 1, 1)) })
    }.sorted { first, second in
      (second.mean, first.subject.id, first.subject.className ?? "") < (first.mean, second.subject.id, second.subject.className ?? "")
    }
    guard !candidates.isEmpty else { return [] }
    var places: [(role: TaskPictures.Role, place: Int)] = [(.best, 0)]
    if candidates.count > 2 { places.append((.median, candidates.count / 2)) }
    if candidates.count > 1 { places.append((.worst, candidates.count - 1)) }
    // Of equal ranges the first, so that nothing depends on the order of a dictionary.
    let widest = candidates.indices.max { (candidates[$0].range, -$0) < (candidates[$1].range, -$1) }
    if let widest, candidates[widest].range > 0 { places.append((.disagreement, widest)) }
    var all: [(place: Int, chosen: Chosen)] = []
    for (role, place) in places {
      if let known = all.firstIndex(where: { $0.place == place }) {
        all[known].chosen.roles.append(role)
      } else {
        var one = candidates[place]
        one.roles = [role]
        all.append((place, one))
      }
    }
    return all.map(\.chosen)
  }
}

extension PictureChoice.Chosen {
  fileprivate var mean: Double { means.reduce(0, +) / Double(means.count) }
  fileprivate var range: Double { (means.max() ?? 0) - (means.min() ?? 0) }
}
