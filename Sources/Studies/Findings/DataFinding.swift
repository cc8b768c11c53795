/// One thing that the look at the data before any training found: a sentence with the actual values, and what settles it.
public struct DataFinding: Codable, Hashable, Sendable {
  public enum Severity: String, Codable, Sendable, CaseIterable, Comparable {
    /// Nothing is trained before it is settled or taken as read.
    case refused
    /// Numbers may mean something else than they seem to.
    case warned
    /// Worth knowing.
    case noted

    public static func < (first: Self, second: Self) -> Bool {
      (allCases.firstIndex(of: first) ?? 0) < (allCases.firstIndex(of: second) ?? 0)
    }
  }

  /// A stable dotted name, such as `masks.empty`: what a study accepts it by.
  public let code: String
  public let severity: Severity
  public let task: String
  /// The part that it is of; nil where it is of the whole task.
  public let part: String?
  /// How many images, files, patients or levels.
  public let count: Int
  /// Some of them.
  public let examples: [String]
  /// What is so, with the actual values.
  public let sentence: String
  /// What to do about it, in the imperative.
  public let remedy: String
  /// Whether the study says that it was read (`data.accept`).
  public let isAccepted: Bool

  public init(
    code: String, severity: Severity, task: String, part: String? = nil, count: Int, examples: [String] = [], sentence: String, remedy: String,
    isAccepted: Bool = false
  ) {
    (self.code, self.severity, self.task, self.part, self.count) = (code, severity, task, part, count)
    (self.examples, self.sentence, self.remedy, self.isAccepted) = (Array(examples.prefix(Self.exampleLimit)), sentence, remedy, isAccepted)
  }

  /// No finding has more.
  public static let exampleLimit = 5

  /// Whether it keeps a study from being run.
  public var isRefusal: Bool { severity == .refused && !isAccepted }

  /// The same, taken as read where the study says so.
  public func accepted(by task: TaskSpecification) -> DataFinding {
    DataFinding(
      code: code, severity: severity, task: self.task, part: part, count: count, examples: examples, sentence: sentence, remedy: remedy,
      isAccepted: task.acceptedFindings.contains(code))
  }
}
