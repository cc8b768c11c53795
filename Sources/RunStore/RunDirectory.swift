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

  static let checkpointPrefix = "checkpoint-", externalFolderName = ExternalAnswers.folderName
  static let cellFileName = "cell.json", statusFileName = "status.json", metricsFileName = "metrics.json"
  static let predictionsFileName = "predictions.csv", validationPredictionsFileName = "validation-predictions.csv"

  public var cellFile: URL { url.appendingPathComponent(Self.cellFileName) }
  public var statusFile: URL { url.appendingPathComponent(Self.statusFileName) }
  public var environmentFile: URL { url.appendingPathComponent("environment.json") }
  public var certificateFile: URL { url.appendingPathComponent("certificate.json") }
  public static let historyFileName = "history.jsonl"
  public var historyFile: URL { url.appendingPathComponent(Self.historyFileName) }
  public var timingFile: URL { url.appendingPathComponent("timing.json") }
  public var predictionsFile: URL { url.appendingPathComponent(Self.predictionsFileName) }
  /// What the best weights say about the validation set, one view an image.
  public var validationPredictionsFile: URL { url.appendingPathComponent(Self.validationPredictionsFileName) }
  public var quarantineFile: URL { url.appendingPathComponent("quarantine.json") }
  /// The digest of the pixels that the run was made on.
  public var pixelsFile: URL { url.appendingPathComponent(RunPixels.fileName) }
  public var metricsFile: URL { url.appendingPathComponent(Self.metricsFileName) }
  /// The trained weights.
  public var weightsFile: URL { url.appendingPathComponent("best.safetensors") }

  /// The results that are the same bytes however often a run was interrupted; `reproducibleFiles()` names the examples too.
  static let reproducibleFiles = [
    "best.safetensors", "history.jsonl", "predictions.csv", "validation-predictions.csv", "metrics.json",
  ]

  /// The predictions of the validation set; nil where the run holds none, as older ones do not.
  public func validationPredictions() throws -> Predictions? {
    try reader.validationPredictions()
  }

  public var exists: Bool { FileManager.default.fileExists(atPath: cellFile.path) }

  /// The generations of checkpoints that a run in work keeps.
  public var checkpoints: CheckpointGenerations { CheckpointGenerations(folder: url) }

  /// Makes the folder, before its lease is taken. What is in it already stays.
  public func make() throws { try AtomicFile.makeFolder(url) }

  /// Reads `cell.json` and checks that its identity is that of its configuration.
  public func record() throws -> CellRecord { try reader.record() }

  public func status() throws -> RunStatus { try read(RunStatus.self, from: statusFile) }

  public func write(_ status: RunStatus) throws {
    var status = status
    status.claim = Lease.number(in: url)
    try write(status, to: statusFile)
  }

  /// Whether this process holds the run's lease.
  public var isLeased: Bool { Lease.number(in: url) != nil }

  public func metrics() throws -> RunMetrics { try read(RunMetrics.self, from: metricsFile) }

  public func write(_ metrics: RunMetrics) throws { try write(metrics, to: metricsFile) }

  /// Writes any value as JSON for people to read: a certificate, an environment, a quarantine.
  public func write(_ value: some Encodable, to file: URL) throws {
    try AtomicFile.write(try CanonicalJSON.encodePretty(value), to: file)
  }

  public func read<Value: Decodable>(_ type: Value.Type, from file: URL) throws -> Value {
    // The file may lie in a folder of the run, such as its examples.
    try RunReader(RunFolderSource(file.deletingLastPathComponent()), run: "").read(type, from: file.lastPathComponent)
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

  /// The same folder as a run below its study's output, where the runs are that it may descend from.
  public var reader: RunReader {
    let names = url.pathComponents.suffix(3)
    guard url.pathComponents.count > 3 else { return RunReader(RunFolderSource(url), run: "") }
    return RunReader(
      RunFolderSource(url.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()), run: names.joined(separator: "/"))
  }

  /// How far the cell is whose run this is.
  public func state(of cell: Cell) -> CellState { reader.state(of: cell) }

  /// The same, and what must be known beside it; `holdsLease` where the caller does.
  public func condition(of cell: Cell, check: SealCheck = .quick, holdsLease: Bool = false) -> RunCondition {
    reader.condition(of: cell, check: check, holdsLease: holdsLease)
  }
}
