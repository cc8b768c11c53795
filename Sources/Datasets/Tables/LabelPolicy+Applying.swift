public import Foundations
public import Studies

extension DatasetSplits {
  /// The same samples with what a label policy makes of their uncertain labels.
  ///
  /// A smoothed label follows from (seed, sample, class) alone, so each epoch and each initialization sees the same one. The
  /// fingerprint stays that of the data as they are: policy and seed are in a cell's identity by themselves.
  ///
  /// - Parameter seed: The path of the cell's seed.
  public func applying(_ policy: LabelPolicy?, seed: SeedPath) -> DatasetSplits {
    guard let policy else { return self }
    return mapping { sample, part in
      guard sample.labels.contains(Sample.uncertain) else { return sample }
      let labels = zip(classNames, sample.labels).map { name, label in
        label == Sample.uncertain
          ? policy.label(isTraining: part == .training, seed: seed / "labels" / sample.id / name) : label
      }
      return sample.labeled(labels)
    }
  }
}

extension LabelPolicy {
  /// What an uncertain label becomes.
  func label(isTraining: Bool, seed: SeedPath) -> Float {
    if let smoothing, isTraining {
      var random = seed.generator()
      return Float(random.uniform(in: smoothing))
    }
    return switch self {
    case .ones, .lsrOnes: 1
    case .zeros, .lsrZeros: 0
    case .ignore: .nan
    case .multiClass: Sample.uncertain
    }
  }
}
