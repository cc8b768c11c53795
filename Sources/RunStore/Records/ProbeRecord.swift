public import Foundation
public import Studies

/// What a run's `probe.json` holds: how a head on features came to its answers.
public struct ProbeRecord: Codable, Hashable, Sendable {
  /// One C that was tried.
  public struct Candidate: Codable, Hashable, Sendable {
    public let strength: Double
    /// On the validation images; nil where it is undefined.
    public let auroc: Double?
    public let iterations: Int
    public let isConverged: Bool

    public init(strength: Double, auroc: Double?, iterations: Int, isConverged: Bool) {
      (self.strength, self.auroc, self.iterations, self.isConverged) = (strength, auroc, iterations, isConverged)
    }
  }

  /// A logistic regression.
  public struct LinearProbe: Codable, Hashable, Sendable {
    /// C, as it was chosen.
    public let strength: Double
    public let candidates: [Candidate]
    /// Classes of which every training image says the same.
    public let oneSidedClasses: [String]

    public init(strength: Double, candidates: [Candidate], oneSidedClasses: [String]) {
      (self.strength, self.candidates, self.oneSidedClasses) = (strength, candidates, oneSidedClasses)
    }
  }

  /// Votes of the most similar training images.
  public struct NearestNeighbors: Codable, Hashable, Sendable {
    /// k as it was asked for, and as it was for each class.
    public let asked: Int
    public let neighbors: [Int]
    public let temperature: Double

    public init(asked: Int, neighbors: [Int], temperature: Double) {
      (self.asked, self.neighbors, self.temperature) = (asked, neighbors, temperature)
    }
  }

  /// Nearest centroids of a few images a class, drawn again and again.
  public struct FewShot: Codable, Hashable, Sendable {
    /// What so many images a class come to on the test images, one number a draw; nil where it is undefined.
    public struct Shots: Codable, Hashable, Sendable {
      public let images: Int
      public let auroc: [Double?]
      /// The share of images whose nearest centroid is that of their class; of independent classes the mean over classes.
      public let accuracy: [Double?]

      public init(images: Int, auroc: [Double?], accuracy: [Double?]) { (self.images, self.auroc, self.accuracy) = (images, auroc, accuracy) }
    }

    /// The images a class whose first draw the run's predictions are of.
    public let ofPredictions: Int
    public let shots: [Shots]

    public init(ofPredictions: Int, shots: [Shots]) { (self.ofPredictions, self.shots) = (ofPredictions, shots) }
  }

  public static let fileName = "probe.json"

  public let mode: FineTuningMode
  /// What names the features: the SHA-256 of all that they follow from beside the images.
  public let features: String
  /// The stage of the backbone of whose map they are the means; nil for the vector that a classifier sees.
  public let stage: String?
  /// Features of an image.
  public let featureCount: Int
  /// Training images that the head was made of.
  public let trainingImages: Int
  /// Whether a run with another seed can come to other answers: from random weights, and with labels or supports that are drawn. Else the runs of all
  /// seeds are the same, and nothing is known of seeds by them.
  public let dependsOnSeed: Bool
  public let linearProbe: LinearProbe?
  public let nearestNeighbors: NearestNeighbors?
  public let fewShot: FewShot?

  public init(
    mode: FineTuningMode, features: String, stage: String? = nil, featureCount: Int, trainingImages: Int, dependsOnSeed: Bool, linearProbe: LinearProbe? = nil,
    nearestNeighbors: NearestNeighbors? = nil, fewShot: FewShot? = nil
  ) {
    (self.mode, self.features, self.stage, self.featureCount, self.trainingImages) = (mode, features, stage, featureCount, trainingImages)
    (self.dependsOnSeed, self.linearProbe, self.nearestNeighbors, self.fewShot) = (dependsOnSeed, linearProbe, nearestNeighbors, fewShot)
  }
}

extension RunDirectory {
  /// How a head on features was made; a run that trained a network has none.
  public var probeFile: URL { url.appendingPathComponent(ProbeRecord.fileName) }
  /// The coefficients of a linear probe.
  public var headFile: URL { url.appendingPathComponent("head.safetensors") }
}
