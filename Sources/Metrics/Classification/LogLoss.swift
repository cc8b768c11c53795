internal import Foundation
internal import Foundations

/// The mean binary cross-entropy −(y·ln p + (1 − y)·ln(1 − p)), each logarithm held at or above −100 as `binaryCrossEntropy` has it.
enum LogLoss: ClassRowMetric {
  static let name = "logLoss", title = "Log loss"
  static let unit = MetricName.Unit.number
  static let direction = MetricName.Direction.lower
  static let range = 0.0...100.0
  static let interval = MetricName.IntervalMethod.mean
  static func value(probability: Double, isPositive: Bool, isCalled: Bool?) -> Double? {
    -max(isPositive ? log(probability) : log1p(-probability), -100)
  }
  static func value(of sample: ClassSample) -> MetricValue {
    MetricValue(
      sample.labeled.map { rows in
        let total = rows.reduce(0) { $0 + $1.weight }
        let sum = rows.reduce(0.0) { sum, row in
          sum + Double(row.weight) * (value(probability: row.probability, isPositive: row.isPositive, isCalled: nil) ?? 0)
        }
        return sum / Double(total)
      })
  }
}

extension MetricName {
  public static let logLoss = MetricName(LogLoss.self)
}
