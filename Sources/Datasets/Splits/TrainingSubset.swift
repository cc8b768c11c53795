import Foundations
public import Studies

extension DatasetSplits {
  /// This data set with a fraction of its training images; validation and test images stay as they are.
  ///
  /// Subsets are nested: what 1 % keeps, 10 % keeps too. All images of a patient stay or go together. Patients are put into one order,
  /// in which the first part of any length holds each stratum (by rarest label) in its share, and the fraction keeps the first of
  /// them; within a stratum the order is a hash of (seed, patient). So a subset depends on the ids alone and is the same for every
  /// initialization.
  ///
  /// - Parameter seed: That of the split.
  /// - Throws: `DatasetsError` where fewer than two images would stay, which is what a batch normalization needs, or no class
  ///   would have both a present and an absent label although the whole has one.
  public func keeping(_ fraction: TrainingFraction, seed: Int) throws -> DatasetSplits {
    if fraction.isWhole { return self }
    // The first patient that is not kept ends it, or smaller ones behind would make it depend on the fraction who comes before whom.
    let kept = NestedOrder.entries(training, seed: seed).prefix { $0.fraction <= fraction.value }.flatMap(\.group.samples)
    guard kept.count >= 2 else {
      throw DatasetsError.tooSmallSubset(fraction.percentText, of: training.count, kept: kept.count)
    }
    let learnable = Self.classesWithBothLabels(training)
    if !learnable.isEmpty, Self.classesWithBothLabels(kept).isEmpty {
      throw DatasetsError.oneSidedSubset(
        fraction.percentText, of: training.count, kept: kept.count, classes: learnable.map { classNames[$0] })
    }
    return try DatasetSplits(
      parts: [.training: kept, .validation: validation, .test: test], classNames: classNames, maskClasses: maskClasses, numbers: numbers)
  }

  /// The classes that training images have and these do not.
  public func absentClasses(from whole: DatasetSplits) -> [String] {
    classNames.indices.filter { index in
      whole.training.contains { $0.labels[index] == 1 } && !training.contains { $0.labels[index] == 1 }
    }.map { classNames[$0] }
  }

  private static func classesWithBothLabels(_ samples: [Sample]) -> [Int] {
    (samples.first?.labels.indices ?? 0..<0).filter { index in
      samples.contains { $0.labels[index] == 1 } && samples.contains { $0.labels[index] == 0 }
    }
  }
}

/// One order of patients whose beginnings are the subsets, so that they are nested whatever their sizes.
enum NestedOrder {
  static func order(_ samples: [Sample], seed: Int) -> [PatientGroup] {
    let strata = PatientGroup.strata(of: samples, seed: SeedPath(seed) / "fraction")
    var placed = [(place: Double, group: PatientGroup)]()
    for members in strata {
      let size = Double(members.reduce(0) { $0 + $1.samples.count })
      var before = 0
      for group in members {
        // The middle of the patient's images in 0…1 of its stratum: strata of all sizes advance side by side.
        placed.append(((Double(before) + Double(group.samples.count) / 2) / size, group))
        before += group.samples.count
      }
    }
    return placed.sorted { ($0.place, $0.group.order, $0.group.key) < ($1.place, $1.group.order, $1.group.key) }.map(\.group)
  }

  /// The patients in their order, each with the smallest fraction that keeps it: a patient is kept when that brings a subset nearer to
  /// its size than leaving the patient does.
  static func entries(_ samples: [Sample], seed: Int) -> [(group: PatientGroup, fraction: Double)] {
    var before = 0
    return order(samples, seed: seed).map { group in
      defer { before += group.samples.count }
      return (group, (Double(before) + Double(group.samples.count) / 2) / Double(samples.count))
    }
  }
}
