/// The mean of |ĝ − g|, how many grades the most probable grade is from the true one.
enum MeanGradeError: ExclusiveRowMetric {
  static let name = "meanGradeError", title = "Mean absolute error, grades"
  static let unit = MetricName.Unit.number
  static let direction = MetricName.Direction.lower
  static let range = 0...Double.infinity
  static let interval = MetricName.IntervalMethod.mean
  static let isOfGrades = true
  static func value(truth: Int, decision: Int) -> Double? { Double(abs(truth - decision)) }
  static func value(of counts: MulticlassConfusion) -> MetricValue { counts.meanDistance }
}

extension MulticlassConfusion {
  /// How many places decisions are from the truth, in the order of the classes.
  var meanDistance: MetricValue {
    var sum = 0, count = 0
    for (truth, row) in counts.enumerated() {
      for (decision, cell) in row.enumerated() {
        sum += abs(truth - decision) * cell
        count += cell
      }
    }
    return count == 0 ? .undefined(reason: "there is no sample") : .value(Double(sum) / Double(count))
  }
}

extension MetricName {
  public static let meanGradeError = MetricName(MeanGradeError.self)
}
