import Foundation
import Foundations
import Reports
import Testing

@testable import Packs

/// Every kind of file changed, by a careless hand and by one that brings the manifest in line: each is found and named.
@Suite("Forged packs")
struct TamperingTests {
  struct Forgery: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// The file, run or number that must be named.
    let named: String
    /// What is named with a manifest that lists the forged files, where it is something else.
    var namedWhenListed: String?
    let change: @Sendable (inout [String: Data]) throws -> Void
  }

  private static func run(_ members: [String: Data], _ task: String) -> String {
    members.keys.sorted().first { $0.hasPrefix("runs/\(task)/random/seed1-") && $0.hasSuffix("cell.json") }.map { String($0.dropLast("/cell.json".count)) } ?? ""
  }

  static let forgeries = [
    Forgery(testDescription: "a digit of a prediction", named: "runs/findings/random/seed1-") { members in
      let path = run(members, "findings") + "/predictions.csv"
      // The most positive answer to a negative becomes a certain one.
      let lines = members.text(path).split(separator: "\n").map(String.init)
      let row = try #require(lines.first { $0.contains(",0,1,") })
      let fields = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      try members.replace(row, (fields.prefix(4) + ["0.99"] + fields.dropFirst(5)).joined(separator: ","), in: path)
    },
    Forgery(testDescription: "a pixel count of a mask", named: "runs/vessels/random/seed1-") { members in
      try members.replace("0.png,,30,", "0.png,,31,", in: run(members, "vessels") + "/predictions.csv")
    },
    Forgery(testDescription: "a row of predictions less", named: "runs/findings/random/seed1-") { members in
      let path = run(members, "findings") + "/predictions.csv"
      let row = try #require(members.text(path).split(separator: "\n").last)
      try members.replace(row + "\n", "", in: path)
    },
    Forgery(testDescription: "a p-value", named: "numbers.json, analysis.") { members in
      let text = members.text("numbers.json")
      let range = try #require(text.range(of: #""adjustedP" : 0\.[0-9]+"#, options: .regularExpression))
      members["numbers.json"] = Data(text.replacingCharacters(in: range, with: #""adjustedP" : 0.0001"#).utf8)
    },
    Forgery(testDescription: "a metric in the numbers", named: "numbers.json, analysis.table.tasks[0].cells") { members in
      let text = members.text("numbers.json")
      let start = try #require(text.range(of: #""runs" : ["#))
      let range = try #require(text.range(of: #""value" : 0\.[0-9]+"#, options: .regularExpression, range: start.upperBound..<text.endIndex))
      members["numbers.json"] = Data(text.replacingCharacters(in: range, with: #""value" : 0.9876"#).utf8)
    },
    Forgery(testDescription: "a run's own metric", named: "/metrics.json") { members in
      let path = run(members, "vessels") + "/metrics.json", text = members.text(path)
      let range = try #require(text.range(of: #"0\.[0-9]+"#, options: .regularExpression))
      members[path] = Data(text.replacingCharacters(in: range, with: "0.9876").utf8)
    },
    Forgery(testDescription: "a certificate", named: "/certificate.json") { members in
      try members.replace("random", "imagenet", in: run(members, "findings") + "/certificate.json")
    },
    Forgery(testDescription: "a configuration", named: "runs/findings/random/seed1-") { members in
      let path = run(members, "findings") + "/cell.json"
      try members.replace("\"learningRate\" : ", "\"learningRate\" : 1", in: path)
    },
    Forgery(testDescription: "a removed run", named: "numbers.json") { members in
      let gone = run(members, "vessels")
      for path in members.keys where path.hasPrefix(gone) { members[path] = nil }
    },
    Forgery(testDescription: "an added run, a copy under another seed", named: "runs/vessels/random/seed9-000000000000") { members in
      let source = run(members, "vessels")
      for (path, data) in members where path.hasPrefix(source) {
        members["runs/vessels/random/seed9-000000000000" + path.dropFirst(source.count)] = data
      }
    },
    Forgery(testDescription: "two runs' predictions exchanged", named: "runs/vessels/random/seed1-") { members in
      let first = run(members, "vessels") + "/predictions.csv"
      let second = try #require(members.keys.first { $0.hasPrefix("runs/vessels/random/seed2-") && $0.hasSuffix("/predictions.csv") })
      (members[first], members[second]) = (members[second], members[first])
    },
    Forgery(testDescription: "a cell of a table", named: "tables/results.csv") { members in
      try members.replace("random,", "Random,", in: "tables/results.csv")
    },
    Forgery(testDescription: "a verdict", named: "verdicts.txt") { $0["verdicts.txt"] = Data("random is best.\n".utf8) },
    Forgery(testDescription: "a seed less in the study file", named: "numbers.json") { try $0.replace("[1, 2, 3]", "[1, 2]", in: "study.yaml") },
    Forgery(testDescription: "a study file that is none", named: "study.yaml") { $0["study.yaml"] = Data("seeds: [".utf8) },
    Forgery(testDescription: "another split", named: "predictions.csv") { members in
      try members.replace("3.png,p1,test", "3.png,p1,training", in: "splits/findings.csv")
    },
    Forgery(testDescription: "an image's group", named: "numbers.json, sections.subgroups") { members in
      try members.replace("\n3.png,test,F", "\n3.png,test,M", in: "groups/findings.csv")
    },
    Forgery(testDescription: "another group than the study names", named: "groups/findings.csv") { members in
      try members.replace("group:Sex", "group:Age", in: "groups/findings.csv")
    },
    Forgery(testDescription: "an image without group", named: "groups/findings.csv") { members in
      try members.replace("v3.png,validation,unknown\n", "", in: "groups/findings.csv")
    },
    Forgery(testDescription: "an image in another part of the groups", named: "groups/findings.csv") { members in
      try members.replace("\n3.png,test", "\n3.png,training", in: "groups/findings.csv")
    },
    // What no number follows from rests on its digest and on the seal of its run, which names the run.
    Forgery(testDescription: "a line of the history", named: "/history.jsonl", namedWhenListed: "runs/findings/random/seed1-") { members in
      try members.replace("0.5", "0.4", in: run(members, "findings") + "/history.jsonl")
    },
    Forgery(testDescription: "an environment", named: "/environment.json", namedWhenListed: "runs/findings/random/seed1-") { members in
      try members.replace("medtransfer", "other", in: run(members, "findings") + "/environment.json")
    },
  ]

  @Test("A changed member is named, whether the manifest was brought in line or not", arguments: forgeries)
  func forged(forgery: Forgery) throws {
    let fixture = try PackFixture()
    try fixture.write()
    let pack = try Data(contentsOf: fixture.pack)
    for isListed in [false, true] {
      try pack.write(to: fixture.pack)
      try fixture.forge(isListed: isListed, forgery.change)
      let verification = try fixture.verify()
      #expect(!verification.holds)
      #expect(verification.faults.contains { $0.name.contains(isListed ? forgery.namedWhenListed ?? forgery.named : forgery.named) }, "\(isListed): \(verification.text())")
      #expect(verification.text().contains("The pack does NOT hold"))
    }
  }

  @Test("An unchanged pack that is written anew holds, so a forgery is found for what it changes")
  func unchanged() throws {
    let fixture = try PackFixture()
    let receipt = try fixture.write()
    try fixture.forge(isListed: true) { _ in }
    let verification = try fixture.verify()
    #expect(verification.holds && verification.sha256 == receipt.sha256)
  }

  @Test("Numbers of another version's format are told from changed ones")
  func otherNumbers() throws {
    let fixture = try PackFixture()
    try fixture.write()
    try fixture.forge(isListed: true) { try $0.replace(StudyNumbers.currentFormat, "medtransfer.numbers/1", in: "numbers.json") }
    let verification = try fixture.verify()
    #expect(
      verification.faults.map { "\($0.name) \($0.problem)" } == [
        "numbers.json is of the format medtransfer.numbers/1, and this program computes \(StudyNumbers.currentFormat): verify it with the version that made the pack"
      ], "\(verification.text())")
  }

  @Test("A pack whose first member is no manifest, and one of a later format, are refused in a sentence")
  func otherManifests() throws {
    let fixture = try PackFixture()
    try fixture.write()
    try AtomicFile.write(to: fixture.pack) { writer in
      let archive = try ArchiveWriter(writer)
      try archive.add("a", Data())
      _ = try archive.finish()
    }
    #expect(throws: PacksError(.notAPack, "pack.tar.gz is no pack: its first member is not manifest.json.", remedy: "Give a file that “medtransfer pack” has written.")) {
      try fixture.verify()
    }
    try AtomicFile.write(to: fixture.pack) { writer in
      let archive = try ArchiveWriter(writer)
      try archive.add("manifest.json", Data(#"{"format": "medtransfer.pack/7"}"#.utf8))
      _ = try archive.finish()
    }
    #expect(
      throws: PacksError(.newer, "The pack is of the format medtransfer.pack/7; this program reads medtransfer.pack/1.", remedy: "Use the version of medtransfer that made it.")
    ) { try fixture.verify() }
  }

  @Test("Numbers and p-values are counted the same with and without taking the JSON apart")
  func counts() throws {
    let texts = [
      #"{"p" : 0.5, "q" : [1, -2e-3, {"adjustedP" : [0.1, 0.2], "x" : true}, 3], "r" : null, "text" : "a \"p\": 1, \\", "n" : {"equivalenceP":7}}"#,
      "[]", "{\n\n}", #"{"p":[{"a":1},2]}"#,
    ]
    let fixture = try PackFixture()
    try fixture.write()
    let numbers = try #require(try fixture.members()["numbers.json"])
    for text in texts.map({ Data($0.utf8) }) + [numbers] {
      let quick = JSONDifference(stated: text, own: text, rounding: 0), thorough = JSONDifference(stated: text, own: text + Data("\n".utf8), rounding: 0)
      #expect(quick.faults.isEmpty && quick.numberCount == thorough.numberCount && quick.pValueCount == thorough.pValueCount)
    }
    #expect(JSONDifference.counts(in: Data(texts[3].utf8)).map { [$0.numbers, $0.pValues] } == [2, 1])
    #expect(JSONDifference.counts(in: Data("[1".utf8)) == nil && JSONDifference.counts(in: Data(#"{"a"#.utf8)) == nil)
  }

  @Test("A number that differs in its last digits alone is counted apart, as another processor's functions may give it")
  func rounding() throws {
    let one = Data(#"{"p": 0.1, "value": [1, 2]}"#.utf8)
    let last = JSONDifference(stated: one, own: Data(#"{"p": 0.10000000000000002, "value": [1, 2]}"#.utf8), rounding: 1e-12)
    #expect(last.faults.isEmpty && last.roundedCount == 1 && last.numberCount == 3 && last.pValueCount == 1)
    let other = JSONDifference(stated: one, own: Data(#"{"p": 0.1000001, "value": [1, 2]}"#.utf8), rounding: 1e-12)
    #expect(other.faults.map(\.path) == ["p"])
    let spelled = JSONDifference(stated: one, own: Data(#"{"p":0.1,"value":[1,2]}"#.utf8), rounding: 1e-12)
    #expect(spelled.faults.map(\.words) == ["is written differently from what it says"])
  }
}
