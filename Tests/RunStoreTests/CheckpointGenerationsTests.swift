import Foundation
import Testing

@testable import RunStore

@Suite struct CheckpointGenerationsTests {
  private struct Progress: Codable, Equatable {
    let step: Int
  }

  private func state(_ step: Int) -> Data { Data((0..<(1000 + step)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ step) }) }

  private func save(_ step: Int, in folder: URL, reached: (CheckpointGenerations.Step) throws -> Void = { _ in }) throws {
    try CheckpointGenerations(folder: folder).save(Progress(step: step), writeState: { try state(step).write(to: $0) }, reached: reached)
  }

  private func load(_ folder: URL) throws -> (step: Int, state: Data, remarks: [String])? {
    let search = try CheckpointGenerations(folder: folder).load(Progress.self)
    guard let loaded = search.found else { return nil }
    return (loaded.progress.step, try Data(contentsOf: loaded.stateFile), search.remarks)
  }

  private func names(_ folder: URL) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }

  @Test("A run that never saved has no checkpoint")
  func none() throws {
    let folder = try TemporaryFolder()
    #expect(try load(folder.url) == nil)
  }

  @Test("The newest checkpoint is read back, and the one before it is kept")
  func newest() throws {
    let folder = try TemporaryFolder()
    for step in 1...4 { try save(step, in: folder.url) }
    let loaded = try #require(try load(folder.url))
    #expect(loaded.step == 4 && loaded.state == state(4) && loaded.remarks.isEmpty)
    #expect(try names(folder.url) == ["checkpoint-3.json", "checkpoint-3.safetensors", "checkpoint-4.json", "checkpoint-4.safetensors"])
  }

  @Test("A finished run keeps no checkpoint")
  func removal() throws {
    let folder = try TemporaryFolder()
    try save(1, in: folder.url)
    try CheckpointGenerations(folder: folder.url).removeAll()
    #expect(try names(folder.url).isEmpty)
  }

  /// Copies a folder as it is at this moment, which is what a kill at this moment leaves.
  private func photograph(_ folder: URL, in album: URL) throws -> URL {
    let copy = album.appendingPathComponent(UUID().uuidString)
    try FileManager.default.copyItem(at: folder, to: copy)
    return copy
  }

  @Test("A kill at any step of a save leaves a whole checkpoint, from which the next save goes on")
  func kills() throws {
    let folder = try TemporaryFolder(), album = try TemporaryFolder()
    for step in 1...3 {
      var photographs = [(CheckpointGenerations.Step, URL)]()
      try save(step, in: folder.url) { photographs.append(($0, try photograph(folder.url, in: album.url))) }
      #expect(photographs.map(\.0) == CheckpointGenerations.Step.allCases)
      for (moment, copy) in photographs {
        let isNew = [.noteWritten, .oldRemoved].contains(moment)
        let expected = isNew ? step : step - 1
        let loaded = try load(copy)
        #expect(loaded?.step ?? 0 == expected && loaded?.remarks ?? [] == [], "\(moment) of save \(step)")
        if let loaded { #expect(loaded.state == state(loaded.step)) }
        try save(9, in: copy)
        #expect(try load(copy)?.step == 9)
      }
    }
  }

  @Test("A kill within the writing of the state or of the note leaves the checkpoint before")
  func killsWithinWrites() throws {
    for written in [0, 1, 500, 1001] {
      let folder = try TemporaryFolder()
      try save(1, in: folder.url)
      try state(2).prefix(written).write(to: folder.url.appendingPathComponent("checkpoint-2.safetensors"))
      try Data("{\"generation\":2,".utf8).write(to: folder.url.appendingPathComponent(".partial-1-checkpoint-2.json"))
      let loaded = try #require(try load(folder.url))
      #expect(loaded.step == 1 && loaded.remarks.isEmpty)
      try save(2, in: folder.url)
      #expect(try load(folder.url)?.step == 2)
    }
  }

  /// Each row: what happens to the newest generation's files, and what is said of it.
  static let damages: [(@Sendable (URL, URL) throws -> Void, String)] = [
    ({ state, _ in try Data(contentsOf: state).dropLast().write(to: state) }, "its state file has 1001 bytes instead of 1002"),
    (
      { state, _ in
        var bytes = try Data(contentsOf: state)
        bytes[500] ^= 1
        try bytes.write(to: state)
      }, "its state file has other bytes than were written"
    ),
    ({ state, _ in try FileManager.default.removeItem(at: state) }, "its state file is missing"),
    ({ _, note in try Data().write(to: note) }, "in its note it is not whole JSON"),
    ({ _, note in try Data("{\"generation\":2}".utf8).write(to: note) }, "in its note the key “stateFile” is missing"),
  ]

  @Test("A damaged newest checkpoint is said, and the one before is used", arguments: damages.indices)
  func damage(_ index: Int) throws {
    let (damage, reason) = Self.damages[index]
    let folder = try TemporaryFolder()
    try save(1, in: folder.url)
    try save(2, in: folder.url)
    try damage(folder.url.appendingPathComponent("checkpoint-2.safetensors"), folder.url.appendingPathComponent("checkpoint-2.json"))
    let loaded = try #require(try load(folder.url))
    #expect(loaded.step == 1 && loaded.state == state(1))
    #expect(loaded.remarks == ["checkpoint 2 is left aside because \(reason)"])
    // The damaged one is not what the next save falls back on.
    try save(3, in: folder.url)
    try Data().write(to: folder.url.appendingPathComponent("checkpoint-2.json"))
    #expect(try load(folder.url)?.step == 1)
  }

  @Test("Where no checkpoint can be used, all reasons are said, and the next save begins anew")
  func allDamaged() throws {
    let folder = try TemporaryFolder()
    try save(1, in: folder.url)
    try save(2, in: folder.url)
    for name in ["checkpoint-1.safetensors", "checkpoint-2.json"] { try Data().write(to: folder.url.appendingPathComponent(name)) }
    let search = try CheckpointGenerations(folder: folder.url).load(Progress.self)
    #expect(search.found == nil)
    #expect(
      search.remarks == [
        "checkpoint 2 is left aside because in its note it is not whole JSON",
        "checkpoint 1 is left aside because its state file has 0 bytes instead of 1001",
      ])
    try save(3, in: folder.url)
    #expect(try load(folder.url)?.step == 3)
  }

  @Test("A byte of a note that is another is found, whichever it is, or changes nothing that is read")
  func damagedNote() throws {
    let folder = try TemporaryFolder()
    try save(1, in: folder.url)
    try save(2, in: folder.url)
    let note = folder.url.appendingPathComponent("checkpoint-2.json"), album = try TemporaryFolder(), whole = try Data(contentsOf: note)
    for place in whole.indices {
      let copy = try photograph(folder.url, in: album.url)
      var bytes = whole
      bytes[place] ^= 1
      try bytes.write(to: copy.appendingPathComponent("checkpoint-2.json"))
      let loaded = try #require(try load(copy))
      #expect(loaded.step == 1 && loaded.remarks.count == 1 || loaded.step == 2 && loaded.state == state(2), "byte \(place)")
      try FileManager.default.removeItem(at: copy)
    }
  }

  @Test("A checkpoint that something else speaks against is left aside for this reason")
  func unfit() throws {
    let folder = try TemporaryFolder()
    for step in 1...2 { try save(step, in: folder.url) }
    let search = try CheckpointGenerations(folder: folder.url).load(Progress.self) { $0.step == 2 ? "it is of another day" : nil }
    #expect(search.found?.progress.step == 1 && search.remarks == ["checkpoint 2 is left aside because it is of another day"])
  }

  @Test("A save that fails once its note stands, as where its folder cannot be synced, keeps the state that the note vouches for")
  func failureAfterNote() throws {
    struct Unsynced: Error {}
    let folder = try TemporaryFolder()
    try save(1, in: folder.url)
    #expect(throws: Unsynced.self) {
      try CheckpointGenerations(folder: folder.url).save(Progress(step: 2)) { url in
        try state(2).write(to: url)
        try Data("{}".utf8).write(to: folder.url.appendingPathComponent("checkpoint-2.json"))
        throw Unsynced()
      }
    }
    #expect(try names(folder.url).contains("checkpoint-2.safetensors"))
  }

  @Test("A save that fails leaves no trace and the checkpoint before")
  func failedSave() throws {
    struct Full: Error {}
    let folder = try TemporaryFolder()
    try save(1, in: folder.url)
    let before = try names(folder.url)
    #expect(throws: Full.self) {
      try CheckpointGenerations(folder: folder.url).save(Progress(step: 2)) { url in
        try Data([1]).write(to: url)
        throw Full()
      }
    }
    #expect(try names(folder.url) == before)
    #expect(try load(folder.url)?.step == 1)
  }
}
