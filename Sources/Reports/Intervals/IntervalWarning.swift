internal import Foundations
internal import Metrics

/// What an interval rests on.
enum IntervalBasis {
  /// Decisions that are right and wrong.
  case share(right: Int, wrong: Int)
  /// Patients, and how many of them carry the variance.
  case patients(Int, carriers: Double)
  /// Patients with and without a class; nil for every class.
  case `class`(String?)
  /// A bootstrap over patients, of a class or of all.
  case bootstrap(String?)
  case nothing
}

/// Says where an interval is known to hold the truth less often than it says, by the simulation in Benchmarks/IntervalCoverage: its table is in
/// Documentation/statistics.md.
struct IntervalWarning {
  /// Fewer patients than these, and fewer patients that carry the variance, are too few for a mean or a bootstrap.
  static let fewPatients = 50
  static let fewCarriers = 10.0
  /// Fewer patients with, or without, a finding.
  static let fewOfAKind = 10
  /// Fewer decisions that are right, or wrong.
  static let fewDecisions = 5

  private struct Kinds {
    let with: Int
    let without: Int
    var rarer: Int { min(with, without) }
  }

  private let patients: Int
  /// By class; none for segmentations.
  private let kinds: [String: Kinds]

  init(_ predictions: Predictions, patients: [String]) {
    self.patients = Set(patients).count
    guard case .classification(let found) = predictions else {
      kinds = [:]
      return
    }
    var kinds: [String: Kinds] = [:]
    for (column, name) in found.classNames.enumerated() {
      var with: Set<String> = [], without: Set<String> = []
      for (row, patient) in zip(found.rows, patients) {
        if row.targets[column] == 1 { with.insert(patient) } else if row.targets[column] == 0 { without.insert(patient) }
      }
      kinds[name] = Kinds(with: with.count, without: without.count)
    }
    self.kinds = kinds
  }

  func sentence(_ basis: IntervalBasis) -> String? {
    let reason: String? =
      switch basis {
      case .nothing: nil
      case .share(let right, let wrong): Self.decisions(right, "right") ?? Self.decisions(wrong, "wrong")
      case .patients(let count, let carriers): Self.few(count) ?? Self.few(carriers: carriers)
      case .class(let name): kind(name)
      case .bootstrap(let name): Self.few(patients) ?? kind(name)
      }
    return reason.map { "It may hold the truth less often than it says: \($0)." }
  }

  private static func decisions(_ count: Int, _ word: String) -> String? {
    count < fewDecisions ? "\(count == 1 ? "1 decision is" : "\(grouped(count)) decisions are") \(word), fewer than \(fewDecisions)" : nil
  }

  private static func few(_ patients: Int) -> String? { patients < fewPatients ? "\(grouped(patients)) patients are fewer than \(fewPatients)" : nil }

  private static func few(carriers: Double) -> String? {
    carriers < fewCarriers ? "so few patients are far from the mean that they alone decide how wide it is" : nil
  }

  private func kind(_ name: String?) -> String? {
    let all = name.map { name in kinds[name].map { [(name, $0)] } ?? [] } ?? kinds.map { ($0.key, $0.value) }
    // A class without one of the kinds is no part of a mean.
    guard let (name, least) = all.filter({ $0.1.rarer > 0 }).min(by: { ($0.1.rarer, $0.0) < ($1.1.rarer, $1.0) }), least.rarer < Self.fewOfAKind
    else { return nil }
    let (count, word) = least.with <= least.without ? (least.with, "with") : (least.without, "without")
    return "\(count == 1 ? "1 patient" : "\(grouped(count)) patients") \(word) “\(name)”, fewer than \(Self.fewOfAKind)"
  }
}
