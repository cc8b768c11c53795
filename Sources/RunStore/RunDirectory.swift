public import Foundation
internal import Foundations
public import Metrics
public import Studies

/// The folder of one run, which is all that is known of it. Every file is written whole or only ever appended to.
public struct RunDirectory: Hashable, Sendable {
  public let url: URL

  public init(url: URL) { self.url = url }

  /// The folder of a cell's run below a study's output.
  public init(of cell: Cell, in output: URL) {
    url = output.appendingPathComponent(cell.relativePath, isDirectory: true)
  }

  public var cellFile: URL { url.appendingPathComponent("cell.json") }
  public var statusFile: URL { url.appendingPathComponent("status.json") }
  public var environmentFile: URL { url.appendingPathComponent("environment.json") }
  public var certificateFile: URL { url.appendingPathComponent("certificate.json") }
  public var historyFile: URL { url.appendingPathComponent("history.jsonl") }
  public var timingFile: URL { url.appendingPathComponent("timing.json") }
  public var predictionsFile: URL { url.appendingPathComponent("predictions.csv") }
  /// What the best weights say about the validation set, one view an image.
  public var validationPredictionsFile: URL { url.appendingPathComponent("validation-predictions.csv") }
  public var quarantineFile: URL { url.appendingPathComponent("quarantine.json") }
  public var metricsFile: URL { url.appendingPathComponent("metrics.json") }
  /// The trained weights.
  public var weightsFile: URL { url.appendingPathComponent("best.safetensors") }

  /// The files that are the same bytes however often a run was interrupted.
  public static let reproducibleFiles = [
    "best.safetensors", "history.jsonl", "predictions.csv", "validation-predictions.csv", "metrics.json",
  ]

  /// The predictions of the validation set; nil where the run holds none, as older ones do not.
  public func validationPredictions() throws -> Predictions? {
    guard FileManager.default.fileExists(atPath: validationPredictionsFile.path) else { return nil }
    return try PredictionsFile.read(validationPredictionsFile)
  }

  public var exists: Bool { FileManager.default.fileExists(atPath: cellFile.path) }

  /// The generations of checkpoints that a run in work keeps.
  public var checkpoints: CheckpointGenerations { CheckpointGenerations(folder: url) }

  /// Makes the folder, before its lease is taken. What is in it already stays.
  public func make() throws { try AtomicFile.makeFolder(url) }

  /// Writes `cell.json`, or checks that the one that is there is of the same cell.
  public func begin(_ record: CellRecord) throws {
    try make()
    if exists {
      let found = try self.record()
      guard found.cell.identity == record.cell.identity else {
        throw RunStoreError.otherCell(url, expected: record.cell.identity, found: found.cell.identity)
      }
    } else {
      try AtomicFile.write(try CanonicalJSON.encodePretty(record), to: cellFile)
    }
  }

  /// Reads `cell.json` and checks that its identity is that of its configuration.
  public func record() throws -> CellRecord {
    let record: CellRecord = try read(CellRecord.self, from: cellFile)
    guard try record.isConsistent() else {
      throw RunStoreError.malformedFile(cellFile, reason: "its identity is not the digest of its configuration")
    }
    return record
  }

  public func status() throws -> RunStatus { try read(RunStatus.self, from: statusFile) }

  public func write(_ status: RunStatus) throws { try write(status, to: statusFile) }

  public func metrics() throws -> RunMetrics { try read(RunMetrics.self, from: metricsFile) }

  public func write(_ metrics: RunMetrics) throws { try write(metrics, to: metricsFile) }

  /// Writes any value as JSON for people to read: a certificate, an environment, a quarantine.
  public func write(_ value: some Encodable, to file: URL) throws {
    try AtomicFile.write(try CanonicalJSON.encodePretty(value), to: file)
  }

  public func read<Value: Decodable>(_: Value.Type, from file: URL) throws -> Value {
    guard FileManager.default.fileExists(atPath: file.path) else { throw RunStoreError.missingFile(file) }
    let text = try TextFile.read(file)
    do {
      return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    } catch {
      throw RunStoreError.malformedFile(file, reason: Self.words(for: error))
    }
  }

  /// What a decoding error says, without Swift's type names.
  static func words(for error: any Error) -> String {
    func path(_ context: DecodingError.Context) -> String { context.codingPath.map(\.stringValue).joined(separator: ".") }
    switch error as? DecodingError {
    case .keyNotFound(let key, _): return "the key “\(key.stringValue)” is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context): return "the value of “\(path(context))” is of the wrong kind"
    case .dataCorrupted(let context) where !context.codingPath.isEmpty: return "the value of “\(path(context))” cannot be used"
    default: return "it is not whole JSON"
    }
  }

  /// How far the cell is whose run this is.
  public func state(of cell: Cell) -> CellState {
    do {
      if try FileManager.default.fileExists(atPath: url.path) && Lease.isHeld(in: url) { return .inWork }
      guard exists else { return .missing }
      let record = try record()
      guard record.cell.identity == cell.identity else {
        throw RunStoreError.otherCell(url, expected: cell.identity, found: record.cell.identity)
      }
      guard FileManager.default.fileExists(atPath: statusFile.path) else { return .interrupted }
      let status = try status()
      switch status.state {
      case .running: return .interrupted
      case .failed: return .failed(status.failure ?? RunStatus.Failure(code: "unknown", message: "No reason was recorded."))
      case .finished:
        _ = try metrics()
        return .finished
      }
    } catch {
      return .broken(reason: sentence(for: error))
    }
  }
}
