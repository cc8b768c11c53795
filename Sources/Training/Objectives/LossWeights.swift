import Datasets
import Foundations
import Loading
import Studies

/// How much the classes weigh in the loss, as the recipe's `classWeights` has it.
///
/// Where an image can have several classes, the weight of a class is that of its positive labels; where it has exactly one, that of
/// the images of the class. `balanced`, counted on the training images with a known label, after the label policy:
///
/// - of several classes: negatives / positives, so that both sides of a class weigh the same;
/// - of exactly one of k classes: n / (k nᶜ), so that all classes weigh the same.
///
/// Of segmentations of several classes the same over pixels, in the cross entropy alone: of masks that may overlap each pixel has or has not the
/// class; of a label map it is of exactly one of k classes, the background being one of them, whose weight is that of the name “background”.
///
/// A class of which one side (or every image) is missing has nothing to balance, and weighs 1.
struct LossWeights: Equatable {
  /// What the background of a label map is called, unless a class is.
  static let background = "background"

  /// In the order of the classes; of a label map that of the background first.
  let values: [Double]

  /// Nil where the recipe weighs nothing.
  ///
  /// - Parameters:
  ///   - kind: of the task; nil for a classification.
  ///   - splits: with labels as the recipe's policy makes them.
  ///   - cache: spares the decoding of masks, whose pixels `balanced` counts.
  /// - Throws: `TrainingError` for a weight of a class that the data do not have; the error of a file that the system does not give.
  init?(_ recipe: Recipe, kind: TaskKind? = nil, splits: DatasetSplits, cache: SampleCache? = nil) throws {
    if let kind, kind.hasSeveralMasks {
      guard let found = try Self.ofMasks(recipe, kind: kind, splits: splits, cache: cache) else { return nil }
      values = found
      return
    }
    switch recipe.classWeights {
    case nil: return nil
    case .perClass(let named)?: values = try Self.said(named, of: splits.classNames)
    case .balanced?:
      let areExclusive = recipe.loss == .softmaxCrossEntropy
      values = splits.classNames.indices.map { index in
        let known = splits.training.map { Double($0.labels[index]) }.filter { !$0.isNaN }
        return Self.balanced(known.reduce(0, +), among: Double(known.count), ofExclusive: areExclusive ? splits.classNames.count : nil)
      }
    }
  }

  private static func ofMasks(_ recipe: Recipe, kind: TaskKind, splits: DatasetSplits, cache: SampleCache?) throws -> [Double]? {
    let isLabelMap = kind.answer == .labelMap
    let names = (isLabelMap ? [splits.maskClasses.contains(background) ? "" : background] : []) + splits.maskClasses
    switch recipe.classWeights {
    case nil: return nil
    case .perClass(let named)?: return try said(named, of: names)
    case .balanced?:
      let pixels = try splits.trainingPixels(recipe: recipe, kind: kind, cache: cache), all = Double(pixels.counted)
      if isLabelMap {
        let counts = [pixels.ofNone] + pixels.ofClasses
        return counts.map { balanced(Double($0), among: all, ofExclusive: counts.count) }
      }
      return pixels.ofClasses.map { balanced(Double($0), among: all) }
    }
  }

  /// What the recipe says of each class, 1 where it says nothing. A background that no name can mean is called "".
  private static func said(_ named: [String: Double], of names: [String]) throws -> [Double] {
    if let unknown = named.keys.sorted().first(where: { !names.contains($0) }) {
      throw TrainingError.noSuchClass(unknown, classes: names.filter { !$0.isEmpty })
    }
    return names.map { named[$0] ?? 1 }
  }

  /// The weight of a class that so many of all are of; 1 where none is, or all are.
  ///
  /// - Parameter classCount: of classes that exclude each other; nil where they do not.
  private static func balanced(_ positives: Double, among all: Double, ofExclusive classCount: Int? = nil) -> Double {
    if let classCount { return positives > 0 ? all / (Double(classCount) * positives) : 1 }
    return positives > 0 && positives < all ? (all - positives) / positives : 1
  }
}
