public import Foundations

/// What can go wrong while a network is trained or evaluated.
public struct TrainingError: RemediedError, Equatable {
  public enum Code: String, Sendable {
    case lossNotFinite, singleImageBatch, tooManyBrokenFiles, nothingToTrainOn, noSuchDevice, noSuchClass, snapshotMismatch, interrupted,
      unknownLayer, otherProcessFailed, processesDiverged
  }

  public let kind: Code
  public let problem: String
  public let remedy: String
  public var code: String { "training.\(kind.rawValue)" }
}

extension TrainingError {
  static func unknownLayer(_ name: String, known: [String]) -> TrainingError {
    TrainingError(kind: .unknownLayer, problem: "The network has no features “\(name)”.", remedy: suggestion(for: name, in: known))
  }

  static func lossNotFinite(epoch: Int, step: Int, loss: Double, learningRate: Double, isMixed: Bool) -> TrainingError {
    TrainingError(
      kind: .lossNotFinite,
      problem: "The loss became \(word(loss)) at step \(step), in epoch \(epoch) (learning rate \(learningRate)).", remedy: steadier(isMixed))
  }

  static func validationLossNotFinite(epoch: Int, step: Int, loss: Double, learningRate: Double, isMixed: Bool) -> TrainingError {
    TrainingError(
      kind: .lossNotFinite,
      problem: "The validation loss became \(word(loss)) after epoch \(epoch), at step \(step) (learning rate \(learningRate)).",
      remedy: steadier(isMixed))
  }

  /// Swift spells the bits of some values that are no number, as in -nan(0x3ffffe0000000).
  private static func word(_ loss: Double) -> String { loss.isNaN ? "no number (NaN)" : loss < 0 ? "−∞" : "infinite" }

  /// - Parameter isMixed: whether some steps are of fewer digits than float32.
  private static func steadier(_ isMixed: Bool) -> String {
    isMixed ? "Lower recipe.learningRate, or set recipe.precision to float32." : "Lower recipe.learningRate."
  }

  static func singleImageBatch(epoch: Int, step: Int, inputSize: Int, broken: Int) -> TrainingError {
    let reason = broken > 0 ? ", since its other images cannot be read" : ""
    return TrainingError(
      kind: .singleImageBatch,
      problem: "The batch of step \(step), in epoch \(epoch), holds one image\(reason), and at \(inputSize) px batch normalization sees one value a channel of it.",
      remedy: SingleImageBatch.remedy)
  }

  static func tooManyBrokenFiles(_ broken: [BrokenSample], of total: Int, limit: Double) -> TrainingError {
    let first = broken.prefix(3).map { "\($0.id) (\($0.reason))" }.joined(separator: "; ")
    let percent = (limit * 10_000).rounded() / 100
    return TrainingError(
      kind: .tooManyBrokenFiles,
      problem: "\(broken.count) of \(total) images cannot be used, more than the \(percent) % that are allowed: \(first)\(broken.count > 3 ? "; …" : "").",
      remedy: broken.count > 3
        ? "Repair or remove them (quarantine.json of this run names all that were met), or raise recipe.brokenFileLimit."
        : "Repair or remove them, or raise recipe.brokenFileLimit.")
  }

  static func nothingToTrainOn(_ split: String) -> TrainingError {
    TrainingError(
      kind: .nothingToTrainOn, problem: "Not one image of the \(split) set could be used.",
      remedy: "Check the files that quarantine.json of this run names.")
  }

  static func noSuchClass(_ name: String, classes: [String]) -> TrainingError {
    TrainingError(
      kind: .noSuchClass, problem: "The recipe's classWeights name the class “\(name)”, which the data do not have.",
      remedy: suggestion(for: name, in: classes))
  }

  public static func noSuchDevice(_ name: String, available: String) -> TrainingError {
    TrainingError(
      kind: .noSuchDevice, problem: "The device “\(name)” is not there; this machine has \(available).",
      remedy: "Set device to auto or to one of these.")
  }

  static func snapshotMismatch(_ reason: String) -> TrainingError {
    TrainingError(
      kind: .snapshotMismatch, problem: "The saved state of this run does not fit it: \(reason.hasSuffix(".") ? String(reason.dropLast()) : reason).",
      remedy: "Delete checkpoint files in the run's folder to start this run again.")
  }

  /// The process was asked to stop; the state was saved first.
  public static func interrupted(afterStep step: Int) -> TrainingError {
    TrainingError(
      kind: .interrupted, problem: "Stopped after step \(step), as asked; the state is saved.",
      remedy: "Run the same command again to go on from there.")
  }
}
