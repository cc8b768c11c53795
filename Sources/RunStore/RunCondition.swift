internal import Foundation
internal import Foundations
public import Metrics
public import Studies

/// How far a run is, and what must be known of it: the one answer that all commands give.
public struct RunCondition: Sendable {
  public let state: CellState
  /// Test images, as a finished run's `metrics.json` states them.
  public let imageCount: Int?
  /// False for a finished run of a program that made no seals: nothing vouches for its files.
  public let isSealed: Bool
  /// The trained weights of a finished run are not there. It counts, and is made anew only where its weights are needed.
  public let lacksWeights: Bool
  /// The predictions of a finished run without a seal, which have to be read to tell whether they can be.
  public let predictions: Predictions?
  /// The bytes of a finished run's `metrics.json`, where they were read.
  let metrics: Data?

  init(
    _ state: CellState, imageCount: Int? = nil, isSealed: Bool = true, lacksWeights: Bool = false, predictions: Predictions? = nil,
    metrics: Data? = nil
  ) {
    (self.state, self.imageCount, self.isSealed) = (state, imageCount, isSealed)
    (self.lacksWeights, self.predictions, self.metrics) = (lacksWeights, predictions, metrics)
  }
}

extension RunReader {
  /// How far the cell is whose run this is.
  ///
  /// - Parameters:
  ///   - planned: the configuration that a plan has for an identity; a `cell.json` that says the same needs no digest of its own.
  ///   - check: how closely the seal of a finished run is looked at.
  ///   - holdsLease: whether the caller does; nobody else is at work then.
  public func condition(
    of cell: Cell, planned: (String) -> CellConfiguration? = { _ in nil }, check: SealCheck = .quick, holdsLease: Bool = false
  ) -> RunCondition {
    var known = KnownRecord()
    return condition(of: cell, planned: planned, check: check, holdsLease: holdsLease, known: &known)
  }

  /// The same of one of several cells.
  ///
  /// - Parameter known: the record of a cell before it, or none yet.
  public func condition(
    of cell: Cell, planned: (String) -> CellConfiguration?, check: SealCheck, holdsLease: Bool = false, known: inout KnownRecord
  ) -> RunCondition {
    do {
      // Who holds the lease is about to make the run, and waits a little for a disk that may come back.
      return try SystemFault.patiently(waits: holdsLease ? [0.05, 0.2] : []) {
        try look(cell, planned: planned, check: check, holdsLease: holdsLease, known: &known)
      }
    } catch {
      // What has the name of a file goes aside when the run is made.
      let reason = SystemFault.number(of: error) == EISDIR ? "\((error as? FoundationsError)?.problem ?? "") \(Self.remedy)" : sentence(for: error)
      return RunCondition(SystemFault.isFault(error) ? .unreadable(reason: reason) : .broken(reason: reason))
    }
  }

  private func look(
    _ cell: Cell, planned: (String) -> CellConfiguration?, check: SealCheck, holdsLease: Bool, known: inout KnownRecord
  ) throws -> RunCondition {
    if !holdsLease, try source.isInWork(run) { return RunCondition(.inWork) }
    guard let found = try recordIfPresent(planned, known: &known) else { return RunCondition(try withoutRecord()) }
    guard found.cell.identity == cell.identity else {
      throw RunStoreError.otherCell(source.url(run), expected: cell.identity, found: found.cell.identity)
    }
    guard let status = try readIfPresent(RunStatus.self, from: RunDirectory.statusFileName) else {
      return RunCondition(try bytes(RunSeal.fileName) == nil ? .interrupted : .broken(reason: lost(RunDirectory.statusFileName)))
    }
    switch status.state {
    case .running: return RunCondition(.interrupted)
    case .failed: return RunCondition(.failed(status.failure ?? RunStatus.Failure(code: "unknown", message: "No reason was recorded.")))
    case .finished: return try finished(status, of: found, check)
    }
  }

  /// The same, without what is known beside the state.
  public func state(of cell: Cell, planned: (String) -> CellConfiguration? = { _ in nil }) -> CellState { condition(of: cell, planned: planned).state }

