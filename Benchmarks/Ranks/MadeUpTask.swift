import Foundation
import Foundations
import Statistics

/// Initializations of which one task or test set is made up: a value for each of 100 patients that all runs share, of an initialization's own
/// way with a patient, of the luck of a seed, and of a run's with a patient. Their results are means over the patients.
struct MadeUpTask {
  static let patients = 100
  /// Standard deviations; over 100 patients and three seeds that of a difference is about 0.012.
  private static let shared = 0.1, own = 0.07, seed = 0.007, run = 0.05

  /// Of each initialization.
  let groups: [SeedsAndPatients]
  /// Of each initialization and seed.
  let values: [[Double]]

  /// - Parameters:
  ///   - means: the true ones.
  ///   - lucks: of each initialization and seed, where it is the same on another set.
  init(_ means: [Double], seeds: Int, lucks: [[Double]]? = nil, _ generator: inout SeededGenerator) throws {
    let ofPatients = (0..<Self.patients).map { _ in Self.shared * generator.normal() }
    var groups: [SeedsAndPatients] = [], values: [[Double]] = []
    for (place, mean) in means.enumerated() {
      let ofBoth = (0..<Self.patients).map { _ in Self.own * generator.normal() }
      var results: [Double] = [], deviations: [PatientDeviations] = []
      for seed in 0..<seeds {
        let luck = lucks?[place][seed] ?? Self.luck(&generator)
        let rows = (0..<Self.patients).map { mean + ofPatients[$0] + ofBoth[$0] + luck + Self.run * generator.normal() }
        results.append(rows.reduce(0, +) / Double(rows.count))
        deviations.append(try PatientDeviations.ofMean(rows).found())
      }
      groups.append(try SeedsAndPatients.make(values: results, deviations: deviations).found())
      values.append(results)
    }
    (self.groups, self.values) = (groups, values)
  }

  static func luck(_ generator: inout SeededGenerator) -> Double { seed * generator.normal() }

  /// Of a mean over seeds, but for what all initializations share.
  static func noise(seeds: Int) -> Double {
    let r = Double(seeds), n = Double(patients)
    return (own * own / n + seed * seed / r + run * run / (n * r)).squareRoot()
  }
}

extension Available {
  /// The value, or the end of the simulation: nothing may be missing in it.
  func found() throws -> Value {
    switch self {
    case .value(let value): return value
    case .notAvailable(let reason): throw Missing(reason: reason)
    }
  }
}

struct Missing: Error { let reason: String }
