internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

/// How far the best initialization of a task is from each other in the metrics beside the one that the verdict rests on, for other seeds and
/// other patients: the difference of the means over seeds with the variance of Obuchowski, Rockette and Hillis (`TwoLevelDifference`), paired
/// by patient.
///
/// Patients move a metric by the parts it is made of: a mean over rows directly, a ratio of sums by the jackknife over patients, the AUROC by
/// DeLong's placements. All else (F1, kappa, average precision …) is computed anew without each patient, or each of 200 groups of them, where
/// the study is small enough for a bootstrap. A metric whose better direction is neither up nor down (O:E, bias) has no difference that says
/// which is better, and is no part; one that moves in steps from patient to patient, or whose interval is known to hold the truth too rarely,
/// has none that could be relied on.
///
/// A distance that has no value where a mask is empty is compared only where every run has it of the same images: a network that misses the
/// structure of the hardest images would else be the better one for it. Of a task whose best means are tied, or whose best learned nothing, there
/// is no best that others could be held against; and where the study speaks of seeds on its test images alone, this has nothing to say.
///
/// Nothing is claimed of these: p-values are corrected by Holm's method over all of a task's differences here, beside the verdict and not in it.
struct FurtherComparisons: StudySection {
  /// Of the best, less the other.
  struct Difference: Codable, Hashable, Sendable {
    let metric: MetricName
    let other: String
    /// Its value and interval in the metric's own numbers.
    let estimate: IntervalEstimate
    let p: Statistic
    /// By Holm over the task's differences.
    let adjustedP: Statistic
  }

  struct OfTask: Codable, Hashable, Sendable {
    let task: String
    /// By the task's first metric.
    let best: String
    /// Metric by metric, in the order of the initializations.
    let differences: [Difference]
    /// Those that could be tested: the number that the correction counts.
    let testedCount: Int
    /// Corrected p-values below it are marked.
    let significance: Double
    /// Whether seeds were added round by round for the verdict.
    let isInRounds: Bool
  }

  static let id = "furtherComparisons"

  let tasks: [OfTask]

  /// Of each further metric, how seeds and patients move it.
  struct Part: Sendable {
    let metrics: [(metric: MetricName, seeds: Available<SeedsAndPatients>)]
    /// Of what has no value on every image, which images have one in all runs; nil where the runs disagree.
    let rows: [MetricName: Int?]
    let testSet: String
    let patientCount: Int
  }

  static func part(of group: GroupContents) -> Part? {
    guard group.key.fraction == group.task.largestFraction, !group.runs.isEmpty else { return nil }
    let metrics = group.task.kind.furtherMetrics.filter { metric in
      metric.direction.isUpOrDown && group.runs.contains { $0.metrics.value(of: metric)?.number != nil }
    }
    let anew = PatientIntervals.bootstrap(group.runs[0].predictions, rule: group.settings.bootstrap, groupCount: group.groupCount)
    return Part(
      metrics: Array(zip(metrics, group.seeds.seedsAndPatients(ofEach: metrics, anew: anew.map { _ in () }))).map { ($0, $1) },
      rows: group.task.kind.isSegmentation ? group.seeds.rows(of: metrics) : [:],
      testSet: group.runs[0].predictions.testSet, patientCount: Set(group.runs[0].predictions.patients).count)
  }

  static func make(_ parts: [CellGroup.Key: Part], _ context: SectionContext) -> FurtherComparisons? {
    guard context.settings.analysis.generalization == .patientsAndSeeds else { return nil }
    var seen: Set<String> = []
    let tasks = zip(context.analysis.table.tasks, context.analysis.tasks).compactMap { values, analysis -> OfTask? in
      guard seen.insert(values.name).inserted, let best = analysis.namedBest,
        let task = context.outline.tasks.first(where: { $0.name == values.name })
      else { return nil }
      func part(_ name: String) -> Part? { parts[.init(task: task.name, initialization: name, fraction: task.largestFraction)] }
      guard let first = part(best), TaskEvidence.tooFew(patients: first.patientCount) == nil else { return nil }
      let others = values.compared.map(\.initialization).filter { $0 != best }.compactMap { name in part(name).map { (name: name, part: $0) } }
      let found = first.metrics.flatMap { metric, own in
        others.map { other in (metric: metric, other: other.name, test: test(metric, own, first, other.part, context.settings.analysis.level)) }
      }
      guard found.contains(where: { $0.test.p.known != nil }) else { return nil }
      let adjusted = AdjustedFamily(found.map(\.test.p), correction: .holm)
      return OfTask(
        task: task.name, best: best,
        differences: found.enumerated().map { place, one in
          Difference(metric: one.metric, other: one.other, estimate: one.test.estimate, p: one.test.p, adjustedP: adjusted.p[place])
        },
        testedCount: adjusted.testedCount, significance: context.settings.analysis.significance, isInRounds: analysis.rounds != nil)
    }
    return tasks.isEmpty ? nil : FurtherComparisons(tasks: tasks)
  }

