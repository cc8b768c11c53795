public import Foundation
internal import Foundations

/// What `examples/examples.json` says of the few pictures beside it. It is written last: without it there are no examples.
public struct RunExamples: Codable, Hashable, Sendable {
  public enum Kind: String, Codable, Sendable {
    /// Outlines of the true and the predicted mask over the gray image.
    case outlines
    /// Grad-CAM over the gray image: where the evidence for a class lies.
    case gradCAM
  }

  public struct Example: Codable, Hashable, Sendable {
    /// A PNG in the same folder.
    public let file: String
    /// The test image.
    public let id: String
    /// `best`, `median` or `worst` test image of this run by Dice, in older runs, each of which chose its own; nil in those that show the same
    /// images as all others, and for Grad-CAM.
    public let rank: String?
    public let dice: Double?
    /// The class whose evidence is shown; nil for outlines. The image is a positive of this class.
    public let className: String?
    /// Of that class, from the one view that is shown; `predictions.csv` may hold the mean of ten crops.
    public let probability: Double?
    /// Why nothing is to be seen over the image; nil where something is, and in older runs.
    public let remark: String?

    public init(
      file: String, id: String, rank: String? = nil, dice: Double? = nil, className: String? = nil, probability: Double? = nil,
      remark: String? = nil
    ) {
      self.file = file
      self.id = id
      self.rank = rank
      self.dice = dice
      self.className = className
      self.probability = probability
      self.remark = remark
    }
  }

  public let kind: Kind
  /// What the colors mean, for a caption.
  public let legend: String
  public let examples: [Example]

  public init(kind: Kind, legend: String, examples: [Example]) {
    self.kind = kind
    self.legend = legend
    self.examples = examples
  }
}

extension RunDirectory {
  public var examplesFolder: URL { url.appendingPathComponent("examples", isDirectory: true) }
  public var examplesFile: URL { examplesFolder.appendingPathComponent("examples.json") }

  /// The run's examples; nil where it has none, as older runs and those of a study with `examples: false`.
  public func examples() throws -> RunExamples? {
    guard FileManager.default.fileExists(atPath: examplesFile.path) else { return nil }
    return try read(RunExamples.self, from: examplesFile)
  }

  /// Paths below the run's folder that are the same bytes however often the run was interrupted: its results and its examples.
  public func reproducibleFiles() throws -> [String] {
    let examples = try examples().map { ["examples/examples.json"] + $0.examples.map { "examples/\($0.file)" } } ?? []
    return Self.reproducibleFiles + examples
  }
}
