internal import Foundation
internal import Foundations

/// What the most similar training images say of an image: the weighted k-nearest-neighbor classifier of Wu, Xiong, Yu and Lin 2018
/// (Unsupervised Feature Learning via Non-Parametric Instance Discrimination, CVPR, section 3.4),
///
///     p_c(x) = Σ_{i ∈ N_k(x)} w_i y_ic / Σ_{i ∈ N_k(x)} w_i,   w_i = exp(cos(x, x_i) / τ)
///
/// with τ = 0.07 as there, and k = 20 as Caron and others 2021 (DINO) found it to serve best.
///
/// Where each class is asked for itself, N_k(x) are the k nearest of the images whose label of that class is known. Of images that are
/// equally similar the earlier one counts. Nothing is drawn and nothing is fitted.
public struct NearestNeighbors: Sendable {
  public static let standardCount = 20
  public static let standardTemperature = 0.07

  /// The k that is used for each class: the one that was asked for, or all images with a known label where these are fewer.
  public let neighborCounts: [Int]
  public let temperature: Double
  private let features: FeatureMatrix
  private let labels: ProbeLabels
  private let norms: [Double]
  private let isWhollyKnown: Bool

  /// - Parameters:
  ///   - features: of the training images.
  ///   - neighbors: k, at least 1.
  ///   - temperature: τ, at least 0.01; below, exp(1/τ) would be near the end of what numbers hold.
  /// - Throws: `ProbesError` for a setting out of range, and for a class without any known label.
  public init(
    _ features: FeatureMatrix, labels: ProbeLabels, neighbors: Int = standardCount, temperature: Double = standardTemperature
  ) throws {
    try labels.fits(features)
    guard neighbors >= 1 else { throw ProbesError.unusableSetting("The number of neighbors", Double(neighbors), remedy: "Use at least 1.") }
    guard temperature >= 0.01, temperature.isFinite else {
      throw ProbesError.unusableSetting("The temperature", temperature, remedy: "Use a number from 0.01, such as 0.07.")
    }
    neighborCounts = try labels.classNames.enumerated().map { column, name in
      let known = labels.rows.count { !$0[column].isNaN }
      if known == 0 { throw ProbesError.nothingToLearnFrom(name) }
      return min(neighbors, known)
    }
    self.features = features
    self.labels = labels
    self.temperature = temperature
    norms = Self.norms(of: features)
    isWhollyKnown = !labels.rows.contains { $0.contains(where: \.isNaN) }
  }

  /// What was asked for and cannot be had, as a sentence; nil where all can.
  public func remark(asked: Int = standardCount) -> String? {
    guard let fewest = neighborCounts.min(), fewest < asked else { return nil }
    return "There are only \(fewest) training images to vote, fewer than the \(asked) nearest neighbors that were asked for."
  }

  /// The probability of each class for each image, `[images][classes]`; where classes exclude each other, a row sums to 1.
  public func probabilities(of queries: FeatureMatrix) throws -> [[Double]] {
    guard queries.width == features.width else { throw ProbesError.widthsDiffer(queries.width, fitted: features.width) }
    let norms = Self.norms(of: queries)
    return concurrentMap(queries.count) { query in vote(similarities(of: queries, query, norm: norms[query])) }
  }

  /// The cosine of the angle between an image's features and those of each training image; 0 where either has none but zeros.
  private func similarities(of queries: FeatureMatrix, _ query: Int, norm: Double) -> [Double] {
    features.values.withUnsafeBufferPointer { trained in
      queries.values.withUnsafeBufferPointer { asked in
        guard let trained = trained.baseAddress, let asked = asked.baseAddress else { return [] }
        let width = features.width
        return norms.indices.map { index in
          let product = norms[index] * norm
          return product > 0 ? dot(trained + index * width, asked + query * width, width) / product : 0
        }
      }
    }
  }

  private func vote(_ similarities: [Double]) -> [Double] {
    let order = nearest(similarities)
    return labels.classNames.indices.map { column in
      var votes = 0.0, total = 0.0, count = 0
      for index in order {
        let label = labels.rows[index][column]
        if label.isNaN { continue }
        let weight = exp(similarities[index] / temperature)
        votes += weight * Double(label)
        total += weight
        count += 1
        if count == neighborCounts[column] { break }
      }
      return votes / total
    }
  }

  /// The images from the most similar on; where all labels are known, only as many as vote.
  private func nearest(_ similarities: [Double]) -> [Int] {
    func precedes(_ a: Int, _ b: Int) -> Bool { (similarities[b], a) < (similarities[a], b) }
    let mostNeeded = neighborCounts.max() ?? 0
    guard isWhollyKnown, similarities.count > 4 * mostNeeded else { return similarities.indices.sorted(by: precedes) }
    // Those that vote are not below the k-th similarity, which is found among values alone.
    let bound = similarities.sorted(by: >)[mostNeeded - 1]
    return similarities.indices.filter { similarities[$0] >= bound }.sorted(by: precedes)
  }

  private static func norms(of features: FeatureMatrix) -> [Double] {
    features.values.withUnsafeBufferPointer { values in
      guard let first = values.baseAddress else { return [] }
      return (0..<features.count).map { dot(first + $0 * features.width, first + $0 * features.width, features.width).squareRoot() }
    }
  }
}
