internal import Foundation

/// How long a holder of a claim may give no sign of life. All of it follows from one number, `MEDTRANSFER_LEASE_PATIENCE` in the
/// environment, which has to be the same for every process of a study.
package struct LeasePatience: Sendable {
  /// Seconds without a sign after which a holder of whom nothing else is known is taken for gone.
  package let unknown: Double

  package init(unknown: Double) { self.unknown = unknown }

  /// Half an hour: longer than file servers take to come back.
  package static let standard = LeasePatience(unknown: 1800)

  package static let current: LeasePatience = {
    guard let said = ProcessInfo.processInfo.environment["MEDTRANSFER_LEASE_PATIENCE"].flatMap(Double.init), said >= 1, said.isFinite else { return standard }
    return LeasePatience(unknown: said)
  }()

  /// Seconds between two signs of life: 30.
  package var beat: Double { unknown / 60 }
  /// Seconds without a sign after which a holder whose job is gone, as the scheduler says, is taken for gone: 3 minutes.
  package var reportedGone: Double { unknown / 10 }
  /// Seconds after its last sign for which a holder knows, without asking the files, that nobody has taken its place: 90.
  package var sure: Double { unknown / 20 }
}
