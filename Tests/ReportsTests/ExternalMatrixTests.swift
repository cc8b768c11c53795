import Figures
import Foundation
import Foundations
import Metrics
import RunStore
import Statistics
import Studies
import Testing

@testable import Reports

@Suite("The matrix of own and other test sets")
struct ExternalMatrixTests {
  @Test("A study whose runs were asked nowhere else has no such section")
  func none() throws {
    #expect(try ExternalFixture().numbers().sections.external == nil)
  }

  @Test("Its rows are those of evaluate, number for number, for classes, means and both Dice")
  func sameAsEvaluate() throws {
    let fixture = try ExternalFixture()
    let results = try fixture.plan.cells.map { try fixture.answer($0) }
    let matrix = try #require(try fixture.numbers().sections.external)
    #expect(matrix.sets.map(\.comparedName) == ["findings → elsewhere", "vessels → fundus"] && matrix.remarks.isEmpty)
    for set in matrix.sets {
      let evaluated = ExternalReport(results.filter { $0.cell.task == set.task }, onTask: set.onTask, part: "test")
      #expect(set.rows == evaluated.rows && set.answeredCount == 9 && set.finishedCount == 9)
    }
    #expect(matrix.sets[0].rows.count == 3 * 3 && matrix.sets[1].rows.count == 3 * 2)
    #expect(matrix.sets[0].matching.classes.map(\.ofTestSet) == ["Edema", "MASS"] && matrix.sets[0].matching.classesOfRunLeftOut == ["Nodule"])
  }

  /// The variance of a mean difference over seeds and patients, from the covariance matrices themselves.
  @Test("A drop's interval is Obuchowski and Rockette's of the seeds' own differences, the patients of both sets being different people")
  func drop() throws {
    let fixture = try ExternalFixture(), cells = fixture.cells("vessels").filter { $0.initialization == "chest" }
    let group = ExternalGroup(try cells.map { try fixture.answer($0) })
    let row = try #require(group.rows.first { $0.metric == .dicePerImage })
    func dice(_ predictions: Predictions) -> [Double] {
      guard case .segmentation(let all) = predictions else { return [] }
      return all.rows.map(\.counts.dice)
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    func covariance(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + ($1.0 - mean(a)) * ($1.1 - mean(b)) } / Double(a.count - 1) / Double(a.count)
    }
    let own = cells.map { dice(fixture.own($0)) }, other = cells.map { dice(fixture.elsewhere($0)) }
    let differences = zip(own, other).map { mean($0) - mean($1) }
    var shared = 0.0
    for a in 0..<3 { for b in 0..<3 where a != b { shared += (covariance(own[a], own[b]) + covariance(other[a], other[b])) / 6 } }
    let spread = differences.map { ($0 - mean(differences)) * ($0 - mean(differences)) }.reduce(0, +) / 2
    let variance = spread / 3 + max(0, shared)
    let degrees = variance * variance / (spread * spread / 9 / 2 + shared * shared / 15)
    let half = try #require(StudentT(degreesOfFreedom: degrees).upperQuantile(0.025).known) * variance.squareRoot()
    let drop = row.generalized.drop, interval = try #require(drop.interval.known)
    #expect(abs((drop.value.known ?? .nan) - mean(differences)) < 1e-12 && shared > 0)
    #expect(abs(interval.lower - (mean(differences) - half)) < 1e-9 && abs(interval.upper - (mean(differences) + half)) < 1e-9)
  }

