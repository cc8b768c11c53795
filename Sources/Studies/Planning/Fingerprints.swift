/// Where a plan learns the content behind a study's paths. Each is asked once for what the plan needs.
public struct Fingerprints {
  /// The fingerprint of a task's samples, labels and split.
  let data: (TaskSpecification) throws -> String
  /// The SHA-256 of the checkpoint file at a path.
  let weights: (String) throws -> String

  public init(data: @escaping (TaskSpecification) throws -> String, weights: @escaping (String) throws -> String) {
    self.data = data
    self.weights = weights
  }
}
