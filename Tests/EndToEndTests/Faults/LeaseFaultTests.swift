import Foundation
import Testing

@Suite("Leases: Fault suite. One process alone works on a run, also where flock locks nothing", .serialized)
struct LeaseFaultTests {
  /// As two nodes see a run: every process gets every lock.
  private func start(_ fixture: StudyFixture, output: String, patience: Double? = nil) throws -> Process {
    let process = Process(), log = fixture.url("\(output)-\(UUID().uuidString).log")
    let library = Command.executable.deletingLastPathComponent().appendingPathComponent("libMedTransferFaults.so")
    try #require(FileManager.default.fileExists(atPath: library.path))
    try Data().write(to: log)
    process.executableURL = Command.executable
    process.arguments = ["run", "study.yaml", "output=\(output)"]
    process.currentDirectoryURL = fixture.folder
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["OMP_NUM_THREADS": "1", "LD_PRELOAD": library.path, "MEDTRANSFER_FAULT_FLOCK": "1"]) { $1 }
    if let patience { process.environment?["MEDTRANSFER_LEASE_PATIENCE"] = "\(patience)" }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: log)
    try process.run()
    return process
  }

  private func said(_ fixture: StudyFixture) throws -> String {
    try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path).filter { $0.hasSuffix(".log") }.map(fixture.text).joined()
  }

  private func study(epochs: Int) throws -> StudyFixture {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    let settings = FaultStudy.settings.replacingOccurrences(of: "epochs: 2", with: "epochs: \(epochs)")
    try fixture.write(
      SmallStudy.text(seeds: "[1]", tasks: [SmallStudy.effusion], settings: settings).replacingOccurrences(of: SmallStudy.recipe + "\n", with: ""),
      to: "study.yaml")
    return fixture
  }

  /// Until a checkpoint is there.
  private func waitForWork(_ fixture: StudyFixture, output: String, _ process: Process) throws -> String {
    for _ in 0..<6000 where process.isRunning {
      if let run = try? fixture.runs(in: output).first, let names = try? FileManager.default.contentsOfDirectory(atPath: fixture.url("\(output)/\(run)").path),
        names.contains(where: { $0.hasPrefix("checkpoint-") && $0.hasSuffix(".json") })
      {
        return run
      }
      usleep(10_000)
    }
    throw CocoaError(.fileNoSuchFile)
  }

  @Test("One trains and the other stands back with 75 within 5 seconds; a holder that is killed frees the run at once; the bytes are the same")
  func exclusive() throws {
    let fixture = try study(epochs: 30)
    try #require(try fixture.run("run", "study.yaml", "output=whole").status == 0)
    let first = try start(fixture, output: "runs")
    let run = try waitForWork(fixture, output: "runs", first)
    // It must not end before the second has looked.
    kill(first.processIdentifier, SIGSTOP)
    let begin = Date(), second = try start(fixture, output: "runs")
    second.waitUntilExit()
    #expect(second.terminationStatus == 75 && Date().timeIntervalSince(begin) < 5, "\(second.terminationStatus) after \(Date().timeIntervalSince(begin)) s")
    #expect(try said(fixture).contains("effusion from random, seed 1: another process is at it ("))
    #expect(try fixture.run("status", "study.yaml").output.contains("in work"))
    kill(first.processIdentifier, SIGKILL)
    first.waitUntilExit()
    #expect(try !fixture.run("status", "study.yaml").output.contains("in work"))
    let third = try start(fixture, output: "runs")
    third.waitUntilExit()
    #expect(third.terminationStatus == 0)
    #expect(try said(fixture).contains("going on after step"))
    #expect(try promised(allFiles(in: fixture.url("runs/\(run)"))) == promised(allFiles(in: fixture.url("whole/\(run)"))))
    let status = try fixture.text("runs/\(run)/status.json")
    // Higher than that of the killed one.
    #expect(status.firstMatch(of: /"claim" ?: [2-9]/) != nil, "\(status)")
  }

  @Test("A holder that was stopped, and wakes when another has finished its run, writes nothing and does not fail")
  func stopped() throws {
    let fixture = try study(epochs: 30)
    let first = try start(fixture, output: "runs", patience: 2)
    let run = try waitForWork(fixture, output: "runs", first)
    kill(first.processIdentifier, SIGSTOP)
    defer { kill(first.processIdentifier, SIGKILL) }
    var statuses: [Int32] = []
    for _ in 0..<10 where statuses.last != 0 {
      let other = try start(fixture, output: "runs", patience: 2)
      other.waitUntilExit()
      statuses.append(other.terminationStatus)
      if other.terminationStatus != 0 { usleep(500_000) }
    }
    // At first it is taken for alive.
    #expect(statuses.first == 75 && statuses.last == 0, "\(statuses)")
    let folder = fixture.url("runs/\(run)")
    func marks() throws -> [String: [AnyHashable]] {
      var found: [String: [AnyHashable]] = [:]
      for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
        let about = try FileManager.default.attributesOfItem(atPath: folder.appendingPathComponent(name).path)
        found[name] = [about[.modificationDate] as? Date, about[.systemFileNumber] as? Int, about[.size] as? Int]
      }
      return found
    }
    let before = try marks()
    #expect(first.isRunning)
    kill(first.processIdentifier, SIGCONT)
    first.waitUntilExit()
    #expect(try marks() == before)
    let news = try said(fixture)
    #expect(first.terminationReason == .exit && first.terminationStatus == 0, "\(first.terminationStatus) \(news)")
    #expect(news.contains("is left to another process: The run "))
    #expect(try fixture.run("status", "study.yaml").output.contains("finished"))
  }

  @Test("verify lease proves claims where flock locks nothing, and says that it locks nothing")
  func proof() throws {
    let fixture = try StudyFixture()
    let library = Command.executable.deletingLastPathComponent().appendingPathComponent("libMedTransferFaults.so")
    let process = Process(), pipe = Pipe()
    process.executableURL = Command.executable
    process.arguments = ["verify", "lease", fixture.folder.path, "--here", "--processes", "3", "--seconds", "1", "--json"]
    process.environment = ProcessInfo.processInfo.environment.merging(["LD_PRELOAD": library.path, "MEDTRANSFER_FAULT_FLOCK": "1"]) { $1 }
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    struct Verdict: Decodable {
      struct Count: Decodable { let added: Int, found: Int }
      let claims: Count, lock: Count, participants: [String]
    }
    let verdict = try JSONDecoder().decode(Verdict.self, from: pipe.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    #expect(process.terminationStatus == 0 && verdict.participants.count == 3)
    // However busy the machine is: how often they got their turn says nothing.
    #expect(verdict.claims.added == verdict.claims.found && verdict.claims.added > 3)
    #expect(verdict.lock.found < verdict.lock.added)
  }
}
