import Foundation
import Foundations
import Metrics
import RunStore
import Studies
import Testing

@Suite("The seal of a finished run")
struct SealTests {
  /// A run whose every file is there.
  private func sealed(_ record: CellRecord, in output: URL, source: String? = nil) throws -> RunDirectory {
    let directory = RunDirectory(of: record.cell, in: output)
    try directory.begin(record)
    try directory.write(Example.metrics)
    for file in [directory.weightsFile, directory.predictionsFile, directory.historyFile] {
      try Data("\(file.lastPathComponent) of seed \(record.cell.seed)\n".utf8).write(to: file)
    }
    try FileManager.default.createDirectory(at: directory.examplesFolder, withIntermediateDirectories: true)
    try Data("picture".utf8).write(to: directory.examplesFolder.appendingPathComponent("best.png"))
    try directory.finish(record.cell, source: source)
    return directory
  }

  private func reason(_ directory: RunDirectory, _ record: CellRecord, _ check: SealCheck = .quick) -> String? {
    directory.condition(of: record.cell, check: check).state.reason
  }

  private func broken(_ what: String) -> String { "The seal of this run is broken: \(what). Run the study again, which makes this run anew." }

  @Test("It names every file of the run with its size and SHA-256, and the status names the seal")
  func content() throws {
    let folder = try TemporaryFolder(), record = try Example.record()
    let directory = try sealed(record, in: folder.url)
    let data = try Data(contentsOf: directory.sealFile), seal = try JSONDecoder().decode(RunSeal.self, from: data)
    #expect(seal.files.map(\.path) == ["best.safetensors", "cell.json", "examples/best.png", "history.jsonl", "metrics.json", "predictions.csv"])
    for file in seal.files {
      let bytes = try Data(contentsOf: directory.url.appendingPathComponent(file.path))
      #expect(file.byteCount == bytes.count && file.sha256 == Digest.sha256Hex(of: bytes))
    }
    #expect(seal.identity == record.cell.identity)
    #expect(try directory.status().seal == Digest.sha256Hex(of: data))
    #expect(directory.condition(of: record.cell).state == .finished && directory.condition(of: record.cell).isSealed)
  }

  @Test("The condition of a cell is the same whichever record was read before it, and whatever byte of its own is another")
  func knownRecord() throws {
    let folder = try TemporaryFolder(), records = try [1, 2, 3].map { try Example.record(seed: $0) }
    let planned = Dictionary(uniqueKeysWithValues: records.map { ($0.cell.identity, $0.configuration) })
    let directories = try records.map { try sealed($0, in: folder.url) }, readers = records.map { RunReader(RunFolderSource(folder.url), run: $0.cell.relativePath) }
    var known = KnownRecord()
    for (record, reader) in zip(records, readers) {
      #expect(reader.condition(of: record.cell, planned: { planned[$0] }, check: .quick, known: &known).state == .finished)
    }
    // A run that says another seed, or is another cell's, is none of this cell.
    let file = directories[2].cellFile, whole = try Data(contentsOf: file)
    for place in whole.indices {
      var bytes = whole
      bytes[place] ^= 1
      try bytes.write(to: file)
      let own = readers[2].condition(of: records[2].cell, planned: { planned[$0] }).state
      #expect(readers[2].condition(of: records[2].cell, planned: { planned[$0] }, check: .quick, known: &known).state == own, "byte \(place)")
      #expect(own != .finished, "byte \(place)")
    }
  }

  @Test("A flipped bit, a cut, a deletion and an exchange of any file are found, and the file is named")
  func damages() throws {
    let folder = try TemporaryFolder(), record = try Example.record(), other = try Example.record(seed: 2)
    let neighbor = try sealed(other, in: folder.url)
    for path in ["best.safetensors", "cell.json", "examples/best.png", "history.jsonl", "metrics.json", "predictions.csv", "seal.json", "status.json"] {
      for damage in 0..<4 {
        let directory = try sealed(record, in: folder.url), file = directory.url.appendingPathComponent(path)
        let whole = try Data(contentsOf: file), size = whole.count
        var bytes = whole
        switch damage {
        case 0:
          bytes[size / 2] ^= 1
          try bytes.write(to: file)
        case 1: try bytes.prefix(size / 2).write(to: file)
        case 2: try FileManager.default.removeItem(at: file)
        default: try Data(contentsOf: neighbor.url.appendingPathComponent(path)).write(to: file)
        }
        let condition = directory.condition(of: record.cell), said = condition.state.reason ?? ""
        // Some files of both runs are alike.
        if (try? Data(contentsOf: file)) == whole {
          #expect(condition.state == .finished)
        } else if damage == 2, path == "best.safetensors" {
          #expect(condition.state == .finished && condition.lacksWeights)
        } else {
          #expect(condition.state.word == .broken, "\(path) \(damage)")
          // A cell.json that says another cell, or nothing, is said in other words.
          #expect(said.contains(path) || said.contains("holds the cell"), "\(path) \(damage): \(said)")
        }
        try FileManager.default.removeItem(at: directory.url)
      }
    }
  }

