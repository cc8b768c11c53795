internal import Foundations
internal import Metrics
public import Statistics

/// What an interval rests on.
enum IntervalBasis {
  /// Patients with a decision that is right, and with one that is wrong; of several shares the sums over all of them, and of three or more how many
  /// patients are in the smallest.
  case shares(overClasses: Bool, right: Int, wrong: Int, fewest: Int?)
  /// Patients, and how many of them carry the variance.
  case patients(Int, carriers: Double)
  /// The same of distances, which have no upper end, and how skewed patients make them.
  case distances(Int, carriers: Double, skewness: Double)
  /// An area under the ROC curve: patients with and without a class, nil for the mean over classes, and how many carry the variance.
  case area(String?, carriers: Double)
  /// Patients with and without the one class.
  case calibration
  /// Patients with and without a class; nil for every class.
  case resampled(String?)
  /// Of a class, or of all, a sensitivity where the specificity is fixed.
  case sensitivity(String?, value: Double)
  case nothing
}

/// Says where an interval is not to be relied on to hold the truth as often as it says. The numbers are from simulations of the formulas (exact for
/// Wilson's interval), chosen so that 7 of 100 sets at most miss the truth without a warning; Benchmarks/IntervalCoverage asks the same of this code
/// (Documentation/statistics.md).
struct IntervalWarning {
  /// Fewer patients than these, and fewer patients that carry the variance, are too few for a mean.
  static let fewPatients = 50
  static let fewCarriers = 8.0
  /// Cochran's rule (1977, Sampling Techniques, 2.15): with fewer patients than so many times the squared skewness the interval of a mean at
  /// 95 % misses it in more than 6 of 100 samples. A few outlines that are far off make a distance as skewed as that.
  static let patientsBySquaredSkewness = 25.0
  /// Fewer patients with, or without, a finding: for an area under the ROC curve and for calibration, and for what is resampled.
  static let fewOfAKind = 10
  static let fewToResample = 20
  /// Fewer patients with a decision that is right, or wrong: the images of one patient are decided alike, so that a hundred of five patients say
  /// little. A mean of three shares or more needs more of them, and in each share, such as all that are called positive of a rare finding.
  static let fewDecisions = 8
  static let fewOfSeveral = 20

  private struct Kinds {
    let with: Int
    let without: Int
    var rarer: Int { min(with, without) }
  }

  /// By class; none for segmentations.
  private let kinds: [String: Kinds]

  init(_ predictions: Predictions, patients: [String]) {
    guard case .classification(let found) = predictions else {
      kinds = [:]
      return
    }
    var kinds: [String: Kinds] = [:]
    for (column, name) in found.classNames.enumerated() {
      kinds[name] = Self.kinds(found.rows.map { $0.targets[column] }, patients)
    }
    self.kinds = kinds
  }

  private static func kinds(_ targets: [Float], _ patients: [String]) -> Kinds {
    var with: Set<String> = [], without: Set<String> = []
    for (target, patient) in zip(targets, patients) {
      if target == 1 { with.insert(patient) } else if target == 0 { without.insert(patient) }
    }
    return Kinds(with: with.count, without: without.count)
  }

  /// Patients with a class, or without it, whichever are fewer; nil for the mean over the classes that have both, of which it is the mean.
  func rarerPatients(of name: String?) -> Double {
    let all = (name.map { name in kinds[name].map { [$0] } ?? [] } ?? Array(kinds.values)).map(\.rarer).filter { $0 > 0 }
    return all.isEmpty ? 0 : Double(all.reduce(0, +)) / Double(all.count)
  }

