import Foundation
import Foundations
import Testing

@Suite("Damaged files of interrupted runs, and processes beside each other", .serialized)
struct InterruptedRunFaultTests {
  private func start(_ fixture: StudyFixture, _ arguments: [String], log: String) throws -> Process {
    let process = Process()
    process.executableURL = Command.executable
    process.arguments = ["run", "study.yaml"] + arguments
    process.currentDirectoryURL = fixture.folder
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    try Data().write(to: fixture.url(log))
    process.standardError = try FileHandle(forWritingTo: fixture.url(log))
    try process.run()
    return process
  }

  /// The folder of the study's only run, killed when it had two checkpoints and more.
  private func interrupted(_ fixture: StudyFixture, seed: Int) throws -> String {
    let output = "begun\(seed)"
    let process = try start(fixture, ["output=\(output)", "seeds=[\(seed)]"], log: "\(output).log")
    let end = Date(timeIntervalSinceNow: 120)
    var run: String?
    while process.isRunning, Date() < end {
      run = try? fixture.runs(in: output).first { $0.contains("/seed") }
      let names = run.flatMap { try? FileManager.default.contentsOfDirectory(atPath: fixture.url("\(output)/\($0)").path) } ?? []
      if names.contains("checkpoint-5.json") { break }
      usleep(1_000)
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    return "\(output)/\(try #require(run))"
  }

  @Test("Whatever happens to files of an interrupted run, it goes on from the last good state or starts anew, to the same bytes")
  func damages() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    let text = FaultStudy.text(seeds: "[1]").replacingOccurrences(of: "  adapted: {trainedOn: effusion, from: random}\n", with: "")
      .replacingOccurrences(of: FaultStudy.findings, with: "").replacingOccurrences(of: "epochs: 2", with: "epochs: 4")
    try fixture.write(text, to: "study.yaml")
    let first = try fixture.run("run", "study.yaml", "output=whole")
    try #require(first.status == 0, "\(first.errors)")
    let run = try #require(try fixture.runs(in: "whole").first { $0.contains("/seed") })
    let whole = try promised(allFiles(in: fixture.url("whole/\(run)")))
    let begun = try interrupted(fixture, seed: 1), other = try interrupted(fixture, seed: 2)
    let names = try allFiles(in: fixture.url(begun)).keys.sorted()
    try #require(names.count { $0.hasPrefix("checkpoint-") } >= 4, "\(names)")

    var random = (SeedPath(0) / "interrupted").generator()
    for number in 0..<FaultCount.of("INTERRUPTED", quick: 3, full: 60) {
      try? FileManager.default.removeItem(at: fixture.url("hurt"))
      try FileManager.default.createDirectory(at: fixture.url("hurt/\(run)").deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: fixture.url(begun), to: fixture.url("hurt/\(run)"))
      let name = names[(number * 7 + random.integer(below: 3)) % names.count], fault = FileFault.allCases[number % FileFault.allCases.count]
      try fault.strike(fixture.url("hurt/\(run)/\(name)"), other: fixture.url("\(other)/\(name)"), &random)
      // A second file, as power is lost to more than one.
      let second = names[random.integer(below: names.count)]
      if number % 3 == 2, second != name { try FileFault.flip.strike(fixture.url("hurt/\(run)/\(second)"), other: nil, &random) }
      let result = try fixture.run("run", "study.yaml", "output=hurt")
      #expect(result.status == 0, "\(number), \(fault) of \(name): \(result.errors)")
      let files = try allFiles(in: fixture.url("hurt/\(run)"))
      #expect(promised(files) == whole, "\(number), \(fault) of \(name), \(second): \(result.errors)")
      #expect(!files.keys.contains { $0.hasPrefix("checkpoint-") || $0.hasPrefix(".partial-") })
    }
  }

  @Test("Three processes on one study run each cell once; when all is finished, one more exits with 0")
  func processes() throws {
    let fixture = try FaultStudy.make()
    let all = try (1...3).map { try start(fixture, [], log: "log\($0)") }
    for process in all { process.waitUntilExit() }
    let logs = try (1...3).map { try fixture.text("log\($0)") }
    #expect(all.allSatisfy { [0, 75].contains($0.terminationStatus) }, "\(logs)")
    let counts = logs.map { log in
      log.components(separatedBy: "Cells: ").last.flatMap { Int($0.prefix { $0.isNumber }) } ?? -1
    }
    #expect(counts.reduce(0, +) == 6, "\(logs)")
    // Whoever was last found everything finished.
    #expect(all.contains { $0.terminationStatus == 0 }, "\(logs)")
    let one = try fixture.run("run", "study.yaml")
    #expect(one.status == 0 && one.errors.contains("Cells: 0 run now, 6 finished before."), "\(one.errors)")
  }

  @Test("A cell whose folder cannot be used fails alone, what a killed process left is cleared, and environments name every session")
  func leftovers() throws {
    let fixture = try FaultStudy.make(seeds: "[1]")
    try #require(try fixture.run("run", "study.yaml").status == 0)
    let runs = try fixture.runs().filter { $0.contains("/seed") }, victim = try #require(runs.first { $0.hasPrefix("findings/random") })
    let place = fixture.url("runs/\(victim)")
    try FileManager.default.removeItem(at: place)
    try Data("no folder".utf8).write(to: place)
    let other = try #require(runs.first { $0.hasPrefix("findings/adapted") })
    try FileManager.default.removeItem(at: fixture.url("runs/\(other)/metrics.json"))
    let source = try #require(runs.first { $0.hasPrefix("effusion/") })
    for name in [".partial-1-predictions.csv", "checkpoint-7.json", "checkpoint-7.safetensors"] { try Data("x".utf8).write(to: fixture.url("runs/\(source)/\(name)")) }
    let result = try fixture.run("run", "study.yaml")
    #expect(result.status == 1 && result.errors.contains("findings from random, seed 1 failed: The file "), "\(result.errors)")
    #expect(result.errors.contains("Cells: 1 run now, 1 finished before, 1 failed"), "\(result.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: fixture.url("runs/\(source)").path)
    #expect(!names.contains { $0.hasPrefix(".partial-") || $0.hasPrefix("checkpoint-") })
    try FileManager.default.removeItem(at: place)
    #expect(try fixture.run("run", "study.yaml").status == 0)
    let environment = try JSONSerialization.jsonObject(with: Data(contentsOf: fixture.url("runs/\(victim)/environment.json"))) as? [String: Any]
    #expect((environment?["sessions"] as? [[String: Any]])?.count == 1 && environment?["threads"] as? Int == 1)
  }
}
