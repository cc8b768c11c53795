import Figures
import Foundation
import Foundations
import Metrics
import RunStore
import Statistics
import Studies
import Testing

@testable import Reports

@Suite("The report's section on subgroups")
struct SubgroupsSectionTests {
  /// Made by Tools/goldens/subgroups.py with fairlearn.
  struct Golden: Decodable {
    struct Group: Decodable {
      struct Class: Decodable {
        struct Values: Decodable { let auroc, count, prevalence, sensitivity, specificity: Double }
        let byStratum: [String: Values]
        let aurocGap: Double
      }
      let strata: [String]
      let classes: [String: Class]
    }
    let thresholds: [String: Double]
    let patients: [String]
    let targets: [String: [Int]]
    let scores: [String: [Double]]
    let groups: [String: Group]

    static func read() throws -> Golden {
      let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/subgroups.json")
      return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
    }

    /// - Parameter noise: added to each score, from a seed of its own; 0 keeps it.
    func predictions(_ classes: [String], noise: Double = 0, seed: Int = 0) -> Predictions {
      var generator = SeedPath(seed).generator()
      return .classification(
        ClassificationPredictions(
          classNames: classes,
          rows: patients.indices.map { row in
            .init(
              id: "\(row).png", patient: patients[row], targets: classes.map { Float(targets[$0]?[row] ?? 0) },
              probabilities: classes.map { min(1, max(0, (scores[$0]?[row] ?? 0) + noise * (generator.uniform() - 0.5))) })
          }))
    }

    /// On which the threshold with the greatest Youden index is the golden's own.
    func validation(_ classes: [String]) -> Predictions {
      .classification(
        ClassificationPredictions(
          classNames: classes,
          rows: [0, 1].map { row in
            .init(
              id: "v\(row).png", patient: "v\(row)", targets: classes.map { _ in Float(row) },
              probabilities: classes.map { (thresholds[$0] ?? 0) - (row == 0 ? 0.1 : 0) })
          }))
    }

    func table() -> GroupTable {
      GroupTable(
        names: ["Sex", "View"],
        rows: patients.indices.map { row in
          .init(id: "\(row).png", split: "test", strata: ["Sex", "View"].map { groups[$0]?.strata[row] ?? "" })
        })
    }
  }

  private static func task(_ kind: String, _ classes: String) -> String {
    "findings: {kind: \(kind), data: {manifest: {file: a.csv, labelColumns: [\(classes)], groupColumns: [Sex, View]}}}"
  }

  private func fixture(_ classes: [String], seeds: Int = 1) throws -> (fixture: SubgroupFixture, golden: Golden) {
    let golden = try Golden.read(), kind = classes.count == 1 ? "binaryClassification" : "multiLabelClassification"
    var fixture = try SubgroupFixture(Self.task(kind, classes.joined(separator: ", ")), seeds: seeds, validation: golden.validation(classes)) { start, seed in
      golden.predictions(classes, noise: start == 0 && seeds == 1 ? 0 : 0.3, seed: 10 * start + seed)
    }
    fixture.write(golden.table(), of: "findings")
    return (fixture, golden)
  }

