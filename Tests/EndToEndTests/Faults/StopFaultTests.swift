import Foundation
import Imaging
import Testing

@Suite("Stops: Fault suite. A request to stop at any moment", .serialized)
struct StopFaultTests {
  /// A study of images of 2048 × 2048 pixels, read by four threads: decoding is what it is always at.
  private func study(training: Int) throws -> StudyFixture {
    let fixture = try StudyFixture(), side = 2048
    try FileManager.default.createDirectory(at: fixture.url("images"), withIntermediateDirectories: true)
    let long = (0..<2 * side).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 9) }
    var manifest = "path,label,patient,split\n"
    for number in 0..<training + 8 {
      var pixels: [UInt8] = []
      pixels.reserveCapacity(side * side)
      for row in 0..<side { pixels.append(contentsOf: long[(row * (number + 3)) % side..<(row * (number + 3)) % side + side]) }
      let buffer = try PixelBuffer(width: side, height: side, channels: 1, bitDepth: 8, samples: .bytes(pixels))
      try ImageFile.writePNG(buffer, to: fixture.url("images/\(number).png"))
      let split = number < training ? "train" : number < training + 4 ? "val" : "test"
      manifest += "\(number).png,\(number % 2),p\(number),\(split)\n"
    }
    try fixture.write(manifest, to: "manifest.csv")
    try fixture.write(
      """
      name: large
      output: runs
      seeds: 1
      device: cpu
      threads: 1
      loaderThreads: 4
      recipe: {architecture: resnet20, inputSize: 28, batchSize: 4, epochs: 2, testTimeAugmentation: none}
      initializations:
        random: random
      tasks:
        large:
          kind: binaryClassification
          data: {manifest: {file: manifest.csv, imageRoot: images, labelColumns: [label], patientColumn: patient, splitColumn: split}}

      """, to: "study.yaml")
    return fixture
  }

  private func start(_ fixture: StudyFixture, output: String) throws -> Process {
    let process = Process(), log = fixture.url("\(output).log")
    process.executableURL = Command.executable
    process.arguments = ["run", "study.yaml", "output=\(output)"]
    process.currentDirectoryURL = fixture.folder
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    try Data().write(to: log)
    process.standardError = try FileHandle(forWritingTo: log)
    try process.run()
    return process
  }

  /// Whether a process has got as far as to keep signals waiting or listen to them, which it does before any of its libraries.
  private func isReady(_ process: Process) -> Bool {
    let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
    return status.split(separator: "\n").contains { line in
      guard line.hasPrefix("SigBlk:") || line.hasPrefix("SigCgt:"), let set = UInt64(line.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16)
      else { return false }
      return set & (1 << (SIGHUP - 1)) != 0
    }
  }

  private func results(_ fixture: StudyFixture, _ output: String) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for run in try fixture.runs(in: output) {
      // Nothing may be left over beside the pictures either.
      let pictures = try FileManager.default.contentsOfDirectory(atPath: fixture.url("\(output)/\(run)/examples").path)
      for name in InterruptionTests.promised + pictures.map({ "examples/\($0)" }) {
        found["\(run)/\(name)"] = try Data(contentsOf: fixture.url("\(output)/\(run)/\(name)"))
      }
    }
    return found
  }

  @Test("At random moments, on large images and a loaded machine, it ends with 75 each time, soon, and the study ends in the same bytes")
  func randomMoments() throws {
    let fixture = try study(training: FaultCount.isFull ? 24 : 8), count = FaultCount.of("STOPS", quick: 3, full: 200)
    // Others that want the processors, where all is tried; they end with this process, however it ends.
    let others = try (0..<(FaultCount.isFull ? 2 * ProcessInfo.processInfo.activeProcessorCount : 0)).map { _ in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["sh", "-c", "while kill -0 $PPID 2> /dev/null; do :; done"]
      try process.run()
      return process
    }
    defer { for process in others { kill(process.processIdentifier, SIGKILL) } }
    let begin = Date(), whole = try start(fixture, output: "whole")
    whole.waitUntilExit()
    try #require(whole.terminationStatus == 0)
    let duration = Date().timeIntervalSince(begin), expected = try results(fixture, "whole")
    #expect(expected.count > InterruptionTests.promised.count)
    var stops = 0, ends = 0, slowest = 0.0
    while stops < count {
      let process = try start(fixture, output: "stopped")
      while process.isRunning, !isReady(process) { usleep(500) }
      usleep(UInt32(Double.random(in: 0..<0.7) * duration * 1e6))
      let isAsked = process.isRunning, asked = Date(), signal = [SIGINT, SIGTERM, SIGHUP, SIGUSR1][stops % 4]
      if isAsked { kill(process.processIdentifier, signal) }
      process.waitUntilExit()
      let said = (try? fixture.text("stopped.log")) ?? ""
      if process.terminationReason == .exit, process.terminationStatus == 0 {
        // It ended, or was about to when it was asked.
        #expect(try results(fixture, "stopped") == expected)
        ends += 1
        try FileManager.default.removeItem(at: fixture.url("stopped"))
        continue
      }
      stops += 1
      slowest = max(slowest, Date().timeIntervalSince(asked))
      #expect(
        process.terminationReason == .exit && process.terminationStatus == 75 && said.contains(", as asked"),
        "signal \(signal): \(process.terminationReason == .exit ? "exit" : "signal") \(process.terminationStatus): \(said)")
    }
    // The last one goes on to its end.
    let last = try start(fixture, output: "stopped")
    last.waitUntilExit()
    #expect(last.terminationStatus == 0)
    #expect(try results(fixture, "stopped") == expected)
    print("\(stops) stops, \(ends + 1) studies ended in the same bytes; an undisturbed one takes \(duration) s, the slowest stop \(slowest) s")
  }

  @Test("A time limit that is shorter than the test still lets the study end, a part of the test at a time")
  func shortLimits() throws {
    let fixture = try study(training: 4)
    // A test of many batches: of one image each.
    let text = try fixture.text("study.yaml").replacingOccurrences(of: "batchSize: 4", with: "batchSize: 4, evaluationBatchSize: 1")
    try fixture.write(text.replacingOccurrences(of: "epochs: 2", with: "epochs: 1"), to: "study.yaml")
    let whole = try start(fixture, output: "whole")
    whole.waitUntilExit()
    try #require(whole.terminationStatus == 0)
    // It is stopped as soon as one more answer is kept, again and again: no process sees more than a few batches of the test.
    func answers() -> Int {
      let files = FileManager.default.enumerator(atPath: fixture.url("stopped").path)?.compactMap { $0 as? String } ?? []
      return files.filter { $0.contains("answers-") }.reduce(0) { sum, name in
        sum + ((try? fixture.text("stopped/\(name)"))?.split(separator: "\n").count ?? 0)
      }
    }
    var processes = 0
    while processes < 60 {
      let process = try start(fixture, output: "stopped")
      var kept = answers()
      processes += 1
      while process.isRunning {
        let now = answers()
        if now > kept { break }
        // Another evaluation begins its journal anew.
        kept = min(kept, now)
        usleep(300)
      }
      if process.isRunning { kill(process.processIdentifier, SIGTERM) }
      process.waitUntilExit()
      if process.terminationStatus == 0 { break }
      #expect(process.terminationReason == .exit && process.terminationStatus == 75, "\((try? fixture.text("stopped.log")) ?? "")")
    }
    #expect(processes > 2 && processes < 60, "\(processes) processes")
    #expect(try results(fixture, "stopped") == results(fixture, "whole"))
  }
}
