internal import Foundation
public import Foundations

/// How much each patient of a test set moves a value: numbers whose products with those of another value of the same patients add up
/// to the covariance of the two over patients,
///
///     cov(θ̂ₐ, θ̂_b) = Σᵢ aᵢ bᵢ
///
/// DeLong's covariance, the jackknife's, that of means and the bootstrap's all have this form. So values of many networks are compared
/// without a matrix of all pairs, and a sum or difference of values has the sum or difference of their deviations. Only deviations of
/// the same patients made in the same way may be put together.
public struct PatientDeviations: Hashable, Sendable {
  public let values: [Double]
  /// How many patients carry a variance that is computed from the patients' numbers, less one.
  private let patientDegrees: Double
  /// How many of the last numbers are those of folds (`withFolds`).
  private let foldCount: Int
  /// Nil where the value's third moments over patients do not follow from the deviations.
  let third: ThirdMoments?

  public init(values: [Double], degreesOfFreedom: Double) { self.init(values: values, degreesOfFreedom: degreesOfFreedom, third: nil) }

  init(values: [Double], degreesOfFreedom: Double, third: ThirdMoments?, foldCount: Int = 0) {
    (self.values, patientDegrees, self.third, self.foldCount) = (values, degreesOfFreedom, third, foldCount)
  }

  /// Of a variance that is computed from all numbers: of patients how many there are, less one; with the numbers of folds Satterthwaite's of both.
  public var degreesOfFreedom: Double {
    guard foldCount > 1 else { return patientDegrees }
    let ofPatients = values.dropLast(foldCount).reduce(0) { $0 + $1 * $1 }, ofFolds = values.suffix(foldCount).reduce(0) { $0 + $1 * $1 }
    let below = ofPatients * ofPatients / max(1, patientDegrees) + ofFolds * ofFolds / Double(foldCount - 1)
    return below > 0 ? (ofPatients + ofFolds) * (ofPatients + ofFolds) / below : patientDegrees
  }

  /// With k further numbers, those of the folds of a cross-validation, for what other training images would change:
  ///
  ///     eⱼ = (fⱼ − f̄)/(k − 1)
  ///
  /// of the values fⱼ of the folds, so that their products add up to S/(k − 1) with the folds' covariance S (k − 1 in its denominator). That is the
  /// part ρ/(1 − ρ)·S, ρ = 1/k the share of test images, which Nadeau and Bengio (2003, Machine Learning 52) add to the variance S/k of a mean over
  /// folds, since the networks of different folds have most of their training images in common; there is no unbiased estimate of it (Bengio and
  /// Grandvalet 2004, Journal of Machine Learning Research 5).
  ///
  /// - Parameter values: one a fold, the mean over the seeds.
  public func withFolds(_ values: [Double]) -> Self {
    let count = Double(values.count), mean = values.reduce(0, +) / max(1, count)
    return Self(
      values: self.values + values.map { ($0 - mean) / max(1, count - 1) }, degreesOfFreedom: patientDegrees, third: nil, foldCount: values.count)
  }

  public var variance: Double { dot(values, values) }

  public func covariance(with other: PatientDeviations) -> Double { dot(values, other.values) }

  public static func * (factor: Double, a: Self) -> Self {
    Self(
      values: a.values.map { factor * $0 }, degreesOfFreedom: a.patientDegrees,
      third: a.third.map { ThirdMoments(scale: $0.scale, pairs: $0.pairs?.scaled(by: factor)) }, foldCount: a.foldCount)
  }

  /// Those of the difference of two values. Not available where they are of other patients.
  public func subtracting(_ other: Self) -> Available<Self> {
    Available { () throws(Unavailable) in try adding(-1 * other) }
  }

  /// Those of the mean of several values.
  public static func mean(of all: [Self]) -> Available<Self> {
    Available { () throws(Unavailable) in
      guard var sum = all.first else { throw Unavailable("there is no value") }
      for one in all.dropFirst() { sum = try sum.adding(one) }
      return (1 / Double(all.count)) * sum
    }
  }

  func adding(_ other: Self) throws(Unavailable) -> Self {
    guard values.count == other.values.count, foldCount == other.foldCount else { throw Unavailable("the values are not of the same patients") }
    return Self(
      values: zip(values, other.values).map(+), degreesOfFreedom: min(patientDegrees, other.patientDegrees),
      third: third.flatMap { own in other.third.flatMap { own.adding($0) } }, foldCount: foldCount)
  }

