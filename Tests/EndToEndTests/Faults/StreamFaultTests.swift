import Foundation
import Testing

@Suite("Streams: Fault suite. Closed, full and broken ones change no number and end no study", .serialized)
struct StreamFaultTests {
  /// Runs a line of bash in the study's folder, the command being `$m`.
  private func shell(_ line: String, in fixture: StudyFixture) throws -> Command.Result {
    let process = Process(), log = fixture.url("shell.log"), output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", "m=\"$0\"; ulimit -c 0; \(line)", Command.executable.path]
    process.currentDirectoryURL = fixture.folder
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
    try Data().write(to: log)
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: log)
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Command.Result(
      status: process.terminationReason == .exit ? process.terminationStatus : 1000 + process.terminationStatus,
      output: String(decoding: text, as: UTF8.self), errors: (try? String(contentsOf: log, encoding: .utf8)) ?? "")
  }

  private func study() throws -> StudyFixture {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    let recipe = "recipe: {architecture: resnet20, inputSize: 28, batchSize: 4, epochs: 1, testTimeAugmentation: none}"
    let text = SmallStudy.text(seeds: "1", tasks: [SmallStudy.effusion]).replacingOccurrences(of: SmallStudy.recipe, with: recipe)
    try fixture.write(text, to: "study.yaml")
    return fixture
  }

  private func results(_ fixture: StudyFixture, _ output: String) throws -> [Data] {
    try fixture.runs(in: output).flatMap { run in
      try InterruptionTests.promised.map { try Data(contentsOf: fixture.url("\(output)/\(run)/\($0)")) }
    }
  }

  @Test("Closed, full and stuck streams, and readers that go away")
  func streams() throws {
    let fixture = try study()
    #expect(try fixture.run("run", "study.yaml", "output=whole").status == 0)
    let whole = try results(fixture, "whole")
    #expect(whole.count == InterruptionTests.promised.count)
    // What no process may do: progress in a file of the run, a crash (132, 139, 1004 …), a failure of the study.
    for (name, streams, status) in [
      ("closed", "<&- >&- 2>&-", [Int32(0)]), ("closedErrors", "2>&-", [0]), ("closedOutput", ">&-", [0]), ("fullErrors", "2>/dev/full", [0]),
      ("fullOutput", ">/dev/full", [1]), ("gone", "2>&1 | true; exit ${PIPESTATUS[0]}", [0, 141]), ("bothFull", ">/dev/full 2>&1", [1]),
    ] {
      let result = try shell("$m run study.yaml output=\(name) \(streams)", in: fixture)
      #expect(status.contains(result.status), "\(name): \(result.status) \(result.errors)")
      #expect(try results(fixture, name) == whole, "\(name)")
    }
    let lost = try shell("$m status study.yaml output=whole >/dev/full", in: fixture)
    #expect(lost.status == 1)
    #expect(
      lost.errors
        == "medtransfer: Not all results could be written to standard output: No space left on device. Free space on the disk that it goes to, or send it elsewhere; then run the same command again.\n"
    )
    let quiet = try shell("$m status study.yaml output=whole | true; exit ${PIPESTATUS[0]}", in: fixture)
    #expect([0, 141].contains(quiet.status) && quiet.errors.isEmpty, "\(quiet.errors)")
  }

  @Test("A pipe that is full and does not block loses news, not the study")
  func stuckPipe() throws {
    let fixture = try study()
    // A pipe of 64 kB, filled and set not to block, whose reader sleeps.
    let script = """
      import fcntl, os, subprocess, sys
      reader, writer = os.pipe()
      fcntl.fcntl(writer, fcntl.F_SETFL, os.O_NONBLOCK)
      try:
          while True: os.write(writer, b"x" * 4096)
      except BlockingIOError: pass
      sys.exit(subprocess.run([sys.argv[1], "run", "study.yaml", "output=stuck"], stderr=writer, stdout=subprocess.DEVNULL).returncode)
      """
    try fixture.write(script, to: "stuck.py")
    let result = try shell("exec python3 stuck.py $m", in: fixture)
    #expect(result.status == 0, "\(result.status) \(result.errors)")
  }
}