  @Test("Each stratum's AUROC, sensitivity, specificity and prevalence equal MetricFrame's, the mean of two classes theirs")
  func fairlearn() throws {
    for classes in [["Edema"], ["Edema", "Mass"]] {
      let (fixture, golden) = try fixture(classes)
      let section = try #require(try fixture.section()), task = try #require(section.tasks.first)
      #expect(task.groups.map(\.name) == ["Sex", "View"] && task.classNames == classes)
      var compared = 0
      for group in task.groups {
        let expected = try #require(golden.groups[group.name]).classes, own = try #require(group.initializations.first)
        #expect(group.classes == classes)
        for (stratum, values) in zip(group.strata, own.values) where stratum.isCompared {
          let known = try classes.map { try #require(expected[$0]?.byStratum[stratum.name]) }
          func agrees(_ value: Double?, _ key: KeyPath<Golden.Group.Class.Values, Double>) -> Bool {
            abs((value ?? -1) - known.reduce(0) { $0 + $1[keyPath: key] } / Double(known.count)) < 1e-9
          }
          let found = try #require(values.known)
          #expect(Double(stratum.images) == known[0].count && agrees(stratum.prevalence, \.prevalence))
          #expect(agrees(found.metric.value.known, \.auroc), "\(group.name) \(stratum.name)")
          #expect(agrees(found.sensitivity?.value.known, \.sensitivity) && agrees(found.specificity?.value.known, \.specificity))
          #expect(found.metric.interval.known.map { $0.contains(found.metric.value.known ?? -1) } == true)
          compared += 1
        }
      }
      #expect(compared == 5)
    }
  }

  @Test("The gap of one class is MetricFrame's greatest difference, beside the gaps that chance makes")
  func gap() throws {
    let (fixture, golden) = try fixture(["Edema"])
    let task = try #require(try fixture.section(bootstrap: .bounded)?.tasks.first)
    for group in task.groups {
      let gap = try #require(group.initializations.first?.gap.known)
      #expect(abs((gap.gap.known ?? -1) - (golden.groups[group.name]?.classes["Edema"]?.aurocGap ?? 0)) < 1e-9)
      #expect(gap.dealCount == 999 && (gap.expected.known ?? 0) > 0.01 && (gap.p.known ?? 0) > 0.05)
    }
    #expect(try fixture.section(bootstrap: .never)?.tasks[0].groups[0].initializations[0].gap.reason == "no bootstrap was asked for")
  }

  @Test("A stratum with too few images says so; what is unknown is counted and compared with nothing")
  func tooFew() throws {
    let (fixture, _) = try fixture(["Edema"])
    let section = try #require(try fixture.section()), sex = section.tasks[0].groups[0]
    #expect(sex.strata.map(\.name) == ["F", "M", "unknown"] && sex.strata.map(\.isCompared) == [true, true, false])
    #expect(sex.strata[2].images == 7 && sex.strata[2].tooFew == "too few: 1 image with and 6 without it, and 10 of both are needed")
    #expect(sex.initializations[0].values[2].reason == sex.strata[2].tooFew)
    let table = try #require(section.tables.first { $0.label == "subgroups-findings-Sex" })
    let last = try #require(table.rows.last)
    #expect(last.map(\.text).prefix(6) == ["unknown", "7", "4", "14.3", "–", "too few"])
    #expect(last[5].note == "Too few: 1 image with and 6 without it, and 10 of both are needed.")
  }

  @Test("The interaction is tested over seeds and patients, two strata against each other, several against the others, Holm over all")
  func interactions() throws {
    let (fixture, golden) = try fixture(["Edema"], seeds: 3)
    let task = try #require(try fixture.section()?.tasks.first), targets = golden.targets["Edema"]?.map(Float.init) ?? []
    #expect(task.reference == "random")
    func seeds(_ start: Int, _ group: String, _ isWanted: (String) -> Bool) throws -> [StratumValue] {
      let strata = golden.groups[group]?.strata ?? [], rows = strata.indices.filter { isWanted(strata[$0]) }
      return try (1...3).map { seed in
        guard case .classification(let all) = golden.predictions(["Edema"], noise: 0.3, seed: 10 * start + seed) else { throw CancellationError() }
        let found = PatientDeviations.ofMeanAUROC(
          scores: [all.rows.map(\.probabilities[0])], targets: [targets], patients: golden.patients, rows: rows)
        let value = try #require(found.known)
        return StratumValue(value: value.auroc, deviations: value.deviations)
      }
    }
    func expected(_ group: String, _ first: (String) -> Bool, _ second: (String) -> Bool) throws -> TestResult {
      let contrasts = try [1, 0].map { try #require(SeedsAndPatients.contrast(seeds($0, group, first), seeds($0, group, second)).known) }
      return try #require(TwoLevelDifference.make(contrasts[0], contrasts[1]).known).test()
    }
    let sex = try #require(task.groups[0].interactions.first), own = try expected("Sex", { $0 == "F" }, { $0 == "M" })
    #expect(task.groups[0].interactions.count == 1 && sex.initialization == "adapted" && sex.stratum == "F" && sex.other == "M")
    #expect(abs((sex.difference.known ?? 9) - (own.effect.value.known ?? 0)) < 1e-12 && abs((sex.p.known ?? 9) - (own.p.known ?? 0)) < 1e-9)
    #expect(sex.adjustedP == sex.p)
    let views = task.groups[1].interactions
    #expect(views.map(\.stratum) == ["AP", "LATERAL", "PA"] && views.allSatisfy { $0.other == nil })
    for view in views {
      let own = try expected("View", { $0 == view.stratum }, { $0 != view.stratum })
      #expect(abs((view.p.known ?? 9) - (own.p.known ?? 0)) < 1e-9)
    }
    let least = try #require(views.compactMap(\.p.known).min())
    #expect(views.first { $0.p.known == least }?.adjustedP.known == min(1, 3 * least))
  }

  @Test("A difference that is another in one stratum is said in words, and beside the verdict")
  func planted() throws {
    // Adapted is right in F and guesses in M; random is as good in both.
    let count = 400
    var fixture = try SubgroupFixture(Self.task("binaryClassification", "Edema"), seeds: 3) { start, seed in
      var generator = SeedPath(100 * start + seed).generator()
      return .classification(
        ClassificationPredictions(
          classNames: ["Edema"],
          rows: (0..<count).map { row in
            let truth = row % 3 == 0, isKnown = start == 0 ? row % 4 < 2 : row % 2 == 0
            return .init(
              id: "\(row).png", patient: nil, targets: [truth ? 1 : 0], probabilities: [0.5 * (isKnown && truth ? 1 : 0) + 0.5 * generator.uniform()])
          }))
    }
    fixture.write(
      GroupTable(names: ["Sex", "View"], rows: (0..<count).map { .init(id: "\($0).png", split: "test", strata: [$0 % 2 == 0 ? "F" : "M", "PA"]) }), of: "findings")
    let section = try #require(try fixture.section()), interaction = try #require(section.tasks[0].groups[0].interactions.first)
    #expect((interaction.adjustedP.known ?? 1) < 0.001 && (interaction.difference.known ?? 0) > 0.2)
    let remark = try #require(section.remarks.first)
    #expect(remark.hasPrefix("findings: adapted minus random is ") && remark.contains(" points higher in F than in M (95 % interval +"), "\(remark)")
    #expect(section.sentences[0].hasPrefix("findings by Sex (test images: F 200; M 200): adapted minus random is "))
    #expect(section.sentences[1] == "findings by View (test images: PA 400): fewer than two strata have enough images, so nothing is compared.")
    #expect(section.figures.map(\.id) == ["subgroups-findings"] && section.figures[0].title == "findings: which initialization is better differs between the strata of Sex")
    #expect(section.methods.contains("the interaction contrast over seeds and patients"))
  }

  @Test("Without a table of groups, or with one of other groups, the report says what to do")
  func unread() throws {
    var (fixture, golden) = try fixture(["Edema"])
    let whole = try #require(fixture.files["groups/findings.csv"])
    func remarks(_ data: Data?) throws -> [String] {
      fixture.files["groups/findings.csv"] = data
      return try #require(try fixture.section()).remarks
    }
    let start = "findings is not told apart by groups: "
    #expect(try remarks(nil) == [start + "groups/findings.csv is not there; “medtransfer plan” writes it with no training."])
    #expect(
      try remarks(Data(GroupTable(names: ["Age"], rows: golden.table().rows.map { .init(id: $0.id, split: "test", strata: ["1"]) }).text.utf8))
        == [start + "groups/findings.csv has the groups Age and the study names Sex, View; “medtransfer plan” writes it anew with no training."])
    #expect(try remarks(whole.dropLast()) == [start + "The table groups/findings.csv cannot be used: it is no whole text; “medtransfer plan” writes it anew with no training."])
    #expect(
      try remarks(Data("path,split,Sex\na,test,F\n".utf8))
        == [start + "The table groups/findings.csv cannot be used: its columns are not path, split and group:<name>; “medtransfer plan” writes it anew with no training."])
    #expect(
      try remarks(whole + Data("0.png,test,F,AP\n".utf8))
        == [start + "The table groups/findings.csv cannot be used: the image “0.png” is there twice; “medtransfer plan” writes it anew with no training."])
  }

  @Test("A study without groups has no such section")
  func none() throws {
    let golden = try Golden.read()
    let fixture = try SubgroupFixture("findings: {kind: binaryClassification, data: {manifest: {file: a.csv, labelColumns: [Edema]}}}", seeds: 1) { _, _ in
      golden.predictions(["Edema"])
    }
    #expect(try fixture.section() == nil)
  }

  @Test("Strata of a segmentation have the pooled Dice, and need ten patients")
  func segmentation() throws {
    func counts(_ row: Int, _ seed: Int) -> PixelConfusion {
      PixelConfusion(truePositives: 30 + row, falsePositives: (row * 7 + seed) % 11, falseNegatives: row % 5, trueNegatives: 50)
    }
    var fixture = try SubgroupFixture(
      "lungs: {kind: binarySegmentation, data: {manifest: {file: a.csv, maskColumn: mask, groupColumns: [Sex]}}}", seeds: 2, initializations: ["random"]
    ) { _, seed in
      .segmentation(SegmentationPredictions(rows: (0..<40).map { .init(id: "\($0).png", patient: "p\($0 / 2)", counts: counts($0, seed)) }))
    }
    fixture.write(GroupTable(names: ["Sex"], rows: (0..<40).map { .init(id: "\($0).png", split: "test", strata: [$0 < 22 ? "F" : "M"]) }), of: "lungs")
    let task = try #require(try fixture.section(bootstrap: .bounded)?.tasks.first), sex = task.groups[0]
    #expect(sex.strata.map(\.patients) == [11, 9] && sex.strata[1].tooFew == "too few: 9 patients, and 10 are needed")
    let dice = (1...2).map { seed in
      let all = (0..<22).map { counts($0, seed) }
      let hits = Double(all.reduce(0) { $0 + 2 * $1.truePositives })
      return hits / (hits + Double(all.reduce(0) { $0 + $1.falsePositives + $1.falseNegatives }))
    }
    let found = try #require(sex.initializations[0].values[0].known)
    #expect(abs((found.metric.value.known ?? 0) - (dice[0] + dice[1]) / 2) < 1e-12 && found.sensitivity == nil)
    #expect(sex.initializations[0].gap.reason == "fewer than two strata can be compared" && sex.interactions.isEmpty)
  }

  @Test("The section is read back whole from JSON, and its numbers do not depend on the bound of the deals")
  func coding() throws {
    let (fixture, _) = try fixture(["Edema", "Mass"], seeds: 2)
    let numbers = try fixture.numbers(), text = try numbers.json()
    #expect(try JSONDecoder().decode(StudyNumbers.self, from: text) == numbers)
    #expect(String(decoding: text, as: UTF8.self).contains("\"subgroups\" : {"))
    let one = try self.fixture(["Edema"]).fixture
    let never = try #require(try one.section()), bounded = try #require(try one.section(bootstrap: .bounded))
    #expect(try JSONDecoder().decode(SubgroupsSection.self, from: CanonicalJSON.encode(bounded)) == bounded && never != bounded)
    #expect(never.tasks[0].groups.map(\.interactions) == bounded.tasks[0].groups.map(\.interactions))
    #expect(never.tasks[0].groups.map { $0.initializations.map(\.values) } == bounded.tasks[0].groups.map { $0.initializations.map(\.values) })
  }

  @Test("What would cost more than seconds is left out with the reason, unless asked for")
  func bounds() throws {
    let facts = TestFacts(try Golden.read().predictions(["Edema", "Mass"]))
    func work(_ groups: Int, _ seeds: Int, _ rule: BootstrapRule = .bounded) -> SubgroupWork {
      SubgroupWork(groupCount: groups, columnCount: 2, seedCount: seeds, facts: facts, rule: rule)
    }
    #expect(work(2, 3).unmeasured == nil && work(2, 3).undealt == nil && work(2, 3).unkept(strata: 3) == nil)
    #expect(
      work(4000, 10).unmeasured
        == "40,000 planned runs × 240 test images × 2 classes × 2 groups are more than the 20,000,000 that are told apart unless asked for (--bootstrap always)")
    #expect(
      work(100, 10).undealt
        == "1,000 planned runs × 240 test images × 2 classes × 2 groups are more than the 600,000 whose strata are dealt anew unless asked for (--bootstrap always)")
    #expect(work(20_000, 10).unkept(strata: 3)?.hasPrefix("20,000 groups of runs × 3 contrasts × 2 groups × ") == true)
    #expect(work(20_000, 10, .always).unmeasured == nil && work(20_000, 10, .always).undealt == nil && work(20_000, 10, .always).unkept(strata: 3) == nil)
  }
}
