internal import Foundation
internal import Foundations
internal import Metrics

/// A linear head on finished features: logistic regression, its strength chosen on the validation images.
///
/// One class, or several that are independent: a regression each, all with one C. Classes that exclude each other: one regression with
/// the softmax. Features are scaled over the training images first (`FeatureScaling`), and the weights are given for features as they
/// are. As Kornblith, Shlens and Le 2019 (Do Better ImageNet Models Transfer Better?, CVPR) do, C is taken from a logarithmic grid
/// by what the validation images say; here by the macro AUROC, by which the tasks are judged too. Of equal ones the smallest C is taken.
/// The head is not fitted anew on training and validation images together, as fine-tunings are not either.
public struct LinearProbe: Sendable, Equatable {
  /// 10⁻⁶ … 10², two a decade: for scaled features, from all but the class shares to all but no penalty.
  public static let standardStrengths = (-12...4).map { pow(10, Double($0) / 2) }

  /// What the validation images say of one C.
  public struct Candidate: Codable, Sendable, Equatable {
    public let strength: Double
    /// The macro AUROC on the validation images; nil where it is undefined.
    public let score: Double?
    /// The most over the classes.
    public let iterations: Int
    public let isConverged: Bool
  }

  public let classNames: [String]
  public let relation: ClassRelation
  /// `[classes, features]`, row-major, for features as the network gives them.
  public let weights: [Double]
  /// `[classes]`
  public let intercepts: [Double]
  /// C
  public let strength: Double
  public let candidates: [Candidate]
  /// Classes of which every training image says the same: no direction can be learned for them, and their answer is one number.
  public let oneSidedClasses: [String]

  public var featureCount: Int { weights.count / max(classNames.count, 1) }

  /// - Parameters:
  ///   - scoredClasses: the classes that C is chosen by; nil for all.
  /// - Throws: `ProbesError` where the validation images do not say which C is better, and for a class without a known label.
  public init(
    training: FeatureMatrix, labels: ProbeLabels, validation: FeatureMatrix, validationLabels: ProbeLabels, scoredClasses: [String]? = nil,
    strengths: [Double] = standardStrengths, search: LogisticRegression.Search = .init()
  ) throws {
    try labels.fits(training)
    try validationLabels.fits(validation)
    let scaling = FeatureScaling(training)
    let strengths = strengths.sorted(), fits = try Fits(training, labels, scaling, strengths, search)
    let scored = (scoredClasses ?? labels.classNames).compactMap(labels.classNames.firstIndex(of:))
    var best: (score: Double, head: Head, strength: Double)?, candidates: [Candidate] = [], reason = "there is no C to choose from"
    for (index, strength) in strengths.enumerated() {
      let head = fits.head(index), answers = head.probabilities(of: validation, labels.relation)
      let auroc = MultiLabelAUROC(
        scores: answers.flatMap { row in scored.map { row[$0] } }, targets: validationLabels.rows.flatMap { row in scored.map { row[$0] } },
        classNames: scored.map { labels.classNames[$0] }
      ).macro
      candidates.append(
        Candidate(strength: strength, score: auroc.number, iterations: fits.iterations(index), isConverged: fits.areConverged(index)))
      switch auroc {
      case .value(let score): if score > best?.score ?? -1 { best = (score, head, strength) }
      case .undefined(let why): reason = why
      }
    }
    guard let best else { throw ProbesError.nothingToChooseBy(reason) }
    classNames = labels.classNames
    relation = labels.relation
    (weights, intercepts, strength, oneSidedClasses) = (best.head.weights, best.head.intercepts, best.strength, fits.oneSided)
    self.candidates = candidates
  }

  /// The probability of each class for each image, `[images][classes]`.
  public func probabilities(of features: FeatureMatrix) throws -> [[Double]] {
    guard features.width == featureCount else { throw ProbesError.widthsDiffer(features.width, fitted: featureCount) }
    return Head(weights: weights, intercepts: intercepts).probabilities(of: features, relation)
  }

  /// What must be said of it, each a sentence.
  public var remarks: [String] {
    var remarks: [String] = []
    if !oneSidedClasses.isEmpty {
      remarks.append("All training images have the same label for \(firstFew(oneSidedClasses)), so the linear probe says one number for it.")
    }
    let others = candidates.map(\.strength)
    if candidates.count > 1, strength == others.max() || strength == others.min() {
      remarks.append("The chosen C, \(strength), is an end of the grid from \(others.min() ?? 0) to \(others.max() ?? 0).")
    }
    if let chosen = candidates.first(where: { $0.strength == strength }), !chosen.isConverged {
      remarks.append("The linear probe had not converged after \(chosen.iterations) steps at the chosen C, \(strength).")
    }
    return remarks
  }
}

