import Datasets
import Foundations
import Studies

/// How much the classes weigh in the loss, as the recipe's `classWeights` has it.
///
/// Where an image can have several classes, the weight of a class is that of its positive labels; where it has exactly one, that of
/// the images of the class. `balanced`, counted on the training images with a known label, after the label policy:
///
/// - of several classes: negatives / positives, so that both sides of a class weigh the same;
/// - of exactly one of k classes: n / (k nᶜ), so that all classes weigh the same.
///
/// A class of which one side (or every image) is missing has nothing to balance, and weighs 1.
struct LossWeights: Equatable {
  /// In the order of the classes.
  let values: [Double]

  /// Nil where the recipe weighs nothing.
  ///
  /// - Parameter splits: with labels as the recipe's policy makes them.
  /// - Throws: `TrainingError` for a weight of a class that the data do not have.
  init?(_ recipe: Recipe, splits: DatasetSplits) throws {
    switch recipe.classWeights {
    case nil: return nil
    case .perClass(let named)?:
      if let unknown = named.keys.sorted().first(where: { !splits.classNames.contains($0) }) {
        throw TrainingError.noSuchClass(unknown, classes: splits.classNames)
      }
      values = splits.classNames.map { named[$0] ?? 1 }
    case .balanced?:
      let areExclusive = recipe.loss == .softmaxCrossEntropy
      values = splits.classNames.indices.map { index in
        let known = splits.training.map { Double($0.labels[index]) }.filter { !$0.isNaN }
        let positives = known.reduce(0, +), count = Double(known.count)
        if areExclusive { return positives > 0 ? count / (Double(splits.classNames.count) * positives) : 1 }
        return positives > 0 && positives < count ? (count - positives) / positives : 1
      }
    }
  }
}
