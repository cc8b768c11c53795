internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics

/// A run's metrics in any rows of the test set, with how each patient moves them.
struct SubgroupMeasure {
  enum Kind { case metric, sensitivity, specificity }

  /// Of a classification `[class][row]`.
  let probabilities: [[Double]]
  /// Of a segmentation `[class][row]`: twice the true positives, and with them the false ones.
  let overlaps: [[Double]]
  let sizes: [[Double]]
  private let facts: TestFacts
  private let thresholds: [MetricValue]

  init(_ run: GroupContents.Run, _ facts: TestFacts) {
    self.facts = facts
    switch run.predictions {
    case .classification(let all):
      probabilities = all.columns.map(\.probabilities)
      (overlaps, sizes) = ([], [])
      thresholds = all.classNames.map {
        run.metrics.thresholds?.threshold(of: $0) ?? .undefined(reason: "there are no validation predictions, on which a threshold could be fixed")
      }
    case .numbers: (probabilities, thresholds, overlaps, sizes) = ([], [], [], [])
    case .segmentation(let all): (probabilities, thresholds, overlaps, sizes) = ([], [], [Self.overlaps(all)], [Self.sizes(all)])
    case .classMasks(let all):
      (probabilities, thresholds, overlaps, sizes) = ([], [], all.classes.map(Self.overlaps), all.classes.map(Self.sizes))
    }
  }

  private static func overlaps(_ all: SegmentationPredictions) -> [Double] { all.rows.map { Double(2 * $0.counts.truePositives) } }

  private static func sizes(_ all: SegmentationPredictions) -> [Double] {
    all.rows.map { Double(2 * $0.counts.truePositives + $0.counts.falsePositives + $0.counts.falseNegatives) }
  }

  /// The plain mean over some classes of a metric of some rows; of a segmentation the pooled Dice.
  func value(_ kind: Kind, rows: [Int], classes: [Int]) -> Available<StratumValue> {
    switch kind {
    case .metric where facts.isSegmentation: return .mean(of: classes.map { pooledDice($0, rows: rows) })
    case .metric:
      return PatientDeviations.ofMeanAUROC(
        scores: classes.map { probabilities[$0] }, targets: classes.map { facts.targets[$0] }, patients: facts.patients, rows: rows
      ).map { StratumValue(value: $0.auroc, deviations: $0.deviations) }
    case .sensitivity: return share(of: 1, rows: rows, classes: classes) { $0 >= $1 }
    case .specificity: return share(of: 0, rows: rows, classes: classes) { $0 < $1 }
    }
  }

  /// The mean over classes of the share of rows with a truth that are decided right.
  private func share(
    of truth: Float, rows: [Int], classes: [Int], isRight: (Double, Double) -> Bool
  ) -> Available<StratumValue> {
    let ofClasses = classes.map { index -> Available<StratumValue> in
      guard let threshold = thresholds[index].number else { return .notAvailable(reason: thresholds[index].reason ?? "there is no threshold") }
      let targets = facts.targets[index], counted = rows.filter { targets[$0] == truth }
      var right = [Double](repeating: 0, count: targets.count)
      for row in counted where isRight(probabilities[index][row], threshold) { right[row] = 1 }
      return PatientDeviations.ofMean(right, patients: facts.patients, rows: counted).map {
        StratumValue(value: counted.reduce(0) { $0 + right[$1] } / Double(counted.count), deviations: $0)
      }
    }
    return .mean(of: ofClasses)
  }

  private func pooledDice(_ place: Int, rows: [Int]) -> Available<StratumValue> {
    let size = rows.reduce(0) { $0 + sizes[place][$1] }
    guard size > 0 else { return .notAvailable(reason: "there is no object, neither in truth nor in the predictions") }
    return PatientDeviations.ofRatio(numerators: overlaps[place], denominators: sizes[place], patients: facts.patients, rows: rows).map {
      StratumValue(value: rows.reduce(0) { $0 + overlaps[place][$1] } / size, deviations: $0)
    }
  }
}

extension Available<StratumValue> {
  /// The plain mean over classes.
  fileprivate static func mean(of classes: [Available<StratumValue>]) -> Available<StratumValue> {
    Available<[StratumValue]>.all(classes).flatMap { values in
      PatientDeviations.mean(of: values.map(\.deviations)).map {
        StratumValue(value: values.reduce(0) { $0 + $1.value } / Double(values.count), deviations: $0)
      }
    }
  }
}

/// What the subgroups of a study may cost, so that its report stays a matter of seconds.
struct SubgroupWork {
  /// Planned runs × test images × classes × groups that are measured: a few seconds on two processors.
  static let measuredLimit = 20_000_000
  /// The same for the deals of the gaps, each of which looks at every score anew.
  static let dealtLimit = 600_000
  /// Numbers that are kept for the contrasts until all initializations are read: planned cells of the table × contrasts × patients, of 8
  /// bytes each.
  static let keptLimit = 10_000_000

  let groupCount: Int
  let columnCount: Int
  let seedCount: Int
  let facts: TestFacts
  let rule: BootstrapRule

  private var size: Int { groupCount * max(1, seedCount) * facts.ids.count * facts.classNames.count * columnCount }
  private var sizeText: String {
    let classes = facts.classNames.count == 1 ? "" : " × \(grouped(facts.classNames.count)) classes"
    return
      "\(grouped(groupCount * max(1, seedCount))) planned runs × \(grouped(facts.ids.count)) test images\(classes) × \(grouped(columnCount)) group\(columnCount == 1 ? "" : "s")"
  }

  /// Why nothing is measured, if so.
  var unmeasured: String? {
    guard rule != .always, size > Self.measuredLimit else { return nil }
    return "\(sizeText) are more than the \(grouped(Self.measuredLimit)) that are told apart unless asked for (--bootstrap always)"
  }

  /// Why names are not dealt anew, if so.
  var undealt: String? {
    switch rule {
    case .never: "no bootstrap was asked for"
    case .bounded where size > Self.dealtLimit:
      "\(sizeText) are more than the \(grouped(Self.dealtLimit)) whose strata are dealt anew unless asked for (--bootstrap always)"
    case .always, .bounded: nil
    }
  }

  /// Why contrasts are not kept, if so.
  func unkept(strata: Int) -> String? {
    let contrasts = strata > 2 ? strata : 1, patients = Set(facts.patients).count
    guard rule != .always, groupCount * contrasts * columnCount * patients > Self.keptLimit else { return nil }
    return
      "\(grouped(groupCount)) groups of runs × \(grouped(contrasts)) contrasts × \(grouped(columnCount)) groups × \(grouped(patients)) patients are more than the \(grouped(Self.keptLimit)) that are kept unless asked for (--bootstrap always)"
  }
}
