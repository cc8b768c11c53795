internal import Foundation
internal import Foundations

/// The mean binary cross-entropy −(y·ln p + (1 − y)·ln(1 − p)), each logarithm held at or above −100 as `binaryCrossEntropy` has it.
enum LogLoss: ClassMetric {
  static let name = "logLoss", title = "Log loss"
  static let unit = MetricName.Unit.number
  static let direction = MetricName.Direction.lower
  static let range = 0.0...100.0
  static func value(of sample: ClassSample) -> MetricValue {
    MetricValue(
      sample.labeled.map { rows in
        let total = rows.reduce(0) { $0 + $1.weight }
        let sum = rows.reduce(0.0) { sum, row in
          sum + Double(row.weight) * max(row.isPositive ? log(row.probability) : log1p(-row.probability), -100)
        }
        return -sum / Double(total)
      })
  }
}

extension MetricName {
  public static let logLoss = MetricName(LogLoss.self)
}