  func sentence(_ basis: IntervalBasis) -> String? {
    let reason: String? =
      switch basis {
      case .nothing: nil
      case .shares(let overClasses, let right, let wrong, let fewest):
        Self.share(right: right, wrong: wrong, fewest: fewest) ?? (overClasses ? kind(nil, Self.fewOfAKind) : nil)
      case .patients(let count, let carriers): Self.few(count) ?? Self.few(carriers: carriers)
      case .distances(let count, let carriers, let skewness):
        Self.few(count) ?? Self.few(carriers: carriers)
          ?? (Double(count) < Self.patientsBySquaredSkewness * skewness * skewness
            ? "the distances are so skewed that it takes more patients (25 times the squared skewness)" : nil)
      case .area(let name, let carriers): kind(name, Self.fewOfAKind) ?? Self.few(carriers: carriers)
      case .calibration: kind(nil, Self.fewOfAKind)
      case .resampled(let name): kind(name, Self.fewToResample)
      case .sensitivity(let name, let value): kind(name, Self.fewToResample) ?? found(name, value)
      }
    return reason.map(Self.said)
  }

  /// The one sentence in which all of them are said: without the very counts, so that a table says each reason once.
  private static func said(_ reason: String) -> String { "It may hold the truth less or more often than it says: \(reason)." }

  private static func share(right: Int, wrong: Int, fewest: Int? = nil) -> String? {
    let least = fewest == nil ? fewDecisions : fewOfSeveral
    return decisions(right, "right", least) ?? decisions(wrong, "wrong", least)
      ?? (fewest ?? least < least ? "one of the shares that it is the mean of has fewer than \(least) patients" : nil)
  }

  private static func decisions(_ count: Int, _ word: String, _ least: Int = fewDecisions) -> String? {
    count < least ? "fewer than \(least) patients have a \(word) decision" : nil
  }

  private static func few(_ patients: Int) -> String? { patients < fewPatients ? "fewer than \(fewPatients) patients" : nil }

  private static func few(carriers: Double) -> String? {
    carriers < fewCarriers ? "so few patients are far from the mean that they alone decide how wide it is" : nil
  }

  private func rarest(_ name: String?) -> Kinds? {
    let all = name.map { name in kinds[name].map { [$0] } ?? [] } ?? Array(kinds.values)
    // A class without one of the kinds is no part of a mean.
    return all.filter { $0.rarer > 0 }.min { ($0.rarer, $0.with) < ($1.rarer, $1.with) }
  }

  private func kind(_ name: String?, _ least: Int) -> String? {
    guard let found = rarest(name), found.rarer < least else { return nil }
    let word = found.with <= found.without ? "with" : "without"
    return "fewer than \(least) patients \(word) \(name == nil && kinds.count > 1 ? "one of the findings" : "the finding")"
  }

  /// Patients with the finding of whom it is found, or missed, as of a share.
  private func found(_ name: String?, _ value: Double) -> String? {
    guard let with = rarest(name)?.with else { return nil }
    let found = Int((value * Double(with)).rounded())
    return Self.decisions(found, "right") ?? Self.decisions(with - found, "wrong")
  }
}

extension Recalibration {
  /// Why the intervals of slope and intercept are not to be relied on; nil where nothing is known against them.
  ///
  /// - Parameters:
  ///   - targets: 1, 0, or NaN where the label is not known.
  ///   - patients: one a row.
  public static func warning(targets: [Float], patients: [String]) -> String? { IntervalWarning(targets: targets, patients: patients).sentence(.calibration) }
}

extension IntervalWarning {
  private static let start = "It may hold", startInText = "The interval may hold"

  /// A warning within a text, where “it” would be something else.
  static func ofTheInterval(_ warning: String) -> String { warning.hasPrefix(start) ? startInText + warning.dropFirst(start.count) : warning }

  /// Of one class.
  init(targets: [Float], patients: [String]) { kinds = ["": Self.kinds(targets, patients)] }

  /// Of a share of decisions.
  ///
  /// - Parameter patients: one a decision.
  static func ofShare(_ isRight: [Bool], patients: [String]) -> String? {
    func count(_ word: Bool) -> Int { Set(zip(isRight, patients).filter { $0.0 == word }.map(\.1)).count }
    return share(right: count(true), wrong: count(false)).map(said)
  }
}
