/// The kinds of figures, each made by the description in the file of its name.
public enum FigureKind: String, CaseIterable, Sendable {
  /// Bars with error bars and significance brackets: few initializations on several tasks.
  case bars
  /// Numbered bars against a baseline's line and band, with a mark above each: many initializations on several tasks.
  case numberedBars
  /// A metric by epoch or by amount of training images, mean and band over runs: how fast each initialization learns.
  case learningCurves
  /// A line for each architecture or initialization over tasks, every task on its own scale.
  case parallelCoordinates
  /// Differences of two models around zero: how the winner changes with the amount of data.
  case differenceBars
  /// Lying bars with error bars, in groups, with the difference that matters beside them.
  case horizontalBars
  /// Numbered dots in the colors of their families, with a baseline.
  case dotPlot
  /// Dots with lying intervals in rows, several series in each: initializations in the strata of a test set.
  case forest
  /// The runs themselves, with median and quartiles.
  case boxPlot
  /// Average ranks over tasks; a bar joins those that cannot be told apart.
  case criticalDifference
  /// Sensitivity by false-positive rate, with bands.
  case receiverOperating
  /// Observed frequency by predicted probability, with how many images fall where.
  case reliability
  /// Net benefit by threshold beside acting on all and on none, and how far two curves are apart.
  case decisionCurves
  /// A value for each pair, such as the p-values of all comparisons.
  case matrix
  /// Images in rows and columns: segmentations over their images, or where a network looks.
  case images
  /// Results by the amount of training images, to scale, and how many of them the reference needs to do as well.
  case amountCurves
  /// Predicted against true numbers, and their differences with bias and limits of agreement.
  case agreement
}
