import Foundation
import Foundations
import Studies
import Testing

@testable import RunStore

@Suite("What the system does not give is no fault of a run")
struct SystemFaultTests {
  /// A study's folder, in which one file of a run cannot be opened.
  private struct FaultySource: RunSource {
    let folder: RunFolderSource
    let file: String
    let number: Int32

    private func check(_ path: String) throws {
      if path.hasSuffix(file) { throw FoundationsError.unreadable(url(path), errno: number) }
    }

    func bytes(_ path: String) throws -> Data? {
      try check(path)
      return try folder.bytes(path)
    }
    func content(_ path: String) throws -> (byteCount: Int, sha256: String)? {
      try check(path)
      return try folder.content(path)
    }
    func isInWork(_ run: String) throws -> Bool { try folder.isInWork(run) }
    func runs() throws -> [String] { try folder.runs() }
    func folders(in path: String) throws -> [String] { try folder.folders(in: path) }
    func paths(in path: String) throws -> [String] { try folder.paths(in: path) }
    func url(_ path: String) -> URL { folder.url(path) }
  }

  @Test("A sealed file that cannot be read now makes a run neither broken nor finished, whichever file it is; one that is missing breaks it")
  func condition() throws {
    let folder = try TemporaryFolder(), record = try Example.record(), directory = try Example.finished(record, in: folder.url)
    try #require(directory.condition(of: record.cell).state == .finished)
    for file in ["cell.json", "status.json", "seal.json", "metrics.json"] {
      func state(_ number: Int32) -> CellState {
        RunReader(FaultySource(folder: RunFolderSource(folder.url), file: file, number: number), run: record.cell.relativePath)
          .condition(of: record.cell, check: .whole).state
      }
      for number in [EIO, ESTALE, EMFILE, ENFILE, ENOMEM, EACCES, ETIMEDOUT] {
        let found = state(number)
        #expect(found.word == .unreadable && found.reason?.contains(systemMessage(number)) == true, "\(file), \(number)")
      }
      #expect(state(EISDIR).word == .broken, "\(file)")
    }
    try FileManager.default.removeItem(at: directory.metricsFile)
    #expect(directory.condition(of: record.cell).state.word == .broken)
  }

