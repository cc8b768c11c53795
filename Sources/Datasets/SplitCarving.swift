import Foundations
import Studies

/// Carves the parts that a source does not give out of its training images.
///
/// Whole patients move, or single images where patients are not known. Within each stratum patients are taken in the order
/// of a hash of (seed, patient), until the part has its share of images; so the result depends on the ids alone, never on
/// the order in which a file system lists them, and images added later move few of those that were there.
struct SplitCarving {
  let rule: SplitRule

  /// The parts with those that were missing, and from how many images each was carved.
  func complete(_ given: [DatasetPart: [Sample]]) -> (parts: [DatasetPart: [Sample]], carved: [DatasetPart: Int]) {
    var parts = given, carved = [DatasetPart: Int]()
    for (part, fraction) in [(DatasetPart.test, rule.test), (.validation, rule.validation)] where given[part] == nil {
      let training = parts[.training, default: []]
      carved[part] = training.count
      let (taken, rest) = carve(training, fraction: fraction, part: part)
      parts[part] = taken
      parts[.training] = rest
    }
    return (parts, carved)
  }

  private struct Group {
    var order: UInt64
    var key: String
    var samples: [Sample]
  }

  private func carve(_ samples: [Sample], fraction: Double, part: DatasetPart) -> (taken: [Sample], rest: [Sample]) {
    let seed = SeedPath(rule.seed) / "split" / part.rawValue
    var groups = [String: Group]()
    for sample in samples {
      // The sign keeps a patient apart from an image of the same name.
      let key = sample.patient.map { "patient:" + $0 } ?? "image:" + sample.id
      groups[key, default: Group(order: (seed / key).seed, key: key, samples: [])].samples.append(sample)
    }
    let strata = Dictionary(grouping: groups.values, by: stratum(frequencies: frequencies(of: samples)))
    var taken = [Sample](), rest = [Sample](), wanted = 0.0
    // Each stratum gives its share; what rounding leaves over passes to the next, so that the sum comes out right.
    for (_, members) in strata.sorted(by: { $0.key < $1.key }) {
      wanted += fraction * Double(members.reduce(0) { $0 + $1.samples.count })
      for group in members.sorted(by: { ($0.order, $0.key) < ($1.order, $1.key) }) {
        // A patient is taken when that brings the part nearer to its size than leaving the patient does.
        if Double(taken.count) + Double(group.samples.count) / 2 <= wanted, fraction > 0 {
          taken += group.samples
        } else {
          rest += group.samples
        }
      }
    }
    return (taken, rest)
  }

  /// How many samples have each label.
  private func frequencies(of samples: [Sample]) -> [Int] {
    var counts = [Int](repeating: 0, count: samples.first?.labels.count ?? 0)
    for sample in samples {
      for (index, label) in sample.labels.enumerated() where label == 1 { counts[index] += 1 }
    }
    return counts
  }

  /// A group's stratum is its rarest label, since a common one spreads evenly by itself; −1 without any.
  private func stratum(frequencies: [Int]) -> (Group) -> Int {
    { group in
      let present = frequencies.indices.filter { index in group.samples.contains { $0.labels[index] == 1 } }
      return present.min { (frequencies[$0], $0) < (frequencies[$1], $1) } ?? -1
    }
  }
}
