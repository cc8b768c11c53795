import Foundation
import Metrics
import RunStore
import Studies
import Testing

@Suite struct RunDirectoryTests {
  @Test("What is written to a run's folder is read back")
  func roundTrip() throws {
    let folder = try TemporaryFolder(), record = try Example.record()
    let directory = try Example.finished(record, in: folder.url)
    #expect(directory.url.path == folder.url.path + "/vessels/random/seed1-\(record.cell.identity.prefix(12))")
    #expect(try directory.record() == record)
    #expect(try directory.status().state == .finished)
    #expect(try directory.metrics() == Example.metrics)
    #expect(try directory.metrics().value(of: .dicePooled) == .value(0.30000000000000004))
    try directory.write(["b": 1, "a": 2], to: directory.environmentFile)
    #expect(try String(contentsOf: directory.environmentFile, encoding: .utf8) == "{\n  \"a\" : 2,\n  \"b\" : 1\n}\n")
  }

  @Test("A run's state goes from missing over interrupted to finished, and is in work while its lease is held")
  func states() throws {
    let folder = try TemporaryFolder(), record = try Example.record()
    let directory = RunDirectory(of: record.cell, in: folder.url)
    #expect(directory.state(of: record.cell) == .missing)
    try directory.make()
    var lease = try Lease.acquire(in: directory.url)
    #expect(lease != nil && directory.state(of: record.cell) == .inWork)
    try directory.begin(record)
    try directory.write(RunStatus.running)
    #expect(directory.state(of: record.cell) == .inWork)
    lease = nil
    #expect(directory.state(of: record.cell) == .interrupted)
    try directory.write(RunStatus.failed(code: "training.lossNotFinite", message: "The loss became nan."))
    #expect(directory.state(of: record.cell) == .failed(RunStatus.Failure(code: "training.lossNotFinite", message: "The loss became nan.")))
    try directory.write(Example.metrics)
    try directory.finish(record.cell)
    #expect(directory.state(of: record.cell) == .finished)
  }

  @Test("The holder of a lease sees that the run was finished before, and of which cell it is")
  func finishedUnderLease() throws {
    let folder = try TemporaryFolder(), record = try Example.record()
    let directory = try Example.finished(record, in: folder.url)
    let lease = try #require(try Lease.acquire(in: directory.url))
    #expect(directory.isFinished(record.cell))
    #expect(try !directory.isFinished(Example.record(seed: 2).cell))
    try directory.write(RunStatus.running)
    #expect(!directory.isFinished(record.cell))
    withExtendedLifetime(lease) {}
  }

  @Test("The last epoch of a long history is read from its end")
  func lastEpoch() throws {
    let folder = try TemporaryFolder(), record = try Example.record()
    let directory = try Example.finished(record, in: folder.url)
    #expect(directory.lastEpoch() == nil)
    let history = try HistoryWriter(url: directory.historyFile, resumingAt: 0)
    for epoch in 1...300 { try history.append(["epoch": Double(epoch), "loss": 1 / Double(epoch)]) }
    #expect(directory.lastEpoch() == 300)
  }

