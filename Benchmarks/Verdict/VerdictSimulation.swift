import Foundation
import Foundations
import Reports
import Statistics

/// How often the report says that two initializations differ: of studies whose true means are equal, and of studies with a difference
/// that the planner says is found with a power of 80 %. Every study goes from the bytes of its runs to the verdict as the report does.
///
///     verdict-simulation [studies a line] [equal] [planted] [dice] [auroc] [areas]
///     verdict-simulation [studies a line] rounds [dice] [auroc]
///
/// Both tables and all their lines, or those that are named; or those of seeds that are added round by round. Ends with 1 where a line is not as it must be.
@main struct VerdictSimulation {
  static let sizes = [20, 50, 200, 600], seeds = [3, 10]

  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    let studies = arguments.compactMap { Int($0) }.first ?? 1000
    func isWanted(_ name: String, of names: [String]) -> Bool { arguments.contains(name) || !names.contains(where: arguments.contains) }
    func kinds(_ all: [MadeUpStudy.Kind]) -> [MadeUpStudy.Kind] { all.filter { isWanted($0.word, of: ["dice", "auroc", "areas"]) } }
    say("\(studies) studies a line; α = 0.05, two-sided.\n")
    if arguments.contains("rounds") {
      if try !RoundsTable.isKept(kinds([.dice, .auroc(prevalence: 30)]), studies: studies) { exit(1) }
      return
    }
    let isKept = [
      try isWanted("equal", of: ["equal", "planted"])
        ? equal(kinds([.dice, .auroc(prevalence: 10), .auroc(prevalence: 30), .auroc(prevalence: 50)] + MadeUpStudy.Kind.rareFindings), studies: studies) : true,
      try isWanted("planted", of: ["equal", "planted"]) ? planted(kinds([.dice, .auroc(prevalence: 30)]), studies: studies) : true,
    ]
    if isKept.contains(false) { exit(1) }
  }

  /// Whether the two are said to differ in no more than 7 of 100 studies of any line.
  private static func equal(_ kinds: [MadeUpStudy.Kind], studies: Int) throws -> Bool {
    say("Equal true means: studies in which the two are said to differ\n")
    say("| values | test images | seeds | for other patients | on these test images |\n|---|---:|---:|---:|---:|")
    var mostFalse = 0.0
    for kind in kinds {
      for seeds in seeds {
        for images in kind.word == "areas" ? [MadeUpStudy.Kind.imagesOfRareFindings] : sizes {
          for found in try line(MadeUpStudy(kind, images: images, seeds: seeds), studies: studies, shift: 0) {
            mostFalse = max(mostFalse, found.forPatients)
            say("| \(found.title) | \(images) | \(seeds) | \(percent(found.forPatients)) | \(percent(found.onTheseImages)) |")
          }
        }
      }
    }
    say("\nMost for other patients: \(percent(mostFalse)).\n")
    return mostFalse <= 0.07
  }

  /// Whether a difference is found as often as the planner foretells, ± 5 points, on every line.
  private static func planted(_ kinds: [MadeUpStudy.Kind], studies: Int) throws -> Bool {
    say("A planted difference: studies in which it is found, and the power that the planner foretells\n")
    say("| values | test images | seeds | difference, points | foretold | found |\n|---|---:|---:|---:|---:|---:|")
    var farthest = 0.0
    for kind in kinds {
      let pilots = try Pilots(kind)
      for seeds in seeds {
        for images in [50, 200] {
          let study = try MadeUpStudy(kind, images: images, seeds: seeds), plan = try pilots.plan(for: study, power: 0.8)
          let found = try line(study, studies: studies, shift: plan.shift)[0], points = 100 * study.trueDifference(shift: plan.shift)
          farthest = max(farthest, abs(found.forPatients - plan.foretold))
          say("| \(found.title) | \(images) | \(seeds) | \(String(format: "%.1f", points)) | \(percent(plan.foretold)) | \(percent(found.forPatients)) |")
        }
      }
    }
    say("\nFarthest from what was foretold: \(String(format: "%.1f", 100 * farthest)) points.")
    return farthest <= 0.05
  }

  struct Share {
    let title: String
    let forPatients: Double
    let onTheseImages: Double
  }

  /// One a metric of the task.
  static func line(_ made: MadeUpStudy, studies: Int, shift: Double) throws -> [Share] {
    let outcomes = try concurrentMap(studies) { study in
      Result { try made.numbers(study: study, shift: shift).analysis }
    }.map { result in
      let analysis = try result.get()
      return zip(analysis.tasks, analysis.onTheseImages).enumerated().map { index, task in
        // Where patients could not be in the comparison it is no verdict for them.
        let isTold = task.0.generalization == .patientsAndSeeds && task.0.againstBest?.comparisons.first?.isToldApart == true
        return (title: analysis.table.tasks[index].metric ?? "", isTold: isTold, isToldHere: task.1.againstBest?.comparisons.first?.isToldApart == true)
      }
    }
    guard let first = outcomes.first else { return [] }
    return first.indices.map { index in
      var title = first[index].title
      if case .areas(let positives) = made.kind { title += ", \(positives.map(String.init).joined(separator: ", ")) positive" }
      if case .auroc(let prevalence) = made.kind { title += ", \(prevalence) % positive" }
      func share(_ isCounted: (Int) -> Bool) -> Double { Double(outcomes.indices.count { isCounted($0) }) / Double(outcomes.count) }
      return Share(
        title: title, forPatients: share { outcomes[$0][index].isTold }, onTheseImages: share { outcomes[$0][index].isToldHere })
    }
  }

  /// Each line when it is known, also into a file.
  static func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

  static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
}
