extension MetricName {
  /// Every metric that there is, in the order of tables; a new one is one line here.
  static let catalog: [MetricName] = [
    .auroc,
    .aurocMacro,
    .averagePrecision,
    .f1,
    .sensitivity,
    .specificity,
    .accuracy,
    .sensitivityAtSpecificity90,
    .sensitivityAtSpecificity95,
    .multiclassAccuracy,
    .balancedAccuracy,
    .cohenKappa,
    .brier,
    .calibrationError,
    .dicePooled,
    .dicePerImage,
    .iouPooled,
    .iouPerImage,
    .hausdorff95,
    .normalizedSurfaceDistance,
    .pixelSensitivity,
    .pixelPrecision,
  ]
}
