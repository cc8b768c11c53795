public import Foundations
public import Training

/// What can go wrong in a self-supervised pre-training.
public struct PretrainingError: RemediedError, Equatable {
  public enum Code: String, Sendable {
    case unknownMethod, unknownSetting, invalidSetting, missingSetting, wrongViews, viewTooSmall, singleImageBatch, tooFewSamples, tooManyProcesses, collapse
  }

  public let kind: Code
  public let problem: String
  public let remedy: String
  public var code: String { "pretraining.\(kind.rawValue)" }
}

extension PretrainingError: SharedFailure {
  /// Every process has the whole batch and computes the same of it.
  public var isMetByAll: Bool { true }
}

extension PretrainingError {
  static func unknownMethod(_ name: String, known: [String]) -> PretrainingError {
    PretrainingError(
      kind: .unknownMethod, problem: "There is no self-supervised method “\(name)”.", remedy: suggestion(for: name, in: known))
  }

  static func unknownSetting(_ name: String, of method: PretrainingMethod, known: [String]) -> PretrainingError {
    PretrainingError(
      kind: .unknownSetting, problem: "\(method.title) has no setting “\(name)”.", remedy: suggestion(for: name, in: known))
  }

  static func invalidSetting(_ name: String, value: Double, valid: ClosedRange<Double>) -> PretrainingError {
    PretrainingError(
      kind: .invalidSetting, problem: "The setting \(name) is \(value).",
      remedy: "Choose a value from \(valid.lowerBound) to \(valid.upperBound).")
  }

  static func missingSetting(_ name: String, method: String) -> PretrainingError {
    PretrainingError(
      kind: .missingSetting, problem: "The method \(method) is made of a setting \(name), which its table lacks.",
      remedy: "Add the published value to the method's settings.")
  }

  static func wrongViews(_ actual: Int, expected: Int, method: String) -> PretrainingError {
    PretrainingError(
      kind: .wrongViews, problem: "A batch has \(actual) views, and \(method) looks at \(expected) of each image.",
      remedy: "Make the batches by the method's view recipe.")
  }

  static func viewTooSmall(_ size: Int, architecture: String) -> PretrainingError {
    PretrainingError(
      kind: .viewTooSmall,
      problem: "A view of \(size) px is one pixel before the last stage of \(architecture), where gradients in bfloat16 are wrong on a CPU.",
      remedy: "Set recipe.precision to float32, or raise recipe.inputSize.")
  }

  static func singleImageBatch(epoch: Int, step: Int) -> PretrainingError {
    PretrainingError(
      kind: .singleImageBatch,
      problem: "The batch of step \(step), in epoch \(epoch), has one image left that could be read, and a batch normalization of vectors needs two.",
      remedy: "Repair or remove the unreadable images, or raise batchSize.")
  }

  static func tooManyProcesses(_ count: Int, batchSize: Int) -> PretrainingError {
    PretrainingError(
      kind: .tooManyProcesses, problem: "A batch of \(batchSize) images cannot be divided among \(count) processes, since each needs two of them.",
      remedy: "Start at most \(max(batchSize / 2, 1)) processes, or raise batchSize.")
  }

  static func tooFewSamples(_ count: Int, needed: Int, reason: String) -> PretrainingError {
    PretrainingError(
      kind: .tooFewSamples, problem: "There are \(count) images, and \(reason) needs at least \(needed).",
      remedy: "Add images, or choose a smaller batch and fewer clusters.")
  }
}
