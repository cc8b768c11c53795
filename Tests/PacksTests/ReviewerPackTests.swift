import Foundation
import Foundations
import Metrics
import Reports
import RunStore
import Studies
import Testing

@testable import Packs

@Suite("Reviewer's packs")
struct ReviewerPackTests {
  @Test("A pack holds: every part of it is checked, and nothing is found")
  func holds() throws {
    let fixture = try PackFixture()
    let receipt = try fixture.write()
    let verification = try fixture.verify()
    #expect(verification.holds, "\(verification.text())")
    #expect(verification.sha256 == receipt.sha256 && receipt.runCount == 9)
    let counts = Dictionary(uniqueKeysWithValues: verification.checks.map { ($0.name, $0.count) })
    #expect(counts["SHA-256 of the files"] == receipt.fileCount - 1)
    #expect(counts["Cells planned from the study file"] == 9 && counts["Identities of runs from their configurations"] == 9)
    #expect(counts["Certificates against configurations"] == 6)
    #expect(counts["Images of predictions in their part of the split"] == 6)
    #expect(counts["Images of the groups in their part of the split"] == 32)
    #expect((counts["Tables, verdicts and methods from the numbers"] ?? 0) >= 5)
    #expect((counts["Metrics of runs from their predictions"] ?? 0) > 50)
    #expect((counts["Numbers from predictions"] ?? 0) > 500 && (counts["of them p-values"] ?? 0) > 3)
  }

  @Test("Two tasks with the same data and recipe have runs of the same identities, and a pack of both holds; a task that is not planned is still found")
  func twins() throws {
    let fixture = try PackFixture(hasTwin: true)
    let identities = fixture.plan.cells.filter { $0.task.hasPrefix("vessels") }.map(\.identity)
    #expect(identities.count == 12 && Set(identities).count == 6)
    try fixture.write()
    let verification = try fixture.verify()
    #expect(verification.holds, "\(verification.text())")
    // A record that names a task that is not planned is found as before.
    try fixture.forge(isListed: true) { members in
      let cell = try #require(members.keys.sorted().first { $0.contains("vessels-again") && $0.hasSuffix("cell.json") })
      try members.replace("vessels-again", "vessels-once-more", in: cell)
    }
    #expect(try fixture.verify().faults.contains { $0.problem == "is no run that study.yaml plans" })
  }

  @Test("A pack holds the settings that its numbers were computed with, and is verified with them")
  func settings() throws {
    let fixture = try PackFixture()
    try fixture.write(settings: StudySettings(bootstrap: .never))
    let standard = try fixture.members().text("numbers.json")
    var wanted = StudySettings(bootstrap: .bounded)
    wanted.analysis.test = .welch
    wanted.analysis.significance = 0.01
    wanted.equivalenceMargin = 0.02
    try fixture.write(settings: wanted)
    let numbers = try JSONDecoder().decode(StudyNumbers.self, from: fixture.members()["numbers.json"] ?? Data())
    // The baseline is found by the numbers themselves.
    wanted.analysis.baseline = numbers.settings.analysis.baseline
    #expect(numbers.settings == wanted && numbers.groups.contains { $0.patients.known?.intervals.bootstrap.known != nil })
    #expect(try fixture.members().text("numbers.json") != standard)
    let verification = try fixture.verify()
    #expect(verification.holds, "\(verification.text())")
    // Numbers of other settings under the stated ones are found.
    try fixture.forge(isListed: true) { try $0.replace("\"equivalenceMargin\" : 0.02", "\"equivalenceMargin\" : 0.03", in: "numbers.json") }
    #expect(try !fixture.verify().holds)
  }

  @Test("The same study gives the same bytes, also from another folder")
  func deterministic() throws {
    let first = try PackFixture(), second = try PackFixture()
    let one = try first.write(), again = try first.write(), other = try second.write()
    #expect(one.sha256 == again.sha256)
    #expect(one.sha256 == other.sha256, "\(first.folder.path) \(second.folder.path)")
  }

