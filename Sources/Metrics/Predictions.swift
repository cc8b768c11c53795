public import Foundations

/// What a trained network says about every image of a set, with the truth; every reported number is computed from these.
public enum Predictions: Hashable, Sendable {
  case classification(ClassificationPredictions)
  case segmentation(SegmentationPredictions)
  case classMasks(ClassMaskPredictions)
  case numbers(NumberPredictions)
}

extension Predictions {
  /// What metrics are computed from: where a network was trained on more classes than its task scores, those that are scored.
  public var scored: Predictions {
    if case .classification(let all) = self { return .classification(all.scored) }
    return self
  }

  /// The columns of some classes or numbers in their order; segmentations of one mask as they are.
  public func keeping(classes names: [String]) -> Predictions {
    switch self {
    case .classification(let all): .classification(all.keeping(classes: names))
    case .numbers(let all): .numbers(all.keeping(names))
    case .classMasks(let all): .classMasks(all.keeping(names))
    case .segmentation: self
    }
  }

  /// Without some images.
  public func leavingOut(_ ids: Set<String>) -> Predictions {
    switch self {
    case .classification(var all):
      all.rows.removeAll { ids.contains($0.id) }
      return .classification(all)
    case .segmentation(var all):
      all.rows.removeAll { ids.contains($0.id) }
      return .segmentation(all)
    case .classMasks(let all): return .classMasks(all.leavingOut(ids))
    case .numbers(var all):
      all.rows.removeAll { ids.contains($0.id) }
      return .numbers(all)
    }
  }

  /// The images, in the order of their rows.
  public var imageIDs: [String] { rowNames.map(\.id) }

  public var imageCount: Int {
    switch self {
    case .classification(let all): all.rows.count
    case .segmentation(let all): all.rows.count
    case .classMasks(let all): all.images.count
    case .numbers(let all): all.rows.count
    }
  }

  /// What the rows answer for, such as classes; empty for a segmentation of one mask an image.
  public var columnNames: [String] {
    switch self {
    case .classification(let all): all.classNames
    case .numbers(let all): all.names
    case .classMasks(let all): all.classNames
    case .segmentation: []
    }
  }

  /// The patient of each row; an image of no known patient is its own.
  public var patients: [String] { rowNames.map { row in row.patient.map { "patient \($0)" } ?? "image \(row.id)" } }

  private var rowNames: [(id: String, patient: String?)] {
    switch self {
    case .classification(let all): all.rows.map { ($0.id, $0.patient) }
    case .segmentation(let all): all.rows.map { ($0.id, $0.patient) }
    case .classMasks(let all): all.images.map { ($0.id, $0.patient) }
    case .numbers(let all): all.rows.map { ($0.id, $0.patient) }
    }
  }
}

/// Probabilities of classes after the sigmoid (after the softmax where they exclude each other), averaged over crops, with the truth.
public struct ClassificationPredictions: Hashable, Sendable {
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
  /// The classes that the task's metrics are of, in their order; nil for all.
  public let scoredClasses: [String]?
  /// Whether the classes are grades, in their order.
  public let areOrdered: Bool
  public var rows: [Row]

  public init(classNames: [String], scoredClasses: [String]? = nil, areOrdered: Bool = false, rows: [Row] = []) {
    self.classNames = classNames
    self.scoredClasses = scoredClasses
    self.areOrdered = areOrdered
    self.rows = rows
  }

  /// The same rows with the scored classes alone, as metrics are computed from.
  public var scored: ClassificationPredictions { scoredClasses.map { keeping(classes: $0) } ?? self }

  /// The same rows with some classes, in their order, all of which then count.
  public func keeping(classes names: [String]) -> ClassificationPredictions {
    let places = names.compactMap(classNames.firstIndex(of:))
    return ClassificationPredictions(
      classNames: places.map { classNames[$0] }, areOrdered: areOrdered,
      rows: rows.map { row in
        Row(
          id: row.id, patient: row.patient, targets: places.map { row.targets[$0] },
          probabilities: places.map { row.probabilities[$0] })
      })
  }

  /// The targets and the probabilities of each class, one a row.
  public var columns: [(targets: [Float], probabilities: [Double])] {
    classNames.indices.map { column in (targets: rows.map { $0.targets[column] }, probabilities: rows.map { $0.probabilities[column] }) }
  }

  /// Whether each row is of exactly one of several classes, in truth and by its probabilities, which then sum to 1.
  public var areExclusive: Bool {
    classNames.count > 1 && !rows.isEmpty
      && rows.allSatisfy { row in
        // Probabilities were averaged in float32.
        row.targets.allSatisfy { $0 == 0 || $0 == 1 } && row.targets.reduce(0, +) == 1 && abs(row.probabilities.reduce(0, +) - 1) < 1e-4
      }
  }

  /// The AUROC of every class over all rows, and their mean.
  public var auroc: MultiLabelAUROC {
    MultiLabelAUROC(scores: rows.flatMap(\.probabilities), targets: rows.flatMap(\.targets), classNames: classNames)
  }
}

extension ClassificationPredictions.Row: Hashable {
  /// By bit pattern, so that a label that is not known equals another that is not.
  public static func == (first: Self, second: Self) -> Bool {
    first.id == second.id && first.patient == second.patient
      && first.targets.map(\.bitPattern) == second.targets.map(\.bitPattern)
      && first.probabilities.map(\.bitPattern) == second.probabilities.map(\.bitPattern)
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// Predicted masks against the truth, at probability > 0.5: pixel counts at the network's resolution, as the 2021 benchmark counts them,
/// and the agreement of outlines and center lines on the pixels of the image's own file.
public struct SegmentationPredictions: Hashable, Sendable {
  public struct Row: Hashable, Sendable {
    public let id: String
    public let patient: String?
    public let counts: PixelConfusion
    /// Nil where it was not measured: in the predictions of older runs.
    public let outline: OutlineAgreement?
    /// Of the image, where its file states it.
    public let spacing: PixelSpacing?
    /// Nil where the task does not ask for it.
    public let centerline: CenterlineAgreement?
    /// Whether the mask is of one class of several. An image in which the class is neither drawn nor found then has no Dice of it, while
    /// a task's only mask that is rightly empty has 1.
    public let isOfClass: Bool

    public init(
      id: String, patient: String?, counts: PixelConfusion, outline: OutlineAgreement? = nil, spacing: PixelSpacing? = nil,
      centerline: CenterlineAgreement? = nil, isOfClass: Bool = false
    ) {
      self.id = id
      self.patient = patient
      self.counts = counts
      self.outline = outline
      self.spacing = spacing
      self.centerline = centerline
      self.isOfClass = isOfClass
    }

    /// Whether it is of a class that is neither drawn nor found in the image.
    public var isNowhere: Bool { isOfClass && counts.truePositives + counts.falsePositives + counts.falseNegatives == 0 }
  }

  public var rows: [Row]
  /// What the rows' distances of outlines are counted in.
  public let unit: DistanceUnit
  /// The tolerance of the rows' normalized surface distances, in the same unit.
  public let tolerance: Double

  public init(rows: [Row] = [], unit: DistanceUnit = .pixels, tolerance: Double = OutlineAgreement.tolerance) {
    self.rows = rows
    self.unit = unit
    self.tolerance = tolerance
  }

  /// How many images have a file that states its pixel spacing.
  public var spacedCount: Int { rows.count { $0.spacing != nil } }

  /// Dice over all rows, pooled and as a mean.
  public var dice: Dice { Dice(images: rows.map(\.counts)) }
}
