import Foundation
import Foundations
import Testing

@Suite("Damaged files of finished runs", .serialized)
struct FinishedRunFaultTests {
  /// What `status` and `report` say of a study.
  private struct Said {
    /// By the run's folder.
    var states: [String: (state: String, reason: String)] = [:]
    /// By run, metric and class.
    var values: [String: String] = [:]
    var remarks = ""
    var lackWeights = 0

    init(_ fixture: StudyFixture) throws {
      let status = try fixture.run("status", "study.yaml", "--json"), report = try fixture.run("report", "study.yaml", "--json", "--bootstrap", "never", "-o", "page")
      try #require(status.status == 0 && report.status == 0, "\(status.errors)\(report.errors)")
      let plan = try #require((try JSONSerialization.jsonObject(with: Data(status.output.utf8)) as? [String: Any])?["plan"] as? [String: Any])
      for line in try #require(plan["lines"] as? [[String: Any]]) {
        states[line["run"] as? String ?? ""] = (line["state"] as? String ?? "", line["reason"] as? String ?? "")
      }
      lackWeights = plan["weightlessCount"] as? Int ?? 0
      let value = try #require(try JSONSerialization.jsonObject(with: Data(report.output.utf8)) as? [String: Any])
      for entry in try #require(value["entries"] as? [[String: Any]]) {
        let name = "\(entry["run"] ?? "") \(entry["metric"] ?? "") \(entry["className"] ?? "")"
        values[name] = "\(entry["value"] ?? "")"
      }
      remarks = ((value["remarks"] as? [String]) ?? []).joined(separator: "\n")
    }
  }

  @Test("Whatever happens to files of finished runs, no number changes without a remark, and run makes the same bytes again")
  func damages() throws {
    let fixture = try FaultStudy.make()
    let first = try fixture.run("run", "study.yaml")
    try #require(first.status == 0, "\(first.errors)")
    let runs = try fixture.runs().filter { $0.contains("/seed") }
    try #require(runs.count == 6)
    let whole = try Dictionary(uniqueKeysWithValues: runs.map { ($0, try allFiles(in: fixture.url("runs/\($0)"))) })
    let sound = try Said(fixture)
    try #require(sound.remarks.contains("seal") == false && sound.states.values.allSatisfy { $0.state == "finished" })

    var random = (SeedPath(0) / "damaged files").generator()
    let rounds = (FaultCount.of("DAMAGES", quick: 6, full: 504) + runs.count - 1) / runs.count
    for round in 0..<rounds {
      var struck: [String: String] = [:]
      for (index, run) in runs.enumerated() {
        let names = try #require(whole[run]).keys.sorted(), name = names[random.integer(below: names.count)]
        let fault = FileFault.allCases[(round + index) % FileFault.allCases.count]
        // Another seed's file, as it was.
        let other = fixture.url("other"), neighbor = runs[(index + 1) % runs.count]
        try? FileManager.default.removeItem(at: other)
        try whole[neighbor]?[name]?.write(to: other)
        try fault.strike(fixture.url("runs/\(run)/\(name)"), other: whole[neighbor]?[name] == nil ? nil : other, &random)
        struck[run] = name
      }
      let said = try Said(fixture)
      // What counts has its old value, and what does not count any more is said.
      for (name, value) in said.values { #expect(sound.values[name] == value, "round \(round), \(struck): \(name)") }
      for run in runs {
        let name = struck[run] ?? "", now = try? Data(contentsOf: fixture.url("runs/\(run)/\(name)")), state = said.states[run]
        let counts = said.values.keys.contains { $0.hasPrefix("\(run) ") }
        #expect(counts == (state?.state == "finished"), "round \(round), \(run)/\(name)")
        guard now != whole[run]?[name], name != ".seal-seen" else { continue }
        if name == "best.safetensors", now == nil {
          // A folder in their place breaks the seal, none does not.
          #expect(state?.state == "finished" && said.lackWeights > 0 || state?.state == "broken", "round \(round), \(run)/\(name)")
        } else if name == "status.json", state?.state == "finished" {
          // A line break at its end is no content.
          #expect(now.map { String(decoding: $0, as: UTF8.self) + "\n" } == whole[run]?[name].map { String(decoding: $0, as: UTF8.self) })
        } else {
          #expect(state?.state == "broken", "round \(round), \(run)/\(name): \(String(describing: state))")
          #expect(state?.reason.contains(name) == true || name == "cell.json", "\(name): \(state?.reason ?? "")")
        }
      }
      let repaired = try fixture.run("run", "study.yaml", "--verify")
      #expect(repaired.status == 0, "round \(round), \(struck): \(repaired.errors)")
      for run in runs {
        let files = try allFiles(in: fixture.url("runs/\(run)"))
        #expect(promised(files) == promised(try #require(whole[run])), "round \(round), \(run)/\(struck[run] ?? "")")
        #expect(!files.keys.contains { $0.hasPrefix("checkpoint-") || $0.hasPrefix(".partial-") })
      }
    }
    let last = try Said(fixture)
    #expect(last.values == sound.values && last.states.values.allSatisfy { $0.state == "finished" })
  }

  @Test("A source's weights with a flipped bit, another run's in their place, and none train no child to other numbers")
  func sources() throws {
    let fixture = try FaultStudy.make(seeds: "[1]")
    try #require(try fixture.run("run", "study.yaml", "output=whole").status == 0)
    let runs = try fixture.runs(in: "whole").filter { $0.contains("/seed") }
    let source = try #require(runs.first { $0.hasPrefix("effusion/") }), stranger = try #require(runs.first { $0.hasPrefix("findings/random") })
    let child = try #require(runs.first { $0.hasPrefix("findings/adapted") })
    for damage in 0..<3 {
      let output = "damaged\(damage)"
      try FileManager.default.copyItem(at: fixture.url("whole"), to: fixture.url(output))
      try FileManager.default.removeItem(at: fixture.url("\(output)/\(child)"))
      let weights = fixture.url("\(output)/\(source)/best.safetensors")
      var random = SeedPath(damage).generator()
      try [FileFault.flip, .exchange, .delete][damage].strike(weights, other: fixture.url("whole/\(stranger)/best.safetensors"), &random)
      let again = try fixture.run("run", "study.yaml", "output=\(output)")
      #expect(again.status == 0 && again.errors.contains("is made anew: ") && again.errors.contains("best.safetensors"), "\(again.errors)")
      for run in runs {
        #expect(try promised(allFiles(in: fixture.url("\(output)/\(run)"))) == promised(allFiles(in: fixture.url("whole/\(run)"))), "\(damage): \(run)")
      }
    }
  }

  @Test("All commands give a broken run the same state for the same reason, and a pack of it still holds")
  func agreement() throws {
    let fixture = try FaultStudy.make()
    try #require(try fixture.run("run", "study.yaml").status == 0)
    let run = try #require(try fixture.runs().first { $0.hasPrefix("findings/random/seed1") })
    let file = fixture.url("runs/\(run)/predictions.csv")
    let text = try String(contentsOf: file, encoding: .utf8), place = try #require(text.lastIndex(of: "."))
    try Data(text.replacingCharacters(in: place...place, with: ",").utf8).write(to: file)
    let reason = "The seal of this run is broken: predictions.csv has other bytes than the run wrote. Run the study again, which makes this run anew."
    #expect(try fixture.run("status", "study.yaml").output.contains("findings from random, seed 1, broken: \(reason)"))
    #expect(try fixture.run("report", "study.yaml", "-o", "page").output.contains("findings from random, seed 1 cannot be counted: \(reason)"))
    #expect(try fixture.run("pack", "study.yaml", "--to", "p.tar.gz").output.contains("1 planned run does not count:\n  \(run), broken: \(reason)"))
    let verified = try fixture.run("verify", "pack", "p.tar.gz")
    #expect(verified.status == 0 && verified.output.contains("1 planned run does not count:\n  \(run), broken: \(reason)"), "\(verified.output)")
    let again = try fixture.run("run", "study.yaml")
    #expect(again.status == 0 && again.errors.contains("findings from random, seed 1 is made anew: \(reason)"), "\(again.errors)")
    #expect(try String(contentsOf: file, encoding: .utf8) == text)
  }
}
