public import Foundation
internal import Foundations

/// The checkpoints of a run in work: generations of a state file and a note that makes it valid.
///
/// A generation *g* is `checkpoint-g.safetensors` with the tensors and `checkpoint-g.json` with the progress, the state
/// file's length and its SHA-256, and with a checksum of the note itself. The note is written last and whole, so a generation is there or
/// it is not; the one before is kept until the next is complete, and after. At any moment of a kill at least one complete generation
/// stands. Where none can be used, a run begins anew: no state needs a person.
public struct CheckpointGenerations: Hashable, Sendable {
  /// Moments of a save, for tests that stop there.
  enum Step: CaseIterable { case began, stateWritten, stateSynchronized, noteWritten, oldRemoved }

  /// A generation that was read and found whole.
  public struct Loaded<Progress> {
    public let progress: Progress
    /// The state file, whose digest was just checked.
    public let stateFile: URL
    public let generation: Int
  }

  /// What a look for the newest generation came to.
  public struct Search<Progress> {
    /// Nil where there is none that can be used.
    public let found: Loaded<Progress>?
    /// What is said to the user: newer generations that could not be used, and why. Empty when the newest is used, and where none was
    /// ever saved.
    public let remarks: [String]
  }

  let folder: URL

  public init(folder: URL) { self.folder = folder }

  /// Saves a new generation.
  ///
  /// - Parameters:
  ///   - progress: what goes on beside the tensors; small.
  ///   - writeState: writes the state file at the URL it is given.
  public func save<Progress: Encodable>(_ progress: Progress, writeState: (URL) throws -> Void) throws {
    try save(progress, writeState: writeState, reached: { _ in })
  }

  func save<Progress: Encodable>(
    _ progress: Progress, writeState: (URL) throws -> Void, reached: (Step) throws -> Void
  ) throws {
    let generation = (try generations().first ?? 0) + 1
    let state = stateFile(generation)
    try reached(.began)
    try WriteGuard.check(state)
    do {
      // A state file without its note may lie there from a killed save.
      try? FileManager.default.removeItem(at: state)
      try writeState(state)
      try reached(.stateWritten)
      try synchronize(state)
      try reached(.stateSynchronized)
      let note = Note(
        generation: generation, stateFile: state.lastPathComponent, byteCount: try byteCount(of: state),
        sha256: try Digest.sha256Hex(ofFile: state), checksum: NoteChecksum.blank, claim: Lease.number(in: folder), progress: progress)
      try AtomicFile.write(NoteChecksum.filled(try CanonicalJSON.encode(note)), to: noteFile(generation))
    } catch {
      // A note can stand although its writing failed: its folder could not be synced. What it vouches for must stay then.
      if (try? WriteGuard.check(state)) != nil, !FileManager.default.fileExists(atPath: noteFile(generation).path) { try? FileManager.default.removeItem(at: state) }
      throw error
    }
    try reached(.noteWritten)
    try remove { $0 < generation - 1 }
    try reached(.oldRemoved)
  }

  /// Looks for the newest generation that can be used.
  ///
  /// Those whose bytes are not what was written are removed, so that the next save does not count them as the generation to fall back on;
  /// one that cannot be read at all stays until later ones take its place. Only the holder of the run's lease may call it.
  ///
  /// - Parameter problem: what else keeps a generation from being used, such as a history that does not fit it; nil for nothing.
  public func load<Progress: Decodable>(_: Progress.Type, problem: (Progress) -> String? = { _ in nil }) throws -> Search<Progress> {
    var remarks = [String](), corrupt = [Int]()
    for generation in try generations() {
      do {
        let note = try verifiedNote(generation, of: Progress.self)
        if let problem = problem(note.progress) { throw Unusable(reason: problem) }
        try remove { corrupt.contains($0) }
        return Search(
          found: Loaded(progress: note.progress, stateFile: stateFile(generation), generation: generation), remarks: remarks)
      } catch {
        if error is Unusable { corrupt.append(generation) }
        remarks.append("checkpoint \(generation) is left aside because \(Self.reason(for: error))")
      }
    }
    try remove { corrupt.contains($0) }
    return Search(found: nil, remarks: remarks)
  }

  /// Removes every generation: a finished run needs none.
  public func removeAll() throws { try remove { _ in true } }

  private struct Unusable: Error { let reason: String }

  private static func reason(for error: any Error) -> String {
    (error as? Unusable)?.reason ?? "it cannot be read (\(sentence(for: error)))"
  }

