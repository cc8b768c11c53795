internal import Foundations
internal import Statistics
internal import Studies

/// How well each initialization does in groups of the test set, such as women and men, and whether the difference of two initializations
/// is another in one group than in the others.
///
/// Of a group's strata each has the task's first metric with its interval for other seeds and other patients, and the sensitivity and
/// specificity at the runs' own thresholds, which are common to all strata. The interaction contrast of an initialization A and the
/// baseline B is (θ̄_A − θ̄_B)|g − (θ̄_A − θ̄_B)|g′ with g′ the other stratum, or the images of all other strata together where there are
/// more than two; tested over seeds and patients, with Holm's correction over all contrasts of one group of one task. The gap, the
/// greatest value of a stratum less the least, stands beside the gaps that the same strata show when their names are dealt anew among
/// the patients, since the greatest of several differences is above 0 by chance.
struct SubgroupsSection: StudySection {
  static let id = "subgroups"

  /// What a stratum is made of; the same for all initializations.
  struct Stratum: Codable, Hashable, Sendable {
    let name: String
    let images: Int
    let patients: Int
    /// Images with each class of the task and without it; of a segmentation with and without an object.
    let positives: [Int]
    let negatives: [Int]
    /// Whether it is compared with other strata: not what is unknown or outside the bands, nor what has too few.
    let isCompared: Bool
    /// Why nothing is measured in it, if so.
    let tooFew: String?

    /// The plain mean over the classes of the share of images that have it; nil where no label is known.
    var prevalence: Double? {
      let shares = zip(positives, negatives).filter { $0 + $1 > 0 }.map { Double($0) / Double($0 + $1) }
      return shares.isEmpty ? nil : shares.reduce(0, +) / Double(shares.count)
    }
  }

  /// A value in one stratum: the mean over seeds.
  struct Measured: Codable, Hashable, Sendable {
    let value: Statistic
    /// For other seeds and other patients; of one run for other patients.
    let interval: Available<Interval>
  }

  struct Values: Codable, Hashable, Sendable {
    let metric: Measured
    /// At the threshold that each run has from its validation set; nil for segmentations.
    let sensitivity: Measured?
    let specificity: Measured?
  }

  struct Initialization: Codable, Hashable, Sendable {
    let name: String
    let runCount: Int
    /// One a stratum.
    let values: [Available<Values>]
    let gap: Available<GroupGap>
    /// Over the initializations of the group, by Holm.
    let adjustedGapP: Statistic
  }

  /// Whether an initialization's difference from the reference is another in one stratum than elsewhere.
  struct Interaction: Codable, Hashable, Sendable {
    let initialization: String
    let stratum: String
    /// The other stratum; nil for all others together.
    let other: String?
    let difference: Statistic
    let interval: Available<Interval>
    let degreesOfFreedom: Double?
    let p: Statistic
    /// Over all contrasts of the group, by Holm.
    let adjustedP: Statistic
  }

  struct Group: Codable, Hashable, Sendable {
    let name: String
    let strata: [Stratum]
    /// The classes that values are means over: those that are frequent enough in every compared stratum.
    let classes: [String]
    let initializations: [Initialization]
    let interactions: [Interaction]
  }

  struct Task: Codable, Hashable, Sendable {
    let name: String
    let kind: TaskKind
    let classNames: [String]
    /// What the others are compared with in each stratum.
    let reference: String?
    /// Those that tables and figures show where there are many.
    let shown: [String]
    let groups: [Group]
    /// Initializations that are shown and compared with nothing; nil for none.
    let leftOut: [String]?

    var marked: MarkedNames { MarkedNames(leftOut ?? []) }
  }

  /// A task whose groups could not be read, and why.
  struct Unread: Codable, Hashable, Sendable {
    let task: String
    /// Nil where it is so for all of them.
    let initialization: String?
    let reason: String
  }

  let tasks: [Task]
  let unread: [Unread]
  let significance: Double
  /// All initializations of the study, in its order.
  let initializations: [String]

  var title: String { "Subgroups" }
}
