internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics

/// What a group's runs answer for each test image, over their seeds: as little as a comparison of two groups on the same images needs.
struct ClaimAnswers: Sendable {
  enum Content: Sendable {
    /// Of each image and class, image by image, in how many seeds the decision is right; `unknown` where the label is not known or the class has
    /// no threshold.
    case decisions(right: [UInt16], seedCount: Int)
    /// The mean over the seeds of each image's Dice.
    case overlaps([Double])
  }

  static let unknown = UInt16.max

  /// The same for groups with the same images in the same order.
  let images: Int
  /// The patient of each image, numbered in the order of the images.
  let patients: [Int32]
  let content: Available<Content>

  init?(_ group: GroupContents) {
    guard let first = group.runs.first else { return nil }
    let images = Self.imagesHash(first.predictions)
    self.images = images
    var numbers: [String: Int32] = [:]
    patients = first.predictions.patients.map { name in
      let number = numbers[name] ?? Int32(numbers.count)
      numbers[name] = number
      return number
    }
    guard group.runs.allSatisfy({ Self.imagesHash($0.predictions) == images }) else {
      content = .notAvailable(reason: "the runs were not tested on the same images")
      return
    }
    if group.task.folds != nil {
      content = .notAvailable(reason: CrossValidation.ofOneNetwork)
      return
    }
    switch first.predictions {
    case .segmentation: content = Self.overlaps(group)
    case .classMasks: content = .notAvailable(reason: "claims of superiority are of one Dice an image, and this task has one of each class")
    case .numbers: content = .notAvailable(reason: "claims of superiority are of decisions and of Dice, and this task asks for numbers")
    case .classification(let all): content = Self.decisions(group, isExclusive: all.areExclusive)
    }
  }

  private static func imagesHash(_ predictions: Predictions) -> Int {
    [predictions.imageIDs, predictions.columnNames].hashValue
  }

  private static func overlaps(_ group: GroupContents) -> Available<Content> {
    var sums: [Double] = []
    for case .segmentation(let all) in group.runs.map(\.predictions) {
      let values = all.rows.map(\.counts.dice)
      sums = sums.isEmpty ? values : zip(sums, values).map(+)
    }
    return .value(.overlaps(sums.map { $0 / Double(group.runs.count) }))
  }

  /// Each run decides at its own threshold of the validation set; of classes that exclude each other it takes the most probable.
  private static func decisions(_ group: GroupContents, isExclusive: Bool) -> Available<Content> {
    var right: [UInt16] = []
    for run in group.runs {
      guard case .classification(let all) = run.predictions else { continue }
      let classes = isExclusive ? 1 : all.classNames.count
      if right.isEmpty { right = [UInt16](repeating: 0, count: all.rows.count * classes) }
      if isExclusive {
        for (place, row) in all.rows.enumerated() where row.targets[mostProbable(row)] == 1 { right[place] += 1 }
        continue
      }
      guard let thresholds = run.metrics.thresholds else {
        return .notAvailable(reason: "a run has no validation predictions, on which a threshold could be fixed")
      }
      for (column, name) in all.classNames.enumerated() {
        let threshold = thresholds.threshold(of: name).number
        for (place, row) in all.rows.enumerated() {
          let index = place * classes + column
          guard let threshold, !row.targets[column].isNaN else {
            right[index] = unknown
            continue
          }
          if right[index] != unknown, (row.probabilities[column] >= threshold) == (row.targets[column] == 1) { right[index] += 1 }
        }
      }
    }
    return right.allSatisfy { $0 == unknown }
      ? .notAvailable(reason: "no class has a threshold of the validation set") : .value(.decisions(right: right, seedCount: group.runs.count))
  }

  private static func mostProbable(_ row: ClassificationPredictions.Row) -> Int {
    row.probabilities.indices.max { (row.probabilities[$0], -$0) < (row.probabilities[$1], -$1) } ?? 0
  }
}