  /// Of two values of different patients, such as of two test sets: the patients of one are not moved by the other's.
  ///
  /// - Parameters:
  ///   - before: how many numbers stand in front of this value's own.
  ///   - after: how many stand behind them.
  public func padded(before: Int, after: Int) -> Self {
    Self(
      values: [Double](repeating: 0, count: before) + values + [Double](repeating: 0, count: after), degreesOfFreedom: degreesOfFreedom,
      third: third.map { ThirdMoments(scale: $0.scale, pairs: nil) })
  }
}

extension PatientDeviations {
  /// Of a mean over rows, such as the images' Dice: with m patients, N rows and Dᵢ the sum of the deviations of a patient's rows from
  /// the mean, aᵢ = √(m/(m − 1))·Dᵢ/N.
  ///
  /// - Parameters:
  ///   - values: one a row.
  ///   - patients: one a row; nil where each row is a patient of its own.
  ///   - rows: the rows that the mean is over, such as those of a subgroup; nil for all. Every patient has a number, 0 where no row of
  ///     theirs counts.
  public static func ofMean(_ values: [Double], patients: [String]? = nil, rows: [Int]? = nil) -> Available<Self> {
    ofMeans([values], patients: patients, rows: rows).map { $0[0] }
  }

  /// The same of several means over the same rows, such as one for each threshold: the patients are looked up once.
  ///
  /// - Parameter columns: `[mean][row]`.
  public static func ofMeans(_ columns: [[Double]], patients: [String]? = nil, rows: [Int]? = nil) -> Available<[Self]> {
    Available { () throws(Unavailable) in
      try ofMeans(columns, among: PatientPlaces(patients, rowCount: columns.first?.count ?? 0), rows: rows)
    }
  }

  /// The same of rows whose patients are looked up already.
  public static func ofMean(_ values: [Double], among patients: PatientPlaces, rows: [Int]? = nil) -> Available<Self> {
    Available { () throws(Unavailable) in try ofMeans([values], among: patients, rows: rows)[0] }
  }

  private static func ofMeans(_ columns: [[Double]], among place: PatientPlaces, rows: [Int]?) throws(Unavailable) -> [Self] {
    guard columns.allSatisfy({ $0.count == place.ofRow.count }) else { throw Unavailable("the means are not of the same rows") }
    let rows = rows ?? Array(place.ofRow.indices)
    guard columns.allSatisfy({ values in rows.allSatisfy { values[$0].isFinite } }) else {
      throw Unavailable("a row has a value that is not finite")
    }
    let count = try place.counted(rows)
    let scale = (Double(count) / Double(count - 1)).squareRoot() / Double(rows.count)
    return columns.map { values in
      let mean = rows.reduce(0) { $0 + values[$1] } / Double(rows.count)
      var sums = [Double](repeating: 0, count: place.count)
      for row in rows { sums[place.ofRow[row]] += values[row] - mean }
      return Self(values: sums.map { scale * $0 }, degreesOfFreedom: Double(count - 1), third: .ofSum)
    }
  }

  /// Of a ratio of sums over rows, such as the pooled Dice 2·ΣTP/Σ(2·TP + FP + FN), by the jackknife over patients:
  /// aᵢ = √((m − 1)/m)·(mean of θ₍ᵢ₎ − θ₍ᵢ₎).
  public static func ofRatio(
    numerators: [Double], denominators: [Double], patients: [String]? = nil, rows: [Int]? = nil
  ) -> Available<Self> {
    Available { () throws(Unavailable) in
      guard numerators.count == denominators.count else { throw Unavailable("the sums do not have the same rows") }
      return try ofRatio(
        numerators: numerators, denominators: denominators, among: PatientPlaces(patients, rowCount: numerators.count), rows: rows
      ).get()
    }
  }