  @Test("No path of the machine, picture, weight or salt is in it, and the receipt says what was taken out")
  func clean() throws {
    let fixture = try PackFixture()
    let receipt = try fixture.write(names: ["chests", "nobody-here"])
    for (path, data) in try fixture.members() {
      let text = String(decoding: data, as: UTF8.self)
      #expect(!text.contains(fixture.folder.path) && !text.contains("/tmp/"), "\(path)")
      #expect(!path.hasSuffix(".safetensors") && !path.contains("lease") && !path.contains("salt"), "\(path)")
    }
    let yaml = try fixture.members().text("study.yaml")
    #expect(yaml.contains("output: …/runs") && yaml.contains("images: \"…/i\"") && yaml.contains("file: \"…/a.csv\""))
    #expect(receipt.shortenedFileCount == 19 && receipt.leftOut == ["best.safetensors: trained weights"])
    #expect(receipt.namesLeft.first == "fingerprints.json, line 3: chests" || receipt.namesLeft.contains("study.yaml, line 1: chests"))
    #expect(receipt.text(path: "p").contains("Shortened to their last part: 22 paths of this machine in 19 files."), "\(receipt.text(path: "p"))")
  }

  @Test("With weights, they are in it, and a certificate is held to them")
  func weights() throws {
    let fixture = try PackFixture()
    var options = PackOptions()
    options.includesWeights = true
    try fixture.write(options)
    #expect(try fixture.members().keys.count { $0.hasSuffix("best.safetensors") } == 9)
    #expect(try fixture.verify().holds)
    try fixture.forge(isListed: false) { $0[$0.keys.sorted().first { $0.hasSuffix("best.safetensors") } ?? ""] = Data("other".utf8) }
    #expect(try fixture.verify().faults.count == 1)
  }

  @Test("Hidden patients: no name of an image or patient is left, all is linked as before, and every point metric is the same")
  func hidden() throws {
    let fixture = try PackFixture()
    try fixture.write()
    let open = try fixture.members()
    // A run that failed at an image, and answers on another set whose record names some.
    let place = try #require(open.keys.sorted().first { $0.hasSuffix("/cell.json") }).replacingOccurrences(of: "/cell.json", with: "")
    let folder = fixture.output.appendingPathComponent(String(place.dropFirst("runs/".count)))
    let failure = try CanonicalJSON.encodePretty(RunStatus.failed(code: "imaging.truncated", message: "The image 7.png of p1 is cut short."))
    let elsewhere = folder.appendingPathComponent("external/elsewhere")
    try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
    try Data(#"{"overlap" : ["8.png"]}"#.utf8).write(to: elsewhere.appendingPathComponent("evaluation.json"))
    var options = PackOptions()
    options.hidesPatients = true
    let finished = try Data(contentsOf: folder.appendingPathComponent("status.json"))
    try failure.write(to: folder.appendingPathComponent("status.json"))
    let failed = try fixture.write(options)
    #expect(try fixture.members().values.allSatisfy { !String(decoding: $0, as: UTF8.self).contains(".png") })
    #expect(
      failed.leftOut.contains("messages of failed runs: they may name images") && failed.leftOut.contains("external/…/evaluation.json: it cannot be read, and may name images"))
    try finished.write(to: folder.appendingPathComponent("status.json"))
    let receipt = try fixture.write(options)
    let members = try fixture.members()
    let run = try #require(members.keys.sorted().first { $0.hasSuffix("/predictions.csv") })
    for path in members.keys {
      #expect(!members.text(path).contains(".png") && !members.text(path).contains(",p1,"), "\(path)")
    }
    #expect(!members.keys.contains { $0.hasSuffix("quarantine.json") } && receipt.leftOut.contains("quarantine.json: it names images"))
    let first = try CSV.parse(open.text(run)), second = try CSV.parse(members.text(run))
    #expect(first.rows.map { Array($0.dropFirst(2)) } == second.rows.map { Array($0.dropFirst(2)) })
    #expect(Set(zip(first.rows, second.rows).map { [$0[1], $1[1]] }).count == Set(first.rows.map { $0[1] }).count)
    #expect(try fixture.verify().holds)
    #expect(members[run.replacingOccurrences(of: "predictions.csv", with: "metrics.json")] == open[run.replacingOccurrences(of: "predictions.csv", with: "metrics.json")])
    // The salt stays, so that the next pack of the study is the same.
    #expect(try fixture.write(options).sha256 == receipt.sha256)
    let salt = try String(contentsOf: fixture.output.appendingPathComponent(PatientHiding.saltFile), encoding: .utf8)
    #expect(salt.count > 32 && !members.values.contains { String(decoding: $0, as: UTF8.self).contains(salt) })
  }

