internal import Metrics

extension TaskKind {
  /// One number an image, or several in one unit; judged by the mean absolute error in that unit.
  ///
  /// The recipe is the classification's with the mean squared error, as EchoNet-Dynamic trains ejection fractions by (Ouyang et al. 2020,
  /// Nature 580); targets are standardized by the training images' mean and standard deviation, so that the learning rate need not know
  /// the unit.
  public static let regression = TaskKind(
    "regression", answer: .numbers, recipe: Recipe.classification.changed { $0.loss = .meanSquaredError },
    losses: [.meanSquaredError, .huber], tableMetrics: [.meanAbsoluteError])
}
