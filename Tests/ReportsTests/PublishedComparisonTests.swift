import Foundation
import Foundations
import Statistics
import Testing

@testable import Reports

@Suite("A study's values beside a paper's")
struct PublishedComparisonTests {
  /// DXC14 in percent from two initializations with three runs each.
  private func table(_ rows: [(task: String, initialization: String, values: [Double])], percent: Bool = false) throws -> ResultTable {
    var text = "task,initialization,run,value\n"
    for row in rows { for (run, value) in row.values.enumerated() { text += "\(row.task),\(row.initialization),\(run),\(value)\n" } }
    var reading = ResultTable.Reading()
    reading.isPercent = percent
    return try ResultTable(csv: text, source: "x", reading)
  }

  private func compare(
    _ table: ResultTable, _ set: String = "published-2021", names: PublishedNames = PublishedNames(), margin: Double = 0.5,
    deviations: PrintedDeviations = .standard
  ) throws -> PublishedComparison {
    try PublishedComparison(table, against: .named(set), names: names, settings: .init(margin: margin, printedDeviations: deviations))
  }

  @Test("Each verdict follows from its rule: inside the margin, away from 0, or neither")
  func verdicts() throws {
    let comparison = try compare(
      table([
        ("DXC14", "random", [80.3, 80.35, 80.28]), ("DXC14", "moco-v2", [81.7, 81.9, 81.8]), ("TXC", "imagenet", [94.1, 97.9, 95.0]),
        ("DXC14", "swav", [81.9]),
      ]))
    #expect(comparison.pairs.map(\.verdict) == [.agrees, .differs, .unknown, .unknown])
    #expect(comparison.pairs[2].difference.interval.reason == "this study: one value has no spread")
    #expect(
      comparison.sentences.first == "Of 4 values that published-2021 has too, 1 agrees, 1 does not, and of 2 nothing can be told.")
  }

  @Test("The interval is Welch's of the means and spreads, the published one's by the setting, wider by the accuracy of reading", arguments: PrintedDeviations.allCases)
  func interval(deviations: PrintedDeviations) throws {
    let comparison = try compare(table([("DXC14", "moco-v2", [81.7, 81.9, 81.8])]), deviations: deviations)
    let pair = try #require(comparison.pairs.first)
    let theirs = Summary(count: 10, mean: 80.45, standardDeviation: deviations == .n ? 0.54 * (10.0 / 9).squareRoot() : 0.54)
    #expect(comparison.methods.contains("Printed standard deviations were taken as made with \(deviations.text) in the denominator"))
    let plain = try #require(welchTest(Summary([81.7, 81.9, 81.8]), theirs).effect.interval.known)
    let own = try #require(pair.difference.interval.known)
    #expect(own.lower == plain.lower - 0.05 && own.upper == plain.upper + 0.05)
    #expect(abs((pair.difference.value.known ?? 0) - 1.35) < 1e-12)
  }

  @Test("Two one-sided tests against the margin less the accuracy say the same as the widened interval inside the margin")
  func duality() throws {
    let set = try PublishedSet.named("published-2021")
    for offset in stride(from: -0.8, through: 0.8, by: 0.05) {
      let table = try table(
        set.tasks.map { ($0, "ImageNet", [-0.1, 0, 0.1, 0.05].map { $0 + offset }) }.map { row in
          (row.0, row.1, row.2.map { ($0 + (set.entry(row.0, "ImageNet")?.value.mean ?? 0)) })
        })
      for pair in try compare(table).pairs {
        let inside = pair.equivalenceInterval.known.map { $0.lower > -0.5 && $0.upper < 0.5 }
        #expect(inside == pair.equivalenceP.known.map { $0 < 0.05 })
        #expect((pair.verdict == .agrees) == (inside == true))
      }
    }
  }

  @Test("Fractions are compared in percent, and numbers that are neither are refused")
  func percent() throws {
    let one = try compare(table([("DXC14", "random", [0.803, 0.8035, 0.8028])], percent: true)).pairs.first
    let other = try compare(table([("DXC14", "random", [80.3, 80.35, 80.28])])).pairs.first
    #expect(one?.verdict == .agrees && abs((one?.difference.value.known ?? 9) - (other?.difference.value.known ?? 0)) < 1e-9)
    do {
      _ = try compare(table([("DXC14", "random", [0.803, 0.8035])]))
      Issue.record("compared")
    } catch {
      #expect(sentence(for: error) == "The published numbers are in percent, and no value here is above 1. Say with --percent that the values are fractions.")
    }
  }

  @Test("Names are matched by what is known of them, then by themselves, and by an explicit match before both")
  func names() throws {
    let set = try PublishedSet.named("published-2021")
    let plain = PublishedNames()
    #expect(plain.initialization("random", in: set) == "Scratch")
    #expect(plain.initialization("barlow-twins", in: set) == "Barlow Twins")
    #expect(plain.initialization("imagenet-chestxray14", in: set) == "ImageNet->ChestX-ray14")
    #expect(plain.initialization("imagenet-v2", in: set) == nil)
    #expect(plain.task("dxc14", in: set) == "DXC14" && plain.task("ChestX-ray14", in: set) == "DXC14" && plain.task("chests", in: set) == nil)
    let known = PublishedNames(matches: [.init("mine", "SwAV")], meanings: ["swav": "moco-v2", "mine": "byol"])
    #expect(known.initialization("swav", in: set) == "MoCo-v2" && known.initialization("mine", in: set) == "SwAV")
  }

  @Test(
    "A match that names nothing is refused with the nearest name",
    arguments: [
      ("chest=DXC14", "There is no task or initialization here “chest”. Did you mean “chests”?"),
      ("chests=DXC41", "There is no task or initialization in published-2021 “DXC41”. Did you mean “DXC14”?"),
      ("chests", "The match “chests” is not of the form ours=theirs. Write such as --match chests=DXC14."),
    ])
  func badMatch(text: String, words: String) throws {
    do {
      let names = try PublishedNames(matches: [.init(parsing: text)])
      _ = try compare(table([("chests", "random", [80.3, 80.35])]), names: names)
      Issue.record("compared")
    } catch {
      #expect(sentence(for: error) == words)
    }
  }

  @Test("Where no spread is published nothing can be told, and the reason is said")
  func noSpread() throws {
    let pair = try #require(try compare(table([("HXS", "dino", [94.8, 94.9])]), "published-2025").pairs.first)
    #expect(pair.verdict == .unknown && pair.difference.interval.reason == "no standard deviation is published")
  }

  @Test("What has no counterpart is named, and with none at all the remedy is said")
  func unmatched() throws {
    let comparison = try compare(table([("DXC14", "own", [80.3, 80.35]), ("teeth", "random", [50, 60])]))
    #expect(comparison.pairs.isEmpty && comparison.unmatchedTasks == ["teeth"] && comparison.unmatchedInitializations == ["own", "random"])
    #expect(comparison.sentences == ["No task and initialization here has a value in published-2021. Say which are meant with --match ours=theirs."])
  }
}