  private func verifiedNote<Progress: Decodable>(_ generation: Int, of: Progress.Type) throws -> Note<Progress> {
    let state = stateFile(generation)
    let note: Note<Progress>, bytes = try Data(contentsOf: noteFile(generation))
    do {
      note = try JSONDecoder().decode(Note<Progress>.self, from: bytes)
    } catch {
      throw Unusable(reason: "in its note \(RunDirectory.words(for: error))")
    }
    guard NoteChecksum.isRight(bytes, note.checksum) else { throw Unusable(reason: "its note does not fit its checksum") }
    guard note.generation == generation, note.stateFile == state.lastPathComponent else {
      throw Unusable(reason: "its note is of another checkpoint")
    }
    guard FileManager.default.fileExists(atPath: state.path) else { throw Unusable(reason: "its state file is missing") }
    let byteCount = try byteCount(of: state)
    guard byteCount == note.byteCount else {
      throw Unusable(reason: "its state file has \(byteCount) bytes instead of \(note.byteCount)")
    }
    guard try Digest.sha256Hex(ofFile: state) == note.sha256 else {
      throw Unusable(reason: "its state file has other bytes than were written")
    }
    return note
  }

  private func stateFile(_ generation: Int) -> URL { folder.appendingPathComponent("checkpoint-\(generation).safetensors") }

  private func noteFile(_ generation: Int) -> URL { folder.appendingPathComponent("checkpoint-\(generation).json") }

  /// The generations that have a note, newest first.
  private func generations() throws -> [Int] { try numbers(of: "json").filter(Self.plausible.contains).sorted(by: >) }

  /// No generation of ours has a higher number, and one more than it is a number too.
  private static let plausible = 1...1_000_000_000_000_000

  private func numbers(of type: String) throws -> [Int] {
    try FolderListing.names(in: folder.path).compactMap { name in
      guard name.hasPrefix("checkpoint-"), name.hasSuffix(".\(type)") else { return nil }
      return Int(name.dropFirst("checkpoint-".count).dropLast(type.count + 1))
    }
  }

  /// Removes generations, each note before its state, so that no note ever stands alone.
  private func remove(where isOld: (Int) -> Bool) throws {
    try WriteGuard.check(folder)
    for generation in try numbers(of: "json") where isOld(generation) { try FileManager.default.removeItem(at: noteFile(generation)) }
    for generation in try numbers(of: "safetensors") where isOld(generation) {
      try FileManager.default.removeItem(at: stateFile(generation))
    }
  }

  private func byteCount(of url: URL) throws -> Int {
    (try FileManager.default.attributesOfItem(atPath: url.path)[.size] as? NSNumber)?.intValue ?? 0
  }

  private func synchronize(_ url: URL) throws {
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw RunStoreError.unwritable(url, errno: errno) }
    defer { close(descriptor) }
    guard uninterrupted({ fsync(descriptor) }) == 0 else { throw RunStoreError.unwritable(url, errno: errno) }
    try AtomicFile.synchronize(folder: folder)
  }
}

/// What `checkpoint-g.json` holds: it makes the state file it names valid.
private struct Note<Progress> {
  let generation: Int
  let stateFile: String
  let byteCount: Int
  let sha256: String
  /// Of the note's own bytes; nil in notes of programs that made none.
  let checksum: String?
  /// The number of the claim under which it was made; nil where there was none, and in notes of older programs.
  let claim: Int?
  let progress: Progress
}

/// The SHA-256 of a note's bytes, in which it stands itself: taken with zeros in its place.
private enum NoteChecksum {
  static let blank = String(repeating: "0", count: 64)

  static func filled(_ note: Data) -> Data {
    guard let place = note.range(of: Data(field(blank).utf8)) else { return note }
    return note[..<place.lowerBound] + Data(field(Digest.sha256Hex(of: note)).utf8) + note[place.upperBound...]
  }

  static func isRight(_ note: Data, _ stated: String?) -> Bool {
    guard let stated else { return true }
    guard let place = note.range(of: Data(field(stated).utf8)) else { return false }
    return Digest.sha256Hex(of: note[..<place.lowerBound] + Data(field(blank).utf8) + note[place.upperBound...]) == stated
  }

  private static func field(_ value: String) -> String { "\"checksum\":\"\(value)\"" }
}

extension Note: Encodable where Progress: Encodable {}
extension Note: Decodable where Progress: Decodable {}
