public import Foundations

/// The interval over patients of a mean AUROC over the classes of a multi-label task, from DeLong's placements summed over classes
/// and a patient's samples (`PatientDeviations.ofMeanAUROC`).
public enum MacroAUROC {
  /// On the logit scale: θ̂ = 1/K·Σₖ θ̂ₖ.
  ///
  /// - Parameters:
  ///   - scores: `[class][sample]`.
  ///   - targets: `[class][sample]`: 1, 0, or NaN where the label is not known. A class without a positive or a negative sample
  ///     is left out, as it is of the mean.
  ///   - clusters: one per sample, equal for the samples of one patient; nil where each sample is its own.
  ///   - mean: the mean AUROC over the classes that have one.
  public static func interval(
    scores: [[Double]], targets: [[Float]], clusters: [String]? = nil, mean: Double, level: Double = 0.95
  ) -> Available<Interval> {
    PatientDeviations.ofMeanAUROC(scores: scores, targets: targets, patients: clusters).flatMap { found in
      Available { () throws(Unavailable) in
        let error = found.deviations.variance.squareRoot()
        guard error > 0 && mean > 0 && mean < 1 else { throw Unavailable("the mean AUROC of \(mean) has a variance of 0") }
        return .onLogitScale(
          mean, half: try Normal.halfWidth(level: level) * error, level: level, method: "DeLong's placements summed over classes by patient")
      }
    }
  }
}
