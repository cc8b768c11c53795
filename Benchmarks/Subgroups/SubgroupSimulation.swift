import Foundation
import Foundations
import Reports
import Studies

/// How often the report's section on subgroups finds an interaction or a gap that is not there, and one that is: made-up studies, each
/// through the whole report (its files in memory, `StudyNumbers`, the numbers as JSON).
///
///     subgroup-simulation [studies] [studies with gaps] [--lines 1,3,13]
///
/// Ends with 1 where an interaction that is not there is found in more than 6 % of studies, or one of 0.05 in fewer than 80 % of those with 2,000 images
/// or more, give or take the luck of so many studies; `--lines` draws some lines alone, counted from 1, those with gaps last.
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
    var words = CommandLine.arguments.dropFirst(), numbers: [Int] = [], lines = Set(1...interactions.count + gaps.count)
    while let word = words.popFirst() {
      if word == "--lines" { lines = Set((words.popFirst() ?? "").split(separator: ",").compactMap { Int($0) }) } else { numbers += [Int(word) ?? 1] }
    }
    let count = numbers.first ?? 1000, gapCount = numbers.dropFirst().first ?? 400
    var failures: [String] = []
    show("| interaction, \(count) studies each | a stratum is said to differ |\n|---|---:|")
    for (place, scenario) in interactions.enumerated() where lines.contains(place + 1) {
      let found = try rate(scenario, count, bootstrap: .never) { group in
        group.interactions.contains { ($0.adjustedP ?? 1) < 0.05 }
      }
      show("| \(scenario.title) | \(percent(found)) |")
      if let failure = failure(scenario, found, count, isThere: scenario.planted > 0) { failures.append(failure) }
    }
    show("\n| gap, \(gapCount) studies each | said to be larger than chance | mean gap, points |\n|---|---:|---:|")
    for (place, scenario) in gaps.enumerated() where lines.contains(interactions.count + place + 1) {
      let values = try results(scenario, gapCount, bootstrap: .bounded) { group in
        // One initialization: there is nothing to correct for.
        group.initializations.first.map { ($0.gap.p ?? 1, $0.gap.gap ?? 0) }
      }
      let mean = values.reduce(0) { $0 + $1.1 } / Double(values.count), found = Double(values.count { $0.0 < 0.05 }) / Double(values.count)
      show("| \(scenario.title) | \(percent(found)) | \(String(format: "%.2f", 100 * mean)) |")
      if let failure = failure(scenario, found, gapCount, isThere: Set(scenario.auroc).count > 1) { failures.append(failure) }
    }
    for failure in failures { show("FAILS: \(failure)") }
    exit(failures.isEmpty ? 0 : 1)
  }

  /// At once, so that what is stopped has shown what it had.
  private static func show(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

  private static func failure(_ scenario: Scenario, _ found: Double, _ count: Int, isThere: Bool) -> String? {
    func luck(_ share: Double) -> Double { 2.6 * (share * (1 - share) / Double(count)).squareRoot() }
    if !isThere { return found > 0.06 + luck(0.05) ? "\(scenario.title): \(percent(found)) of studies find what is not there" : nil }
    // What is judged is the interaction in two strata of equal size.
    guard scenario.planted > 0, scenario.images >= 2000, scenario.shares == [5, 5] else { return nil }
    return found < 0.8 - luck(0.8) ? "\(scenario.title): found in \(percent(found)) of studies" : nil
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
