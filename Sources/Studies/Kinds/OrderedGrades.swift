internal import Metrics

extension TaskKind {
  /// Exactly one of several grades an image, in their order, such as of a retinopathy; judged by Cohen's kappa with quadratic weights
  /// (Cohen 1968), a wrong grade weighing by the square of how far it is from the true one.
  ///
  /// The network answers as for any classes that exclude each other, by a softmax over the grades, and a grade is the most probable one;
  /// the order is in how the answers are judged, not in how they are trained.
  public static let orderedGrades = TaskKind(
    "orderedGrades", answer: .oneClass, hasOrderedClasses: true, recipe: Recipe.classification.changed { $0.loss = .softmaxCrossEntropy },
    losses: [.softmaxCrossEntropy], tableMetrics: [.cohenKappaQuadratic, .aurocMacro])
}