  /// The same of rows whose patients are looked up already.
  public static func ofRatio(
    numerators: [Double], denominators: [Double], among place: PatientPlaces, rows: [Int]? = nil
  ) -> Available<Self> {
    Available { () throws(Unavailable) in
      guard numerators.count == denominators.count, numerators.count == place.ofRow.count else {
        throw Unavailable("the sums do not have the same rows")
      }
      let rows = rows ?? Array(numerators.indices)
      let count = try place.counted(rows)
      var above = [Double](repeating: 0, count: place.count), below = above, isCounted = [Bool](repeating: false, count: place.count)
      for row in rows {
        above[place.ofRow[row]] += numerators[row]
        below[place.ofRow[row]] += denominators[row]
        isCounted[place.ofRow[row]] = true
      }
      let (allAbove, allBelow) = (above.reduce(0, +), below.reduce(0, +))
      guard below.indices.allSatisfy({ !isCounted[$0] || allBelow - below[$0] > 0 }) else {
        throw Unavailable("the value is undefined without one of the patients")
      }
      let left = below.indices.map { isCounted[$0] ? (allAbove - above[$0]) / (allBelow - below[$0]) : 0 }
      let mean = left.reduce(0, +) / Double(count)
      let scale = (Double(count - 1) / Double(count)).squareRoot()
      return Self(
        values: left.indices.map { isCounted[$0] ? scale * (mean - left[$0]) : 0 }, degreesOfFreedom: Double(count - 1), third: .ofSum)
    }
  }

  /// Of any value, by a bootstrap over patients: aᵦ = (θ*ᵦ − mean of θ*)/√(B − 1). Values made with the same units, seed and count are
  /// drawn from the same patients each time, so that their covariance is that of paired resamples.
  ///
  /// - Parameter value: of the drawn rows; nil where it is undefined, which may happen in one resample of twenty, taken as the mean.
  public static func byBootstrap(
    over units: ResamplingUnits, resampleCount: Int = 500, seed: UInt64 = 0, _ value: (Resample) -> Double?
  ) -> Available<Self> {
    Available { () throws(Unavailable) in
      var generator = SeededGenerator(seed: seed)
      let drawn = (0..<resampleCount).map { _ in value(units.draw(&generator)).flatMap { $0.isFinite ? $0 : nil } }
      let known = drawn.compactMap(\.self)
      guard known.count > 1, Double(resampleCount - known.count) <= Bootstrap.undefinedLimit * Double(resampleCount) else {
        throw Unavailable("it is undefined in \(resampleCount - known.count) of \(resampleCount) resamples")
      }
      let mean = known.reduce(0, +) / Double(known.count), scale = 1 / Double(known.count - 1).squareRoot()
      // Of resamples the third cumulant is the mean of cubes, in which each aᵦ³ is by √(B − 1)³ too small.
      let third = ThirdMoments(scale: pow(Double(known.count - 1), 1.5) / Double(known.count), pairs: nil)
      return Self(
        values: drawn.map { $0.map { scale * ($0 - mean) } ?? 0 }, degreesOfFreedom: Double(units.clusterCount - 1), third: third)
    }
  }
}

extension PatientDeviations {
  /// Of any values, by the jackknife: aᵢ = √((m − 1)/m)·(θ₍ᵢ₎ − mean of θ₍ᵢ₎), without each of m patients, or m groups of them where there
  /// are more than the limit.
  ///
  /// - Parameters:
  ///   - count: of the values.
  ///   - groups: into how many groups more patients than that are dealt, the same ones for the same units.
  ///   - degreesOfFreedom: of each value; nil for m − 1.
  ///   - values: of the rows that are left; nil where one is undefined.
  public static func byJackknife(
    _ count: Int, over units: ResamplingUnits, groups: Int = Bootstrap.jackknifeLimit, degreesOfFreedom: [Double]? = nil,
    _ values: (Resample) -> [Double?]
  ) -> [Available<Self>] {
    let left = units.jackknifeGroups(limit: groups, seed: 0).flatMap(\.self).map { values(units.leaving(out: $0)) }
    let m = Double(left.count)
    return (0..<count).map { place in
      Available { () throws(Unavailable) in
        let known = left.compactMap { $0[place] }.filter(\.isFinite)
        guard known.count == left.count else { throw Unavailable("the value is undefined without one of the patients") }
        let mean = known.reduce(0, +) / m, scale = ((m - 1) / m).squareRoot()
        return Self(values: known.map { scale * ($0 - mean) }, degreesOfFreedom: degreesOfFreedom.map { $0[place] } ?? m - 1)
      }
    }
  }
}
