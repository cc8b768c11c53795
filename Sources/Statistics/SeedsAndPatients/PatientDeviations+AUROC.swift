public import Foundations

extension PatientDeviations {
  /// Of the plain mean over classes of the AUROC, from DeLong's placements (DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44; by
  /// patient Obuchowski 1997, Biometrics 53).
  ///
  /// One class, each row its own patient: the placement's deviation V₁₀ − θ̂ of each of the m positives divided by √(m(m − 1)), V₀₁ − θ̂
  /// of each of the n negatives by √(n(n − 1)); products add up to DeLong's covariance. One class by patient: two numbers a patient,
  /// whose products add up to Obuchowski's. Several classes: the influence of a patient on the mean,
  ///
  ///     aᵢ = 1/K·Σₖ [ √(Mₖ/(Mₖ − 1))·Σ_positives(V₁₀ − θ̂ₖ)/mₖ + √(Nₖ/(Nₖ − 1))·Σ_negatives(V₀₁ − θ̂ₖ)/nₖ ]
  ///
  /// over K classes that have both kinds of rows, mₖ positive ones of Mₖ patients and nₖ negative ones of Nₖ patients: each kind has the factor
  /// of its own patients, since with that of all patients two with a rare finding would tell half of what it is uncertain by. The degrees
  /// of freedom are those of the rarer kind: patients with, or patients without the finding, whichever are fewer, less one; of several classes
  /// Satterthwaite's of the kinds of all (`AUROCKinds`).
  ///
  /// - Parameters:
  ///   - scores: `[class][row]`; higher means more likely positive.
  ///   - targets: `[class][row]`: 1, 0, or NaN where the label is not known.
  ///   - patients: one a row; nil where each row is a patient of its own.
  ///   - rows: the rows that count; nil for all.
  ///   - withPairs: for plans: whether pairs of samples are kept, of one class whose rows are patients, for how the value and its
  ///     variance move together.
  /// - Returns: the mean AUROC with its deviations.
  public static func ofMeanAUROC(
    scores: [[Double]], targets: [[Float]], patients: [String]? = nil, rows: [Int]? = nil, withPairs: Bool = false
  ) -> Available<(auroc: Double, deviations: Self)> {
    Available { () throws(Unavailable) in try PatientPlaces(patients, rowCount: targets.first?.count ?? 0) }.flatMap { place in
      withKinds(scores: scores, targets: targets, among: place, rows: rows, withPairs: withPairs).map { ($0.auroc, $0.deviations) }
    }
  }

  /// The same of rows whose patients are looked up already.
  public static func ofMeanAUROC(
    scores: [[Double]], targets: [[Float]], among patients: PatientPlaces, withPairs: Bool = false
  ) -> Available<(auroc: Double, deviations: Self)> {
    withKinds(scores: scores, targets: targets, among: patients, withPairs: withPairs).map { ($0.auroc, $0.deviations) }
  }

  /// Of the mean over folds, each of whose networks has a scale of its own: deviations within each fold, divided by the number of folds. The
  /// degrees of freedom are Satterthwaite's of the folds.
  ///
  /// - Parameter folds: the rows of each.
  public static func ofMeanAUROC(
    scores: [[Double]], targets: [[Float]], among patients: PatientPlaces, folds: [[Int]]
  ) -> Available<(auroc: Double, deviations: Self)> {
    Available { () throws(Unavailable) in
      var aurocs: [Double] = [], sum: [Double] = [], above = 0.0, below = 0.0, most = 1.0
      for (place, rows) in folds.enumerated() {
        let found: (auroc: Double, deviations: Self, kinds: () -> AUROCKinds)
        switch withKinds(scores: scores, targets: targets, among: patients, rows: rows) {
        case .value(let value): found = value
        case .notAvailable(let reason): throw Unavailable("in fold \(place + 1) \(reason)")
        }
        let variance = found.deviations.variance
        aurocs.append(found.auroc)
        sum = sum.isEmpty ? found.deviations.values : zip(sum, found.deviations.values).map(+)
        (above, below) = (above + variance, below + variance * variance / max(1, found.deviations.degreesOfFreedom))
        most += found.deviations.degreesOfFreedom
      }
      guard !aurocs.isEmpty else { throw Unavailable("there is no fold") }
      let count = Double(aurocs.count)
      return (
        aurocs.reduce(0, +) / count,
        Self(values: sum.map { $0 / count }, degreesOfFreedom: below > 0 ? above * above / below : most, third: nil)
      )
    }
  }

