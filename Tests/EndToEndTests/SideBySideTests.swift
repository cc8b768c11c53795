import Foundation
import Foundations
import Studies
import Testing

@testable import Execution

@Suite("The cells that processes share")
struct CellQueueTests {
  private func cell(_ name: String, source: String? = nil) -> Cell {
    Cell(task: "task", initialization: name, mode: .fullFineTuning, seed: 1, role: .target, identity: name, source: source)
  }

  @Test("A cell waits for what it starts from, and is not run where that failed")
  func sources() {
    let first = cell("first"), second = cell("second", source: "first"), third = cell("third")
    var queue = CellQueue([first, second, third])
    #expect(queue.next()?.identity == "first")
    // The second waits; the third does not.
    #expect(queue.next()?.identity == "third")
    #expect(queue.next() == nil && !queue.isDone)
    queue.note(.finishedNow, of: first)
    #expect(queue.next()?.identity == "second")
    queue.note(.finishedNow, of: second)
    queue.note(.finishedNow, of: third)
    #expect(queue.isDone && queue.outcomes.values.allSatisfy { $0 == .finishedNow })

    var other = CellQueue([first, second]), refused: [String] = []
    _ = other.next()
    other.note(.failed, of: first)
    #expect(other.next { cell, source in refused.append("\(cell.identity) for \(source.identity)") } == nil)
    #expect(refused == ["second for first"] && other.isDone && other.outcomes["second"] == .failed)
  }

  @Test("Two heads that need the features of one network do not ask it at the same time, until the first has asked for both")
  func features() {
    let cells = ["a", "b", "c"].map { cell($0) }
    var queue = CellQueue(cells) { .init(network: $0.identity == "c" ? "other" : "one", task: "task") }
    #expect(queue.next()?.identity == "a")
    #expect(queue.next()?.identity == "c")
    #expect(queue.next() == nil)
    queue.note(.finishedNow, of: cells[0])
    #expect(queue.next()?.identity == "b")
  }

  @Test("A cell whose process is gone is the next; one that is elsewhere is asked for again as long as that leads to runs")
  func again() {
    let cells = ["a", "b"].map { cell($0) }
    var queue = CellQueue(cells)
    _ = (queue.next(), queue.next())
    queue.putBack(cells[1])
    #expect(queue.next()?.identity == "b")
    queue.note(.elsewhere, of: cells[1])
    queue.note(.finishedNow, of: cells[0])
    #expect(queue.next()?.identity == "b")
    queue.note(.elsewhere, of: cells[1])
    #expect(queue.isDone && queue.outcomes["b"] == .elsewhere)
  }
}

@Suite("Processes side by side", .serialized)
struct SideBySideTests {
  /// Four runs of a moment each, and what one process makes of them.
  private static func fixture() throws -> StudyFixture {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(
      SmallStudy.text(seeds: "4", tasks: [SmallStudy.effusion]).replacingOccurrences(of: "resnet18", with: "resnet20").replacingOccurrences(
        of: "inputSize: 32", with: "inputSize: 28"), to: "study.yaml")
    return fixture
  }

  /// What a process said, for where an expectation fails.
  private func said(_ fixture: StudyFixture, _ log: String) -> String { (try? fixture.text(log)) ?? "" }

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

