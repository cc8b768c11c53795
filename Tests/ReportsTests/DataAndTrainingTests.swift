import Figures
import Foundation
import Foundations
import Metrics
import RunStore
import Statistics
import Studies
import Testing

@testable import Reports

@Suite("Data and training")
struct DataAndTrainingTests {
  private func rows(_ section: DataAndTraining, _ label: String) throws -> [[String]] {
    try #require(section.tables.first { $0.label == label }).rows.map { $0.map(\.text) }
  }

  @Test("Parts, classes, settings, epochs, times and machines are told from the study's files alone")
  func tables() throws {
    let fixture = try EvidenceFixture()
    try fixture.finish()
    try fixture.putSplits()
    let section = try fixture.section()
    #expect(
      try rows(section, "data").prefix(4) == [
        ["chest", "training", "200", "100", "1"], ["chest", "validation", "40", "20", "0"], ["chest", "test", "100", "50", "0"],
        ["vessels", "training", "200", "not known", "1"],
      ])
    #expect(
      try rows(section, "positives") == [
        ["chest", "Edema", "50 (25.0 %)", "10 (25.0 %)", "25 (25.0 %)"], ["chest", "Mass", "50 (33.3 %)", "10 (33.3 %)", "25 (33.3 %)"],
      ])
    let notes = try #require(section.tables.first { $0.label == "positives" }).rows[1][2].note
    #expect(notes == "chest, Mass, training: 2 uncertain, 48 not labeled.")
    let settings = Dictionary(uniqueKeysWithValues: try rows(section, "training").map { ($0[0], Array($0.dropFirst())) })
    #expect(settings["Architecture"] == ["resnet50", "resnet50"] && settings["Epochs, at most"] == ["10", "10"] && settings["Learning rate"] == ["0.0002", "0.001"])
    #expect(settings["Optimizer"]?[0] == "adam (beta1 0.9, beta2 0.999, epsilon 1e-08, weightDecay 0)")
    #expect(settings["Schedule"] == ["reduceOnPlateau (factor 0.5, patience 5, threshold 0.0001)", "cosine"])
    // Of two seeds: seven and eight epochs, the fourth and fifth being the best.
    #expect(try rows(section, "training-runs").allSatisfy { Array($0[2...4]) == ["2", "7 to 8", "4 to 5"] })
    #expect(try rows(section, "machines") == [["A", "12", "cpu", "EPYC", "2", "AVX2", "Debian 12", "medtransfer 0.1.0", "2.13.0"]])
    #expect(
      section.remarks == [
        "The list of the training images of seen was not compared with the test images of chest as they are: “medtransfer run” and “medtransfer tasks audit” do it.",
        "The list of the training images of seen was not compared with the test images of vessels as they are: “medtransfer run” and “medtransfer tasks audit” do it.",
      ])
  }

  @Test("What stands in no table is said in sentences, and Methods say what was done, word for word")
  func words() throws {
    let fixture = try EvidenceFixture()
    try fixture.finish()
    try fixture.putSplits()
    try fixture.putList(every: 1000)
    let section = try fixture.section()
    let noAudit = "Copies across its parts: not available (no audit of its images is kept; “medtransfer tasks audit” makes one)."
    let oneLook = "1 look at the test set: no finished run below this output has another recipe."
    let carving = "Carved out of the training images: validation (15 %), by whole patients, each class in its share, seed 0; the test images are given. No patient is in two parts."
    let digest = "The table of the split has the SHA-256 abababababab…."
    let list = "None of 20 test images is on training_images.csv, the list of the training images of seen (1,000 entries)."
    #expect(section.sentences.count == 3)
    #expect(section.sentences[0] == "chest: \(carving) \(digest) \(noAudit) \(oneLook)")
    #expect(section.sentences[1] == "vessels: Its parts are those that the data give. \(digest) \(noAudit) \(list) \(oneLook)")
    #expect(section.sentences[2] == "All runs together took 6 min 6 s of computing. They were made between 2026-11-29T01:00:00Z and 2026-11-29T01:12:00Z.")
    let images = "The images of chest were 200 training of 100 patients, 40 validation of 20 patients and 100 test of 50 patients."
    let settings =
      "loss binaryCrossEntropy; optimizer adam (beta1 0.9, beta2 0.999, epsilon 1e-08, weightDecay 0); learning rate 0.0002, "
      + "schedule reduceOnPlateau (factor 0.5, patience 5, threshold 0.0001); batch size 32; float32"
    let training =
      "On chest a resnet50 was fine-tuned at 224 × 224 pixels for at most 10 epochs (\(settings)), "
      + "stopped after more than 10 epochs in a row without a lower validation loss; the state with the lowest validation loss was tested. Seeds: 1, 2."
    let eyes = "The images of vessels were 200 training, 40 validation and 100 test. Its parts are those that the data give."
    #expect(section.methods.hasPrefix("\(images) \(carving) \(training) \(eyes)"), "\(section.methods)")
    #expect(section.methods.hasSuffix("All runs were made on one machine and version: cpu, EPYC, 2 threads, medtransfer 0.1.0, libtorch 2.13.0."))
    #expect(try fixture.numbers().methods.hasPrefix("The images of chest were "))
  }

  @Test("Methods say once what several tasks have in common, and seeds in a row by their ends")
  func commonTraining() throws {
    let methods = try ClinicFixture(seeds: "[1, 2, 3, 4]", starts: ["imagenet", "random"], hasValidation: false, images: 40).numbers().methodsParagraphs
    let training = try #require(methods.first { $0.title == "Data and training" }).text
    #expect(training.components(separatedBy: "was fine-tuned").count == 3 && training.hasPrefix("On findings and sick a resnet50 was fine-tuned"), "\(training)")
    #expect(training.contains("On grades a resnet50") && training.contains("Seeds: 1 to 4."), "\(training)")
    #expect(methods.map(\.title).prefix(3) == ["Data and training", "Measures", "Comparisons"])
  }

  @Test("A name is text everywhere in report.md, whatever marks it has")
  func namesInMarkdown() throws {
    let fixture = try ClinicFixture(seeds: "[1]", starts: ["a_b_c", "random"], hasValidation: false, images: 40)
    let files = try StudyFolder(fixture.plan, settings: StudySettings(bootstrap: .never), maker: "test").files()
    let text = String(decoding: try #require(files.first { $0.path == "report.md" }).data, as: UTF8.self)
    #expect(text.contains("a\\_b\\_c") && !text.contains("a_b_c"), "\(text)")
  }

  @Test("What older studies do not have is not available, with what would bring it")
  func older() throws {
    let fixture = try EvidenceFixture()
    try fixture.finish(began: nil) { _ in nil }
    for cell in fixture.plan.cells {
      try fixture.unseal(cell)
      for name in ["timing.json", "history.jsonl", "quarantine.json"] {
        try FileManager.default.removeItem(at: RunDirectory(of: cell, in: fixture.output).url.appendingPathComponent(name))
      }
    }
    let none = try fixture.section()
    #expect(none.tasks[0].split.reason == "the study's output has no splits/chest.json; “medtransfer run” writes it, and makes no finished run anew")
    let group = none.tasks[0].groups[0]
    #expect(group.epochs.reason == "no history of its runs can be read" && group.medianSeconds.reason == "its runs do not say how long they took")
    #expect(none.tasks[0].leftOut.reason == "the runs say nothing of images that they could not read" && none.runsWithoutMachine == 12)
    #expect(none.sentences.last == "Of 12 runs the machine is not known: no legible environment.json.")
    // A record of a program that did not count the parts.
    try fixture.put(fixture.split("chest", parts: false), SplitRecord.path(of: "chest"))
    try fixture.put(fixture.split("vessels", data: "other data"), SplitRecord.path(of: "vessels"))
    let older = try fixture.section()
    #expect(try rows(older, "data").prefix(1) == [["chest", "training", "200", "n/a", "n/a"]])
    #expect(older.tasks[1].split.reason == "splits/vessels.json is of other data than the runs")
  }

  @Test("Runs of one comparison on several machines are said, and more where initializations are not on all of them")
  func machines() throws {
    let base = EvidenceFixture.environment
    let other = RunEnvironment(
      program: base.program, libtorch: "2.14.0", device: "cuda:0", threads: 2, processor: base.processor, vectorInstructions: base.vectorInstructions, system: base.system)
    func remark(_ environment: @escaping (Cell) -> RunEnvironment) throws -> String? {
      let fixture = try EvidenceFixture()
      try fixture.finish(environment: environment)
      return try fixture.section().remarks.first { $0.contains("chest were made") }
    }
    let start = "The runs of chest were made on 2 machines or versions (A: cpu, libtorch 2.13.0, B: cuda:0, libtorch 2.14.0)"
    #expect(try remark { $0.seed == 1 ? base : other } == start + "; each initialization has runs on all of them, so that their differences are part of the spread over seeds.")
    #expect(
      try remark { $0.initialization == "seen" ? other : base }
        == start + ", and not every initialization has runs on all of them: a difference between initializations may be one between machines.")
    #expect(try remark { _ in base } == nil)
    // The program alone, or the build of libtorch alone: they may give other bytes on the same machine.
    func made(program: String = base.program, libtorch: String = base.libtorch, threads: Int = base.threads, waiting: String? = nil) -> RunEnvironment {
      RunEnvironment(
        program: program, libtorch: libtorch, device: base.device, threads: threads, processor: base.processor, vectorInstructions: base.vectorInstructions,
        system: base.system, threadWaiting: waiting)
    }
    let apart = ", and not every initialization has runs on all of them: a difference between initializations may be one between machines."
    #expect(
      try remark { $0.initialization == "seen" ? made(program: "medtransfer 0.2.0") : base }
        == "The runs of chest were made on 2 machines or versions (A: medtransfer 0.1.0, B: medtransfer 0.2.0)" + apart)
    #expect(
      try remark { $0.initialization == "seen" ? made(libtorch: "2.13.0+cu130") : base }
        == "The runs of chest were made on 2 machines or versions (A: libtorch 2.13.0, B: libtorch 2.13.0+cu130)" + apart)
    let three = try #require(try remark { ["seen": made(threads: 1), "random": made(threads: 4)][$0.initialization] ?? base })
    #expect(
      three.hasPrefix("The runs of chest were made on 3 machines or versions (") && ["1 threads", "2 threads", "4 threads"].allSatisfy(three.contains) && three.hasSuffix(apart),
      "\(three)")
    // How threads wait for work changes no byte.
    #expect(try remark { $0.initialization == "seen" ? made(waiting: "passive") : base } == nil)
  }

  @Test("Seven of a hundred test images on the list of its training images: the cell is marked, said, and has no part in the verdict")
  func contamination() throws {
    let fixture = try EvidenceFixture()
    try fixture.finish()
    let before = try fixture.numbers()
    #expect(before.analysis.tasks[0].best.known == "seen")
    try fixture.putList()
    let numbers = try fixture.numbers(), chest = numbers.analysis.tasks[0]
    #expect(chest.best.known == "imagenet" && chest.againstBest?.comparisons.map(\.second) == ["random"])
    #expect(chest.probabilityOfBest.candidates.map(\.name) == ["imagenet", "random"])
    #expect(numbers.equivalence.filter { $0.task == "chest" }.map(\.second) == ["random"])
    // It stands in the table with its value, and on the other task it counts as before.
    let row = try #require(numbers.analysis.resultsTable.rows.first { $0[0].text == "seen" })
    let old = try #require(before.analysis.resultsTable.rows.first { $0[0].text == "seen" })
    #expect(row[1].text == old[1].text + " †" && !row[1].isBold && !row[1].isShaded && row[2].text == old[2].text)
    let reason = "7 of 100 test images are on training_images.csv, the list of its training images"
    #expect(row[1].note == "Left out of the verdict: \(reason).")
    #expect(numbers.analysis.tasks[1].best == before.analysis.tasks[1].best)
    let verdict = try #require(numbers.analysis.verdicts.first)
    #expect(verdict.statement.hasPrefix("imagenet (") && verdict.details[0].hasPrefix("† seen (") && verdict.details[0].hasSuffix(" %) is left out: \(reason)."))
    let section = try fixture.section()
    #expect(section.remarks.first == "† seen on chest: 7 of 100 test images are on training_images.csv, the list of its training images. It is shown and left out of the verdict.")
    #expect(section.tasks[0].lists[0].found == ["name": 7])
    let report = try StudyReport(fixture.plan)
    #expect(
      report.table.rows[0].filter { $0.hasSuffix(" †") }.count == 1
        && report.terminalText.contains("†: left out of the verdict, since test images are on the list of its training images."))
    #expect(try JSONDecoder().decode(StudyNumbers.self, from: numbers.json()) == numbers)

    // Names that agree and prove nothing are said with what would.
    try fixture.put(
      TrainingListRecord(
        task: "chest", data: "data of chest", testImages: 100,
        findings: [.init(initializations: ["seen"], list: "training_images.csv", sha256: "cd", entries: 1000, hasDigests: false, matches: [], unproven: 3)]),
      TrainingListRecord.path(of: "chest"))
    #expect(
      try fixture.section().remarks.first
        == "3 names of test images of chest agree with training_images.csv, the list of the training images of seen, but are too short or too common to prove it: give the list digests or folders."
    )
    // A finding of other data says nothing of these.
    try fixture.putList(data: "earlier data")
    let stale = try fixture.numbers()
    #expect(stale.analysis.tasks[0].best.known == "seen")
    #expect(
      try fixture.section().remarks.first
        == "The list of the training images of seen was not compared with the test images of chest as they are: “medtransfer run” and “medtransfer tasks audit” do it.")
  }

  @Test("Where only one initialization is left that counts, there is nothing to compare, and a baseline that is left out is said to be")
  func nothingLeft() throws {
    let fixture = try EvidenceFixture()
    try fixture.finish()
    try fixture.putList()
    let whole = StudyOutline(fixture.plan)
    let two = StudyOutline(
      study: whole.study, tasks: whole.tasks, initializations: Array(whole.initializations.prefix(2)),
      cells: whole.cells.filter { $0.initialization != "random" })
    let pair = try StudyNumbers(two, from: RunFolderSource(fixture.output), settings: StudySettings(bootstrap: .never))
    let verdict = try #require(pair.analysis.verdicts.first)
    #expect(verdict.statement.hasPrefix("Only imagenet (") && verdict.statement.hasSuffix(") has a result that counts: there is nothing to compare."), "\(verdict.statement)")
    var settings = StudySettings(bootstrap: .never)
    settings.analysis.baseline = "seen"
    let numbers = try StudyNumbers(StudyOutline(fixture.plan), from: RunFolderSource(fixture.output), settings: settings)
    #expect(
      numbers.analysis.tasks[0].againstBaseline?.reason
        == "seen is left out: 7 of 100 test images are on training_images.csv, the list of its training images")
  }

  @Test("Two evaluations with changed recipes are two looks at the test set, in words; more seeds of a recipe are none")
  func looks() throws {
    let fixture = try EvidenceFixture()
    try fixture.finish(began: 600)
    try fixture.putSplits()
    let earlier = try EvidenceFixture(epochs: 5, folder: fixture.folder)
    try earlier.finish(earlier.cells("chest"), began: 60)
    let more = try EvidenceFixture(seeds: "[3]", folder: fixture.folder)
    try more.finish(more.cells("chest", "random"), began: 700)
    let section = try fixture.section(), looks = section.tasks[0].looks
    #expect(looks.count == 2 && looks.others[0].runs == 6)
    let sentence = "2 looks at the test set of chest: this recipe, and 1 other made before it (recipe.epochs 5 → 10)."
    #expect(section.sentences[0].hasSuffix(sentence), "\(section.sentences[0])")
    #expect(section.remarks.contains("\(sentence) A result that was chosen after looking is too good."))
    #expect(section.tasks[1].looks.count == 1)
  }

  @Test("A look that came after this report's runs is said to, and its changes are told in the order of time")
  func laterLook() throws {
    let fixture = try EvidenceFixture()
    try fixture.finish(began: 60)
    try fixture.putSplits()
    let later = try EvidenceFixture(epochs: 5, folder: fixture.folder)
    try later.finish(later.cells("chest"), began: 600)
    #expect(
      try fixture.section().tasks[0].looks.sentence(of: "chest")
        == "2 looks at the test set of chest: this recipe, and 1 other made after it (recipe.epochs 10 → 5).")
    #expect(
      try later.section().tasks[0].looks.sentence(of: "chest")
        == "2 looks at the test set of chest: this recipe, and 1 other made before it (recipe.epochs 10 → 5).")
  }

  @Test("A look is told apart by all that changed, whatever its task is called; where times are not known no order is said")
  func kindsOfLooks() throws {
    let fixture = try EvidenceFixture()
    try fixture.finish()
    try fixture.putSplits()
    func change(_ body: (inout Study) -> Void, data: @escaping (TaskSpecification) -> String = EvidenceFixture.data, weights: @escaping (String) -> String = { $0 }) throws {
      var study = fixture.study
      body(&study)
      let plan = try Plan(study, fingerprints: Fingerprints(data: data, weights: weights))
      try fixture.finish(plan.cells.filter { !["vessels"].contains($0.task) && $0.initialization == "imagenet" && $0.seed == 1 }, plan: plan, began: nil)
    }
    try change {
      $0.tasks[0].recipe.learningRate = 0.001
      $0.tasks[0].recipe.batchSize = 16
    }
    try change({ _ in }, weights: { $0 + " of another day" })
    try change(
      {
        $0.tasks[0].name = "thorax"
        $0.tasks[0].recipe.epochs = 3
      }, data: { _ in "data of chest" })
    // Another training set with the same test images, another test set, and data of which nothing is kept.
    try change({ $0.tasks[0].recipe.epochs = 4 }, data: { "half of \($0.name)" })
    try fixture.put(fixture.split("chest", data: "half of chest"), "splits/chest-0123456789ab.json")
    try change({ $0.tasks[0].recipe.epochs = 6 }, data: { "new test of \($0.name)" })
    try fixture.put(fixture.split("chest", data: "new test of chest", test: "another digest"), "splits/chest-abcdefabcdef.json")
    try change({ $0.tasks[0].recipe.epochs = 8 }, data: { "forgotten \($0.name)" })
    let section = try fixture.section()
    let changes = section.tasks[0].looks.others.map { $0.changes.map { "\($0.key) \($0.other) → \($0.this)" }.joined(separator: ", ") }
    #expect(
      changes.filter { $0.hasPrefix("recipe") } == [
        "recipe.batchSize 16 → 32, recipe.learningRate 0.001 → 0.0002", "recipe.epochs 3 → 10, name thorax → chest", "recipe.epochs 4 → 10",
      ])
    #expect(changes.count == 4 && changes.contains { $0.hasPrefix("start of imagenet weights ") })
    #expect(section.tasks[0].looks.runsOnOtherTestImages == 1 && section.tasks[0].looks.runsOnUnknownData == 1)
    let words = try #require(section.sentences.first)
    #expect(
      words.contains(
        "5 looks at the test set of chest: this recipe, and 4 others: recipe.batchSize 16 → 32, recipe.learningRate 0.001 → 0.0002, recipe.epochs 3 → 10, name thorax → chest"))
    #expect(
      words.hasSuffix(
        " 1 finished run of it on other test images is no look at these. Of 1 finished run with other data it is not known whether the test images are these."), "\(words)")
  }

  @Test("Answers to evaluate are looks: at a task's own test images by runs of others, at another test set by every recipe that was asked")
  func askedLooks() throws {
    let fixture = try EvidenceFixture()
    try fixture.finish(began: 600)
    try fixture.putSplits()
    let earlier = try EvidenceFixture(epochs: 5, folder: fixture.folder)
    try earlier.finish(earlier.cells("vessels"), began: 60)
    // The runs of this report and of an earlier recipe were asked about a set that no task has; older records have no digest of its images.
    for cell in fixture.cells("vessels", "random") { try fixture.ask(cell, on: "hospital", data: "data of hospital", testSet: "hospital's") }
    for cell in earlier.cells("vessels") { try fixture.ask(cell, on: "hospital", data: "data of hospital") }
    var section = try fixture.section()
    let earlierLook = "runs of vessels with another made before it (recipe.epochs 5 → 10)"
    let sentence = "2 looks at the test set of hospital, all by answers to “medtransfer evaluate”: runs of vessels with this report's recipe; \(earlierLook)."
    #expect(section.looksElsewhere.map(\.looks.count) == [2] && section.looksElsewhere[0].looks.map(\.runs) == [2, 6])
    #expect(section.sentences.contains(sentence), "\(section.sentences)")
    #expect(section.remarks.contains("\(sentence) A result that was chosen after looking is too good."))
    #expect(section.tasks[0].looks.count == 1 && section.tasks[1].looks.count == 2)

    // The same digest under another name and of other data is the chest's own test set.
    for cell in fixture.cells("vessels", "seen") { try fixture.ask(cell, on: "thorax", data: "data of a copy", testSet: "test digest") }
    for cell in earlier.cells("vessels", "seen") { try fixture.ask(cell, on: "chest", data: "data of chest") }
    section = try fixture.section()
    let chest = section.tasks[0].looks
    #expect(chest.count == 3 && chest.asked.map(\.runs) == [2, 2] && section.looksElsewhere.count == 1)
    #expect(
      chest.sentence(of: "chest")
        == "3 looks at the test set of chest: this recipe, and 2 by answers to “medtransfer evaluate”: runs of vessels with this report's recipe; \(earlierLook).")
    #expect(section.remarks.contains { $0.hasPrefix("3 looks at the test set of chest") })
    // A run that was tested on these images does not look again when it is asked about them, and a record of another run counts nothing.
    for cell in fixture.cells("chest", "seen") { try fixture.ask(cell, on: "again", data: "data of chest") }
    let stray = try #require(fixture.cells("vessels", "imagenet").first)
    try fixture.put(["task": "none"], "\(stray.relativePath)/external/broken/evaluation.json")
    #expect(try fixture.section().tasks[0].looks == chest)
  }

  @Test("Test images that an audit found in training are told, and the metric stands beside its value without them")
  func leakFree() throws {
    let fixture = try EvidenceFixture()
    try fixture.finish()
    try fixture.putSplits()
    let leaking = ["image-0000.png", "image-0012.png", "image-0050.png"]
    try fixture.putAudit(leaking: leaking)
    let section = try fixture.section()
    let found = try #require(section.tasks[0].groups.first { $0.initialization == "random" }?.leakFree.known)
    let expected = fixture.cells("chest", "random").compactMap { cell -> Double? in
      guard case .classification(var all) = fixture.predictions(cell) else { return nil }
      all.rows.removeAll { leaking.contains($0.id) }
      return Predictions.classification(all).metrics(of: .multiLabelClassification).value(of: .aurocMacro)?.number
    }
    #expect(found.imagesLeftOut == 3 && found.without == Summary(expected) && found.whole != found.without)
    #expect(try rows(section, "leak-free").count == 3)
    #expect(
      section.remarks.contains(
        "3 test images of chest are known from training or validation, as an audit found; every number here counts them, and a table under “Data and training” has the means without."
      ))
    #expect(
      section.sentences[0].contains(
        "An audit of all images found 3 groups of identical and 0 pairs of nearly identical images across its parts, 3 within one; labels contradict each other in 1 of them, and 3 test images known from training or validation."
      ))
    try fixture.putAudit(leaking: [])
    #expect(try fixture.section().tasks[0].groups[0].leakFree.reason == "no audit of these data found a test image in training or validation")
  }

  @Test("A folder and an archive of its files give the same numbers, with lists, audits and other runs among them")
  func sources() throws {
    let fixture = try EvidenceFixture()
    try fixture.finish()
    try fixture.putSplits()
    try fixture.putList()
    try fixture.putAudit(leaking: ["image-0001.png"])
    let earlier = try EvidenceFixture(epochs: 5, folder: fixture.folder)
    try earlier.finish(earlier.cells("chest"))
    for cell in fixture.cells("vessels") + earlier.cells("chest", "seen") { try fixture.ask(cell, on: "hospital", data: "data of hospital") }
    var files: [String: Data] = [:]
    let walker = try #require(FileManager.default.enumerator(at: fixture.output, includingPropertiesForKeys: nil))
    for case let url as URL in walker {
      if let data = try? Data(contentsOf: url) { files[String(url.path.dropFirst(fixture.output.path.count + 1))] = data }
    }
    let own = try fixture.numbers(), again = try StudyNumbers(own.outline, from: RunArchiveSource(files, name: "pack"), settings: own.settings)
    #expect(try CanonicalJSON.encode(again) == CanonicalJSON.encode(own))
  }
}