  /// The same with what an interval of one network needs beside it, computed where it is asked for.
  static func withKinds(
    scores: [[Double]], targets: [[Float]], among place: PatientPlaces, rows: [Int]? = nil, withPairs: Bool = false
  ) -> Available<(auroc: Double, deviations: Self, kinds: () -> AUROCKinds)> {
    Available { () throws(Unavailable) in
      let rowCount = targets.first?.count ?? 0
      guard scores.count == targets.count, (scores.map(\.count) + targets.map(\.count)).allSatisfy({ $0 == rowCount }) else {
        throw Unavailable("the scores do not have the same rows and classes")
      }
      guard place.ofRow.count == rowCount else { throw Unavailable("the rows and their patients do not fit") }
      let wanted = rows ?? Array(0..<rowCount)
      let classes = targets.indices.compactMap { ClassPlacements(scores[$0], targets[$0], wanted, place) }
      guard !classes.isEmpty else { throw Unavailable("no class has a positive and a negative sample") }
      let auroc = classes.reduce(0) { $0 + $1.auroc } / Double(classes.count)
      func kinds() -> AUROCKinds {
        var influences = [Double](repeating: 0, count: place.count), plain = influences
        let parts = classes.flatMap { $0.addInfluence(to: &influences, plain: &plain, place, classCount: classes.count) }
        return AUROCKinds(parts: parts, influences: influences, plainInfluences: plain)
      }
      if targets.count == 1 {
        let degrees = Double(classes[0].rarerPatientCount - 1)
        guard place.count == rowCount else {
          return (auroc, Self(values: try classes[0].ofPatients(place), degreesOfFreedom: degrees), kinds)
        }
        let third = ThirdMoments(scale: 1, pairs: withPairs ? classes[0].pairs(scores[0]) : nil)
        return (auroc, Self(values: try classes[0].ofRows(rowCount), degreesOfFreedom: degrees, third: third), kinds)
      }
      for one in classes { try one.checkCounts() }
      let found = kinds()
      return (auroc, Self(values: found.influences, degreesOfFreedom: max(1, found.degreesOfFreedom), third: .ofSum), { found })
    }
  }
}

/// How much of an AUROC's variance is that of the patients with the finding, and how much that of those without it, of each class.
struct AUROCKinds {
  fileprivate let parts: [(variance: Double, count: Int)]
  /// How far each patient moves the mean over the classes, with the factor of each kind's own patients.
  let influences: [Double]
  /// The same without it.
  let plainInfluences: [Double]

  /// Satterthwaite's of the parts V of m patients each, (ΣV)²/Σ(V²/(m − 1)); of one class Brunner and Munzel's (2000, Biometrical Journal 42).
  var degreesOfFreedom: Double {
    let sum = parts.reduce(0) { $0 + $1.variance }
    let below = parts.reduce(0) { $1.variance > 0 ? $0 + $1.variance * $1.variance / Double(max(1, $1.count - 1)) : $0 }
    // Where nothing varies it limits nothing.
    return below > 0 ? sum * sum / below : Double((parts.map(\.count).max() ?? 2) - 1)
  }
}

/// The placements of one class in the rows whose label is known.
private struct ClassPlacements {
  let rows: [Int]
  let isPositive: [Bool]
  let positives: Int
  let deviations: [Double]
  let auroc: Double
  /// Patients with positive rows or with negative ones, whichever are fewer.
  let rarerPatientCount: Int
  private let patientsWithPositives: Int
  private let patientsWithNegatives: Int
  private let patientCount: Int

