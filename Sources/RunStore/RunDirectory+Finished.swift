internal import Foundation
internal import Foundations
public import Studies

extension RunDirectory {
  /// Whether the run of this very cell has ended and its seal holds, whoever holds its lease.
  ///
  /// The holder of a lease asks this before it begins: another process may have finished the cell just before.
  public func isFinished(_ cell: Cell) -> Bool { condition(of: cell, holdsLease: true).state == .finished }

  /// Ends a run: seals its files, and then calls it finished. Everything else is written before.
  ///
  /// - Parameter source: the SHA-256 of the weights that it started from, where they are another run's.
  public func finish(_ cell: Cell, source: String? = nil) throws {
    let reader = reader
    var memory = SealMemory(seal: "", weights: nil, source: source), files: [RunSeal.File] = []
    for path in try sealedPaths() {
      let place = reader.path(path), signature = reader.source.signature(place)
      guard let content = try reader.source.content(place) else { throw RunStoreError.missingFile(reader.url(path)) }
      files.append(RunSeal.File(path: path, byteCount: content.byteCount, sha256: content.sha256))
      if let signature { memory.signatures.append((path, signature)) }
    }
    let seal = RunSeal(identity: cell.identity, source: source, files: files)
    let data = try CanonicalJSON.encodePretty(seal)
    try AtomicFile.write(data, to: sealFile)
    (memory.seal, memory.weights) = (Digest.sha256Hex(of: data), seal.sha256(of: RunReader.weightsFileName))
    if let signature = reader.source.signature(reader.path(RunSeal.fileName)) { memory.signatures.append((RunSeal.fileName, signature)) }
    reader.source.remember(memory.text, reader.path(SealMemory.fileName))
    try write(RunStatus.finished(seal: memory.seal))
  }

  /// Calls a run finished again whose `status.json` was lost, or that was killed between its seal and its status, where the seal holds
  /// for every file. Only the holder of the lease may call it.
  ///
  /// - Returns: what is to be said where it is finished now; nil where it is not.
  public func restoreStatus(_ cell: Cell) throws -> [String]? {
    if let status = try? status(), status.state == .finished { return nil }
    guard let record = try? record(), record.cell.identity == cell.identity, let data = try? Data(contentsOf: sealFile) else { return nil }
    let stated = Digest.sha256Hex(of: data), finding = try reader.seal(stated: stated, identity: cell.identity, .whole)
    guard finding.fault == nil, !finding.lacksWeights else { return nil }
    // A folder may have its name.
    let moved = try makePlaces()
    try write(RunStatus.finished(seal: stated))
    guard condition(of: cell, holdsLease: true).state == .finished else { return nil }
    return moved + ["Its status.json was lost or not written; every file is as it was sealed, so the run is finished."]
  }

  /// The SHA-256 of the trained weights, as the seal has it; nil without a seal.
  public func sealedWeights() -> String? { reader.sealedWeights() }

  /// Checks that weights which are about to be used are those that the run made.
  ///
  /// - Parameter sha256: of the file as it was loaded.
  /// - Throws: `RunStoreError` where they are not. A run without a seal cannot say.
  public func requireSealedWeights(_ sha256: String) throws {
    guard let status = try? status(), status.seal != nil, let sealed = sealedWeights(), sealed != sha256 else { return }
    throw RunStoreError.brokenSeal(weightsFile)
  }

  /// What a seal is of: the files of the run that no later command changes.
  private func sealedPaths() throws -> [String] {
    func names(_ folder: URL) throws -> [String] { try FolderListing.names(in: folder.path).sorted() }
    return try names(url).flatMap { name -> [String] in
      if name.hasPrefix(".") || Self.isOfUnfinished(name) || Self.unsealed.contains(name) { return [] }
      var isFolder: ObjCBool = false
      let place = url.appendingPathComponent(name)
      guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) else { return [] }
      return isFolder.boolValue ? try names(place).filter { !$0.hasPrefix(".") }.map { "\(name)/\($0)" } : [name]
    }
  }

  private static let unsealed: Set<String> = ["lease", RunSeal.fileName, statusFileName, externalFolderName]
}
