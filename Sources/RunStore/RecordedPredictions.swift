public import Metrics

/// What a trained network says about every test image, as `predictions.csv` holds it.
public enum RecordedPredictions: Hashable, Sendable {
  case classification(RecordedProbabilities)
  case segmentation(RecordedPixelCounts)

  /// The metrics of the predictions. Every reported number comes from here.
  public var metrics: RunMetrics {
    switch self {
    case .classification(let predictions): predictions.metrics
    case .segmentation(let predictions): predictions.metrics
    }
  }
}

/// Probabilities of classes, with the truth.
public struct RecordedProbabilities: Hashable, Sendable {
  public struct Row: Sendable {
    public let id: String
    public let patient: String?
    /// 0, 1, or NaN where the label is not known; one a class.
    public let targets: [Float]
    /// In 0…1; one a class.
    public let probabilities: [Double]

    public init(id: String, patient: String?, targets: [Float], probabilities: [Double]) {
      self.id = id
      self.patient = patient
      self.targets = targets
      self.probabilities = probabilities
    }
  }

  public let classNames: [String]
  public var rows: [Row]

  public init(classNames: [String], rows: [Row] = []) {
    self.classNames = classNames
    self.rows = rows
  }

  var metrics: RunMetrics {
    let result = MultiLabelAUROC(
      scores: rows.flatMap(\.probabilities), targets: rows.flatMap(\.targets), classNames: classNames)
    let perClass = result.classes.map { RunMetrics.Entry(metric: .auroc, className: $0.name, value: $0.value) }
    return RunMetrics(entries: [RunMetrics.Entry(metric: .aurocMacro, value: result.macro)] + perClass, imageCount: rows.count)
  }
}

extension RecordedProbabilities.Row: Hashable {
  /// By bit pattern, so that a label that is not known equals another that is not.
  public static func == (first: Self, second: Self) -> Bool {
    first.id == second.id && first.patient == second.patient
      && first.targets.map(\.bitPattern) == second.targets.map(\.bitPattern)
      && first.probabilities.map(\.bitPattern) == second.probabilities.map(\.bitPattern)
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// Pixel counts of masks against the truth, at the network's resolution.
public struct RecordedPixelCounts: Hashable, Sendable {
  public struct Row: Hashable, Sendable {
    public let id: String
    public let patient: String?
    public let counts: PixelConfusion

    public init(id: String, patient: String?, counts: PixelConfusion) {
      self.id = id
      self.patient = patient
      self.counts = counts
    }
  }

  public var rows: [Row]

  public init(rows: [Row] = []) { self.rows = rows }

  var metrics: RunMetrics {
    let dice = Dice(images: rows.map(\.counts))
    return RunMetrics(
      entries: [
        RunMetrics.Entry(metric: .dicePooled, value: dice.pooled), RunMetrics.Entry(metric: .dicePerImage, value: dice.perImage),
      ], imageCount: rows.count)
  }
}