  private func finished(_ status: RunStatus, of record: CellRecord, _ check: SealCheck) throws -> RunCondition {
    guard let stated = status.seal else {
      if try bytes(RunSeal.fileName) != nil {
        return RunCondition(.broken(reason: "The seal of this run is broken: status.json does not name it. \(Self.remedy)"))
      }
      let imageCount = try read(StatedExtent.self, from: RunDirectory.metricsFileName).imageCount
      return RunCondition(.finished, imageCount: imageCount, isSealed: false, predictions: try predictions(imageCount: imageCount))
    }
    let seal = try seal(stated: stated, identity: record.cell.identity, check)
    if let fault = try seal.fault ?? descentFault(record, stated) { return RunCondition(.broken(reason: fault)) }
    // What learns without labels is asked no question that there were a metric of.
    if record.cell.isSelfSupervised { return RunCondition(.finished, lacksWeights: seal.lacksWeights) }
    guard let metrics = try bytes(RunDirectory.metricsFileName) else { throw RunStoreError.missingFile(url(RunDirectory.metricsFileName)) }
    let imageCount = try StatedExtent.imageCount(in: metrics) ?? read(StatedExtent.self, from: RunDirectory.metricsFileName).imageCount
    return RunCondition(.finished, imageCount: imageCount, lacksWeights: seal.lacksWeights, metrics: metrics)
  }

  /// Whether the run was trained from the weights that the run it descends from has now. Weights that were damaged for a while, or were
  /// made anew with other bytes, have children whose numbers are of no run that is there.
  private func descentFault(_ record: CellRecord, _ seal: String) throws -> String? {
    guard record.cell.source != nil, let parent = record.lineage.first, let used = try digests(seal)?.source else { return nil }
    let reader = RunReader(source, run: parent.relativePath)
    guard let status = try SystemFault.judged({ try reader.readIfPresent(RunStatus.self, from: RunDirectory.statusFileName) }), let seal = status.seal,
      let weights = try SystemFault.judged({ try reader.digests(seal)?.weights }), weights != used
    else { return nil }
    return "This run was trained from other weights than those of \(parent) now are (\(used.prefix(12))… and \(weights.prefix(12))…). \(Self.remedy)"
  }

  /// Of the trained weights and of those that the run started from, as its seal has them.
  private func digests(_ stated: String) throws -> (weights: String?, source: String?)? {
    if let memory = sealMemory(stated) { return (memory.weights, memory.source) }
    guard let data = try bytes(RunSeal.fileName), Digest.sha256Hex(of: data) == stated else { return nil }
    let seal = try JSONDecoder().decode(RunSeal.self, from: data)
    return (seal.sha256(of: Self.weightsFileName), seal.source)
  }

  /// Where there is no `cell.json`: no run has begun, could begin, or it is lost.
  private func withoutRecord() throws -> CellState {
    let status = try readIfPresent(RunStatus.self, from: RunDirectory.statusFileName)
    if let failure = status?.failure { return .failed(failure) }
    return try status != nil || bytes(RunSeal.fileName) != nil ? .broken(reason: lost(RunDirectory.cellFileName)) : .missing
  }

  private func lost(_ file: String) -> String { "The run has lost its \(file). \(Self.remedy)" }
}

/// What a report needs of `metrics.json`, whose many values it computes anew.
private struct StatedExtent: Decodable {
  let imageCount: Int

  /// The same without decoding the file, whose seal holds: what stands behind the one key of this name. Nil where it is not plainly so.
  static func imageCount(in data: Data) -> Int? {
    data.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) -> Int? in
      // It stands behind all entries. Within a text of JSON a quotation mark has a stroke before it, so this is a key.
      var place = bytes.count - mark.count
      while place >= 0 {
        if bytes[place] == mark[0], bytes[place..<place + mark.count].elementsEqual(mark) { break }
        place -= 1
      }
      guard place >= 0 else { return nil }
      place += mark.count
      let start = place
      while place < bytes.count, bytes[place] &- UInt8(ascii: "0") < 10 { place += 1 }
      guard place < bytes.count, bytes[place] == UInt8(ascii: ",") || bytes[place] == UInt8(ascii: "\n") else { return nil }
      return Int(String(decoding: bytes[start..<place], as: UTF8.self))
    }
  }

  private static let mark = Array("\"imageCount\" : ".utf8)
}
