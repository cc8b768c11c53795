internal import Foundation
public import Foundations
public import Metrics

/// A run's answers on one other test set, whole: the record vouches for the predictions.
public struct ExternalAnswers: Sendable {
  public let record: ExternalEvaluation
  public let predictions: Predictions

  /// The run's folder of answers, one folder in it a test set.
  public static let folderName = "external"
  public static let recordFileName = "evaluation.json"
  public static let predictionsFileName = "predictions.csv"

  /// - Parameter folder: of one test set, relative to the source.
  /// - Returns: not available with what is wrong, in words that name no place, so that they are the same wherever the run lies.
  public static func read(_ source: any RunSource, folder: String) -> Available<ExternalAnswers> {
    func bytes(_ file: String) -> Data? { (try? source.bytes(folder.isEmpty ? file : "\(folder)/\(file)")) ?? nil }
    guard let text = bytes(recordFileName) else { return .notAvailable(reason: "there is no \(recordFileName) that can be read") }
    guard let record = try? JSONDecoder().decode(ExternalEvaluation.self, from: text) else {
      return .notAvailable(reason: "its \(recordFileName) is no record of answers")
    }
    guard record.isIntact else { return .notAvailable(reason: "its \(recordFileName) is not as it was written") }
    guard let table = bytes(predictionsFileName) else {
      return .notAvailable(reason: "there is no \(predictionsFileName) that can be read")
    }
    guard Digest.sha256Hex(of: table) == record.predictions else {
      return .notAvailable(reason: "its \(predictionsFileName) has another SHA-256 than its \(recordFileName) states")
    }
    guard let predictions = try? PredictionsFile.decode(table, of: source.url(folder)) else {
      return .notAvailable(reason: "its \(predictionsFileName) is no table of predictions")
    }
    return .value(ExternalAnswers(record: record, predictions: predictions))
  }
}

extension RunReader {
  /// The folders of the run's answers on other test sets, sorted; none where it was never asked.
  public func externalSets() throws -> [String] { try source.folders(in: path(ExternalAnswers.folderName)) }

  /// - Parameter set: the folder's name.
  public func externalAnswers(_ set: String) -> Available<ExternalAnswers> {
    ExternalAnswers.read(source, folder: path("\(ExternalAnswers.folderName)/\(set)")).flatMap { answers in
      guard let asked = answers.record.weights, let sealed = sealedWeights(), asked != sealed else { return .value(answers) }
      return .notAvailable(reason: "they are of other weights than the run has")
    }
  }
}

extension RunDirectory {
  /// Removes answers on other test sets that other weights gave than a run that is made anew has. Each says itself whose they are, so that
  /// it makes no difference how often the making was interrupted. Only the holder of the lease may call it.
  ///
  /// - Parameters:
  ///   - weights: the SHA-256 of the run's weights.
  ///   - former: of those that the run had before, for answers that do not say; nil where that is not known.
  /// - Returns: what is to be said.
  public func dropAnswers(ofOthersThan weights: String, former: String? = nil) throws -> [String] {
    let source = RunFolderSource(externalFolder)
    var dropped: [String] = []
    for set in try source.folders(in: "") {
      let record = try SystemFault.judged { try source.bytes("\(set)/\(ExternalAnswers.recordFileName)") }
        .flatMap { try? JSONDecoder().decode(ExternalEvaluation.self, from: $0) }
      // Without a record that can be understood they count nowhere.
      if let record, record.weights ?? former == weights { continue }
      try WriteGuard.check(externalFolder)
      try FileManager.default.removeItem(at: externalFolder.appendingPathComponent(set))
      dropped.append(set)
    }
    if dropped.isEmpty { return [] }
    return ["its answers on \(firstFew(dropped, atMost: 3)) were of other weights and are removed; ask again with medtransfer evaluate"]
  }
}