  /// Nil where one kind of rows is missing.
  init?(_ scores: [Double], _ targets: [Float], _ wanted: [Int], _ place: PatientPlaces) {
    rows = wanted.filter { !targets[$0].isNaN }
    isPositive = rows.map { targets[$0] == 1 }
    positives = isPositive.count { $0 }
    guard positives > 0, positives < rows.count else { return nil }
    let placements = Placements(
      rows.map { scores[$0] }, isPositive: isPositive, positives: positives, negatives: rows.count - positives)
    let area = placements.auroc
    auroc = area
    deviations = placements.values.map { $0 - area }
    let kinds = isPositive
    patientsWithPositives = place.count(of: rows.indices.lazy.filter { kinds[$0] }.map { [rows] in rows[$0] })
    patientsWithNegatives = place.count(of: rows.indices.lazy.filter { !kinds[$0] }.map { [rows] in rows[$0] })
    rarerPatientCount = min(patientsWithPositives, patientsWithNegatives)
    patientCount = place.count(of: rows)
  }

  private var negatives: Int { rows.count - positives }

  func checkCounts() throws(Unavailable) {
    guard positives > 1, negatives > 1 else {
      throw Unavailable("the variance of an AUROC needs two positive and two negative samples")
    }
    guard patientsWithPositives > 1, patientsWithNegatives > 1 else {
      throw Unavailable("the variance of an AUROC needs two patients with positive and two with negative samples")
    }
  }

  func ofRows(_ count: Int) throws(Unavailable) -> [Double] {
    try checkCounts()
    let (m, n) = (Double(positives), Double(negatives))
    var values = [Double](repeating: 0, count: count)
    for (index, row) in rows.enumerated() {
      values[row] = deviations[index] / (isPositive[index] ? m * (m - 1) : n * (n - 1)).squareRoot()
    }
    return values
  }

  /// Obuchowski's covariance is c₁·a⁺b⁺ + c₂·a⁻b⁻ + c₃·(a⁺b⁻ + a⁻b⁺) of the sums of a patient's placements: by the Cholesky factor of
  /// [c₁ c₃; c₃ c₂] the product of two numbers each. c₁c₂ ≥ c₃², since no more patients have one kind than there are.
  func ofPatients(_ place: PatientPlaces) throws(Unavailable) -> [Double] {
    try checkCounts()
    var ofPositives = [Double](repeating: 0, count: place.count), ofNegatives = ofPositives
    for (index, row) in rows.enumerated() {
      if isPositive[index] { ofPositives[place.ofRow[row]] += deviations[index] } else { ofNegatives[place.ofRow[row]] += deviations[index] }
    }
    func factor(_ count: Int) -> Double { Double(count) / Double(count - 1) }
    let (m, n) = (Double(positives), Double(negatives))
    let first = factor(patientsWithPositives) / (m * m), second = factor(patientsWithNegatives) / (n * n)
    let mixed = factor(patientCount) / (m * n)
    let corner = first.squareRoot(), lower = mixed / corner
    let rest = max(0, second - lower * lower).squareRoot()
    return ofPositives.indices.flatMap { [corner * ofPositives[$0] + lower * ofNegatives[$0], rest * ofNegatives[$0]] }
  }

  func pairs(_ scores: [Double]) -> PairKernel {
    PairKernel(scores: rows.map { scores[$0] }, isPositive: isPositive, rows: rows, area: auroc)
  }

  /// Adds how far each patient moves the mean over the classes, with and without the factor of each kind's own patients.
  ///
  /// - Returns: the variance of this class's AUROC by the kind of rows that it is of, with the patients of that kind.
  func addInfluence(to influences: inout [Double], plain: inout [Double], _ place: PatientPlaces, classCount: Int) -> [(variance: Double, count: Int)] {
    [(true, patientsWithPositives, positives), (false, patientsWithNegatives, negatives)].map { kind, patients, count in
      var sums = [Double](repeating: 0, count: place.count)
      for (index, row) in rows.enumerated() where isPositive[index] == kind { sums[place.ofRow[row]] += deviations[index] }
      let scale = (Double(patients) / Double(max(1, patients - 1))).squareRoot() / Double(count)
      for patient in sums.indices {
        influences[patient] += scale * sums[patient] / Double(classCount)
        plain[patient] += sums[patient] / Double(count * classCount)
      }
      return (scale * scale * dot(sums, sums), patients)
    }
  }
}
