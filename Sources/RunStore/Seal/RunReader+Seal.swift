internal import Foundation
internal import Foundations

extension RunReader {
  static let weightsFileName = "best.safetensors"

  /// Compares the run with its seal.
  ///
  /// - Parameters:
  ///   - stated: the SHA-256 of `seal.json` that `status.json` states.
  ///   - identity: of the cell whose run this is.
  func seal(stated: String, identity: String, _ check: SealCheck) throws -> SealFinding {
    let memory = sealMemory(stated)
    if let memory, let finding = quickly(memory, check) { return finding }
    guard let data = try bytes(RunSeal.fileName) else { return SealFinding(fault: Self.broken(RunSeal.fileName, "is missing")) }
    guard Digest.sha256Hex(of: data) == stated, let seal = try? JSONDecoder().decode(RunSeal.self, from: data) else {
      return SealFinding(fault: Self.broken(RunSeal.fileName, "is not the one that status.json names"))
    }
    if let broken = seal.broken { return SealFinding(fault: broken) }
    guard seal.identity == identity else {
      return SealFinding(fault: Self.broken(RunSeal.fileName, "is of the cell \(seal.identity.prefix(12))"))
    }
    var finding = SealFinding(), faults: [String] = [], seen = SealMemory(seal: stated, weights: seal.sha256(of: Self.weightsFileName), source: seal.source)
    for file in seal.files {
      let signature = source.signature(path(file.path))
      if file.path == Self.weightsFileName, signature == nil, try source.content(path(file.path)) == nil {
        finding.lacksWeights = true
        continue
      }
      if !isAsSeen(file.path, signature, memory, check), let fault = try fault(of: file) {
        faults.append("\(file.path) \(fault)")
        continue
      }
      if let signature { seen.signatures.append((file.path, signature)) }
    }
    if !faults.isEmpty {
      finding.fault = "The seal of this run is broken: \(firstFew(faults, atMost: 3)). \(Self.remedy)"
    } else {
      if let signature = source.signature(path(RunSeal.fileName)) { seen.signatures.append((RunSeal.fileName, signature)) }
      if seen != memory { source.remember(seen.text, path(SealMemory.fileName)) }
    }
    return finding
  }

  private static func broken(_ file: String, _ what: String) -> String { "The seal of this run is broken: \(file) \(what). \(remedy)" }

  static let remedy = "Run the study again, which makes this run anew."

  /// What was seen last, of this very seal.
  func sealMemory(_ stated: String) -> SealMemory? {
    guard let data = try? bytes(SealMemory.fileName), let memory = SealMemory(data), memory.seal == stated else { return nil }
    return memory
  }

  /// The answer where every file is as it was seen; nil where one has to be read.
  private func quickly(_ memory: SealMemory, _ check: SealCheck) -> SealFinding? {
    // The seal's own signature stands last; a memory without it was cut short.
    guard memory.signatures.last?.path == RunSeal.fileName else { return nil }
    for (path, _) in memory.signatures where !isAsSeen(path, source.signature(self.path(path)), memory, check) { return nil }
    let isThere = memory.weights == nil || memory.signature(of: Self.weightsFileName) != nil
    // Weights that were missing and are there again have to be read.
    if !isThere, source.signature(path(Self.weightsFileName)) != nil { return nil }
    return SealFinding(fault: nil, lacksWeights: !isThere)
  }

  private func isAsSeen(_ path: String, _ signature: FileSignature?, _ memory: SealMemory?, _ check: SealCheck) -> Bool {
    let isWeights = path == Self.weightsFileName
    guard !check.reads(path), let signature, let seen = memory?.signature(of: path) else { return false }
    if signature == seen { return true }
    // A copy that kept the times. No number of a report is read from weights, and whoever loads them reads all of them first.
    return isWeights && signature.inode != seen.inode && signature.size == seen.size && signature.modified == seen.modified
  }

  /// What is wrong with a file, as words that follow its name; nil where it is what was sealed.
  private func fault(of file: RunSeal.File) throws -> String? {
    guard let found = try source.content(path(file.path)) else { return "is missing" }
    if found.sha256 == file.sha256 { return nil }
    return found.byteCount == file.byteCount
      ? "has other bytes than the run wrote" : "has \(found.byteCount) bytes instead of \(file.byteCount)"
  }
}
