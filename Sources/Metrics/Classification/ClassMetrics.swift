internal import Foundations

/// The AUROC of one class.
enum AUROC: ClassMetric {
  static let name = "auroc", title = "AUROC"
  static let overFolds = MetricName.OverFolds.mean
  static let interval = MetricName.IntervalMethod.deLong
  static let macro = MetricName.aurocMacro
  static func value(of sample: ClassSample) -> MetricValue { MetricValue(sample.counted.map(\.areaUnderROC)) }
}

/// The plain mean of the classes' AUROC.
enum MeanAUROC: ClassMetric {
  static let name = "aurocMacro", title = "AUROC (macro)"
  static let overFolds = MetricName.OverFolds.mean
  static let interval = MetricName.IntervalMethod.deLong
  static func value(of sample: ClassSample) -> MetricValue { AUROC.value(of: sample) }
}

enum AveragePrecision: ClassMetric {
  static let name = "averagePrecision", title = "Average precision"
  static let overFolds = MetricName.OverFolds.mean
  static let interval = MetricName.IntervalMethod.jackknife
  static func value(of sample: ClassSample) -> MetricValue { MetricValue(sample.counted.map(\.averagePrecision)) }
}

/// The greatest sensitivity at a specificity of at least 0.90, on the test set's own ROC curve.
enum SensitivityAtSpecificity90: ClassMetric {
  static let name = "sensitivityAtSpecificity90", title = "Sensitivity at 90 % specificity"
  static let overFolds = MetricName.OverFolds.mean
  static let interval = MetricName.IntervalMethod.percentiles
  static func value(of sample: ClassSample) -> MetricValue { MetricValue(sample.counted.map { $0.sensitivity(atSpecificity: 0.9) }) }
}

enum SensitivityAtSpecificity95: ClassMetric {
  static let name = "sensitivityAtSpecificity95", title = "Sensitivity at 95 % specificity"
  static let overFolds = MetricName.OverFolds.mean
  static let interval = MetricName.IntervalMethod.percentiles
  static func value(of sample: ClassSample) -> MetricValue { MetricValue(sample.counted.map { $0.sensitivity(atSpecificity: 0.95) }) }
}

enum Brier: ClassRowMetric {
  static let name = "brier", title = "Brier score"
  static let direction = MetricName.Direction.lower
  static let interval = MetricName.IntervalMethod.mean
  static func value(probability: Double, isPositive: Bool, isCalled: Bool?) -> Double? {
    let error = probability - (isPositive ? 1 : 0)
    return error * error
  }
  static func value(of sample: ClassSample) -> MetricValue { MetricValue(sample.labeled.map(brierScore)) }
}

/// The expected calibration error over 15 bins of equal width.
enum CalibrationError: ClassMetric {
  static let name = "calibrationError", title = "Expected calibration error"
  static let direction = MetricName.Direction.lower
  // Of a network that is calibrated half of the intervals at most hold the truth with 500 images, whether BCa, percentiles or the jackknife's.
  static let interval = MetricName.IntervalMethod.notAvailable(
    reason: "few images make it larger than it is, by more than an interval shows; the calibration slope, intercept and O:E have one")
  static func value(of sample: ClassSample) -> MetricValue {
    MetricValue(sample.labeled.map { ReliabilityCurve($0).expectedCalibrationError })
  }
}

extension MetricName {
  public static let auroc = MetricName(AUROC.self)
  public static let aurocMacro = MetricName(MeanAUROC.self)
  public static let averagePrecision = MetricName(AveragePrecision.self)
  public static let sensitivityAtSpecificity90 = MetricName(SensitivityAtSpecificity90.self)
  public static let sensitivityAtSpecificity95 = MetricName(SensitivityAtSpecificity95.self)
  public static let brier = MetricName(Brier.self)
  public static let calibrationError = MetricName(CalibrationError.self)
}
