internal import Foundation
public import Foundations

/// How far probabilities are from being calibrated, by what would make them so: a logistic regression of the truth on their logits (Cox
/// 1958, Biometrika 45; Van Calster et al. 2019, BMC Medicine 17).
///
///     logit P(y = 1) = α + ζ·logit p     the slope ζ: below 1 the probabilities are too extreme, above 1 too near to each other
///     logit P(y = 1) = α₁ + logit p      the intercept α₁ with the slope held at 1: above 0 the probabilities are too low on the whole
///     O:E = Σy / Σp                      how many times as often it happens as it is predicted
///
/// Fitted by iteratively reweighted least squares. Intervals are Wald's with the sandwich over patients for the variance (Huber 1967; White
/// 1982, Econometrica 50), G/(G − 1)·(N − 1)/(N − K) in front, for G patients, N rows and K coefficients. Where the truth is no logistic
/// line of the logits, as where the positives spread wider than the negatives, the plain variance is too small: with 100 and with 1,000
/// patients its intervals held the intercept in 87 % of test sets, and the sandwich's in 94 % (`make benchmark-coverage`). That of O:E is Student's t on the log scale with
/// the variance of the jackknife over patients: observed and expected move together, which var ln(O:E) = (1 − φ)/(Nφ) with the share φ of
/// positives (Debray et al. 2017, BMJ 356) leaves out, so that its interval is too long.
public struct Recalibration: Codable, Hashable, Sendable {
  /// ζ.
  public let slope: IntervalEstimate
  /// α₁, the calibration in the large.
  public let intercept: IntervalEstimate
  /// α of the fit with a slope; with it and ζ a probability is recalibrated: σ(α + ζ·logit p). Not available where ζ is not.
  public let interceptBesideSlope: IntervalEstimate
  public let observedToExpected: IntervalEstimate
  public let rowCount: Int
  public let positiveCount: Int
  public let patientCount: Int
  /// Probabilities of exactly 0 or 1, whose logits are infinite, taken as the nearest that float32 tells from them.
  public let heldCount: Int

  /// - Parameters:
  ///   - probabilities: in 0...1.
  ///   - targets: 0 or 1; NaN means not known and is left out.
  ///   - patients: one a row; nil where each row is a patient of its own.
  /// - Returns: not available without a positive and a negative row. The slope alone is not available where the probabilities are all
  ///   alike, or where those of all positive rows are above those of all negative ones, so that none is steep enough.
  public static func make(
    probabilities: [Double], targets: [Float], patients: [String]? = nil, level: Double = 0.95
  ) -> Available<Recalibration> {
    Available { () throws(Unavailable) in
      let rows = try LabeledLogits(probabilities, targets, patients)
      guard rows.positiveCount > 0 else { throw Unavailable("no positive sample") }
      guard rows.positiveCount < rows.logits.count else { throw Unavailable("no negative sample") }
      let z = try Normal.halfWidth(level: level)
      func estimate(_ name: String, _ value: Double, _ variance: Double) -> IntervalEstimate {
        IntervalEstimate(
          name: name, value: .value(value),
          interval: .value(Interval(center: value, half: z * max(0, variance).squareRoot(), level: level, method: rows.method("Wald, sandwich"))))
      }
      let large = try LogisticFit(rows, fitsSlope: false)
      let weak = Available { () throws(Unavailable) in try LogisticFit(rows, fitsSlope: true) }
      let (slope, beside): (IntervalEstimate, IntervalEstimate) =
        switch weak {
        case .value(let fit):
          (estimate("calibration slope", fit.slope, fit.variances.slope), estimate("intercept beside the slope", fit.intercept, fit.variances.intercept))
        case .notAvailable(let reason): (.notAvailable("calibration slope", reason), .notAvailable("intercept beside the slope", reason))
        }
      let ratio = Double(rows.positiveCount) / rows.probabilities.reduce(0, +)
      let ofRatio = PatientDeviations.ofRatio(
        numerators: rows.isPositive.map { $0 ? 1 : 0 }, denominators: rows.probabilities, patients: rows.isClustered ? rows.groups.ofRow.map(String.init) : nil)
      return Recalibration(
        slope: slope, intercept: estimate("calibration intercept", large.intercept, large.variances.intercept), interceptBesideSlope: beside,
        observedToExpected: IntervalEstimate(
          name: "observed to expected", value: .value(ratio),
          interval: ofRatio.flatMap { $0.interval(of: ratio, scale: .log, level: level) }),
        rowCount: rows.logits.count, positiveCount: rows.positiveCount, patientCount: rows.groups.count,
        heldCount: rows.heldCount)
    }
  }
}

