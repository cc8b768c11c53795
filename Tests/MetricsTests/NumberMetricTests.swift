import Foundation
import Foundations
import Testing

@testable import Metrics

/// What scikit-learn and SciPy say, from Tools/goldens/number_metrics.py.
private struct NumberGolden: Decodable {
  struct Numbers: Decodable {
    let name: String
    let truths, values: [Double]
    let meanAbsoluteError, rootMeanSquaredError, coefficientOfDetermination, pearsonCorrelation, spearmanCorrelation: Double
    let meanDifference, lowerLimitOfAgreement, upperLimitOfAgreement: Double
  }
  struct Grades: Decodable {
    let name: String
    let grades: Int
    let truths, decisions: [Int]
    let cohenKappaQuadratic, meanGradeError: Double
  }
  let numbers: [Numbers]
  let grades: [Grades]

  static func read() throws -> NumberGolden {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/numbers.json")
    return try JSONDecoder().decode(NumberGolden.self, from: Data(contentsOf: url))
  }
}

@Suite("Metrics of numbers and of grades")
struct NumberMetricTests {
  private func predictions(_ columns: [(truths: [Double], values: [Double])]) -> NumberPredictions {
    let count = columns.first?.truths.count ?? 0
    let rows: [NumberPredictions.Row] = (0..<count).map { (row: Int) in
      NumberPredictions.Row(id: "\(row)", patient: "p\(row / 2)", truths: columns.map { $0.truths[row] }, values: columns.map { $0.values[row] })
    }
    return NumberPredictions(names: columns.indices.map { "n\($0)" }, unit: "months", rows: rows)
  }

  private func values(_ predictions: Predictions, _ weights: [Int]? = nil) -> [PredictionMeasures.Key: MetricValue] {
    let measures = PredictionMeasures(predictions, thresholds: .notAvailable(reason: "none"))
    return Dictionary(uniqueKeysWithValues: zip(measures.keys, measures.values(weights: weights)))
  }

  @Test("Errors, R², correlations and limits of agreement are those of scikit-learn, SciPy and NumPy, and of two columns the plain mean")
  func goldens() throws {
    let cases = try NumberGolden.read().numbers
    #expect(cases.count == 3)
    for golden in cases {
      let expected: [(MetricName, Double)] = [
        (.meanAbsoluteError, golden.meanAbsoluteError), (.rootMeanSquaredError, golden.rootMeanSquaredError),
        (.coefficientOfDetermination, golden.coefficientOfDetermination), (.pearsonCorrelation, golden.pearsonCorrelation),
        (.spearmanCorrelation, golden.spearmanCorrelation), (.meanDifference, golden.meanDifference),
        (.lowerLimitOfAgreement, golden.lowerLimitOfAgreement), (.upperLimitOfAgreement, golden.upperLimitOfAgreement),
      ]
      #expect(Set(expected.map(\.0)) == Set(MetricName.ofNumbers))
      // The second column is exact.
      let found = values(.numbers(predictions([(golden.truths, golden.values), (golden.truths, golden.truths)])))
      #expect(found.count == 3 * MetricName.ofNumbers.count)
      for (metric, number) in expected {
        let own = try #require(found[.init(metric: metric, className: "n0")]?.number)
        #expect(abs(own - number) < 1e-9, "\(golden.name): \(metric) is \(own), not \(number)")
        let exact = try #require(found[.init(metric: metric, className: "n1")]?.number)
        let wanted: Double = metric.direction == .higher ? 1 : 0
        #expect(abs(exact - wanted) < 1e-12, "\(metric)")
        #expect(found[.init(metric: metric)] == .value((own + exact) / 2))
      }
    }
  }

  @Test("What is not known is no part of a value; without two known numbers, or with equal ones, there is no spread and no correlation")
  func unknown() throws {
    let golden = try NumberGolden.read().numbers[0]
    let whole = values(.numbers(predictions([(golden.truths, golden.values)])))
    let longer = values(.numbers(predictions([(golden.truths + [.nan], golden.values + [1e6])])))
    #expect(whole == longer)
    let none = values(.numbers(predictions([([.nan], [1])])))
    #expect(none.values.allSatisfy { $0.number == nil })
    let one = values(.numbers(predictions([([3], [1])])))
    #expect(one[.init(metric: .meanAbsoluteError)] == .value(2))
    #expect(one[.init(metric: .coefficientOfDetermination)]?.reason == "all true numbers are the same")
    #expect(one[.init(metric: .lowerLimitOfAgreement)]?.reason == "fewer than two images have a known number")
    let constant = values(.numbers(predictions([([3, 4, 5], [4, 4, 4])])))
    #expect(constant[.init(metric: .coefficientOfDetermination)] == .value(0))
    #expect(constant[.init(metric: .pearsonCorrelation)]?.reason == "all predicted numbers are the same")
  }

  @Test("A weight counts a row as often as if it stood there so many times")
  func weights() throws {
    let golden = try NumberGolden.read().numbers[1]
    let all = predictions([(golden.truths, golden.values)]), weights = all.rows.indices.map { $0 % 3 }
    var repeated = all
    repeated.rows = zip(all.rows, weights).flatMap { Array(repeating: $0, count: $1) }
    let weighted = values(.numbers(all), weights), plain = values(.numbers(repeated))
    for (key, value) in plain {
      let difference = try #require(value.number) - (try #require(weighted[key]?.number))
      #expect(abs(difference) < 1e-12, "\(key)")
    }
  }

  @Test("Of grades the quadratic kappa and the distance are scikit-learn's; classes without an order have no distance")
  func grades() throws {
    let cases = try NumberGolden.read().grades
    #expect(cases.count == 2)
    for golden in cases {
      let names = (0..<golden.grades).map { "grade \($0)" }
      let rows: [ClassificationPredictions.Row] = zip(golden.truths, golden.decisions).enumerated().map { (index, pair) in
        let rest = 0.4 / Double(golden.grades - 1)
        return ClassificationPredictions.Row(
          id: "\(index)", patient: nil, targets: (0..<golden.grades).map { $0 == pair.0 ? 1 : 0 },
          probabilities: (0..<golden.grades).map { $0 == pair.1 ? 0.6 : rest })
      }
      let found = values(.classification(ClassificationPredictions(classNames: names, areOrdered: true, rows: rows)))
      #expect(abs(try #require(found[.init(metric: .cohenKappaQuadratic)]?.number) - golden.cohenKappaQuadratic) < 1e-9)
      #expect(abs(try #require(found[.init(metric: .meanGradeError)]?.number) - golden.meanGradeError) < 1e-9)
      let plain = values(.classification(ClassificationPredictions(classNames: names, rows: rows)))
      #expect(plain[.init(metric: .meanGradeError)] == nil && plain[.init(metric: .cohenKappaQuadratic)] == found[.init(metric: .cohenKappaQuadratic)])
    }
  }
}
