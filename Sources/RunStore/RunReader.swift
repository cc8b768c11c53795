public import Foundation
internal import Foundations
public import Metrics
public import Studies

/// Reads one run from a source, whatever the source is.
public struct RunReader: Sendable {
  public let source: any RunSource
  /// The run's folder, relative to the source.
  public let run: String

  public init(_ source: any RunSource, run: String) {
    self.source = source
    self.run = run
  }

  func path(_ file: String) -> String { run.isEmpty ? file : "\(run)/\(file)" }

  public func url(_ file: String) -> URL { source.url(path(file)) }

  /// The bytes of one of its files; nil where there is none.
  public func bytes(_ file: String) throws -> Data? { try source.bytes(path(file)) }

  public func read<Value: Decodable>(_ type: Value.Type, from file: String) throws -> Value {
    guard let value = try readIfPresent(type, from: file) else { throw RunStoreError.missingFile(url(file)) }
    return value
  }

  public func readIfPresent<Value: Decodable>(_: Value.Type, from file: String) throws -> Value? {
    try bytes(file).map { try decoded(Value.self, $0, file) }
  }

  /// The SHA-256 of the trained weights, as the seal has it; nil without a seal.
  public func sealedWeights() -> String? {
    let seal = try? readIfPresent(RunSeal.self, from: RunSeal.fileName)
    return (seal ?? nil)?.sha256(of: RunReader.weightsFileName)
  }

  private func decoded<Value: Decodable>(_: Value.Type, _ bytes: Data, _ file: String) throws -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: bytes)
    } catch {
      throw RunStoreError.malformedFile(url(file), reason: RunDirectory.words(for: error))
    }
  }

  /// What `cell.json` holds, checked.
  ///
  /// - Parameter planned: the configuration that a plan has for an identity. A record that says the same needs no digest of its own.
  public func record(planned: (String) -> CellConfiguration? = { _ in nil }) throws -> CellRecord {
    try checked(try read(CellRecord.self, from: RunDirectory.cellFileName), planned)
  }

  /// The same; nil where there is no `cell.json`.
  func recordIfPresent(_ planned: (String) -> CellConfiguration?) throws -> CellRecord? {
    var known = KnownRecord()
    return try recordIfPresent(planned, known: &known)
  }

  /// The same of one of several runs.
  ///
  /// - Parameter known: the record of a run before it, or none yet.
  func recordIfPresent(_ planned: (String) -> CellConfiguration?, known: inout KnownRecord) throws -> CellRecord? {
    guard let data = try bytes(RunDirectory.cellFileName) else { return nil }
    if let record = known.read(data, planned) { return record }
    let record = try checked(decoded(CellRecord.self, data, RunDirectory.cellFileName), planned)
    known.keep(record, data)
    return record
  }

  private func checked(_ record: CellRecord, _ planned: (String) -> CellConfiguration?) throws -> CellRecord {
    if planned(record.cell.identity) == record.configuration { return record }
    guard try record.isConsistent() else {
      throw RunStoreError.malformedFile(
        url(RunDirectory.cellFileName), reason: "its identity is not the digest of its configuration")
    }
    return record
  }

  /// The predictions on the test set.
  ///
  /// - Parameter imageCount: as `metrics.json` has it: a file that was cut short between two rows is found by it.
  public func predictions(imageCount: Int) throws -> Predictions {
    var known = KnownRows()
    return try predictions(imageCount: imageCount, known: &known)
  }

  /// The same of one of several runs.
  ///
  /// - Parameter known: the rows of the runs before, or none yet.
  public func predictions(imageCount: Int, known: inout KnownRows) throws -> Predictions {
    let file = RunDirectory.predictionsFileName
    guard let bytes = try bytes(file) else { throw RunStoreError.missingFile(url(file)) }
    let predictions = try PredictionsFile.decode(bytes, of: url(file), known: &known)
    guard predictions.imageCount == imageCount else {
      throw RunStoreError.malformedPredictions(
        url(RunDirectory.predictionsFileName), reason: "it has \(predictions.imageCount) images and metrics.json says \(imageCount)")
    }
    return predictions
  }

  /// The same of all classes that the network answers for, those that the task does not score among them.
  public func predictionsOfAllClasses() throws -> Predictions {
    let file = RunDirectory.predictionsFileName
    guard let bytes = try bytes(file) else { throw RunStoreError.missingFile(url(file)) }
    return try PredictionsFile.decodeAll(bytes, of: url(file))
  }

  /// The predictions on the validation set; nil in older runs, which kept none.
  public func validationPredictions() throws -> Predictions? {
    var known = KnownRows()
    return try validationPredictions(known: &known)
  }

  /// The same of one of several runs.
  ///
  /// - Parameter known: the rows of the runs before, or none yet.
  public func validationPredictions(known: inout KnownRows) throws -> Predictions? {
    let file = RunDirectory.validationPredictionsFileName
    guard let bytes = try bytes(file) else { return nil }
    return try PredictionsFile.decode(bytes, of: url(file), known: &known)
  }

  /// What the run keeps to look at; nil where it keeps nothing.
  public func examples() throws -> RunExamples? {
    let file = "\(Self.examplesFolderName)/examples.json"
    return try bytes(file) == nil ? nil : read(RunExamples.self, from: file)
  }

  /// The bytes of an example's picture.
  public func picture(of example: RunExamples.Example) throws -> Data? { try bytes("\(Self.examplesFolderName)/\(example.file)") }

  private static let examplesFolderName = "examples"
}