extension ClaimsSection.Claim {
  /// What two groups' answers say of the claim that the first is better.
  init(task: String, better: String, other: String, _ first: ClaimAnswers, _ second: ClaimAnswers) {
    let measured = first.content.flatMap { a in
      second.content.flatMap { b -> Available<Measured> in
        guard first.images == second.images else { return .notAvailable(reason: "the runs were not tested on the same images") }
        switch (a, b) {
        case (.overlaps(let one), .overlaps(let other)): return .value(Measured(overlaps: one, other, first.patients))
        case (.decisions(let one, let seeds), .decisions(let other, let otherSeeds)):
          return Measured.ofDecisions((one, seeds), (other, otherSeeds), first.patients)
        default: return .notAvailable(reason: "the runs are of different kinds of tasks")
        }
      }
    }
    (self.task, self.better, self.other) = (task, better, other)
    imageCount = first.patients.count
    patientCount = Int(first.patients.max() ?? -1) + 1
    basis = measured.map(\.basis)
    probability = measured.flatMap(\.probability)
  }
}

private struct Measured {
  let basis: ClaimsSection.Basis
  let probability: Statistic

  /// The paper's t form; images of one patient are taken together.
  init(overlaps first: [Double], _ second: [Double], _ patients: [Int32]) {
    let differences = zip(first, second).map { $0 - $1 }
    let (a, b, d) = (Summary(first), Summary(second), Summary(differences))
    basis = ClaimsSection.Basis(
      measure: .meanDice, better: a.mean.known ?? 0, other: b.mean.known ?? 0, agreement: Self.correlation(first, second),
      unitCount: first.count, effectiveCount: nil)
    probability = d.mean.flatMap { mean in
      PatientDeviations.ofMean(differences, patients: patients.map(String.init)).flatMap { FalseClaim.ofDifference(mean, over: $0) }
    }
  }

  /// The paper's closed form with the table of one run of the one and one of the other, averaged over all pairs of their seeds.
  static func ofDecisions(
    _ first: (right: [UInt16], seeds: Int), _ second: (right: [UInt16], seeds: Int), _ patients: [Int32]
  ) -> Available<Measured> {
    let perImage = first.right.count / max(1, patients.count)
    var (sumA, sumB, sumBoth) = (0.0, 0.0, 0.0), differences: [Double] = [], units: [String] = []
    for (index, (one, other)) in zip(first.right, second.right).enumerated() where one != ClaimAnswers.unknown && other != ClaimAnswers.unknown {
      let (a, b) = (Double(one) / Double(first.seeds), Double(other) / Double(second.seeds))
      (sumA, sumB, sumBoth) = (sumA + a, sumB + b, sumBoth + a * b)
      differences.append(a - b)
      units.append(String(patients[index / perImage]))
    }
    guard !differences.isEmpty else { return .notAvailable(reason: "no class has a threshold in both") }
    let n = Double(differences.count)
    return EffectiveCount.ofMean(differences, patients: units).map { count in
      Measured(
        basis: ClaimsSection.Basis(
          measure: .accuracy, better: sumA / n, other: sumB / n, agreement: .value(sumBoth / n), unitCount: differences.count,
          effectiveCount: count),
        probability: FalseClaim.ofAccuracies(imageCount: count, first: sumA / n, second: sumB / n, congruence: sumBoth / n))
    }
  }

  private init(basis: ClaimsSection.Basis, probability: Statistic) { (self.basis, self.probability) = (basis, probability) }

  /// Pearson's.
  private static func correlation(_ first: [Double], _ second: [Double]) -> Statistic {
    guard let a = Summary(first).mean.known, let b = Summary(second).mean.known else { return .notAvailable(reason: "there is no image") }
    var (both, ofFirst, ofSecond) = (0.0, 0.0, 0.0)
    for (x, y) in zip(first, second) {
      both += (x - a) * (y - b)
      ofFirst += (x - a) * (x - a)
      ofSecond += (y - b) * (y - b)
    }
    guard ofFirst > 0, ofSecond > 0 else { return .notAvailable(reason: "all images of one are alike") }
    return .value(min(1, max(-1, both / (ofFirst * ofSecond).squareRoot())))
  }
}