/// The rows whose label is known, with the logits of their probabilities.
struct LabeledLogits {
  let probabilities: [Double]
  let logits: [Double]
  let isPositive: [Bool]
  let heldCount: Int
  /// The rows of each patient.
  let groups: Groups
  /// Whether a patient has several rows.
  let isClustered: Bool

  var positiveCount: Int { isPositive.count { $0 } }

  struct Groups {
    let ofRow: [Int]
    let count: Int
    /// G/(G − 1).
    var factor: Double { Double(count) / Double(count - 1) }

    func sums(_ values: [Double]) -> [Double] {
      var sums = [Double](repeating: 0, count: count)
      for (row, value) in values.enumerated() { sums[ofRow[row]] += value }
      return sums
    }
  }

  init(_ probabilities: [Double], _ targets: [Float], _ patients: [String]?) throws(Unavailable) {
    guard probabilities.count == targets.count else {
      throw Unavailable("there are \(probabilities.count) probabilities but \(targets.count) labels")
    }
    guard patients == nil || patients?.count == targets.count else { throw Unavailable("the rows and their patients do not fit") }
    let known = targets.indices.filter { !targets[$0].isNaN }
    guard !known.isEmpty else { throw Unavailable("no sample has a known label") }
    for row in known {
      guard targets[row] == 0 || targets[row] == 1 else {
        throw Unavailable("the label of sample \(row) is \(targets[row]), neither 0 nor 1")
      }
      guard (0...1).contains(probabilities[row]) else {
        throw Unavailable("probability \(row) is \(probabilities[row]), not between 0 and 1")
      }
    }
    self.probabilities = known.map { probabilities[$0] }
    logits = self.probabilities.map(logit)
    isPositive = known.map { targets[$0] == 1 }
    heldCount = self.probabilities.count { $0 == 0 || $0 == 1 }
    let clustering = patients.map { names in Clustering(known.map { names[$0] }) }
    guard let clustering, clustering.count < known.count else {
      (groups, isClustered) = (Groups(ofRow: Array(known.indices), count: known.count), false)
      return
    }
    guard clustering.count > 1 else { throw Unavailable("one patient says nothing about other patients") }
    isClustered = true
    groups = Groups(ofRow: clustering.ofRow, count: clustering.count)
  }

  func method(_ name: String) -> String { isClustered ? "\(name), clustered by patient" : name }
}

/// ln(p/(1 − p)). Probabilities come from float32: 0 is taken as its least normal number, and 1 as half of its last step below 1.
func logit(_ probability: Double) -> Double {
  let held = min(max(probability, Double(Float.leastNormalMagnitude)), 1 - 0x1p-25)
  return log(held) - log1p(-held)
}

func sigmoid(_ logit: Double) -> Double { logit >= 0 ? 1 / (1 + exp(-logit)) : exp(logit) / (1 + exp(logit)) }

/// α and ζ by Newton's steps on the log likelihood, which for this model are iteratively reweighted least squares; α alone, with ζ = 1, as
/// the root of its score.
private struct LogisticFit {
  let intercept: Double
  let slope: Double
  let variances: (intercept: Double, slope: Double)

  init(_ rows: LabeledLogits, fitsSlope: Bool) throws(Unavailable) {
    (intercept, slope) = fitsSlope ? try Self.both(rows) : (try Self.interceptAlone(rows), 1)
    variances = Self.variances(rows, intercept, slope, Moments(rows, intercept, slope).information, fitsSlope: fitsSlope)
  }

  private static func interceptAlone(_ rows: LabeledLogits) throws(Unavailable) -> Double {
    let reach = 100 + (rows.logits.map(abs).max() ?? 0)
    return try root(of: { -Moments(rows, $0, 1).score.0 }, in: -reach...reach)
  }

