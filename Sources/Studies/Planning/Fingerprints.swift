/// Where a plan learns the content behind a study's paths. Each is asked once for what the plan needs.
public struct Fingerprints {
  /// The fingerprint of a task's samples, labels and split.
  let data: (TaskSpecification) throws -> String
  /// The fingerprint of a task with a fraction of its training images.
  let subset: (TaskSpecification, TrainingFraction) throws -> String
  /// The SHA-256 of the checkpoint file at a path.
  let weights: (String) throws -> String
  /// The fingerprint of the images without labels that a pre-training learns from.
  let images: (PretrainingSpecification) throws -> String

  /// - Parameters:
  ///   - subset: Where it is not given, the fraction itself tells subsets of the same data apart.
  ///   - images: Where it is not given, a study with a pre-training on images cannot be planned.
  public init(
    data: @escaping (TaskSpecification) throws -> String,
    subset: ((TaskSpecification, TrainingFraction) throws -> String)? = nil,
    weights: @escaping (String) throws -> String,
    images: ((PretrainingSpecification) throws -> String)? = nil
  ) {
    self.data = data
    self.subset = subset ?? { task, _ in try data(task) }
    self.weights = weights
    self.images = images ?? { throw StudiesError.imagesNotListed($0.method) }
  }
}
