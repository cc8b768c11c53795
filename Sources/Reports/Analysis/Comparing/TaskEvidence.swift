internal import Foundations
internal import Statistics

/// What the predictions of a task say beyond the values of its runs: how patients move each initialization's metric. It stands beside a
/// table of results while the analysis is made, and is in no file, since there is a number for each test patient.
struct TaskEvidence: Sendable {
  /// Of one initialization.
  struct Group: Sendable {
    let seeds: Available<SeedsAndPatients>
    /// Equal for groups that were tested on the same rows with the same truth.
    let testSet: String
    /// In the test set; an image of no known patient counts as one.
    let patientCount: Int
    /// Nil where something was, or where it is not asked.
    var nothingLearned: NothingLearned? = nil

    /// How many test patients an interval of ± this needs, with as many seeds and the variances that were found.
    func patients(halfWidth: Double) -> Available<Int> {
      seeds.flatMap { TwoLevelDifference($0).patients(halfWidth: halfWidth, patientCount: patientCount) }
    }
  }

  /// By initialization.
  let groups: [String: Group]
  /// How its seeds came about where they were added round by round; nil where all are run, and for a metric that did not decide.
  var rounds: SeedRounds? = nil

  /// Of fewer patients nothing is said for others: with two, one comparison in seven of equal means says that they differ.
  static let leastPatients = 3
  /// Of fewer it is said that they are few: the level of comparisons has been simulated from here on (Documentation/statistics.md).
  static let simulatedPatients = 20

  /// Why no difference is tested for other patients, where there are so few that it would be found too often.
  static func tooFew(patients count: Int) -> String? {
    count < leastPatients ? "the test set has \(count == 1 ? "one patient" : "\(count) patients"), too few to speak of others" : nil
  }

  /// The number of patients that a pair was tested on.
  func patientCount(of name: String) -> Int { groups[name]?.patientCount ?? 0 }

  /// The seeds of an initialization that was tested on the same images as another.
  func seeds(of name: String, besides reference: String) -> Available<SeedsAndPatients> {
    guard let group = groups[name], let other = groups[reference] else { return .notAvailable(reason: "no run is finished") }
    guard group.testSet == other.testSet else { return .notAvailable(reason: "it was not tested on the same images as \(reference)") }
    return group.seeds
  }

  /// What all true means may be, together.
  func posterior(of names: [String]) -> Available<JointPosterior> {
    var all: [SeedsAndPatients] = []
    for name in names {
      switch seeds(of: name, besides: names.first ?? name) {
      case .value(let one): all.append(one)
      case .notAvailable(let reason): return .notAvailable(reason: "\(name): \(reason)")
      }
    }
    return JointPosterior.make(all)
  }

  /// The difference of two initializations for other seeds and other patients.
  func difference(_ first: String, _ second: String) -> Available<TwoLevelDifference> {
    for name in [first, second] {
      if let reason = groups[name]?.seeds.reason { return .notAvailable(reason: "\(name): \(reason)") }
    }
    guard let group = groups[first], let own = group.seeds.known else { return .notAvailable(reason: "\(first): no run is finished") }
    if let few = Self.tooFew(patients: group.patientCount) { return .notAvailable(reason: few) }
    if let reason = seeds(of: second, besides: first).reason { return .notAvailable(reason: "\(second): \(reason)") }
    return seeds(of: second, besides: first).flatMap { TwoLevelDifference.make(own, $0) }
  }
}
