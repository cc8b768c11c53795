import Foundations

/// The images of one patient, or one image where patients are not known: what a split or a subset takes whole or not at all.
struct PatientGroup {
  /// Where the patient stands among the others: a hash of the seed and the patient.
  let order: UInt64
  let key: String
  private(set) var samples: [Sample]

  /// The groups of some samples by stratum, the strata by their label and the groups of each in the order of their hash.
  ///
  /// A group's stratum is its rarest label, since a common one spreads evenly by itself; groups without any label come first.
  /// The result depends on the ids, patients and labels alone, never on the order of the samples.
  ///
  /// - Parameter together: what else belongs together, by id; nil for nothing.
  static func strata(of samples: [Sample], seed: SeedPath, together: CopyGroups? = nil) -> [[PatientGroup]] {
    var groups = [String: PatientGroup]()
    let joined = together.map { $0.keys(of: samples) }
    for sample in samples {
      let key = joined?[sample.id] ?? key(of: sample)
      groups[key, default: PatientGroup(order: (seed / key).seed, key: key, samples: [])].samples.append(sample)
    }
    let frequencies = frequencies(of: samples)
    return Dictionary(grouping: groups.values) { $0.stratum(frequencies) }.sorted { $0.key < $1.key }
      .map { $0.value.sorted { ($0.order, $0.key) < ($1.order, $1.key) } }
  }

  /// What the samples of one group have in common. The sign keeps a patient apart from an image of the same name.
  static func key(of sample: Sample) -> String { sample.patient.map { "patient:" + $0 } ?? "image:" + sample.id }

  /// How many samples have each label.
  private static func frequencies(of samples: [Sample]) -> [Int] {
    var counts = [Int](repeating: 0, count: samples.first?.labels.count ?? 0)
    for sample in samples {
      for (index, label) in sample.labels.enumerated() where label == 1 { counts[index] += 1 }
    }
    return counts
  }

  private func stratum(_ frequencies: [Int]) -> Int {
    let present = frequencies.indices.filter { index in samples.contains { $0.labels[index] == 1 } }
    return present.min { (frequencies[$0], $0) < (frequencies[$1], $1) } ?? -1
  }
}