  private static func test(
    _ metric: MetricName, _ own: Available<SeedsAndPatients>, _ first: Part, _ other: Part, _ level: Double
  ) -> (estimate: IntervalEstimate, p: Statistic) {
    let theirs = other.metrics.first { $0.metric == metric }?.seeds ?? .notAvailable(reason: "no run of it has this metric")
    let isOfSameRows = first.rows[metric].map { rows in rows != nil && rows == other.rows[metric] ?? nil } ?? true
    let difference = own.flatMap { own in
      !isOfSameRows
        ? .notAvailable(reason: "not every run has it of the same images, and means over other images are not compared")
        : first.testSet == other.testSet
          ? theirs.flatMap { TwoLevelDifference.make(own, $0) } : .notAvailable(reason: "the two were not tested on the same images")
    }
    switch difference {
    case .notAvailable(let reason): return (.missing("mean difference", reason), .notAvailable(reason: reason))
    case .value(let found):
      let result = found.test(level: level)
      let length = metric.range.upperBound - metric.range.lowerBound
      let effect =
        result.effect.value.known == nil
        ? IntervalEstimate(name: "mean difference", value: .value(found.value), interval: .notAvailable(reason: result.p.reason ?? "")) : result.effect
      return (
        IntervalEstimate(
          name: effect.name, value: effect.value, interval: length.isFinite ? effect.interval.map { $0.cut(to: -length...length) } : effect.interval),
        result.p
      )
    }
  }
}

extension TaskKind {
  /// The metrics that its tables show beside those that are compared, in the order of the catalog; means over classes and not each class.
  var furtherMetrics: [MetricName] {
    let order = MetricName.ofSegmentation + MetricName.ofClassification + MetricName.ofExclusiveClasses + MetricName.ofNumbers
    return order.filter { isJudged(by: $0) && $0 != .auroc && !tableMetrics.contains($0) }
  }
}

extension MetricName.Direction {
  /// Whether one of two different values is always the better one.
  fileprivate var isUpOrDown: Bool {
    switch self {
    case .higher, .lower: true
    case .toward: false
    }
  }
}

extension SeedPredictions {
  /// Into how many groups more patients than that are dealt where a metric is computed anew without each of them.
  private static let groupsLeftOut = 200

  /// Metrics over the seeds, with how each patient moves them.
  ///
  /// - Parameter anew: whether those that are no mean and no ratio over rows are computed without each patient; or why not.
  fileprivate func seedsAndPatients(ofEach metrics: [MetricName], anew: Available<Void>) -> [Available<SeedsAndPatients>] {
    guard let first = predictions.first, unfit == nil else { return metrics.map { _ in .notAvailable(reason: unfit ?? "no run is finished") } }
    let places = PatientPlaces(first.patients), drawn = Set(metrics.filter { $0.interval.isResampled && $0.interval != .percentiles })
    let computed: [[MetricName: Available<PatientDeviations>]] =
      anew.known == nil || drawn.isEmpty ? [] : predictions.indices.map { withoutEach(drawn, run: $0) }
    return metrics.map { metric in
      seedsAndPatients(of: metric) { run in
        switch metric.interval {
        case .notAvailable(let reason): return .notAvailable(reason: reason)
        case .percentiles: return .notAvailable(reason: "it moves in steps from patient to patient")
        case .bootstrap, .jackknife:
          return anew.flatMap { _ in computed[run][metric] ?? .notAvailable(reason: "it is not of such predictions") }
        case .deLong:
          return folded[run] == nil
            ? predictions[run].deviations(of: metric, patients: places, withPairs: false) : deviations(of: metric, run: run, patients: places)
        case .share, .mean, .ratio:
          guard let parts = measures[run].parts(of: .init(metric: metric)) else { return .notAvailable(reason: "it is not made of rows") }
          return parts.deviations(among: places)
        }
      }
    }
  }

  /// Of metrics that are means over images: which images have a value, as a hash; nil where the runs disagree.
  fileprivate func rows(of metrics: [MetricName]) -> [MetricName: Int?] {
    Dictionary(
      uniqueKeysWithValues: metrics.map { metric in
        let found = Set(
          measures.map { measures -> [[Bool]] in
            guard case .means(let columns)? = measures.parts(of: .init(metric: metric)) else { return [] }
            return columns.map { column in column.map { $0 != nil } }
          })
        return (metric, found.count == 1 ? found.first.hashValue : nil)
      })
  }

  private func withoutEach(_ wanted: Set<MetricName>, run: Int) -> [MetricName: Available<PatientDeviations>] {
    let all = predictions[run], patients = all.patients
    let thresholds = metrics[run].thresholds.map { Available.value($0) } ?? DecisionThresholds.make(validation: nil)
    let measured = folded[run].map { PredictionMeasures($0, wanted: wanted) } ?? PredictionMeasures(all, thresholds: thresholds, wanted: wanted)
    let keys = measured.keys
    let warning = IntervalWarning(all, patients: patients), rarer = warning.rarerPatients(of: nil)
    guard let units = ResamplingUnits.make(rowCount: patients.count, clusters: patients).known else { return [:] }
    // Of a classification, no more is known than the patients of the rarer kind say.
    let degrees = rarer > 0 ? keys.map { _ in max(1, rarer - 1) } : nil
    let found = PatientDeviations.byJackknife(keys.count, over: units, groups: Self.groupsLeftOut, degreesOfFreedom: degrees) {
      measured.values(weights: $0.weights).map(\.number)
    }
    return Dictionary(uniqueKeysWithValues: zip(keys, found).filter { $0.0.className == nil }.map { ($0.0.metric, $0.1) })
  }
}
