/// Predicted masks of several classes against the truth: what `SegmentationPredictions` are of one mask, of each class.
///
/// A class that is nowhere in an image, neither in truth nor in the answer, has no value there: it is no part of a mean over images, never
/// 0 and never 1. A class that is nowhere in all images has no value at all, and is no part of a mean over classes.
public struct ClassMaskPredictions: Hashable, Sendable {
  /// In the order of the network's outputs, without the background.
  public let classNames: [String]
  /// One a class, in their order; each has the same images in the same order, and distances in the same unit.
  public private(set) var classes: [SegmentationPredictions]

  /// - Parameter classes: one a name, of rows that are of a class (`isOfClass`).
  public init(classNames: [String], classes: [SegmentationPredictions]) {
    self.classNames = classNames
    self.classes = classes
  }

  /// The rows of the first class, which name the images.
  public var images: [SegmentationPredictions.Row] { classes.first?.rows ?? [] }

  public var unit: DistanceUnit { classes.first?.unit ?? .pixels }
  public var tolerance: Double { classes.first?.tolerance ?? OutlineAgreement.tolerance }
  /// How many images have a file that states its pixel spacing.
  public var spacedCount: Int { classes.first?.spacedCount ?? 0 }

  /// The classes of these names, in their order.
  public func keeping(_ wanted: [String]) -> ClassMaskPredictions {
    let places = wanted.compactMap(classNames.firstIndex(of:))
    return ClassMaskPredictions(classNames: places.map { classNames[$0] }, classes: places.map { classes[$0] })
  }

  /// Without some images.
  public func leavingOut(_ ids: Set<String>) -> ClassMaskPredictions {
    var left = self
    for place in classes.indices { left.classes[place].rows.removeAll { ids.contains($0.id) } }
    return left
  }

  /// Of an image, the mean over the classes of their Dice: those that are drawn or found in it.
  ///
  /// - Returns: nil where none is.
  public func meanDice(ofImage row: Int) -> Double? {
    let values = classes.compactMap { $0.rows[row].isNowhere ? nil : $0.rows[row].counts.dice }
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}

extension PredictionMeasures {
  /// The mean over the classes that have a value first, then each class, metric by metric.
  init(classMasks all: ClassMaskPredictions, wanted: Set<MetricName>?) {
    let metrics = MetricName.ofSegmentation.filter { wanted?.contains($0) ?? true }.compactMap { $0.metric as? any SegmentationMetric.Type }
      .filter { metric in all.classes.contains { metric.isMeasured(in: $0) } }
    let places = Dictionary(zip(all.classNames, all.classes.indices), uniquingKeysWith: { first, _ in first })
    self.init(
      keys: metrics.flatMap { metric in
        [Key(metric: MetricName(metric))] + all.classNames.map { Key(metric: MetricName(metric), className: $0) }
      },
      orderedScores: [],
      compute: { weights in
        let samples = all.classes.map { SegmentationSample($0, weights: weights) }
        return metrics.flatMap { metric in
          let values = samples.map { $0.isEmpty ? MetricValue.undefined(reason: "no image") : metric.value(of: $0) }
          return [Self.mean(values)] + values
        }
      },
      makeParts: { key in
        guard let metric = key.metric.metric as? any SegmentationMetric.Type else { return nil }
        let ofKey = key.className.map { name in places[name].map { [all.classes[$0]] } ?? [] } ?? all.classes
        return MetricParts.mean(of: ofKey.map { metric.parts(of: $0.rows) })
      })
  }
}
