internal import Foundations
internal import Metrics
internal import Statistics

extension PatientDeviations {
  /// How patients move a metric that is made of means over rows, or of ratios of sums over them: those of the plain mean of its parts.
  static func ofMetric(_ parts: MetricParts, among patients: PatientPlaces) -> Available<PatientDeviations> {
    let found: [Available<PatientDeviations>] =
      switch parts {
      case .means(let columns):
        columns.map { column in
          ofMean(column.map { $0 ?? 0 }, among: patients, rows: column.indices.filter { column[$0] != nil })
        }
      case .ratios(let columns):
        columns.map { column in
          ofRatio(
            numerators: column.map { $0?.above ?? 0 }, denominators: column.map { $0?.below ?? 0 }, among: patients,
            rows: column.indices.filter { column[$0] != nil })
        }
      }
    return Available<[PatientDeviations]>.all(found).flatMap { mean(of: $0) }
  }
}
