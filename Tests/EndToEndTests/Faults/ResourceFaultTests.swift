import Foundation
import Testing

@Suite("Resources: Fault suite. No threads and no memory are sentences", .serialized)
struct ResourceFaultTests {
  private struct End {
    /// 1000 and the signal's number where one ended it.
    let status: Int32
    let said: String
    let seconds: Double
  }

  private func shell(_ line: String, in fixture: StudyFixture, environment: [String: String] = [:]) throws -> End {
    let process = Process(), pipe = Pipe(), start = Date()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", "ulimit -c 0; \(line)", Command.executable.path]
    process.currentDirectoryURL = fixture.folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = pipe
    try process.run()
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return End(
      status: process.terminationReason == .exit ? process.terminationStatus : 1000 + process.terminationStatus, said: said,
      seconds: Date().timeIntervalSince(start))
  }

  private func study() throws -> StudyFixture {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(seeds: "1", tasks: [SmallStudy.effusion]), to: "study.yaml")
    return fixture
  }

  @Test("Where the system gives no thread, the run fails at once with a sentence, and goes on when there are some")
  func noThreads() throws {
    let fixture = try study()
    let library = Command.executable.deletingLastPathComponent().appendingPathComponent("libMedTransferFaults.so")
    try #require(FileManager.default.fileExists(atPath: library.path))
    for number in [1, 2, 3] {
      let end = try shell(
        "timeout -s KILL 60 \"$0\" run study.yaml loaderThreads=2", in: fixture,
        environment: ["LD_PRELOAD": library.path, "MEDTRANSFER_FAULT": "thread:\(number)+:EAGAIN", "OMP_NUM_THREADS": "1"])
      #expect(end.status == 1, "\(end.status) \(end.said)")
      #expect(
        end.said.contains("The system gives this process no more threads: number ") && end.said.contains("Take fewer loaderThreads"), "\(end.said)")
    }
    #expect(try fixture.run("run", "study.yaml").status == 0)
  }

  @Test("Whatever the limit of memory, a run ends well or with a sentence that says what to change")
  func littleMemory() throws {
    let fixture = try study()
    // From so little that libtorch's libraries barely fit to enough.
    let count = FaultCount.of("MEMORY", quick: 2, full: 24), last = 3_000_000
    let start =
      try (1...60).map { 100_000 * $0 }.first { limit in
        try shell("ulimit -v \(limit); exec \"$0\" --version", in: fixture, environment: ["OMP_NUM_THREADS": "1"]).status == 0
      } ?? 600_000
    var failed = 0
    for number in 0..<count {
      let limit = start + (last - start) / 2 * number / count
      let end = try shell(
        "ulimit -v \(limit); exec timeout -s KILL 120 \"$0\" run study.yaml output=at-\(limit)", in: fixture, environment: ["OMP_NUM_THREADS": "1"])
      #expect([0, 1].contains(end.status), "\(limit) kB: \(end.status) \(end.said)")
      guard end.status == 1 else { continue }
      failed += 1
      #expect(end.said.contains("memory") || end.said.contains("threads"), "\(limit) kB: \(end.said)")
    }
    #expect(failed > 0, "no limit was low enough to try anything")
  }
}