  @Test("What is not there, shorter or other is said so")
  func words() throws {
    let folder = try TemporaryFolder(), record = try Example.record()
    let directory = try sealed(record, in: folder.url)
    try Data("short".utf8).write(to: directory.predictionsFile)
    #expect(reason(directory, record) == broken("predictions.csv has 5 bytes instead of 26"))
    try FileManager.default.removeItem(at: directory.historyFile)
    #expect(reason(directory, record) == broken("history.jsonl is missing, predictions.csv has 5 bytes instead of 26"))
  }

  @Test("A copy of the folder holds, by its bytes where its times are other ones, and is remembered then")
  func copies() throws {
    let folder = try TemporaryFolder(), elsewhere = try TemporaryFolder(), record = try Example.record()
    _ = try sealed(record, in: folder.url)
    let output = elsewhere.url.appendingPathComponent("runs")
    try FileManager.default.copyItem(at: folder.url, to: output)
    let copy = RunDirectory(of: record.cell, in: output), memory = copy.url.appendingPathComponent(".seal-seen")
    let before = try Data(contentsOf: memory)
    #expect(copy.condition(of: record.cell).state == .finished)
    let after = try Data(contentsOf: memory)
    #expect(before != after)
    #expect(copy.condition(of: record.cell).state == .finished)
    #expect(try Data(contentsOf: memory) == after)
    // Losing the memory costs time, nothing else.
    try Data("nonsense".utf8).write(to: memory)
    #expect(copy.condition(of: record.cell).state == .finished)
    #expect(try Data(contentsOf: memory) == after)
  }

  @Test("Bytes that are other although nothing else is are found where every file is read, and always in weights that are loaded")
  func whole() throws {
    let folder = try TemporaryFolder(), record = try Example.record()
    let directory = try sealed(record, in: folder.url)
    // As on a disk that forgets bits: the memory is made to say that the file has always looked so.
    for file in [directory.weightsFile, directory.predictionsFile] {
      let memory = directory.url.appendingPathComponent(".seal-seen"), sound = try Data(contentsOf: file)
      var bytes = sound
      bytes[3] ^= 4
      let handle = try FileHandle(forWritingTo: file)
      try handle.write(contentsOf: bytes)
      try handle.close()
      try forge(memory, file)
      let isWeights = file == directory.weightsFile, expected = broken("\(file.lastPathComponent) has other bytes than the run wrote")
      #expect(reason(directory, record) == nil)
      #expect(reason(directory, record, .whole) == expected)
      #expect(reason(directory, record, .weights) == (isWeights ? expected : nil))
      #expect(reason(directory, record, .results) == (isWeights ? nil : expected))
      try sound.write(to: file)
      #expect(reason(directory, record, .whole) == nil)
    }
    #expect(throws: Never.self) { try directory.requireSealedWeights(Digest.sha256Hex(ofFile: directory.weightsFile)) }
    #expect(throws: RunStoreError.self) { try directory.requireSealedWeights(Digest.sha256Hex(of: "other")) }
  }

  /// Gives a file's line of a memory the signature that the file has now.
  private func forge(_ memory: URL, _ file: URL) throws {
    var lines = try String(contentsOf: memory, encoding: .utf8).split(separator: "\n").dropLast().map(String.init)
    let index = try #require(lines.firstIndex { $0.hasSuffix(" \(file.lastPathComponent)") }), signature = try #require(FileSignature(file))
    lines[index] = "\(signature.words) \(file.lastPathComponent)"
    let text = lines.joined(separator: "\n") + "\n"
    try Data((text + Digest.sha256Hex(of: text).prefix(16) + "\n").utf8).write(to: memory)
  }

  @Test("A finished run of a program that made no seals is read by its files, and says that it has none")
  func older() throws {
    let folder = try TemporaryFolder(), record = try Example.record()
    let directory = RunDirectory(of: record.cell, in: folder.url)
    try directory.begin(record)
    try directory.write(Example.metrics)
    try directory.write(RunStatus.finished)
    #expect(reason(directory, record)?.hasPrefix("The run has no predictions.csv") == true)
    let rows = (0..<3).map {
      SegmentationPredictions.Row(
        id: "\($0)", patient: nil, counts: PixelConfusion(truePositives: 1, falsePositives: 1, falseNegatives: 1, trueNegatives: 1))
    }
    try PredictionsFile.write(.segmentation(SegmentationPredictions(rows: rows)), to: directory.predictionsFile)
    let condition = directory.condition(of: record.cell)
    #expect(condition.state == .finished && !condition.isSealed && condition.predictions != nil)
    // A seal beside a status that names none is no older run.
    try Data("{}".utf8).write(to: directory.sealFile)
    #expect(reason(directory, record) == broken("status.json does not name it"))
  }

