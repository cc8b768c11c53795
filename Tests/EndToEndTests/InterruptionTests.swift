import Foundation
import Testing

@Suite("A run is never lost", .serialized)
struct InterruptionTests {
  /// The files whose bytes may not depend on interruptions.
  static let promised = ["best.safetensors", "history.jsonl", "predictions.csv", "validation-predictions.csv", "metrics.json"]

  private func start(_ fixture: StudyFixture, output: String) throws -> Process {
    let process = Process()
    process.executableURL = Command.executable
    process.arguments = ["run", "study.yaml", "output=\(output)"]
    process.currentDirectoryURL = fixture.folder
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    try Data().write(to: fixture.url("\(output).log"))
    process.standardError = try FileHandle(forWritingTo: fixture.url("\(output).log"))
    try process.run()
    return process
  }

  /// Waits until some file below an output holds at least so many lines.
  private func wait(_ fixture: StudyFixture, output: String, steps: Int, process: Process) throws {
    let end = Date(timeIntervalSinceNow: 120)
    while process.isRunning, Date() < end {
      if let run = try? fixture.runs(in: output).first,
        let text = try? fixture.text("\(output)/\(run)/history.jsonl"), text.split(separator: "\n").count >= steps
      {
        return
      }
      usleep(2_000)
    }
  }

  private func expectSameBytes(_ fixture: StudyFixture, _ first: String, _ second: String) throws {
    let runs = try fixture.runs(in: first)
    #expect(try runs == fixture.runs(in: second))
    for run in runs {
      let pictures = try FileManager.default.contentsOfDirectory(atPath: fixture.url("\(first)/\(run)/examples").path)
      #expect(!pictures.isEmpty)
      for name in Self.promised + pictures.map({ "examples/\($0)" }) {
        let one = try Data(contentsOf: fixture.url("\(first)/\(run)/\(name)"))
        let other = try Data(contentsOf: fixture.url("\(second)/\(run)/\(name)"))
        #expect(one == other, "\(run)/\(name)")
      }
    }
  }

  @Test("Killed after any step and started again, a run ends in the same bytes")
  func kill9() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(
      SmallStudy.text(seeds: "[1]", tasks: [SmallStudy.effusion], settings: "checkpointSeconds: 0"), to: "study.yaml")
    #expect(try fixture.run("run", "study.yaml", "output=whole").status == 0)
    // 3 steps and an epoch line, twice: lines 1…8.
    for lines in [1, 3, 4, 6, 8] {
      let process = try start(fixture, output: "killed")
      try wait(fixture, output: "killed", steps: lines, process: process)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    let last = try fixture.run("run", "study.yaml", "output=killed")
    #expect(last.status == 0, "\(last.errors)")
    try expectSameBytes(fixture, "whole", "killed")
  }

  @Test("Asked to stop, a run saves its state between two steps, says so and exits with 75; then it goes on")
  func terminate() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(seeds: "[1]", tasks: [SmallStudy.lungs]), to: "study.yaml")
    #expect(try fixture.run("run", "study.yaml", "output=whole", "recipe.epochs=16").status == 0)
    try fixture.write(try fixture.text("study.yaml").replacingOccurrences(of: "epochs: 2", with: "epochs: 16"), to: "study.yaml")
    let process = try start(fixture, output: "stopped")
    try wait(fixture, output: "stopped", steps: 5, process: process)
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationStatus == 75)
    #expect(try fixture.text("stopped.log").contains("as asked; the state is saved. Run the same command again to go on from there."))
    let second = try fixture.run("run", "study.yaml", "output=stopped")
    #expect(second.errors.contains("going on after step"))
    try expectSameBytes(fixture, "whole", "stopped")
  }

  @Test("A second process stands back from a cell in work")
  func standsBack() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(seeds: "[1]", tasks: [SmallStudy.effusion]), to: "study.yaml")
    let first = try start(fixture, output: "runs")
    try wait(fixture, output: "runs", steps: 1, process: first)
    kill(first.processIdentifier, SIGSTOP)
    let second = try fixture.run("run", "study.yaml")
    kill(first.processIdentifier, SIGCONT)
    first.waitUntilExit()
    #expect(second.status == 75)
    #expect(second.errors.contains("effusion from random, seed 1: another process is at it"))
    #expect(first.terminationStatus == 0)
    #expect(try fixture.run("run", "study.yaml").errors.contains("Cells: 0 run now, 1 finished before."))
  }

  @Test("The most memory that a study takes does not grow with the number of its cells")
  func peakMemory() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    func peak(seeds: Int) throws -> Int {
      try fixture.write(SmallStudy.text(seeds: "\(seeds)", tasks: [SmallStudy.effusion]), to: "study.yaml")
      let process = try start(fixture, output: "runs-\(seeds)")
      var highest = 0
      while process.isRunning {
        let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
        if let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
          let kilobytes = Int(line.filter(\.isNumber))
        {
          highest = max(highest, kilobytes)
        }
        usleep(5_000)
      }
      #expect(process.terminationStatus == 0)
      return highest
    }
    // The first cells fill the allocator's pools; a cell that stayed would cost its 45 MB of weights four times over.
    let few = try peak(seeds: 3), many = try peak(seeds: 12)
    #expect(few > 50_000)
    #expect(many < few + 100_000, "3 cells: \(few) kB, 12 cells: \(many) kB")
  }
}
