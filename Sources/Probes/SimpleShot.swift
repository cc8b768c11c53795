internal import Foundation
public import Foundations

/// Few images a class: the nearest centroid of centered features of unit length, CL2N of Wang, Chao, Weinberger and van der Maaten 2019
/// (SimpleShot, arXiv 1911.04623, sections 3.2 and 3.3),
///
///     x̃ = (x − μ) / ‖x − μ‖,   m_c = the mean of the x̃ of the support of c,   the answer is the c with the least ‖x̃ − m_c‖.
///
/// There μ is the mean over base classes; here, where there are none, over all training images, whose labels it does not use. Supports are
/// drawn from the training images by seed paths, without repetition, images of a class each; a class that is there or not for itself has
/// a support of images with it and one of images without.
public struct SimpleShot: Sendable {
  public static let standardShots = [1, 2, 4, 8, 16]
  public static let standardDraws = 100

  private let features: FeatureMatrix
  private let labels: ProbeLabels
  private let mean: [Double]
  /// x̃ of the training images.
  private let units: [[Double]]

  public init(_ features: FeatureMatrix, labels: ProbeLabels) throws {
    try labels.fits(features)
    self.features = features
    self.labels = labels
    mean = FeatureScaling(features).means
    units = Self.units(features, mean)
  }

  /// The images of each class that a draw's centroids are made of: for each class those with it; for independent classes then those
  /// without.
  public struct Support: Sendable, Equatable {
    /// `[classes][images]`, places among the training images.
    public let present: [[Int]]
    /// The same for images without the class; empty where classes exclude each other.
    public let absent: [[Int]]

    public init(present: [[Int]], absent: [[Int]] = []) { (self.present, self.absent) = (present, absent) }
  }

  /// - Parameters:
  ///   - shots: images a class.
  ///   - seed: of all draws; a draw's follows from it, its number, and the class.
  /// - Throws: `ProbesError` for a class with fewer images.
  public func support(shots: Int, draw: Int, seed: SeedPath) throws -> Support {
    func drawn(_ column: Int, _ label: Float) throws -> [Int] {
      let all = labels.rows.indices.filter { labels.rows[$0][column] == label }, name = labels.classNames[column]
      guard shots >= 1, all.count >= shots else {
        throw ProbesError.tooFewImages(label == 1 ? name : "not \(name)", count: all.count, wanted: shots)
      }
      var random = (seed / "support" / draw / name / (label == 1 ? "present" : "absent")).generator()
      // The order of a draw is that of all its sizes: two images are the first of it and one more.
      return random.permutation(of: all.count).prefix(shots).map { all[$0] }
    }
    let columns = labels.classNames.indices
    return Support(
      present: try columns.map { try drawn($0, 1) }, absent: labels.relation == .exclusive ? [] : try columns.map { try drawn($0, 0) })
  }

  /// Of `standardShots` those that every class has images for, with it and, where classes are independent, without it.
  ///
  /// - Throws: `ProbesError` for a class without any.
  public func shots() throws -> [Int] {
    let found = Self.standardShots.filter { (try? support(shots: $0, draw: 0, seed: SeedPath(0))) != nil }
    // One image is refused with the class that lacks it.
    if found.isEmpty { _ = try support(shots: 1, draw: 0, seed: SeedPath(0)) }
    return found
  }

  /// Images that are asked about, centered and of unit length, for many supports.
  public struct Queries: Sendable {
    fileprivate let units: [[Double]]
  }

  public func queries(_ features: FeatureMatrix) throws -> Queries {
    guard features.width == self.features.width else { throw ProbesError.widthsDiffer(features.width, fitted: self.features.width) }
    return Queries(units: Self.units(features, mean))
  }

  /// How much more each image is like a class than like what it is not, `[images][classes]`, higher for the class. For independent
  /// classes half the difference of the squared distances to both centroids; for classes that exclude each other minus the distance.
  public func scores(of queries: FeatureMatrix, support: Support) throws -> [[Double]] { scores(of: try self.queries(queries), support: support) }

  /// Scores as numbers in 0…1 that keep their order and the decision: the logistic function of an independent class, the softmax of classes
  /// that exclude each other. They are no calibrated probabilities.
  public func probabilities(of queries: Queries, support: Support) -> [[Double]] {
    scores(of: queries, support: support).map { row in
      if support.absent.isEmpty {
        let most = row.max() ?? 0, powers = row.map { exp($0 - most) }, sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
      }
      return row.map { 1 / (1 + exp(-$0)) }
    }
  }

  public func scores(of queries: Queries, support: Support) -> [[Double]] {
    let present = support.present.map(centroid), absent = support.absent.map(centroid)
    return queries.units.map { query in
      present.indices.map { column in
        let near = Self.squaredDistance(query, present[column])
        return absent.isEmpty ? -near.squareRoot() : (Self.squaredDistance(query, absent[column]) - near) / 2
      }
    }
  }

  private func centroid(_ images: [Int]) -> [Double] {
    var sum = [Double](repeating: 0, count: features.width)
    for image in images { for index in sum.indices { sum[index] += units[image][index] } }
    return sum.map { $0 / Double(images.count) }
  }

  private static func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += (a[index] - b[index]) * (a[index] - b[index]) }
    return sum
  }

  private static func units(_ features: FeatureMatrix, _ mean: [Double]) -> [[Double]] {
    (0..<features.count).map { row in
      let centered = zip(features.row(row), mean).map { Double($0) - $1 }, length = dot(centered, centered).squareRoot()
      return length > 0 ? centered.map { $0 / length } : centered
    }
  }
}
