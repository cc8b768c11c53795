import Foundation
import Foundations
import Reports
import Studies

/// How often the report's section on subgroups finds an interaction or a gap that is not there, and one that is: made-up studies, each
/// through the whole report (its files in memory, `StudyNumbers`, the numbers as JSON).
///
///     subgroup-simulation [studies] [studies with gaps]
@main struct SubgroupSimulation {
  static let interactions = [
    Scenario(title: "no difference, 200 images", images: 200),
    Scenario(title: "no difference, 500 images", images: 500),
    Scenario(title: "no difference, 2,000 images"),
    Scenario(title: "no difference, 2,000 images, 10 seeds", seeds: 10),
    Scenario(title: "no difference, 2,000 images, strata of 80 and 20 %", shares: [8, 2]),
    Scenario(title: "no difference, 2,000 images of 500 patients", imagesOfPatient: 4),
    Scenario(title: "one stratum harder for both (AUROC 0.85 and 0.75) and with more findings (20 and 40 %)", auroc: [0.85, 0.75], prevalence: [0.2, 0.4]),
    Scenario(title: "no difference, four strata (Holm over four contrasts)", shares: [3, 3, 2, 2], auroc: [0.8, 0.8, 0.8, 0.8], prevalence: [0.3, 0.3, 0.3, 0.3]),
    Scenario(title: "no difference, three initializations (Holm over two)", initializations: 3),
    Scenario(title: "segmentation, no difference, 200 images", images: 200, auroc: [0.85, 0.75], isSegmentation: true),
    Scenario(title: "planted 0.05, 500 images", images: 500, planted: 0.05),
    Scenario(title: "planted 0.05, 1,000 images", images: 1000, planted: 0.05),
    Scenario(title: "planted 0.05, 2,000 images", planted: 0.05),
    Scenario(title: "planted 0.05, 2,000 images, strata of 80 and 20 %", shares: [8, 2], planted: 0.05),
    Scenario(title: "planted 0.05, 2,000 images, four strata", shares: [3, 3, 2, 2], auroc: [0.8, 0.8, 0.8, 0.8], planted: 0.05, prevalence: [0.3, 0.3, 0.3, 0.3]),
    Scenario(title: "segmentation, planted 0.05, 200 images", images: 200, auroc: [0.8, 0.8], planted: 0.05, isSegmentation: true),
  ]

  static let gaps = [
    Scenario(title: "no gap, two strata, 600 images", images: 600, seeds: 2),
    Scenario(title: "no gap, four strata, 600 images", images: 600, seeds: 2, shares: [3, 3, 2, 2], auroc: [0.8, 0.8, 0.8, 0.8], prevalence: [0.3, 0.3, 0.3, 0.3]),
    Scenario(title: "no gap, two strata with findings in 20 and 40 %, 600 images", images: 600, seeds: 2, prevalence: [0.2, 0.4]),
    Scenario(title: "no gap, 600 images of 200 patients", images: 600, seeds: 2, imagesOfPatient: 3),
    Scenario(title: "a gap of 0.10, two strata, 600 images", images: 600, seeds: 2, auroc: [0.85, 0.75]),
  ]

  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    let count = arguments.first ?? 1000, gapCount = arguments.dropFirst().first ?? 400
    print("| interaction, \(count) studies each | a stratum is said to differ |\n|---|---:|")
    for scenario in interactions {
      let found = try rate(scenario, count, bootstrap: .never) { group in
        group.interactions.contains { ($0.adjustedP ?? 1) < 0.05 }
      }
      print("| \(scenario.title) | \(percent(found)) |")
    }
    print("\n| gap, \(gapCount) studies each | said to be larger than chance | mean gap, points |\n|---|---:|---:|")
    for scenario in gaps {
      let values = try results(scenario, gapCount, bootstrap: .bounded) { group in
        // One initialization: there is nothing to correct for.
        group.initializations.first.map { ($0.gap.p ?? 1, $0.gap.gap ?? 0) }
      }
      let mean = values.reduce(0) { $0 + $1.1 } / Double(values.count)
      print("| \(scenario.title) | \(percent(Double(values.count { $0.0 < 0.05 }) / Double(values.count))) | \(String(format: "%.2f", 100 * mean)) |")
    }
  }

  /// The share of studies in which something is found.
  static func rate(_ scenario: Scenario, _ count: Int, bootstrap: BootstrapRule, _ isFound: @Sendable (Group) -> Bool) throws -> Double {
    let found = try results(scenario, count, bootstrap: bootstrap) { isFound($0) }
    return Double(found.count { $0 }) / Double(found.count)
  }

  static func results<Value: Sendable>(
    _ scenario: Scenario, _ count: Int, bootstrap: BootstrapRule, _ value: @Sendable (Group) -> Value?
  ) throws -> [Value] {
    let study = try MadeUpStudy(scenario), outline = StudyOutline(study.plan)
    return try concurrentMap(count) { number in
      Result { () throws -> Value? in
        let numbers = try StudyNumbers(outline, from: study.source(number), settings: StudySettings(bootstrap: bootstrap))
        let read = try JSONDecoder().decode(Numbers.self, from: numbers.json())
        return read.sections.subgroups.tasks.first?.groups.first.flatMap(value)
      }
    }.compactMap { try $0.get() }
  }

  static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
}

/// What is read of `numbers.json`. A number that is not available is an object there.
struct Numbers: Decodable {
  struct Sections: Decodable { let subgroups: Subgroups }
  struct Subgroups: Decodable { let tasks: [Task] }
  struct Task: Decodable { let groups: [Group] }
  let sections: Sections
}

struct Group: Decodable {
  struct Interaction: Decodable {
    let adjustedP: Double?

    enum Key: CodingKey { case adjustedP }
    init(from decoder: any Decoder) throws { adjustedP = try? decoder.container(keyedBy: Key.self).decode(Double.self, forKey: .adjustedP) }
  }
  struct Initialization: Decodable { let gap: Gap }
  struct Gap: Decodable {
    let gap: Double?
    let p: Double?

    enum Key: CodingKey { case gap, p }
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      (gap, p) = (try? container.decode(Double.self, forKey: .gap), try? container.decode(Double.self, forKey: .p))
    }
  }
  let interactions: [Interaction]
  let initializations: [Initialization]
}
