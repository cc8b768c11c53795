import Foundation
public import Foundations
import RunStore
import Studies

/// What can go wrong when a study is carried out, apart from the trainings themselves.
public struct ExecutionError: RemediedError, Equatable {
  public enum Code: String, Sendable {
    case notInPlan, stopped, childFailed, weightsChanged, weightsDoNotFit, noFeatures
    case unknownTask, severalTasks, noSuchSample, noCache, unfitClasses, noFinishedRun, testImagesWereTrainedOn
    case runLacksWeights, noExample, singleImageBatch, unplannedWithoutData, noFaultLibrary, unknownFinding, refusedData, aloneInProof, noSlurm, refusedBySlurm
    case tooFewImages, planChanged, processesRefused, processDied, noLauncher, otherSpread, tooLittleMemory, nothingToJudgeBy
  }

  public let kind: Code
  public let problem: String
  public let remedy: String
  public var code: String { "execution.\(kind.rawValue)" }
}

extension ExecutionError {
  static func notInPlan(_ cell: Cell) -> ExecutionError {
    ExecutionError(
      kind: .notInPlan, problem: "The plan does not hold what \(cell) needs.",
      remedy: "Run the study without a filter, so that its pre-training runs are planned too.")
  }

  /// The process was asked to stop between two cells.
  static func stopped(_ signal: Int32) -> ExecutionError {
    ExecutionError(
      kind: .stopped, problem: "Stopped between two cells, as asked (signal \(signal)).",
      remedy: "Run the same command again to go on from there.")
  }

  static func stoppedProof(_ signal: Int32) -> ExecutionError {
    ExecutionError(
      kind: .stopped, problem: "Stopped before anything was proved, as asked (signal \(signal)).",
      remedy: "Run the same command again; it begins anew.")
  }

  /// The study that a proof runs in another process ended badly.
  static func childFailed(status: Int32, log: String) -> ExecutionError {
    let lines = log.split(separator: "\n").suffix(3).joined(separator: " / ")
    return ExecutionError(
      kind: .childFailed, problem: "The study in a process of its own ended with status \(status): \(lines)",
      remedy: "Run it by hand with --keep to see all of it.")
  }

  /// A study is to be read where what its plan needs is neither kept nor there.
  static func unplannedWithoutData(_ error: StudiesError, hasPlan: Bool, output: URL) -> ExecutionError {
    let path = output.appendingPathComponent(KeptPlan.path).path
    return ExecutionError(
      kind: .unplannedWithoutData, problem: error.description,
      remedy: hasPlan
        ? "What the study file says of them is not what \(path) was planned with, so they are needed: correct the paths, or take the study file as it was."
        : "Start “medtransfer run” once where the data and weights are: it keeps \(path), with which the study is readable without them.")
  }

  /// Files that the networks cannot start from, each with its reason.
  static func weightsDoNotFit(_ problems: [String]) -> ExecutionError {
    let count = problems.count == 1 ? "An initialization’s file does" : "The files of \(problems.count) initializations do"
    return ExecutionError(
      kind: .weightsDoNotFit, problem: "\(count) not fit, so nothing was run.\n" + problems.map { "  \($0)\n" }.joined(),
      remedy: "Correct them, or choose the others with --initialization.")
  }

  /// More than one task where one is meant.
  static func severalTasks(_ names: [String]) -> ExecutionError {
    ExecutionError(
      kind: .severalTasks, problem: "The study has \(names.count) tasks, and one is meant: \(names.joined(separator: ", ")).",
      remedy: "Name it with --task.")
  }

  /// A checkpoint file is not the one that the plan was made with.
  static func weightsChanged(_ path: String) -> ExecutionError {
    ExecutionError(
      kind: .weightsChanged, problem: "The file \(path) changed since the study was planned.",
      remedy: "Run the same command again: the changed file makes runs of its own.")
  }
}
