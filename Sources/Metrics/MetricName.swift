/// What is computed from predictions. A value belongs to one class, or is the plain mean over the classes that have one.
public enum MetricName: String, Codable, Sendable, CaseIterable {
  /// The AUROC of one class.
  case auroc
  /// The plain mean of the classes' AUROC.
  case aurocMacro
  case averagePrecision
  /// These four are of the decisions at a threshold that was fixed on the validation set.
  case f1
  case sensitivity
  case specificity
  case accuracy
  /// The greatest sensitivity at a specificity of at least 0.90, on the test set's own ROC curve.
  case sensitivityAtSpecificity90
  case sensitivityAtSpecificity95
  /// These three are of classes that exclude each other, each image taken for its most probable class.
  case multiclassAccuracy
  case balancedAccuracy
  case cohenKappa
  case brier
  /// The expected calibration error over 15 bins of equal width.
  case calibrationError
  /// Dice of the pixels of all images together.
  case dicePooled
  /// The plain mean of the images' Dice.
  case dicePerImage
  case iouPooled
  case iouPerImage
  /// The mean over the images of the 95 % Hausdorff distance, in pixels of the network's input.
  case hausdorff95
  /// The mean over the images of the normalized surface distance.
  case normalizedSurfaceDistance
  /// Of the pixels of all images together.
  case pixelSensitivity
  case pixelPrecision

  /// What tables call it.
  public var title: String {
    switch self {
    case .auroc: "AUROC"
    case .aurocMacro: "AUROC (macro)"
    case .averagePrecision: "Average precision"
    case .f1: "F1"
    case .sensitivity: "Sensitivity"
    case .specificity: "Specificity"
    case .accuracy: "Accuracy"
    case .sensitivityAtSpecificity90: "Sensitivity at 90 % specificity"
    case .sensitivityAtSpecificity95: "Sensitivity at 95 % specificity"
    case .multiclassAccuracy: "Accuracy (all classes)"
    case .balancedAccuracy: "Balanced accuracy"
    case .cohenKappa: "Cohen's kappa"
    case .brier: "Brier score"
    case .calibrationError: "Expected calibration error"
    case .dicePooled: "Dice (pooled)"
    case .dicePerImage: "Dice (per image)"
    case .iouPooled: "IoU (pooled)"
    case .iouPerImage: "IoU (per image)"
    case .hausdorff95: "HD95, px"
    case .normalizedSurfaceDistance: "NSD"
    case .pixelSensitivity: "Sensitivity (pixels)"
    case .pixelPrecision: "Precision (pixels)"
    }
  }

  public var isHigherBetter: Bool {
    switch self {
    case .brier, .calibrationError, .hausdorff95: false
    default: true
    }
  }

  /// Whether it lies in 0...1, so that tables may give it in percent.
  public var isFraction: Bool { self != .hausdorff95 && self != .cohenKappa }

  /// Whether it needs thresholds that were fixed on the validation set.
  public var needsThreshold: Bool { [.f1, .sensitivity, .specificity, .accuracy].contains(self) }

  public var isOfSegmentation: Bool {
    switch self {
    case .dicePooled, .dicePerImage, .iouPooled, .iouPerImage, .hausdorff95, .normalizedSurfaceDistance, .pixelSensitivity,
      .pixelPrecision:
      true
    default: false
    }
  }

  /// The metrics of one class, in the order of tables; their mean over the classes has the same name but for the AUROC's.
  public static let ofClassification: [MetricName] = [
    .auroc, .averagePrecision, .f1, .sensitivity, .specificity, .accuracy, .sensitivityAtSpecificity90, .sensitivityAtSpecificity95,
    .brier, .calibrationError,
  ]

  /// The metrics of all classes together, where they exclude each other.
  public static let ofExclusiveClasses: [MetricName] = [.multiclassAccuracy, .balancedAccuracy, .cohenKappa]

  public static let ofSegmentation: [MetricName] = allCases.filter(\.isOfSegmentation)

  /// The name of the mean over classes.
  public var macro: MetricName { self == .auroc ? .aurocMacro : self }
}