/// Weights for features as they are.
private struct Head: Sendable {
  let weights: [Double]
  let intercepts: [Double]

  func probabilities(of features: FeatureMatrix, _ relation: ClassRelation) -> [[Double]] {
    let width = features.width
    return features.values.withUnsafeBufferPointer { values in
      weights.withUnsafeBufferPointer { weights in
        guard let values = values.baseAddress, let weights = weights.baseAddress else { return [] }
        return (0..<features.count).map { row in
          relation.probabilities(intercepts.indices.map { dot(values + row * width, weights + $0 * width, width) + intercepts[$0] })
        }
      }
    }
  }
}

extension ClassRelation {
  /// Of scores: the sigmoid of each, or the softmax of all.
  func probabilities(_ scores: [Double]) -> [Double] {
    switch self {
    case .independent: return scores.map { $0 >= 0 ? 1 / (1 + exp(-$0)) : exp($0) / (1 + exp($0)) }
    case .exclusive:
      let highest = scores.max() ?? 0, powers = scores.map { exp($0 - highest) }, sum = powers.reduce(0, +)
      return powers.map { $0 / sum }
    }
  }
}

/// The regressions for each C of a grid.
private struct Fits {
  private let parts: [[LogisticRegression?]]
  private let classCount: Int
  private let shares: [Double]
  private let scaling: FeatureScaling
  let oneSided: [String]

  init(
    _ features: FeatureMatrix, _ labels: ProbeLabels, _ scaling: FeatureScaling, _ strengths: [Double], _ search: LogisticRegression.Search
  ) throws {
    let columns = labels.classNames.indices.map { column in labels.rows.map { $0[column] } }
    let isExclusive = labels.relation == .exclusive
    var oneSided: [Int] = [], shares: [Double] = []
    for (index, column) in columns.enumerated() {
      let known = column.filter { !$0.isNaN }
      guard let first = known.first else { throw ProbesError.nothingToLearnFrom(labels.classNames[index]) }
      if !isExclusive, known.allSatisfy({ $0 == first }) { oneSided.append(index) }
      // Between 0 and 1 also where all are equal (Laplace's rule of succession).
      shares.append((Double(known.reduce(0, +)) + 1) / Double(known.count + 2))
    }
    let classes: [Int?] = isExclusive ? [nil] : columns.indices.map { $0 }
    let targets = isExclusive ? labels.rows.map { $0.firstIndex(of: 1) ?? 0 } : []
    let left = oneSided
    let found = concurrentMap(strengths.count * classes.count) { job in
      Result { () -> LogisticRegression? in
        let strength = strengths[job / classes.count]
        guard let column = classes[job % classes.count] else {
          return try .multinomial(features, targets: targets, classCount: columns.count, scaling: scaling, strength: strength, search: search)
        }
        return left.contains(column)
          ? nil : try .binary(features, targets: columns[column], scaling: scaling, strength: strength, search: search)
      }
    }
    let fits = try found.map { try $0.get() }
    parts = strengths.indices.map { Array(fits[$0 * classes.count..<($0 + 1) * classes.count]) }
    classCount = columns.count
    self.shares = shares
    self.scaling = scaling
    self.oneSided = oneSided.map { labels.classNames[$0] }
  }

  func iterations(_ index: Int) -> Int { parts[index].compactMap(\.self).map(\.iterations).max() ?? 0 }

  func areConverged(_ index: Int) -> Bool { parts[index].allSatisfy { $0?.isConverged ?? true } }

  /// For features as they are: V = W/σ, a = b − V μ.
  func head(_ index: Int) -> Head {
    let width = scaling.means.count
    var weights: [Double] = [], intercepts: [Double] = []
    for (place, part) in parts[index].enumerated() {
      guard let part else {
        weights += [Double](repeating: 0, count: width)
        intercepts.append(log(shares[place] / (1 - shares[place])))
        continue
      }
      for output in part.intercepts.indices {
        let own = (0..<width).map { part.weights[output * width + $0] / scaling.deviations[$0] }
        weights += own
        intercepts.append(part.intercepts[output] - dot(own, scaling.means))
      }
    }
    return Head(weights: weights, intercepts: intercepts)
  }
}
