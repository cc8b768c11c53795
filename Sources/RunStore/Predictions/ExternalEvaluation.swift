public import Foundation
internal import Foundations
public import Metrics

/// What is known of a run's answers on another test set, beside its predictions: `external/<name>/evaluation.json`.
public struct ExternalEvaluation: Codable, Hashable, Sendable {
  /// A class of the run and the test set's own name for it.
  public struct ClassPair: Codable, Hashable, Sendable {
    public let ofRun: String
    public let ofTestSet: String

    public init(ofRun: String, ofTestSet: String) {
      self.ofRun = ofRun
      self.ofTestSet = ofTestSet
    }
  }

  /// An image that could not be read, and why.
  public struct UnusableImage: Codable, Hashable, Sendable {
    public let id: String
    public let reason: String

    public init(id: String, reason: String) {
      self.id = id
      self.reason = reason
    }
  }

  /// The task whose images these are.
  public let task: String
  /// `test` or `all`.
  public let part: String
  /// The identity of the run's cell.
  public let run: String
  /// The fingerprint of the task's data.
  public let data: String
  /// SHA-256 over the ids and labels of the task's test images, as in `SplitRecord.Part`; nil in records of programs that did not keep it.
  public let testSet: String?
  /// Empty for segmentations.
  public let classes: [ClassPair]
  public let classesOfRunLeftOut: [String]
  public let classesOfTestSetLeftOut: [String]
  /// Images of the test set that the run was trained or chosen on.
  public let overlap: [String]
  /// Whether those images are no part of the predictions.
  public let leavesOverlapOut: Bool
  public let imageCount: Int
  public let unusable: [UnusableImage]
  /// The SHA-256 of predictions.csv.
  public let predictions: String
  /// The SHA-256 of the weights that answered, as the run's seal has it; nil for a run without one, and in records of programs that did not keep it.
  public let weights: String?
  /// Of all that is stated above but the reasons of unusable images, so that the record vouches for itself; nil in records of programs that made none.
  public private(set) var checksum: String?

  public init(
    task: String, part: String, run: String, data: String, testSet: String? = nil, weights: String? = nil, classes: [ClassPair], classesOfRunLeftOut: [String],
    classesOfTestSetLeftOut: [String], overlap: [String], leavesOverlapOut: Bool, imageCount: Int, unusable: [UnusableImage],
    predictions: String
  ) {
    self.task = task
    self.part = part
    self.run = run
    self.data = data
    self.testSet = testSet
    self.classes = classes
    self.classesOfRunLeftOut = classesOfRunLeftOut
    self.classesOfTestSetLeftOut = classesOfTestSetLeftOut
    self.overlap = overlap
    self.leavesOverlapOut = leavesOverlapOut
    self.imageCount = imageCount
    self.unusable = unusable
    self.predictions = predictions
    self.weights = weights
    checksum = checksumOfContent()
  }

  /// Whether what is stated is what was written.
  var isIntact: Bool { checksum == nil || checksum == checksumOfContent() }

  private func checksumOfContent() -> String {
    // Reasons name files, and a pack shortens their paths.
    let stated: [[String]] = [
      [task, part, run, data, testSet ?? "", weights ?? "", "\(leavesOverlapOut)", "\(imageCount)", predictions], classes.map(\.ofRun), classes.map(\.ofTestSet),
      classesOfRunLeftOut, classesOfTestSetLeftOut, overlap, unusable.map(\.id),
    ]
    return Digest.sha256Hex(of: Data(stated.map { $0.joined(separator: "\u{1F}") }.joined(separator: "\u{1E}").utf8))
  }

  /// What the answers' folder is called: the test set's task, and the part where that is not its test set.
  public var folderName: String { Self.folderName(task: task, part: part) }

  static func folderName(task: String, part: String) -> String { part == "test" ? task : "\(task)-\(part)" }

  /// Whether it answers the same question: the same run with the same weights, images, labels and classes.
  public func isSameQuestion(as other: ExternalEvaluation) -> Bool {
    task == other.task && part == other.part && run == other.run && data == other.data && classes == other.classes
      && overlap == other.overlap && leavesOverlapOut == other.leavesOverlapOut
      && (weights == nil || other.weights == nil || weights == other.weights)
  }
}

/// The folder of a run's answers on one other test set. Predictions are written before the record that vouches for them.
public struct ExternalFolder: Hashable, Sendable {
  public let url: URL

  public var predictionsFile: URL { url.appendingPathComponent(ExternalAnswers.predictionsFileName) }
  public var recordFile: URL { url.appendingPathComponent(ExternalAnswers.recordFileName) }

  /// What is stored, or nil where nothing whole is.
  public func read() -> ExternalAnswers? { ExternalAnswers.read(RunFolderSource(url), folder: "").known }

  /// - Parameter record: makes the record from the SHA-256 of the predictions as they were written.
  public func write(_ predictions: Predictions, record: (_ sha256: String) -> ExternalEvaluation) throws -> ExternalEvaluation {
    for folder in [url.deletingLastPathComponent(), url] { try AtomicFile.makePlace(for: .folder, at: folder) }
    try AtomicFile.makeFolder(url)
    for file in [predictionsFile, recordFile] { try AtomicFile.makePlace(for: .file, at: file) }
    try PredictionsFile.write(predictions, to: predictionsFile)
    let record = record(try Digest.sha256Hex(ofFile: predictionsFile))
    try AtomicFile.write(try CanonicalJSON.encodePretty(record), to: recordFile)
    return record
  }
}

extension RunDirectory {
  /// The answers on another task's images; `part` is `test` or `all`.
  public func external(task: String, part: String) -> ExternalFolder {
    let name = ExternalEvaluation.folderName(task: task, part: part)
    return ExternalFolder(url: url.appendingPathComponent("\(ExternalAnswers.folderName)/\(name)", isDirectory: true))
  }
}