  @Test("Answers on other test sets are verified too; with hidden patients their records vouch for the hidden answers and name no image")
  func external() throws {
    let fixture = try PackFixture()
    for cell in fixture.plan.cells where cell.task == "findings" {
      let directory = RunDirectory(of: cell, in: fixture.output)
      let read = try PredictionsFile.read(directory.predictionsFile)
      guard case .classification(let own) = read else { continue }
      let rows = own.rows.map { row in
        ClassificationPredictions.Row(
          id: "there \(row.id)", patient: "t\(row.patient ?? "")", targets: row.targets, probabilities: row.probabilities.map { 0.5 * $0 + 0.1 })
      }
      _ = try directory.external(task: "there", part: "test").write(.classification(.init(classNames: own.classNames, rows: rows))) { digest in
        ExternalEvaluation(
          task: "there", part: "test", run: cell.identity, data: "data of there", classes: own.classNames.map { .init(ofRun: $0, ofTestSet: $0) },
          classesOfRunLeftOut: [], classesOfTestSetLeftOut: [], overlap: ["there seen.png"], leavesOverlapOut: true, imageCount: rows.count,
          unusable: [.init(id: "there bad.png", reason: "there bad.png is cut short")], predictions: digest)
      }
    }
    func matrix() throws -> Data {
      let numbers = try JSONSerialization.jsonObject(with: fixture.members()["numbers.json"] ?? Data()) as? [String: Any]
      let external = try #require((numbers?["sections"] as? [String: Any])?["external"])
      return try JSONSerialization.data(withJSONObject: external, options: .sortedKeys)
    }
    try fixture.write()
    let open = try matrix()
    #expect(try fixture.verify().holds && String(decoding: open, as: UTF8.self).contains("\"answeredCount\":3"))
    var options = PackOptions()
    options.hidesPatients = true
    let receipt = try fixture.write(options)
    let members = try fixture.members()
    #expect(members.keys.allSatisfy { !members.text($0).contains(".png") } && !receipt.leftOut.contains { $0.contains("evaluation.json") })
    #expect(members.keys.contains { $0.hasSuffix("external/there/evaluation.json") })
    let verification = try fixture.verify()
    #expect(verification.holds, "\(verification.text())")
    #expect(try matrix() == open)
    // Answers that do not belong to their record are no answers, in a hidden pack either.
    try fixture.forge(isListed: true) { members in
      let path = try #require(members.keys.sorted().first { $0.hasSuffix("external/there/predictions.csv") })
      try members.replace(",0.", ",0.1", in: path)
    }
    #expect(try !fixture.verify().holds)
  }

  @Test("A study without an ended run has nothing to pack")
  func nothing() throws {
    let fixture = try PackFixture()
    try FileManager.default.removeItem(at: fixture.output)
    do {
      try fixture.write()
      Issue.record("written")
    } catch {
      #expect(
        sentence(for: error)
          == "No run of eyes and chests has ended: there are no predictions to pack. Run the study first; “medtransfer status” says how far it is.")
    }
  }
}

@Suite("Paths in texts")
struct PathShorteningTests {
  @Test(
    "An absolute path becomes its last part; what only looks like one stays",
    arguments: [
      ("root: /data/chestxray14", "root: …/chestxray14"), ("\"file\":\"/a/b.csv\",", "\"file\":\"…/b.csv\","), ("~/x/y.pth", "…/y.pth"),
      ("The file /a/b/c.png is broken.", "The file …/c.png is broken."), ("see /a/b.", "see …/b."), ("root: /data/", "root: …/data/"),
      ("https://example.org/a/b", "https://example.org/a/b"), ("and/or 1 / 2 ~5", "and/or 1 / 2 ~5"), ("../up/a.csv", "../up/a.csv"),
      ("images/a.png", "images/a.png"), ("[/a/x,/b/y]", "[…/x,…/y]"), ("/own folder/with spaces/a.csv: bad", "…/a.csv: bad"),
      ("/a/x /b/x /a/x", "…/x …/2/x …/x"), ("km/h", "km/h"), ("", ""),
    ])
  func shortened(text: String, expected: String) {
    var shortening = PathShortening(known: ["/own folder", "/own folder/with spaces"])
    #expect(shortening.shortened(text).text == expected)
  }
}
