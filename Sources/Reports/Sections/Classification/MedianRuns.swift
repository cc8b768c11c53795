internal import Foundations
internal import Metrics
internal import RunStore
internal import Studies

/// Where the finished runs of a group of classifications are, for sections that read few of them again once it is known which are shown:
/// what is shown of eight initializations need not be computed, nor kept, of hundreds.
struct CountedRuns: Sendable {
  let cells: [Cell]
  private let imageCounts: [Int]
  /// The place of the run whose first metric is the median of its seeds.
  private let median: Int?

  /// Nil for segmentations, for less than the most training images, where no run is finished, and for the many networks of a cross-validation.
  init?(_ group: GroupContents) {
    guard group.task.kind.isClassification, group.task.folds == nil, group.key.fraction == group.task.largestFraction, !group.runs.isEmpty else { return nil }
    let metric = group.task.kind.tableMetrics[0]
    cells = group.runs.map(\.cell)
    imageCounts = group.runs.map(\.metrics.imageCount)
    median = MedianRun.index(group.runs.map { ($0.cell.seed, $0.metrics.value(of: metric)?.number) })
  }

  /// The predictions of the run at a place, read again.
  func predictions(at place: Int, from source: any RunSource) throws -> ClassificationPredictions? {
    let found = try RunReader(source, run: cells[place].relativePath).predictions(imageCount: imageCounts[place])
    if case .classification(let all) = found { return all }
    return nil
  }

  /// The median run, read again; nil where the metric is undefined in every run.
  func medianRun(from source: any RunSource) throws -> MedianPredictions? {
    guard let median, let test = try predictions(at: median, from: source) else { return nil }
    let validation = try RunReader(source, run: cells[median].relativePath).validationPredictions()
    return MedianPredictions(initialization: cells[median].initialization, seed: cells[median].seed, test: test, validation: validation)
  }
}

/// The predictions of the one run of an initialization whose first metric is the median of its seeds.
struct MedianPredictions {
  let initialization: String
  let seed: Int
  let test: ClassificationPredictions
  /// The same weights' of the validation set; nil in older runs.
  let validation: Predictions?

  /// The patient of each row; an image of no known patient is its own.
  var patients: [String] { Predictions.classification(test).patients }
}

/// What a section has of one task.
struct TaskValues<Value: Sendable>: Sendable {
  let task: StudyOutline.Task
  let note: [String]
  let values: [Value]
}

extension SectionContext {
  /// A value of the median run of each shown initialization, by task; tasks without one are left out.
  func ofMedianRuns<Value: Sendable>(
    _ parts: [CellGroup.Key: CountedRuns], _ value: @Sendable (MedianPredictions) -> Value?
  ) throws -> [TaskValues<Value>] {
    let jobs = outline.tasks.flatMap { task in
      shown(task).names.compactMap { name in
        parts[.init(task: task.name, initialization: name, fraction: task.largestFraction)].map { (task: task.name, runs: $0) }
      }
    }
    let source = source
    let made = try concurrentMap(jobs.count) { index in
      Result { try jobs[index].runs.medianRun(from: source).flatMap(value) }
    }.map { try $0.get() }
    return outline.tasks.compactMap { task in
      let values = zip(jobs, made).compactMap { $0.task == task.name ? $1 : nil }
      return values.isEmpty ? nil : TaskValues(task: task, note: shown(task).note, values: values)
    }
  }
}

/// Which run stands for an initialization.
///
/// - Parameter metrics: the first metrics of the tasks.
func medianRunWords(_ metrics: [String]) -> String {
  "the run whose \(distinct(metrics).joined(separator: " or ")) is the median of its seeds (the lower of two middle ones)"
}
