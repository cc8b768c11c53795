internal import Figures
internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

/// Whether probabilities mean what they say: slope, intercept, O:E, the Brier score's parts, the reliability curve with intervals, and what one
/// temperature that is fitted on the validation set changes.
struct CalibrationSection: StudySection {
  static let id = "calibration"

  struct OfClass: Codable, Hashable, Sendable {
    let name: String
    let recalibration: Available<Recalibration>
    /// Why its intervals are not to be relied on; nil where nothing is known against them.
    let warning: String?
    let brier: Available<BrierDecomposition>
  }

  /// Means over the classes, of the test set.
  struct Errors: Codable, Hashable, Sendable {
    let logLoss: MetricValue
    let calibrationError: MetricValue
    let brier: MetricValue
  }

  /// A bin of the reliability curve, of all classes together.
  struct Bin: Codable, Hashable, Sendable {
    let lower: Double
    let upper: Double
    let count: Int
    let meanProbability: MetricValue
    let positiveShare: MetricValue
    /// Of the share of positives, for other patients.
    let interval: Available<Interval>
  }

  struct OfRun: Codable, Hashable, Sendable {
    let initialization: String
    let seed: Int
    let classes: [OfClass]
    /// Fitted on the validation set.
    let temperature: Available<Temperature>
    let before: Errors
    let after: Available<Errors>
    let bins: [Bin]
  }

  struct OfTask: Codable, Hashable, Sendable {
    let task: String
    let runs: [OfRun]
    /// The task's first metric, by whose median the runs are chosen.
    let metric: String
    let note: [String]
    /// The initialization with the best mean of the task's first metric.
    let best: String?
  }

  let tasks: [OfTask]
  /// Names in the order of their looks.
  let lookOrder: [String]

  static let binCount = 10

  static func part(of group: GroupContents) -> CountedRuns? { CountedRuns(group) }

  static func make(_ parts: [CellGroup.Key: CountedRuns], _ context: SectionContext) throws -> CalibrationSection? {
    let tasks = try context.ofMedianRuns(parts, OfRun.init).map { found in
      OfTask(
        task: found.task.name, runs: found.values, metric: found.task.kind.title(of: found.task.kind.tableMetrics[0]), note: found.note,
        best: context.shown(found.task).best)
    }
    return tasks.isEmpty ? nil : CalibrationSection(tasks: tasks, lookOrder: context.lookOrder)
  }

  var title: String { "Calibration" }

  var methods: String {
    let scaled =
      tasks.contains { $0.runs.contains { $0.temperature.known != nil } }
      ? " One temperature a network (Guo et al. 2017) was fitted on its validation set by the least log loss, and applied to the test set as it was." : ""
    return
      "Calibration is that of one run an initialization, \(medianRunWords(tasks.map(\.metric))). Slope (logistic regression of the truth on the logits) and intercept (slope held at "
      + "1) have Wald intervals, clustered by patient where one has several images; O:E, the observed over the expected number of positives, has Student's t on the "
      + "log scale by the jackknife over patients. The Brier score is parted by isotonic regression (CORP: Dimitriadis, Gneiting and Jordan 2021). Reliability curves have \(Self.binCount) bins of equal "
      + "width, with Wilson's intervals by patient.\(scaled)"
  }
}

extension CalibrationSection.OfRun {
  init(_ run: MedianPredictions) {
    initialization = run.initialization
    seed = run.seed
    let columns = run.test.columns, patients = run.patients
    classes = zip(run.test.classNames, columns).map { name, column in
      CalibrationSection.OfClass(
        name: name,
        recalibration: Recalibration.make(probabilities: column.probabilities, targets: column.targets, patients: patients),
        warning: Recalibration.warning(targets: column.targets, patients: patients),
        brier: BrierDecomposition.make(probabilities: column.probabilities, targets: column.targets))
    }
    let scaling = TemperatureScaling.make(run)
    temperature = scaling.map(\.temperature)
    before = .init(run.test)
    after = scaling.map { .init($0.applied(to: run.test)) }
    bins = Self.bins(columns, patients)
  }

  /// Of all classes together.
  private static func bins(_ columns: [(targets: [Float], probabilities: [Double])], _ patients: [String]) -> [CalibrationSection.Bin] {
    let count = CalibrationSection.binCount
    let curve = ReliabilityCurve.make(
      probabilities: columns.flatMap(\.probabilities), targets: columns.flatMap(\.targets), binCount: count)
    var members = [[(isPositive: Bool, patient: String)]](repeating: [], count: count)
    guard let curve = curve.known else { return [] }
    for column in columns {
      for (row, target) in column.targets.enumerated() where !target.isNaN {
        members[ReliabilityCurve.bin(of: column.probabilities[row], among: count)].append((target == 1, patients[row]))
      }
    }
    return zip(curve.bins, members).map { bin, members in
      CalibrationSection.Bin(
        lower: bin.lower, upper: bin.upper, count: bin.count, meanProbability: bin.meanProbability, positiveShare: bin.positiveShare,
        interval: members.isEmpty
          ? .notAvailable(reason: "the bin is empty") : Proportion.interval(members.map(\.isPositive), patients: members.map(\.patient)))
    }
  }
}

extension CalibrationSection.Errors {
  fileprivate init(_ predictions: ClassificationPredictions) {
    let wanted: [MetricName] = [.logLoss, .calibrationError, .brier]
    let measures = PredictionMeasures(.classification(predictions), thresholds: .notAvailable(reason: "not needed"), wanted: Set(wanted))
    let values = Dictionary(uniqueKeysWithValues: zip(measures.keys, measures.values()))
    func value(_ metric: MetricName) -> MetricValue { values[.init(metric: metric)] ?? .undefined(reason: "there is no class") }
    self.init(logLoss: value(.logLoss), calibrationError: value(.calibrationError), brier: value(.brier))
  }
}

/// One temperature of a network: of the softmax where its classes exclude each other, else of the sigmoids of all its classes together.
private struct TemperatureScaling {
  let temperature: Temperature
  let isSoftmax: Bool

  static func make(_ run: MedianPredictions) -> Available<TemperatureScaling> {
    guard case .classification(let validation) = run.validation else {
      return .notAvailable(reason: "there are no validation predictions, on which a temperature could be fitted")
    }
    if run.test.areExclusive && validation.areExclusive {
      return Temperature.ofSoftmax(
        probabilities: validation.rows.map(\.probabilities), truths: validation.rows.map { $0.targets.firstIndex(of: 1) ?? 0 }
      ).map { TemperatureScaling(temperature: $0, isSoftmax: true) }
    }
    return Temperature.ofSigmoid(
      probabilities: validation.rows.flatMap(\.probabilities), targets: validation.rows.flatMap(\.targets)
    ).map { TemperatureScaling(temperature: $0, isSoftmax: false) }
  }

  func applied(to test: ClassificationPredictions) -> ClassificationPredictions {
    var scaled = test
    scaled.rows = test.rows.map { row in
      .init(
        id: row.id, patient: row.patient, targets: row.targets,
        probabilities: isSoftmax ? temperature.applied(to: row.probabilities) : row.probabilities.map { temperature.applied(to: $0) })
    }
    return scaled
  }
}