  @Test("Grades on another test set are told and drawn by the weighted kappa, which their task is judged by first, as they are compared")
  func grades() throws {
    let fixture = try ClinicFixture(gradesKind: .orderedGrades)
    for cell in fixture.plan.cells where cell.task == "grades" {
      let other = Predictions.classification(ClinicFixture.answers(cell, part: "elsewhere", areOrdered: true))
      try RunDirectory(of: cell, in: fixture.plan.study.outputDirectory).external(task: "others", part: "test").write(other) { digest in
        ExternalEvaluation(
          task: "others", part: "test", run: cell.identity, data: "others", classes: other.columnNames.map { .init(ofRun: $0, ofTestSet: $0) },
          classesOfRunLeftOut: [], classesOfTestSetLeftOut: [], overlap: [], leavesOverlapOut: false, imageCount: other.imageCount, unusable: [],
          predictions: digest)
      }
    }
    let numbers = try fixture.numbers(), matrix = try #require(numbers.sections.external), set = try #require(matrix.sets.first)
    #expect(set.answeredCount == 9 && Set(set.rows.map(\.metric)) == [.auroc, .aurocMacro, .cohenKappaQuadratic])
    let title = MetricName.cohenKappaQuadratic.title, drops = set.rows.filter { $0.metric == .cohenKappaQuadratic }.compactMap(\.generalized.drop.value.known)
    let most = try #require(drops.max())
    #expect(
      matrix.sentences.contains { $0.hasPrefix("From the own test set to others the drops") && $0.contains(MetricName.cohenKappaQuadratic.scale.signed(most)) },
      "\(matrix.sentences)")
    #expect(matrix.figures(order: [])[0].panels.map(\.y.title) == [title])
  }

  @Test("A class that is undefined on one of the sets is left out of the means of both")
  func undefinedClass() throws {
    let fixture = try ExternalFixture(), cell = fixture.cells("findings")[0]
    guard case .classification(let all) = fixture.elsewhere(cell) else { return }
    let rows = all.rows.map { row in
      ClassificationPredictions.Row(id: row.id, patient: row.patient, targets: [row.targets[0], 0], probabilities: row.probabilities)
    }
    let other = Predictions.classification(.init(classNames: all.classNames, rows: rows))
    let report = ExternalReport([try fixture.answer(cell, other)], onTask: "elsewhere", part: "test")
    let mean = try #require(report.rows.first { $0.className == nil }), edema = try #require(report.rows.first { $0.className == "Edema" })
    #expect(mean.own == edema.own && mean.other == edema.other)
    #expect(
      report.notes.contains(
        "“Mass” is undefined in 1 run (on the other set: no positive sample); means over classes leave it out on both sets."),
      "\(report.notes)")
  }

  @Test("An interval that may not hold is marked in the table of evaluate, and each reason is said once under it")
  func warnings() throws {
    let fixture = try ExternalFixture(), cell = fixture.cells("findings")[0]
    guard case .classification(let all) = fixture.elsewhere(cell) else { return }
    // Ten patients.
    let few = ClassificationPredictions(classNames: all.classNames, rows: Array(all.rows.prefix(20)))
    let report = ExternalReport([try fixture.answer(cell, .classification(few))], onTask: "elsewhere", part: "test")
    let edema = try #require(report.patients.first { $0.className == "Edema" })
    let sentence = "It may hold the truth less or more often than it says: fewer than 10 patients with the finding."
    #expect(edema.otherInterval.known != nil && edema.otherWarning == sentence)
    #expect(report.notes.count { $0.hasSuffix(sentence) } == 1 && report.terminalText.components(separatedBy: sentence).count == 2)
    let letters = report.notes.filter { $0.hasPrefix("(") }
    #expect(letters.count == Set(report.patients.flatMap { [$0.ownWarning, $0.otherWarning].compactMap(\.self) }).count && letters[0].hasPrefix("(a) It may hold"))
    for (row, cells) in zip(report.patients, report.patientTable.rows) {
      for (warning, cell) in zip([row.ownWarning, row.otherWarning], cells.suffix(2)) {
        let own = letters.filter { note in cell.hasSuffix(" \(note.prefix(3))") }
        #expect(own.count == (warning == nil ? 0 : 1) && own.allSatisfy { $0.hasSuffix(warning ?? "") }, "\(cell)")
      }
    }
  }

  @Test("Answers that do not count are named with the reason, and the others stand")
  func faults() throws {
    let fixture = try ExternalFixture(), cells = fixture.cells("findings")
    for cell in cells { try fixture.answer(cell) }
    let imagenet = cells.filter { $0.initialization == "imagenet" }
    let whole = try fixture.numbers()
    let folder = fixture.directory(imagenet[0]).external(task: "elsewhere", part: "test")
    let text = try String(contentsOf: folder.predictionsFile, encoding: .utf8)
    func remarks() throws -> [String] { try #require(try fixture.numbers().sections.external).remarks }
    let place = imagenet[0].relativePath

    try Data(text.replacingOccurrences(of: "there-0.png", with: "there-x.png").utf8).write(to: folder.predictionsFile)
    #expect(
      try remarks() == [
        "The answers of the run \(place) in external/elsewhere do not count: its predictions.csv has another SHA-256 than its evaluation.json states."
      ])
    let rest = try #require(try fixture.numbers().sections.external).sets[0]
    #expect(rest.answeredCount == 8 && rest.rows.first { $0.initialization == "imagenet" }?.own.count == 2)
    #expect(
      try #require(try fixture.numbers().sections.external).sentences.contains(
        "8 of 9 finished runs of findings have answered about elsewhere: the others are asked by “medtransfer evaluate” with --task findings --on elsewhere."))

    for cell in imagenet { try fixture.answer(cell) { $0.changed(run: String(repeating: "0", count: 64)) } }
    #expect(
      try remarks() == [
        "The answers of 3 runs of findings, such as \(place), in external/elsewhere do not count: their record is of another run (identity 000000000000…)."
      ])
    for cell in imagenet { try fixture.answer(cell) { $0.changed(imageCount: 5) } }
    #expect(try remarks()[0].hasSuffix("do not count: their record says 5 images, and there are 80."))
    for cell in imagenet { try fixture.answer(cell, fixture.masks(cell, "x", 8, 0.5)) }
    #expect(try remarks()[0].hasSuffix("do not count: they are of another kind of task."))
    for cell in imagenet { try Data("{}".utf8).write(to: fixture.directory(cell).external(task: "elsewhere", part: "test").recordFile) }
    #expect(try remarks()[0].hasSuffix("do not count: its evaluation.json is no record of answers."))
    for cell in imagenet { try fixture.answer(cell) }
    #expect(try fixture.numbers() == whole)
  }

  @Test("Who answered about other images is shown and not compared; counted overlap is said at the top")
  func oddQuestion() throws {
    let fixture = try ExternalFixture()
    for cell in fixture.cells("findings") {
      guard cell.initialization == "random", case .classification(let all) = fixture.elsewhere(cell) else {
        try fixture.answer(cell)
        continue
      }
      // Of the images that its own training had seen none is counted.
      let rest = Predictions.classification(.init(classNames: all.classNames, rows: Array(all.rows.dropFirst(2))))
      try fixture.answer(cell, rest) { $0.changed(overlap: ["there-0.png", "there-1.png"], leavesOverlapOut: true) }
    }
    let matrix = try #require(try fixture.numbers().sections.external), set = matrix.sets[0]
    #expect(
      matrix.remarks == [
        "On elsewhere, random of findings answered about other images, labels or classes than the others: shown, and not compared."
      ])
    #expect(set.rows.contains { $0.initialization == "random" } && set.asked.map(\.initialization) == ["random"])
    #expect(matrix.analysis?.table.tasks[0].cells.map(\.initialization) == ["imagenet", "chest"])
    #expect(set.ranks.known?.initializations == ["imagenet", "chest"])
    let table = try #require(matrix.tables.first { $0.label == "external-sets" })
    #expect(
      table.rows[0].map(\.text) == [
        "findings", "elsewhere", "78, 80", "Edema, Mass (there MASS)", "Nodule", "none", "2, left out", "0", "9 of 9",
      ])
    for cell in fixture.cells("findings") { try fixture.answer(cell) { $0.changed(overlap: ["there-0.png"]) } }
    #expect(
      try #require(try fixture.numbers().sections.external).remarks == [
        "Runs of findings were trained or chosen on 1 image of elsewhere and are scored on it all the same: this is no external result."
      ])
  }

  @Test("Each other test set has a verdict for other patients, the order on both, and words for them; one shared class is its own mean")
  func verdicts() throws {
    let fixture = try ExternalFixture()
    for cell in fixture.cells("findings") { try fixture.answer(cell, fixture.findings(cell, "there", ["Edema"], 80, ExternalFixture.quality[cell.initialization]?.other ?? 0)) }
    let matrix = try #require(try fixture.numbers().sections.external), analysis = try #require(matrix.analysis)
    #expect(analysis.table.tasks.map(\.title) == ["findings → elsewhere, AUROC"])
    let task = analysis.tasks[0]
    // Planted: the second best on its own images is the best there.
    #expect(task.best.known == "imagenet" && task.generalization == .patientsAndSeeds)
    #expect(matrix.sentences[0] == "Trained on findings, tested on elsewhere: \(analysis.verdicts[0].statement)")
    // The first screen answers for the other test set too.
    #expect(matrix.answers == [matrix.sentences[0] + " " + matrix.sentences[1]] && matrix.sentences[1].hasPrefix("From the own test set to elsewhere the drops"))
    let ranks = try #require(matrix.sets[0].ranks.known), tau = try #require(ranks.tau.known), interval = try #require(ranks.interval.known)
    #expect(ranks.bestOnOwn == ["chest"] && ranks.bestOnOther == ["imagenet"] && abs(tau - 1.0 / 3) < 1e-12 && interval.contains(tau))
    #expect((ranks.sameBest.known ?? 1) < 0.5)
    let table = try #require(matrix.tables.first { $0.label == "external" })
    #expect(table.rows.filter { $0.contains(where: \.isBold) }.map { $0[1].text } == ["imagenet"])
    #expect(matrix.terminalText(width: 100).contains("External validation") && matrix.figures.map(\.id) == ["external"])
  }

  @Test("The same bytes from an archive of the runs as from their folder")
  func archive() throws {
    let fixture = try ExternalFixture()
    for cell in fixture.plan.cells { try fixture.answer(cell) }
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: fixture.output.path) {
      let url = fixture.output.appendingPathComponent(name)
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue { files[name] = try Data(contentsOf: url) }
    }
    let packed = try StudyNumbers(
      StudyOutline(fixture.plan), from: RunArchiveSource(files, name: "pack"), settings: StudySettings(bootstrap: .never))
    #expect(try packed.sections.external != nil && packed.json() == fixture.numbers().json())
    let decoded = try JSONDecoder().decode(StudyNumbers.self, from: packed.json())
    #expect(decoded.sections == packed.sections)
  }

  @Test("The title of the figure says of the greatest loss whether it can be told from 0")
  func point() throws {
    func title(_ other: Double) throws -> String {
      let fixture = try ExternalFixture()
      for cell in fixture.cells("vessels") { try fixture.answer(cell, fixture.masks(cell, "fundus", 16, (ExternalFixture.quality[cell.initialization]?.own ?? 0) + other)) }
      let matrix = try #require(try fixture.numbers().sections.external)
      #expect(matrix.sets[0].rows.contains { ($0.generalized.p.known ?? 1) < 0.05 } == (abs(other) > 0.1), "\(matrix.sentences)")
      return try #require(matrix.figures(order: ["imagenet", "chest", "random"]).first).title
    }
    let told = try title(-0.3), none = try title(0.3)
    #expect(told.hasPrefix("From the own test set to another: ") && told.contains(" loses most on fundus, ") && told.hasSuffix(" points"), "\(told)")
    #expect(none == "From the own test set to another: none loses")
    let open = try title(-0.005)
    #expect(open == "From the own test set to another: none loses" || open.hasSuffix(" points, not told from 0"), "\(open)")
  }
}
