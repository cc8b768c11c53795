public import Foundation

/// What `pretraining.json` of a run holds: the images that it learned from, what it did not see, and the values of its method beside the published ones.
public struct RunPretraining: Codable, Hashable, Sendable {
  public static let fileName = "pretraining.json"

  /// A value of the method.
  public struct Row: Codable, Hashable, Sendable {
    public let key: String
    public let published: Double
    /// Where it was published.
    public let source: String
    public let used: Double
    /// Why it is not the published value; nil where it is.
    public let reason: String?

    public init(key: String, published: Double, source: String, used: Double, reason: String?) {
      (self.key, self.published, self.source, self.used, self.reason) = (key, published, source, used, reason)
    }
  }

  /// The method's title and paper.
  public let method: String
  public let paper: String
  /// What of it is not as published, where something is known to differ.
  public let remark: String?
  public let images: Int
  /// Patients that are known by name, and images of which it is not known whose they are.
  public let patients: Int
  public let imagesOfUnknownPatients: Int
  /// Images that are validated or tested on, and others of their patients: not seen.
  public let heldOutImages: Int
  public let heldOutPatientsImages: Int
  public let imagesPerEpoch: Int
  public let batchSize: Int
  public let stepsPerEpoch: Int
  public let steps: Int
  /// What was left out, how gray images were varied, and what decides which state is kept: a sentence each.
  public let statements: [String]
  public let settings: [Row]

  public init(
    method: String, paper: String, remark: String?, images: Int, patients: Int, imagesOfUnknownPatients: Int, heldOutImages: Int,
    heldOutPatientsImages: Int, imagesPerEpoch: Int, batchSize: Int, stepsPerEpoch: Int, steps: Int, statements: [String], settings: [Row]
  ) {
    (self.method, self.paper, self.remark, self.images, self.patients) = (method, paper, remark, images, patients)
    (self.imagesOfUnknownPatients, self.heldOutImages, self.heldOutPatientsImages) = (imagesOfUnknownPatients, heldOutImages, heldOutPatientsImages)
    (self.imagesPerEpoch, self.batchSize, self.stepsPerEpoch, self.steps) = (imagesPerEpoch, batchSize, stepsPerEpoch, steps)
    (self.statements, self.settings) = (statements, settings)
  }
}

extension RunDirectory {
  /// What a pre-training learned from, and by which values.
  public var pretrainingFile: URL { url.appendingPathComponent(RunPretraining.fileName) }
}
