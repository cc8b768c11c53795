internal import Foundation
public import Foundations

/// The interval over patients of an AUROC, or of the plain mean of the AUROCs of several classes, from DeLong's placements, of several classes
/// summed over classes and a patient's samples (`PatientDeviations.ofMeanAUROC`).
public struct MacroAUROC: Sendable {
  public let interval: Available<Interval>
  /// How many patients carry the variance (`PatientDeviations.carrierCount`).
  public let carrierCount: Double

  /// On the logit scale, with Student's t: logit θ̂ ± t(1 − α/2; ν)·se/(θ̂(1 − θ̂)), θ̂ = 1/K·Σₖ θ̂ₖ, with Brunner and Munzel's degrees of
  /// freedom (2000, Biometrical Journal 42; on the logit scale Konietschke, Hothorn and Brunner 2012, Electronic Journal of Statistics 6),
  ///
  ///     ν = (V₁₀ + V₀₁)² / (V₁₀²/(m − 1) + V₀₁²/(n − 1))
  ///
  /// for the parts V₁₀ of the m patients with the finding and V₀₁ of the n without it; of several classes the sums go over the parts of
  /// all. With the normal quantile in its place as few as 74 of 100 hold the truth where five patients have the finding.
  ///
  /// - Parameters:
  ///   - scores: `[class][sample]`.
  ///   - targets: `[class][sample]`: 1, 0, or NaN where the label is not known. A class without a positive or a negative sample
  ///     is left out, as it is of the mean.
  ///   - clusters: one per sample, equal for the samples of one patient; nil where each sample is its own.
  ///   - mean: the mean AUROC over the classes that have one.
  public static func make(
    scores: [[Double]], targets: [[Float]], clusters: [String]? = nil, mean: Double, level: Double = 0.95
  ) -> Available<MacroAUROC> {
    Available { () throws(Unavailable) in try PatientPlaces(clusters, rowCount: targets.first?.count ?? 0) }.flatMap {
      make(scores: scores, targets: targets, among: $0, mean: mean, level: level)
    }
  }

  /// The same of samples whose patients are looked up already.
  public static func make(
    scores: [[Double]], targets: [[Float]], among patients: PatientPlaces, mean: Double, level: Double = 0.95
  ) -> Available<MacroAUROC> {
    PatientDeviations.withKinds(scores: scores, targets: targets, among: patients).map { found in
      let kinds = found.kinds()
      let one = patients.count == patients.ofRow.count ? "DeLong" : "DeLong, clustered by patient"
      let method = targets.count == 1 ? one : "DeLong's placements summed over classes by patient"
      let interval = Available<Interval> { () throws(Unavailable) in
        let error = found.deviations.variance.squareRoot()
        guard error > 0 && mean > 0 && mean < 1 else { throw Unavailable("the \(targets.count == 1 ? "" : "mean ")AUROC of \(mean) has a variance of 0") }
        let quantile = try StudentT.halfWidth(level: level, degreesOfFreedom: max(1, kinds.degreesOfFreedom))
        return .onLogitScale(mean, half: quantile * error, level: level, method: method)
      }
      return MacroAUROC(interval: interval, carrierCount: PatientDeviations.carrierCount(of: kinds.plainInfluences))
    }
  }
}
