internal import Foundation
public import Foundations

/// How the mean AUROC over the classes of a multi-label task varies over patients, for several scores of the same samples.
///
/// DeLong's placements say how much each sample moves the AUROC of each class. Summed over classes and over the samples of a
/// patient they are the patient's influence on the mean, and the covariance follows from the influences as for any mean over
/// patients (the clustered form of Obuchowski 1997, Biometrics 53, with every class a part of the cluster):
///
///     cov(θ̂ₐ, θ̂_b) = m/(m − 1)·Σᵢ Dᵢᵃ Dᵢᵇ,  Dᵢ = 1/K·Σₖ [ Σ_positives(V₁₀ − θ̂ₖ)/mₖ + Σ_negatives(V₀₁ − θ̂ₖ)/nₖ ]
///
/// One class without shared patients is DeLong's own covariance.
public enum MacroAUROC {
  /// - Parameters:
  ///   - scores: `[score][class][sample]`.
  ///   - targets: `[class][sample]`: 1, 0, or NaN where the label is not known. A class without a positive or a negative sample
  ///     is left out, as it is of the mean.
  ///   - clusters: one per sample, equal for the samples of one patient; nil where each sample is its own.
  /// - Returns: `[score][score]`.
  public static func caseCovariance(
    scores: [[[Double]]], targets: [[Float]], clusters: [String]? = nil
  ) -> Available<[[Double]]> {
    Available { () throws(Unavailable) in
      let classes = targets.indices.filter { targets[$0].contains(1) && targets[$0].contains(0) }
      guard let sampleCount = targets.first?.count, !classes.isEmpty else {
        throw Unavailable("no class has a positive and a negative sample")
      }
      guard scores.allSatisfy({ $0.count == targets.count && $0.allSatisfy { $0.count == sampleCount } }),
        targets.allSatisfy({ $0.count == sampleCount }), clusters == nil || clusters?.count == sampleCount
      else { throw Unavailable("the scores do not have the same samples and classes") }
      if targets.count == 1 { return try ofOneClass(scores.map { $0[0] }, targets[0], clusters) }
      let clustering = clusters.map { Clustering($0) }
      let count = clustering?.count ?? sampleCount
      guard count > 1 else { throw Unavailable("one patient says nothing about other patients") }
      var influences = scores.map { _ in [Double](repeating: 0, count: count) }
      for index in classes {
        let known = targets[index].indices.filter { !targets[index][$0].isNaN }
        let isPositive = known.map { targets[index][$0] == 1 }
        let positives = isPositive.count { $0 }
        for (score, columns) in scores.enumerated() {
          let placements = Placements(
            known.count == sampleCount ? columns[index] : known.map { columns[index][$0] }, isPositive: isPositive,
            positives: positives, negatives: known.count - positives)
          let ofPositive = Double(positives) * Double(classes.count)
          let ofNegative = Double(known.count - positives) * Double(classes.count)
          for (place, sample) in known.enumerated() {
            influences[score][clustering?.ofRow[sample] ?? sample] +=
              (placements.values[place] - placements.auroc) / (isPositive[place] ? ofPositive : ofNegative)
          }
        }
      }
      let factor = Double(count) / Double(count - 1)
      return influences.map { a in influences.map { b in factor * dot(a, b) } }
    }
  }

  /// The interval over patients of one mean, on the logit scale: θ̂ = 1/K·Σₖ θ̂ₖ, its variance as above.
  ///
  /// - Parameters:
  ///   - scores: `[class][sample]`.
  ///   - targets: `[class][sample]`, as above.
  ///   - mean: the mean AUROC over the classes that have one.
  public static func interval(
    scores: [[Double]], targets: [[Float]], clusters: [String]? = nil, mean: Double, level: Double = 0.95
  ) -> Available<Interval> {
    caseCovariance(scores: [scores], targets: targets, clusters: clusters).flatMap { covariance in
      Available { () throws(Unavailable) in
        let error = max(0, covariance[0][0]).squareRoot()
        guard error > 0 && mean > 0 && mean < 1 else { throw Unavailable("the mean AUROC of \(mean) has a variance of 0") }
        return .onLogitScale(
          mean, half: try Normal.halfWidth(level: level) * error, level: level, method: "DeLong's placements summed over classes by patient")
      }
    }
  }

  private static func ofOneClass(_ scores: [[Double]], _ targets: [Float], _ clusters: [String]?) throws(Unavailable) -> [[Double]] {
    let known = targets.indices.filter { !targets[$0].isNaN }
    let clustering = clusters.map { names in Clustering(known.map { names[$0] }).ofRow }
    return try DeLong.make(
      scores: scores.map { column in known.map { column[$0] } }, isPositive: known.map { targets[$0] == 1 }, clusters: clustering
    ).get().covariance
  }
}
