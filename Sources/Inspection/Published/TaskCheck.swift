public import Datasets

/// What a copy of a built-in task's data holds, and what is wrong with it. Made from the task's value alone.
public struct TaskCheck: Encodable, Sendable {
  /// How much a finding matters.
  public enum Severity: String, Codable, Sendable {
    /// The task cannot be run on the copy as it is.
    case problem
    /// The task runs, but the data are not those that were published.
    case difference
  }

  /// One thing that is wrong: a sentence with the actual values, and what to do.
  public struct Finding: Encodable, Sendable, Equatable {
    public let severity: Severity
    public let problem: String
    public let remedy: String
    /// Every file it is about, where it is about files.
    public let files: [String]
  }

  /// One thing of the layout, as it was found.
  public struct Item: Encodable, Sendable, Equatable {
    public let role: String
    /// Where it is, relative to the root; empty where it is not there.
    public let paths: [String]
    public let version: String?
    /// Rows, lines or files; nil where it is not there or could not be read.
    public let count: Int?
    public let expectedCount: Int?
    public let isRequired: Bool
  }

  /// One part of the split.
  public struct Part: Encodable, Sendable, Equatable {
    public let part: DatasetPart
    public let images: Int
    /// Nil where patients are not known.
    public let patients: Int?
    /// Images that have each class.
    public let positives: [String: Int]
  }

  public let task: String
  public let root: String
  public internal(set) var items: [Item] = []
  public internal(set) var parts: [Part] = []
  /// The published split whose sizes the parts have.
  public internal(set) var split: String?
  /// How many images and masks were looked at, and whether they were decoded or their headers read.
  public internal(set) var filesRead = 0
  public internal(set) var areDecoded = false
  public internal(set) var findings: [Finding] = []

  /// Whether the task can be run on the copy as it is.
  public var isUsable: Bool { !findings.contains { $0.severity == .problem } }

  init(task: String, root: String) {
    self.task = task
    self.root = root
  }

  mutating func add(_ severity: Severity, _ problem: String, _ remedy: String, files: [String] = []) {
    findings.append(Finding(severity: severity, problem: problem, remedy: remedy, files: files))
  }
}
