internal import Foundation
public import Foundations

/// Temperature scaling (Guo et al. 2017, ICML): logits divided by the one number T that makes the mean log loss of the validation set
/// least. It changes no order and no AUROC, and is applied to test images as it is.
///
/// The loss is convex in 1/T, and its derivative rises, so T is the root of the derivative. T above 1 makes probabilities less extreme.
public struct Temperature: Codable, Hashable, Sendable {
  /// T.
  public let value: Double
  /// The mean log loss of the rows it was fitted on, before and after.
  public let logLossBefore: Double
  public let logLossAfter: Double
  /// The labels that it was fitted on.
  public let labelCount: Int

  /// Of probabilities after a sigmoid, of one class or of all classes of a network together.
  ///
  /// - Parameters:
  ///   - probabilities: in 0...1, any layout.
  ///   - targets: the same layout: 0 or 1; NaN means not known and is left out.
  /// - Returns: not available without labels, and where no T above 0 is best: the probabilities are on the wrong side of ½ more often
  ///   than not, or never.
  public static func ofSigmoid(probabilities: [Double], targets: [Float]) -> Available<Temperature> {
    Available { () throws(Unavailable) in
      let rows = try LabeledLogits(probabilities, targets, nil)
      return try Temperature(count: rows.logits.count) { β in
        var loss = 0.0, slope = 0.0
        for (z, isPositive) in zip(rows.logits, rows.isPositive) {
          let signed = isPositive ? β * z : -β * z
          // ln(1 + e^−s), without overflow.
          loss += max(-signed, 0) + log1p(exp(-abs(signed)))
          slope += (sigmoid(β * z) - (isPositive ? 1 : 0)) * z
        }
        return (loss, slope)
      }
    }
  }

  /// Of probabilities after a softmax: T divides their logarithms, which are the logits but for a constant a row.
  ///
  /// - Parameters:
  ///   - probabilities: `[row][class]`.
  ///   - truths: the class of each row.
  public static func ofSoftmax(probabilities: [[Double]], truths: [Int]) -> Available<Temperature> {
    Available { () throws(Unavailable) in
      guard !truths.isEmpty else { throw Unavailable("no sample has a known label") }
      guard probabilities.count == truths.count, zip(probabilities, truths).allSatisfy({ $0.indices.contains($1) }) else {
        throw Unavailable("the probabilities and the labels do not fit")
      }
      for (row, values) in probabilities.enumerated() {
        if let wrong = values.first(where: { !(0...1).contains($0) }) { throw Unavailable("a probability of row \(row) is \(wrong), not between 0 and 1") }
      }
      let logits = probabilities.map(Self.logits)
      return try Temperature(count: truths.count) { β in
        var loss = 0.0, slope = 0.0
        for (row, truth) in zip(logits, truths) {
          let (shares, logSum) = Self.softmax(row, β)
          loss += logSum - β * row[truth]
          slope += zip(shares, row).reduce(0) { $0 + $1.0 * $1.1 } - row[truth]
        }
        return (loss, slope)
      }
    }
  }

  /// The probability of a sigmoid at this temperature.
  public func applied(to probability: Double) -> Double { sigmoid(logit(probability) / value) }

  /// The probabilities of a softmax at this temperature.
  public func applied(to probabilities: [Double]) -> [Double] { Self.softmax(Self.logits(probabilities), 1 / value).shares }

  private static func logits(_ probabilities: [Double]) -> [Double] { probabilities.map { log(max($0, Double(Float.leastNormalMagnitude))) } }

  private static func softmax(_ logits: [Double], _ β: Double) -> (shares: [Double], logSum: Double) {
    let most = β * (logits.max() ?? 0), parts = logits.map { exp(β * $0 - most) }, sum = parts.reduce(0, +)
    return (parts.map { $0 / sum }, most + log(sum))
  }

  /// - Parameter lossAndSlope: the summed log loss at 1/T = β, and its derivative by β.
  private init(count: Int, _ lossAndSlope: (Double) -> (loss: Double, slope: Double)) throws(Unavailable) {
    guard lossAndSlope(0).slope < 0 else {
      throw Unavailable("no temperature helps: the probabilities are on the wrong side of chance more often than on the right one")
    }
    var reach = 1.0
    while lossAndSlope(reach).slope <= 0 {
      reach *= 2
      guard reach < 1e6 else { throw Unavailable("no temperature is low enough: the probabilities are never on the wrong side") }
    }
    let β = try root(of: { lossAndSlope($0).slope }, in: 0...reach), n = Double(count)
    value = 1 / β
    logLossBefore = lossAndSlope(1).loss / n
    logLossAfter = lossAndSlope(β).loss / n
    labelCount = count
  }
}
