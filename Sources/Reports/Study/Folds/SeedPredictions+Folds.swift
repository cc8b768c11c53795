internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics

extension SeedPredictions {
  /// How each patient moves a metric of a run; of a repeat of a cross-validation as its rule over folds has it.
  func deviations(of metric: MetricName, run: Int, patients: PatientPlaces) -> Available<PatientDeviations> {
    guard let folded = folded[run], metric.overFolds == .mean else { return predictions[run].deviations(of: metric, patients: patients) }
    guard case .classification(let all) = folded.together, metric.interval == .deLong else {
      return .notAvailable(reason: "of the mean over folds of \(metric.title) it is not known how patients move it")
    }
    let columns = all.columns
    return PatientDeviations.ofMeanAUROC(
      scores: columns.map(\.probabilities), targets: columns.map(\.targets), among: patients, folds: folded.rows
    ).map(\.deviations)
  }

  /// The mean over the seeds of each fold's own value; nil where the runs are no repeats of a cross-validation.
  func foldMeans(of metric: MetricName) -> Available<[Double]>? {
    let all = folded.compactMap(\.self)
    guard let first = all.first, all.count == folded.count else { return nil }
    var sums = [Double](repeating: 0, count: first.folds.count)
    for measures in foldMeasures {
      guard measures.count == sums.count else { return .notAvailable(reason: "the repeats do not have the same folds") }
      for (fold, measured) in measures.enumerated() {
        guard let value = measured.value(of: metric)?.number else {
          return .notAvailable(reason: "in fold \(fold + 1) \(measured.value(of: metric)?.reason ?? "there is no \(metric.title)")")
        }
        sums[fold] += value / Double(all.count)
      }
    }
    return .value(sums)
  }

  /// Of one repeat alone the interval of an AUROC for other patients and training images, by which it is told whether it is above chance.
  func foldedInterval(of metric: MetricName) -> Interval? {
    guard folded.contains(where: { $0 != nil }), metric.interval == .deLong,
      let place = MedianRun.index(metrics.enumerated().map { ($0, $1.value(of: metric)?.number) }), let value = metrics[place].value(of: metric)?.number,
      let means = foldMeans(of: metric)?.known
    else { return nil }
    let patients = PatientPlaces(predictions[place].patients)
    return deviations(of: metric, run: place, patients: patients).known.flatMap {
      StratumValue(value: value, deviations: $0.withFolds(means)).fractionInterval().known
    }
  }
}
