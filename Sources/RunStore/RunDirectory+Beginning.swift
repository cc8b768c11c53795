public import Foundation
internal import Foundations
public import Studies

/// What was found in the folder of a run that begins or goes on.
public struct RunBeginning: Sendable {
  /// What must be said of it, in sentences.
  public internal(set) var remarks: [String] = []
  /// The SHA-256 of the weights that an earlier run of the cell, which is made anew, had; nil where there was none.
  public internal(set) var formerWeights: String?
}

extension RunDirectory {
  public var sealFile: URL { url.appendingPathComponent(RunSeal.fileName) }
  public var externalFolder: URL { url.appendingPathComponent(Self.externalFolderName, isDirectory: true) }

  /// Makes the folder ready for a run of a cell: `cell.json` is that of the cell, leftovers are gone, and a run that had ended, but is
  /// not what it was, is cleared away. What an interrupted run needs to go on stays. Only the holder of the lease may call it.
  ///
  /// - Returns: what was found, to be said.
  @discardableResult
  public func begin(_ record: CellRecord) throws -> RunBeginning {
    try make()
    var found = RunBeginning()
    found.remarks += try makePlaces()
    try removeLeftovers()
    let names = try FolderListing.names(in: url.path)
    let isBegun = names.contains { $0 == Self.statusFileName || $0.hasPrefix(Self.checkpointPrefix) }
    let status = try SystemFault.judged { try reader.readIfPresent(RunStatus.self, from: Self.statusFileName) }
    // Before anything is taken away: whoever comes after a kill must not find a finished run with half of its files.
    let wasFinished = status?.state == .finished
    if isBegun, status == nil { found.remarks.append("Its status.json was lost or damaged, and is written anew.") }
    try write(RunStatus.running)
    if let fault = try recordFault(record) {
      if isBegun { found.remarks.append("Its cell.json \(fault), and is written anew.") }
      try AtomicFile.write(try CanonicalJSON.encodePretty(record), to: cellFile)
    }
    if wasFinished || names.contains(RunSeal.fileName) {
      found.formerWeights = sealedWeights()
      try clear()
    }
    return found
  }

  /// Makes place for the files and folders that a run writes, whatever has their names now.
  func makePlaces() throws -> [String] {
    try WriteGuard.check(url)
    return try FolderListing.names(in: url.path).sorted().compactMap { name in
      let place = url.appendingPathComponent(name)
      if [Self.externalFolderName, examplesFolder.lastPathComponent].contains(name) {
        return try AtomicFile.makePlace(for: .folder, at: place).map { "Its \($0)" }
      }
      guard ["json", "jsonl", "csv", "safetensors"].contains(place.pathExtension), !name.hasPrefix(".") else { return nil }
      return try AtomicFile.makePlace(for: .file, at: place).map { "Its \($0)" }
    }
  }

  /// Says in `cell.json` by what numbers are standardized, unless it does. Only the holder of the lease may call it.
  public func state(_ scale: NumberScale, in record: CellRecord) throws {
    var stated = record
    stated.numberScale = scale
    if (try? reader.recordIfPresent({ _ in nil })) == stated { return }
    try AtomicFile.write(try CanonicalJSON.encodePretty(stated), to: cellFile)
  }

  /// What is wrong with `cell.json`, as words that follow its name; nil where it is the cell's.
  private func recordFault(_ record: CellRecord) throws -> String? {
    do {
      guard let there = try reader.recordIfPresent({ _ in nil }) else { return "was lost" }
      return there.cell.identity == record.cell.identity ? nil : "was of the cell \(there.cell.identity.prefix(12))"
    } catch {
      if SystemFault.isFault(error) { throw error }
      return "was damaged"
    }
  }

  /// Removes what a run has made, but for its `cell.json`, its status and its answers on other test sets. What is aside was made by somebody else.
  private func clear() throws {
    let kept: Set<String> = ["lease", Self.cellFileName, Self.statusFileName, Self.externalFolderName]
    // The seal first: with it, a run that is cleared would look like one that is not what it was.
    let names = try FolderListing.names(in: url.path).filter {
      !kept.contains($0) && !ClaimFolder.isClaim($0) && !AtomicFile.isAside($0)
    }
    try WriteGuard.check(url)
    for name in names.sorted(by: { ($0 == RunSeal.fileName ? 0 : 1, $0) < ($1 == RunSeal.fileName ? 0 : 1, $1) }) {
      try FileManager.default.removeItem(at: url.appendingPathComponent(name))
    }
  }

  /// Removes temporary files that killed processes left. Only the holder of the lease may call it.
  public func removeLeftovers() throws {
    try WriteGuard.check(url)
    for folder in [url, examplesFolder] where FileManager.default.fileExists(atPath: folder.path) { try AtomicFile.removeLeftovers(in: folder) }
  }

  /// Whether a killed process left something in the folder of a run that has ended: temporary files, or what an unfinished run needs.
  public var hasLeftovers: Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.contains { Self.isOfUnfinished($0) || AtomicFile.isTemporary($0) }
  }

  /// Whether a file is one that only an unfinished run needs: a checkpoint, or the answers of an evaluation so far.
  static func isOfUnfinished(_ name: String) -> Bool { name.hasPrefix(checkpointPrefix) || name.hasPrefix(answerPrefix) }

  /// Removes what only an unfinished run needs.
  public func removeUnfinished() throws {
    try checkpoints.removeAll()
    try removeAnswers()
  }
}
