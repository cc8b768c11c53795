/// What a backbone says of some images: `[images, features]`, row-major, as the network gave it in float32.
public struct FeatureMatrix: Sendable, Equatable {
  public let values: [Float]
  /// Features of an image.
  public let width: Int

  public var count: Int { width == 0 ? 0 : values.count / width }

  /// - Throws: `ProbesError` where the values are no whole rows, or one of them is no number: a network that answers so has nothing to
  ///   be learned from.
  public init(_ values: [Float], width: Int) throws {
    guard width > 0, values.count.isMultiple(of: width) else { throw ProbesError.unevenFeatures(values.count, width: width) }
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      throw ProbesError.featureNotFinite(values[place], row: place / width, column: place % width)
    }
    self.values = values
    self.width = width
  }

  private init(checked values: [Float], width: Int) { (self.values, self.width) = (values, width) }

  public func row(_ index: Int) -> ArraySlice<Float> { values[index * width..<(index + 1) * width] }

  /// Some rows, in the order of `indices`.
  public func rows(_ indices: some Sequence<Int>) -> FeatureMatrix {
    FeatureMatrix(checked: indices.flatMap { values[$0 * width..<($0 + 1) * width] }, width: width)
  }

  /// The features of all images, then those of `other`'s.
  public func appending(_ other: FeatureMatrix) -> FeatureMatrix {
    precondition(width == other.width, "features of one network have one width")
    return FeatureMatrix(checked: values + other.values, width: width)
  }
}

/// How the labels of a task's classes hang together.
public enum ClassRelation: String, Codable, Sendable {
  /// Each class is there or not, whatever the others are: one finding, or several.
  case independent
  /// Exactly one of them.
  case exclusive
}

/// The labels of some images: a number a class, 1 there and 0 not, between them where a policy made an uncertain label so, NaN where it is
/// not known.
public struct ProbeLabels: Sendable {
  public let rows: [[Float]]
  public let classNames: [String]
  public let relation: ClassRelation

  /// - Throws: `ProbesError` for a row that has not one label a class, or a label outside 0…1, and where classes exclude each other for a
  ///   row that is not of exactly one.
  public init(_ rows: [[Float]], classNames: [String], relation: ClassRelation) throws {
    for (index, row) in rows.enumerated() {
      guard row.count == classNames.count, row.allSatisfy({ $0.isNaN || (0...1).contains($0) }) else {
        throw ProbesError.malformedLabels(row, row: index, classes: classNames.count)
      }
      if relation == .exclusive, row.count(where: { $0 == 1 }) != 1 || row.reduce(0, +) != 1 {
        throw ProbesError.notExactlyOneClass(row, row: index)
      }
    }
    self.rows = rows
    self.classNames = classNames
    self.relation = relation
  }

  func fits(_ features: FeatureMatrix) throws {
    if rows.count != features.count { throw ProbesError.countsDiffer(features: features.count, labels: rows.count) }
  }
}
