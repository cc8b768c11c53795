internal import Foundations
internal import Metrics
internal import Studies

/// What is true of the test images, whatever a network says: labels and patients by row.
struct TestFacts {
  let ids: [String]
  /// Of a segmentation of one object one, whether an image holds it.
  let classNames: [String]
  /// `[class][row]`: 1, 0, or NaN where it is not known.
  let targets: [[Float]]
  /// An image of no known patient is its own.
  let patients: [String]
  let isSegmentation: Bool
  /// Equal for runs on the same images with the same truth.
  let testSet: String

  init(_ predictions: Predictions) {
    patients = predictions.patients
    switch predictions {
    case .classification(let all):
      ids = all.rows.map(\.id)
      classNames = all.classNames
      targets = all.columns.map(\.targets)
      isSegmentation = false
    case .segmentation(let all):
      ids = all.rows.map(\.id)
      classNames = ["object"]
      targets = [all.rows.map { $0.counts.truePositives + $0.counts.falseNegatives > 0 ? 1 : 0 }]
      isSegmentation = true
    case .classMasks(let all):
      ids = all.images.map(\.id)
      classNames = all.classNames
      targets = all.classes.map { one in one.rows.map { $0.counts.truePositives + $0.counts.falseNegatives > 0 ? 1 : 0 } }
      isSegmentation = true
    case .numbers(let all):
      ids = all.rows.map(\.id)
      (classNames, targets, isSegmentation) = ([], [], false)
    }
    testSet = predictions.testSet
  }
}

/// One group's strata on the test images: which rows each has, how many of what, and which can be compared.
struct TestStrata {
  let strata: [SubgroupsSection.Stratum]
  /// Of each stratum.
  let rows: [[Int]]
  /// Places of the classes that have enough images with and without them in every stratum that is compared.
  let classes: [Int]
  /// Places of the strata that are compared.
  let compared: [Int]

  /// Images with a finding and without it that a stratum needs; for a segmentation patients.
  static let least = 10

  /// - Parameter stratumOfRow: nil for an image that the table of groups does not have, which counts as unknown.
  init(_ facts: TestFacts, stratumOfRow: [String?]) {
    let named = stratumOfRow.map { $0 ?? StratumNames.unknown }
    var rowsOfName: [String: [Int]] = [:]
    for (row, name) in named.enumerated() { rowsOfName[name, default: []].append(row) }
    let names = StratumNames.ordered(rowsOfName.keys)
    let rows = names.map { rowsOfName[$0] ?? [] }
    let counts = rows.map { Self.counts(facts, $0) }
    let patients = rows.map { Set($0.map { facts.patients[$0] }).count }
    let whole = Self.counts(facts, Array(named.indices))
    func enough(_ counts: [(positives: Int, negatives: Int)]) -> Set<Int> {
      Set(counts.indices.filter { min(counts[$0].positives, counts[$0].negatives) >= Self.least })
    }
    // A stratum that lacks most of the task's classes is too small as a whole; else it would take them from all others.
    let possible = enough(whole), ofStratum = counts.map(enough)
    let fits = names.indices.map { place in
      facts.isSegmentation
        ? patients[place] >= Self.least : !ofStratum[place].isEmpty && 2 * ofStratum[place].intersection(possible).count >= possible.count
    }
    var compared = names.indices.filter { fits[$0] && StratumNames.isCompared(names[$0]) }
    // Of several classes those that are drawn in every compared stratum.
    let drawn = facts.classNames.indices.filter { place in compared.allSatisfy { counts[$0][place].positives > 0 } }
    var classes = facts.isSegmentation ? (facts.classNames.count == 1 ? [0] : drawn) : compared.reduce(possible) { $0.intersection(ofStratum[$1]) }.sorted()
    let areDisjoint = classes.isEmpty && !compared.isEmpty
    if classes.isEmpty { (classes, compared) = ([], []) }
    (self.rows, self.compared, self.classes) = (rows, compared, classes)
    let (common, chosen) = (classes, Set(compared))
    strata = names.indices.map { place in
      // An unknown stratum has the common classes or is not measured.
      let isMeasured = fits[place] && !common.isEmpty && (facts.isSegmentation || ofStratum[place].isSuperset(of: common))
      return SubgroupsSection.Stratum(
        name: names[place], images: rows[place].count, patients: patients[place], positives: counts[place].map(\.positives),
        negatives: counts[place].map(\.negatives), isCompared: chosen.contains(place),
        tooFew: isMeasured ? nil : Self.reason(facts, counts[place], patients[place], areDisjoint: areDisjoint))
    }
  }

  private static func counts(_ facts: TestFacts, _ rows: [Int]) -> [(positives: Int, negatives: Int)] {
    facts.targets.map { column in
      rows.reduce(into: (positives: 0, negatives: 0)) { counts, row in
        if column[row] == 1 { counts.positives += 1 } else if column[row] == 0 { counts.negatives += 1 }
      }
    }
  }

  private static func reason(
    _ facts: TestFacts, _ counts: [(positives: Int, negatives: Int)], _ patients: Int, areDisjoint: Bool
  ) -> String {
    if facts.isSegmentation, areDisjoint { return "no class is drawn in every stratum that has enough patients" }
    if facts.isSegmentation { return "too few: \(patients) patient\(patients == 1 ? "" : "s"), and \(least) are needed" }
    if areDisjoint { return "too few: no class has \(least) images with and \(least) without it in every stratum" }
    if counts.count == 1 {
      return
        "too few: \(grouped(counts[0].positives)) image\(counts[0].positives == 1 ? "" : "s") with and \(grouped(counts[0].negatives)) without it, and \(least) of both are needed"
    }
    let enough = counts.count { min($0.positives, $0.negatives) >= least }
    return "too few: \(enough) of \(counts.count) classes have \(least) images with and \(least) without them"
  }
}