  @Test("What fails by the system's doing is asked for again, and by its content once")
  func patience() throws {
    let url = URL(fileURLWithPath: "/none")
    var calls = 0
    let answer = try SystemFault.patiently(waits: [0, 0]) { () throws -> Int in
      calls += 1
      if calls < 3 { throw FoundationsError.unreadable(url, errno: EIO) }
      return calls
    }
    #expect(answer == 3)
    calls = 0
    #expect(throws: FoundationsError.self) {
      try SystemFault.patiently(waits: [0, 0]) {
        calls += 1
        throw FoundationsError.unreadable(url, errno: ENOENT)
      }
    }
    #expect(calls == 1)
    #expect(try SystemFault.judged { () throws -> Int? in throw FoundationsError.unreadable(url, errno: ENOENT) } == nil)
    #expect(throws: FoundationsError.self) { try SystemFault.judged { () throws -> Int? in throw FoundationsError.unreadable(url, errno: EACCES) } }
    // Foundation's own errors have the number too.
    #expect(SystemFault.number(of: NSError(domain: NSCocoaErrorDomain, code: 256, userInfo: [NSUnderlyingErrorKey: NSError(domain: NSPOSIXErrorDomain, code: Int(EIO))])) == EIO)
  }

  @Test("What has a file's name and is none goes aside before it is written: a folder, a pipe, a link that leads nowhere; a file in a folder's place too")
  func places() throws {
    let folder = try TemporaryFolder()
    func place(_ name: String) -> URL { folder.url.appendingPathComponent(name) }
    try FileManager.default.createDirectory(at: place("a"), withIntermediateDirectories: true)
    try #require(mkfifo(place("b").path, 0o600) == 0)
    try FileManager.default.createSymbolicLink(atPath: place("c").path, withDestinationPath: "nowhere")
    try Data("d".utf8).write(to: place("d"))
    #expect(try AtomicFile.makePlace(for: .file, at: place("a")) == "a was a folder, which is .aside-1-a now.")
    #expect(try AtomicFile.makePlace(for: .file, at: place("b")) == "b was no regular file, which is .aside-1-b now.")
    #expect(try AtomicFile.makePlace(for: .file, at: place("c")) == "c was a link that leads nowhere, which is .aside-1-c now.")
    #expect(try AtomicFile.makePlace(for: .file, at: place("d")) == nil && AtomicFile.makePlace(for: .file, at: place("e")) == nil)
    #expect(try AtomicFile.makePlace(for: .folder, at: place("d")) == "d was a file, which is .aside-1-d now.")
    try AtomicFile.makeFolder(place("d/e/f"))
    #expect(try AtomicFile.makePlace(for: .folder, at: place("d")) == nil)
    try Data().write(to: place("g"))
    #expect(failure { try AtomicFile.makeFolder(place("g/h")) }?.contains("Not a directory") == true)
  }

  @Test("A pipe in place of a run's file hangs nobody", .timeLimit(.minutes(1)))
  func pipes() throws {
    for name in ["metrics.json", "seal.json", "cell.json", "status.json", "lease", ".claim-1.lease"] {
      let folder = try TemporaryFolder(), record = try Example.record(), directory = try Example.finished(record, in: folder.url)
      let file = directory.url.appendingPathComponent(name)
      try? FileManager.default.removeItem(at: file)
      try #require(mkfifo(file.path, 0o600) == 0)
      let state = directory.condition(of: record.cell).state
      #expect(name.hasSuffix("lease") ? state == .finished : state.word == .broken, "\(name): \(state)")
      #expect(throws: FoundationsError.self) { try Digest.sha256Hex(ofFile: file) }
      // Whoever works on the run makes place.
      #expect(try Lease.acquire(in: directory.url) != nil)
      defer { #expect(FileManager.default.fileExists(atPath: directory.url.appendingPathComponent(".aside-1-\(name)").path), "\(name)") }
      #expect(try !directory.begin(record).remarks.filter { $0.contains(name) }.isEmpty || name.hasSuffix("lease"))
    }
  }

  @Test("Numbers of claims and checkpoints that nobody counts up to are no numbers of ours, and folders of their names are in nobody's way")
  func numbers() throws {
    let folder = try TemporaryFolder()
    func place(_ name: String) -> URL { folder.url.appendingPathComponent(name) }
    for name in [".claim-\(Int.max).lease", "checkpoint-\(Int.max).json", "checkpoint-\(Int.max).safetensors", "checkpoint--5.json"] {
      try Data("{}".utf8).write(to: place(name))
    }
    try FileManager.default.createDirectory(at: place(".claim-3.lease/in it"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(at: place("lease/in it"), withIntermediateDirectories: true)
    let lease = try #require(try Lease.acquire(in: folder.url))
    #expect(lease.number == 1)
    let checkpoints = CheckpointGenerations(folder: folder.url)
    try checkpoints.save(["step": 1]) { try Data("state".utf8).write(to: $0) }
    #expect(try checkpoints.load([String: Int].self).found?.generation == 1)
    try checkpoints.removeAll()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter { $0.hasPrefix("checkpoint-") }.isEmpty)
  }

  @Test("Answers on other test sets stay with the weights that gave them, however often the making anew was interrupted")
  func answers() throws {
    let folder = try TemporaryFolder(), record = try Example.record(), directory = try Example.finished(record, in: folder.url)
    func put(_ task: String, weights: String?) throws {
      let evaluation = ExternalEvaluation(
        task: task, part: "test", run: record.cell.identity, data: "d", weights: weights, classes: [], classesOfRunLeftOut: [],
        classesOfTestSetLeftOut: [], overlap: [], leavesOverlapOut: false, imageCount: 1, unusable: [], predictions: "p")
      let place = directory.external(task: task, part: "test")
      try AtomicFile.makeFolder(place.url)
      try directory.write(evaluation, to: place.recordFile)
    }
    try put("same", weights: "w")
    try put("other", weights: "v")
    try put("unsaid", weights: nil)
    // Begun twice: the second session knows nothing of the weights before.
    for _ in 0..<2 { try directory.begin(record) }
    #expect(try directory.dropAnswers(ofOthersThan: "w") == ["its answers on other, unsaid were of other weights and are removed; ask again with medtransfer evaluate"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.externalFolder.path) == ["same"])
    try put("unsaid", weights: nil)
    #expect(try directory.dropAnswers(ofOthersThan: "w", former: "w").isEmpty)
  }
}
