import Foundation

/// How often a fault is tried: a few times in `make test`, many times in `make test-faults`.
///
/// Suites in this folder have names that hold `Fault`, by which `Scripts/test-faults` finds them.
enum FaultCount {
  static let isFull = ProcessInfo.processInfo.environment["MEDTRANSFER_FAULTS"] == "full"

  /// - Parameter name: `FAULTS_<name>` in the environment has the last word, such as `FAULTS_STOPS=20`.
  static func of(_ name: String, quick: Int, full: Int) -> Int {
    if let said = ProcessInfo.processInfo.environment["FAULTS_\(name)"].flatMap(Int.init), said > 0 { return said }
    return isFull ? full : quick
  }
}
