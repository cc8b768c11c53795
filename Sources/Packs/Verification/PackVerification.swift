public import Foundation
internal import Foundations
internal import Reports

/// What was checked of a pack, with counts, and everything that does not hold, by name.
///
/// Nothing of the pack is believed that can be computed: numbers and p-values follow from the predictions, metrics too, identities
/// from configurations, cells from the study file. What cannot be (whether the predictions are those of the images, the history
/// that of the training) rests on the digests, and on the SHA-256 of the pack that its maker publishes.
public struct PackVerification: Codable, Hashable, Sendable {
  /// One thing that does not hold.
  public struct Fault: Codable, Hashable, Sendable {
    /// The file, run or number.
    public let name: String
    /// How it continues: `is in the manifest and not in the pack`.
    public let problem: String

    init(_ name: String, _ problem: String) { (self.name, self.problem) = (name, problem) }
  }

  /// Things of one kind.
  public struct Check: Codable, Hashable, Sendable {
    /// `SHA-256 of the files`.
    public let name: String
    public let count: Int
    public let faults: [Fault]
    /// What a reader must know of how it was checked; empty for nothing.
    public let remark: String

    init(_ name: String, count: Int, faults: [Fault] = [], remark: String = "") {
      (self.name, self.count, self.faults, self.remark) = (name, count, faults, remark)
    }
  }

  public let pack: String
  public let sha256: String
  public let study: String
  /// The program that made it, and the one that checks it.
  public let maker: String
  public let checker: String
  public let checks: [Check]
  /// Planned runs that do not count. They are no faults of the pack.
  public let uncounted: [UncountedRun]

  public var faults: [Fault] { checks.flatMap(\.faults) }
  public var holds: Bool { faults.isEmpty }

  /// Opens a pack in memory and checks it.
  ///
  /// - Throws: `PacksError` for a file that is no pack, is damaged, or asks for more than a pack may. All else is a fault.
  public init(_ url: URL, checker: String, limits: ArchiveLimits = .ofThisMachine) throws {
    let opened = try OpenedPack(url, limits: limits)
    (pack, sha256, study, maker) = (opened.name, opened.sha256, opened.manifest.study, opened.manifest.maker)
    self.checker = checker
    var checks = [Check("SHA-256 of the files", count: opened.manifest.files.count, faults: opened.faults)]
    let plan = RebuiltPlan(opened), runs = PackedRuns(opened)
    checks += Self.ownChecks(opened, plan, runs) + [runs.metricsCheck()]
    checks += RecomputedNumbers(opened, plan).checks
    uncounted = runs.uncounted(plan)
    self.checks = checks
  }

  /// What of a pack must fit together, without what is computed of predictions.
  private static func ownChecks(_ pack: OpenedPack, _ plan: RebuiltPlan, _ runs: PackedRuns) -> [Check] {
    [
      plan.check, runs.placesCheck(plan), runs.sealsCheck(), runs.certificatesCheck(), runs.splitsCheck(), runs.findingsCheck(),
      GroupsCheck(pack, plan).check,
    ]
  }

  /// What whoever verifies it would refuse in a pack that is about to be written.
  static func contradictions(in pack: OpenedPack) -> [Fault] {
    ownChecks(pack, RebuiltPlan(pack), PackedRuns(pack)).flatMap(\.faults)
  }
}

extension ArchiveLimits {
  /// All of a pack is held in memory, so it may unfold to three quarters of what this machine has.
  public static var ofThisMachine: ArchiveLimits {
    var limits = ArchiveLimits()
    limits.bytes = min(limits.bytes, Int(clamping: ProcessInfo.processInfo.physicalMemory / 4 * 3))
    return limits
  }
}