  private static func both(_ rows: LabeledLogits) throws(Unavailable) -> (Double, Double) {
    try checkOverlap(rows)
    var (a, b) = (0.0, 0.0), moments = Moments(rows, a, b)
    for _ in 0..<200 {
      let move = moments.information.solve(moments.score)
      guard move.0.isFinite, move.1.isFinite else { throw Unavailable("the logistic regression has no solution in float64") }
      // A step that lowers the likelihood is too long; halved often enough it raises it.
      var factor = 1.0, next = Moments(rows, a + move.0, b + move.1)
      while !(next.logLikelihood >= moments.logLikelihood - 1e-12 * abs(moments.logLikelihood)), factor > 1e-9 {
        factor /= 2
        next = Moments(rows, a + factor * move.0, b + factor * move.1)
      }
      (a, b, moments) = (a + factor * move.0, b + factor * move.1, next)
      if abs(move.0) <= 1e-12 * max(1, abs(a)), abs(move.1) <= 1e-12 * max(1, abs(b)) { return (a, b) }
    }
    throw Unavailable("the logistic regression does not converge")
  }

  private static func variances(
    _ rows: LabeledLogits, _ a: Double, _ b: Double, _ information: Symmetric, fitsSlope: Bool
  ) -> (Double, Double) {
    let first = fitsSlope ? information.solve((1, 0)) : (1 / information.aa, 0), second = fitsSlope ? information.solve((0, 1)) : (0, 0)
    let groups = rows.groups
    let rests = zip(rows.logits, rows.isPositive).map { ($1 ? 1 : 0) - sigmoid(a + b * $0) }
    let (ofIntercept, ofSlope) = (groups.sums(rests), groups.sums(zip(rests, rows.logits).map(*)))
    let n = Double(rows.logits.count), factor = groups.factor * (n - 1) / (n - (fitsSlope ? 2 : 1))
    // Each patient's influence on a coefficient is their score times a row of the inverse information.
    func variance(_ row: (Double, Double)) -> Double {
      let influences = zip(ofIntercept, ofSlope).map { row.0 * $0 + row.1 * $1 }
      return factor * dot(influences, influences)
    }
    return (variance(first), fitsSlope ? variance(second) : 0)
  }

  private static func checkOverlap(_ rows: LabeledLogits) throws(Unavailable) {
    let positives = zip(rows.logits, rows.isPositive).filter(\.1).map(\.0), negatives = zip(rows.logits, rows.isPositive).filter { !$0.1 }.map(\.0)
    guard let low = positives.min(), let high = positives.max(), let least = negatives.min(), let most = negatives.max() else { return }
    if low == high && least == most && low == least { throw Unavailable("all probabilities are alike") }
    if low >= most || high <= least {
      throw Unavailable("the probabilities of the positive and of the negative samples do not overlap, so that no slope is steep enough")
    }
  }
}

/// The log likelihood of α and ζ with its derivatives.
private struct Moments {
  var logLikelihood = 0.0
  var score = (0.0, 0.0)
  var information = Symmetric()

  init(_ rows: LabeledLogits, _ a: Double, _ b: Double) {
    for (x, isPositive) in zip(rows.logits, rows.isPositive) {
      let line = a + b * x, fitted = sigmoid(line), rest = (isPositive ? 1 : 0) - fitted
      let signed = isPositive ? line : -line
      logLikelihood -= max(-signed, 0) + log1p(exp(-abs(signed)))
      score.0 += rest
      score.1 += rest * x
      information.add(fitted * (1 - fitted), x)
    }
  }
}

/// [aa ab; ab bb].
private struct Symmetric {
  var aa = 0.0, ab = 0.0, bb = 0.0

  mutating func add(_ weight: Double, _ x: Double) {
    aa += weight
    ab += weight * x
    bb += weight * x * x
  }

  func solve(_ right: (Double, Double)) -> (Double, Double) {
    let determinant = aa * bb - ab * ab
    return ((bb * right.0 - ab * right.1) / determinant, (aa * right.1 - ab * right.0) / determinant)
  }
}