  @Test("A run is of the weights that its source has: where those are other ones by now, it is broken")
  func descent() throws {
    let folder = try TemporaryFolder(), parent = try Example.record(), directory = try sealed(parent, in: folder.url)
    let configuration = CellConfiguration(
      kind: .binarySegmentation, recipe: .standard(for: .binarySegmentation), data: "d", start: .cell(identity: parent.cell.identity), seed: 1)
    let cell = Cell(
      task: "lungs", initialization: "adapted", mode: .fullFineTuning, seed: 1, role: .target, identity: try configuration.identity(),
      source: parent.cell.identity)
    let child = CellRecord(study: "example", cell: cell, configuration: configuration, lineage: [parent.cell])
    let used = try Digest.sha256Hex(ofFile: directory.weightsFile)
    let childDirectory = try sealed(child, in: folder.url, source: used)
    #expect(childDirectory.condition(of: cell).state == .finished)
    // Its source's folder may be gone.
    let aside = folder.url.appendingPathComponent("aside")
    try FileManager.default.moveItem(at: directory.url, to: aside)
    #expect(childDirectory.condition(of: cell).state == .finished)
    try FileManager.default.moveItem(at: aside, to: directory.url)
    try directory.begin(parent)
    try directory.write(Example.metrics)
    try Data("other weights".utf8).write(to: directory.weightsFile)
    try directory.finish(parent.cell)
    #expect(reason(childDirectory, child)?.hasPrefix("This run was trained from other weights than those of vessels from random, seed 1 now are (") == true)
  }

  @Test("A lost status, and a kill between the seal and the status, are made good by the seal alone")
  func restored() throws {
    let folder = try TemporaryFolder(), record = try Example.record()
    let directory = try sealed(record, in: folder.url), status = try Data(contentsOf: directory.statusFile)
    try FileManager.default.removeItem(at: directory.statusFile)
    #expect(reason(directory, record) == "The run has lost its status.json. Run the study again, which makes this run anew.")
    let lost = "Its status.json was lost or not written; every file is as it was sealed, so the run is finished."
    #expect(try directory.restoreStatus(record.cell) == [lost])
    #expect(try Data(contentsOf: directory.statusFile) == status)
    // A folder in its place goes aside.
    try FileManager.default.removeItem(at: directory.statusFile)
    try FileManager.default.createDirectory(at: directory.statusFile.appendingPathComponent("in it"), withIntermediateDirectories: true)
    #expect(try directory.restoreStatus(record.cell) == ["Its status.json was a folder, which is .aside-1-status.json now.", lost])
    #expect(try Data(contentsOf: directory.statusFile) == status)
    try directory.write(RunStatus.running)
    #expect(directory.condition(of: record.cell).state == .interrupted)
    #expect(try directory.restoreStatus(record.cell) == [lost])
    // Not where a file is another.
    try directory.write(RunStatus.running)
    try Data("other".utf8).write(to: directory.predictionsFile)
    #expect(try directory.restoreStatus(record.cell) == nil)
  }

  @Test("A run that is made anew keeps no file of the earlier one but its answers elsewhere, and knows the weights it had")
  func anew() throws {
    let folder = try TemporaryFolder(), record = try Example.record()
    let directory = try sealed(record, in: folder.url), weights = try Digest.sha256Hex(ofFile: directory.weightsFile)
    try FileManager.default.createDirectory(at: directory.externalFolder, withIntermediateDirectories: true)
    try Data().write(to: directory.url.appendingPathComponent(".partial-1-predictions.csv"))
    let beginning = try directory.begin(record)
    #expect(beginning.formerWeights == weights && beginning.remarks.isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path).sorted() == ["cell.json", "external", "status.json"])
    #expect(directory.condition(of: record.cell).state == .interrupted)
  }

  @Test("Every process that worked on a run stands in its environment.json, and older files name the last")
  func sessions() throws {
    let folder = try TemporaryFolder(), record = try Example.record()
    let directory = RunDirectory(of: record.cell, in: folder.url)
    try directory.begin(record)
    func session(_ threads: Int, _ step: Int) -> RunSession {
      RunSession(
        RunEnvironment(
          program: "medtransfer 0.1.0", libtorch: "2.13.0", device: "cpu", threads: threads, processor: "p", vectorInstructions: "AVX2", system: "s"),
        host: "here", afterStep: step)
    }
    #expect(try directory.addSession(session(1, 0)).isEmpty)
    #expect(try directory.addSession(session(2, 10)).isEmpty)
    let found = try directory.read(RunSessions.self, from: directory.environmentFile)
    #expect(found.sessions == [session(1, 0), session(2, 10)] && found.last.threads == 2 && found.environments.map(\.threads) == [1, 2])
    // What older programs read there is the last one.
    #expect(try directory.read(RunEnvironment.self, from: directory.environmentFile).threads == 2)
    try directory.write(session(4, 0).environment, to: directory.environmentFile)
    #expect(try directory.addSession(session(8, 20)).isEmpty)
    #expect(try directory.read(RunSessions.self, from: directory.environmentFile).environments.map(\.threads) == [4, 8])
    try Data("{".utf8).write(to: directory.environmentFile)
    #expect(try directory.addSession(session(1, 30)).count == 1)
    #expect(try directory.addSession(session(1, 0)).isEmpty)
    #expect(try directory.read(RunSessions.self, from: directory.environmentFile).sessions.count == 1)
  }
}