  /// The processes that a process has started.
  private func children(of process: Process) -> [Int32] {
    let path = "/proc/\(process.processIdentifier)/task/\(process.processIdentifier)/children"
    return ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: " ").compactMap { Int32($0) }
  }

  private func wait(_ process: Process, until isTrue: () -> Bool) {
    let end = Date(timeIntervalSinceNow: 120)
    while process.isRunning, Date() < end, !isTrue() { usleep(2_000) }
  }

  private func expectSameBytes(_ fixture: StudyFixture, _ first: String, _ second: String) throws {
    let runs = try fixture.runs(in: first)
    #expect(try runs.count == 4 && runs == fixture.runs(in: second))
    for run in runs {
      for name in InterruptionTests.promised {
        #expect(try Data(contentsOf: fixture.url("\(first)/\(run)/\(name)")) == Data(contentsOf: fixture.url("\(second)/\(run)/\(name)")), "\(run)/\(name)")
      }
    }
  }

  @Test(
    "Two processes make each run once, in the bytes of one; stopped, killed or with a run that fails, they end as one does",
    .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/task")))
  func together() throws {
    let fixture = try Self.fixture()
    #expect(try fixture.run("run", "study.yaml", "--quiet", "output=alone").status == 0)

    // Side by side.
    let result = try fixture.run("run", "study.yaml", "--quiet", "--processes", "2", "output=together")
    #expect(result.status == 0, "\(result.errors)")
    try expectSameBytes(fixture, "alone", "together")
    let lines = result.errors.split(separator: "\n").map(String.init)
    #expect(lines.contains("2 processes side by side, each with 1 thread."), "\(result.errors)")
    for seed in 1...4 {
      #expect(lines.filter { $0.contains("seed \(seed): AUROC") }.count == 1, "\(result.errors)")
      #expect(lines.filter { $0.hasSuffix("effusion from random, seed \(seed)") }.count == 1, "\(result.errors)")
    }
    // Numbered over both, each line with its process.
    for number in 1...4 { #expect(lines.contains { $0.hasPrefix("1  [\(number)/4] ") || $0.hasPrefix("2  [\(number)/4] ") }, "\(result.errors)") }
    #expect(lines.contains { $0.hasPrefix("1  ") } && lines.contains { $0.hasPrefix("2  ") })
    for run in try fixture.runs(in: "together") {
      let environment = try fixture.text("together/\(run)/environment.json")
      #expect(environment.contains("\"processes\" : 2") && environment.contains("\"threads\" : 1"), "\(environment)")
      #expect(try !fixture.text("alone/\(run)/environment.json").contains("processes"))
    }
    let again = try fixture.run("run", "study.yaml", "--processes", "2", "output=together")
    #expect(again.status == 0 && again.errors.contains("4 finished before"), "\(again.errors)")

    // One of them is killed at its work: its run is made all the same.
    let killed = try start(fixture, ["--quiet", "--processes", "2", "output=killed"], log: "killed.log")
    wait(killed) { (try? fixture.text("killed.log").contains("seed 1")) ?? false }
    let victim = try #require(children(of: killed).first)
    kill(victim, SIGKILL)
    killed.waitUntilExit()
    #expect(killed.terminationStatus == 0, "\(said(fixture, "killed.log"))")
    #expect(said(fixture, "killed.log").contains("signal 9 ended the process"), "\(said(fixture, "killed.log"))")
    try expectSameBytes(fixture, "alone", "killed")

    // A run that fails stops no other, and is tried once.
    let broken = try #require(try fixture.runs(in: "alone").first)
    try fixture.write("no folder", to: "failing/\(broken)")
    let failing = try fixture.run("run", "study.yaml", "--quiet", "--processes", "2", "output=failing")
    #expect(failing.status == 1 && failing.errors.contains("3 run now, 1 failed"), "\(failing.errors)")
    #expect(failing.errors.components(separatedBy: " failed: ").count == 2, "\(failing.errors)")
  }

  @Test(
    "A request to stop reaches all processes: they save, the command ends with 75, and goes on to the same bytes",
    .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/task")), arguments: FaultCount.isFull ? [SIGTERM, SIGKILL] : [SIGTERM])
  func stops(signal: Int32) throws {
    let fixture = try Self.fixture()
    #expect(try fixture.run("run", "study.yaml", "--quiet", "recipe.epochs=20", "seeds=[1,2]", "output=alone").status == 0)
    let arguments = ["--quiet", "--processes", "2", "recipe.epochs=20", "seeds=[1,2]", "output=stopped"]
    let process = try start(fixture, arguments, log: "stopped.log")
    func histories() -> Int {
      let files = FileManager.default.enumerator(atPath: fixture.url("stopped").path)?.compactMap { $0 as? String } ?? []
      // An empty one is of a process that has nothing to save yet.
      return files.filter { $0.hasSuffix("history.jsonl") && ((try? fixture.text("stopped/\($0)")) ?? "").isEmpty == false }.count
    }
    wait(process) { histories() == 2 }
    let others = children(of: process)
    #expect(others.count == 2)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    // Those that it started end by themselves, also where it could not ask them to.
    let end = Date(timeIntervalSinceNow: 60)
    while Date() < end, others.contains(where: { kill($0, 0) == 0 }) { usleep(10_000) }
    #expect(!others.contains { kill($0, 0) == 0 })
    if signal == SIGTERM {
      #expect(process.terminationStatus == 75, "\(said(fixture, "stopped.log"))")
      #expect(said(fixture, "stopped.log").contains("Stopped, as asked (signal 15): every process has ended"), "\(said(fixture, "stopped.log"))")
    }
    for run in try fixture.runs(in: "stopped") {
      let names = try FileManager.default.contentsOfDirectory(atPath: fixture.url("stopped/\(run)").path)
      #expect(names.contains { $0.hasPrefix("checkpoint-") }, "\(run): \(names)")
    }
    let last = try start(fixture, arguments, log: "last.log")
    last.waitUntilExit()
    #expect(last.terminationStatus == 0, "\(said(fixture, "last.log"))")
    #expect(said(fixture, "last.log").contains("going on after step"), "\(said(fixture, "last.log"))")
    for run in try fixture.runs(in: "alone") {
      for name in InterruptionTests.promised {
        #expect(try Data(contentsOf: fixture.url("alone/\(run)/\(name)")) == Data(contentsOf: fixture.url("stopped/\(run)/\(name)")), "\(run)/\(name)")
      }
    }
  }
}