  @Test("A run that calls itself finished without readable metrics is not finished")
  func finishedNeedsMetrics() throws {
    let folder = try TemporaryFolder(), record = try Example.record()
    let directory = try Example.finished(record, in: folder.url)
    let size = try Data(contentsOf: directory.metricsFile).count
    try FileManager.default.removeItem(at: directory.metricsFile)
    #expect(directory.state(of: record.cell) == .broken(reason: "The seal of this run is broken: metrics.json is missing. Run the study again, which makes this run anew."))
    try Data("{\"entries\":[],".utf8).write(to: directory.metricsFile)
    #expect(
      directory.state(of: record.cell)
        == .broken(reason: "The seal of this run is broken: metrics.json has 14 bytes instead of \(size). Run the study again, which makes this run anew."))
  }

  @Test("A folder of another cell is not taken for this one")
  func otherCell() throws {
    let folder = try TemporaryFolder(), record = try Example.record(), other = try Example.record(seed: 2)
    let directory = try Example.finished(record, in: folder.url)
    let expected =
      "The folder \(directory.url.path) holds the cell \(record.cell.identity.prefix(12)), not \(other.cell.identity.prefix(12)). Run the study again, which makes this run anew."
    #expect(directory.state(of: other.cell) == .broken(reason: expected))
    // The folder is named after this cell: the holder of its lease makes it so again.
    #expect(try directory.begin(other).remarks == ["Its cell.json was of the cell \(record.cell.identity.prefix(12)), and is written anew."])
    #expect(directory.state(of: other.cell) == .interrupted && !FileManager.default.fileExists(atPath: directory.metricsFile.path))
  }

  @Test("A cell.json whose configuration was altered by hand is refused")
  func altered() throws {
    let folder = try TemporaryFolder(), record = try Example.record()
    let directory = try Example.finished(record, in: folder.url)
    let text = try String(contentsOf: directory.cellFile, encoding: .utf8)
    let changed = text.replacingOccurrences(of: "\"epochs\" : 200", with: "\"epochs\" : 20")
    #expect(changed != text)
    try Data(changed.utf8).write(to: directory.cellFile)
    #expect(
      failure { _ = try directory.record() }
        == "The file \(directory.cellFile.path) is not what it should be: its identity is not the digest of its configuration. Run the study again, which makes this run anew.")
  }

  @Test("A planned cell's record holds what it descends from")
  func lineage() throws {
    let study = try Study.decode(
      """
      initializations: {random: random, chest: {trainedOn: a, from: random}}
      tasks:
        a: {kind: binaryClassification, data: {classFolders: {training: x, positive: y}}}
        b: {kind: binaryClassification, data: {classFolders: {training: z, positive: y}}}
      """, file: URL(fileURLWithPath: "/s.yaml"))
    let plan = try Plan(study, fingerprints: Fingerprints(data: { $0.name }, weights: { $0 }))
    let cell = try #require(plan.cells.first { $0.initialization == "chest" })
    let record = try #require(CellRecord(cell, in: plan))
    #expect(record.lineage.map(\.task) == ["a"] && record.lineage[0].identity == cell.source)
    #expect(try record.isConsistent())
  }
}

@Suite struct RunCatalogTests {
  @Test("A broken run is listed with its reason and hides no other")
  func broken() throws {
    let folder = try TemporaryFolder()
    let first = try Example.record(), second = try Example.record(seed: 2), third = try Example.record(seed: 3, initialization: "imagenet")
    for record in [first, second, third] { _ = try Example.finished(record, in: folder.url) }
    let victim = RunDirectory(of: second.cell, in: folder.url)
    // As a machine leaves it that lost power while an unsafe program wrote.
    try Data().write(to: victim.cellFile)
    let headless = folder.url.appendingPathComponent("vessels/random/seed9-000000000000")
    try FileManager.default.createDirectory(at: headless, withIntermediateDirectories: true)
    try Data("{}".utf8).write(to: headless.appendingPathComponent("status.json"))
    try Data("notes".utf8).write(to: folder.url.appendingPathComponent("notes.txt"))
    let catalog = try RunCatalog.scan(folder.url)
    #expect(catalog.runs.map(\.record) == [third, first])
    #expect(catalog.runs.allSatisfy { $0.state == .finished })
    #expect(catalog.broken.map(\.relativePath) == [second.cell.relativePath, "vessels/random/seed9-000000000000"])
    #expect(catalog.broken[0].reason == "The file \(victim.cellFile.path) is not what it should be: it is not whole JSON.")
    #expect(catalog.broken[1].reason.hasPrefix("The run has no cell.json in "))
  }

  @Test("A folder in which a run is about to begin is not broken")
  func aboutToBegin() throws {
    let folder = try TemporaryFolder(), directory = RunDirectory(of: try Example.record().cell, in: folder.url)
    try directory.make()
    let lease = try #require(try Lease.acquire(in: directory.url))
    let catalog = try RunCatalog.scan(folder.url)
    #expect(catalog.runs.isEmpty && catalog.broken.isEmpty)
    withExtendedLifetime(lease) {}
  }

  @Test("An output that is not there yet has no runs")
  func nothing() throws {
    let folder = try TemporaryFolder()
    let catalog = try RunCatalog.scan(folder.url.appendingPathComponent("runs"))
    #expect(catalog.runs.isEmpty && catalog.broken.isEmpty)
  }
}
