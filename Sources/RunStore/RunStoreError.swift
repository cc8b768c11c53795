internal import Foundation
public import Foundations

/// What can go wrong with the folders of runs.
public struct RunStoreError: RemediedError, SystemCallError, Equatable {
  public enum Code: String, Sendable {
    case missingFile, malformedFile, malformedStudyFile, otherCell, brokenSeal, historyTooShort, leaseFailed, leaseLost, malformedPredictions,
      malformedGroups, unwritableFile
  }

  public let kind: Code
  public let problem: String
  public let remedy: String
  public private(set) var systemNumber: Int32?
  public var code: String { "runStore.\(kind.rawValue)" }
}

extension RunStoreError {
  static func missingFile(_ url: URL) -> RunStoreError {
    RunStoreError(
      kind: .missingFile, problem: "The run has no \(url.lastPathComponent) in \(url.deletingLastPathComponent().path).",
      remedy: RunReader.remedy)
  }

  static func malformedFile(_ url: URL, reason: String) -> RunStoreError {
    RunStoreError(
      kind: .malformedFile, problem: "The file \(url.path) is not what it should be: \(reason).",
      remedy: RunReader.remedy)
  }

  static func malformedStudyFile(_ url: URL, reason: String) -> RunStoreError {
    RunStoreError(
      kind: .malformedStudyFile, problem: "The file \(url.path) is not what it should be: \(reason).",
      remedy: "Delete it; the command that wrote it makes it again.")
  }

  static func otherCell(_ url: URL, expected: String, found: String) -> RunStoreError {
    RunStoreError(
      kind: .otherCell,
      problem: "The folder \(url.path) holds the cell \(found.prefix(12)), not \(expected.prefix(12)).",
      remedy: RunReader.remedy)
  }

  static func historyTooShort(_ url: URL, length: Int, expected: Int) -> RunStoreError {
    RunStoreError(
      kind: .historyTooShort,
      problem: "The history \(url.path) has \(length) bytes, but the checkpoint was made after \(expected).",
      remedy: RunReader.remedy)
  }

  static func brokenSeal(_ url: URL) -> RunStoreError {
    RunStoreError(
      kind: .brokenSeal, problem: "The file \(url.path) has other bytes than the run wrote.", remedy: RunReader.remedy)
  }

  static func leaseFailed(_ url: URL, errno number: Int32) -> RunStoreError {
    RunStoreError(
      kind: .leaseFailed, problem: "The lease \(url.path) cannot be taken: \(systemMessage(number)).",
      remedy: "Check that you may write there and that the file system supports flock.", systemNumber: number)
  }

  static func leaseLost(_ url: URL) -> RunStoreError {
    RunStoreError(
      kind: .leaseLost,
      problem: "The run \(url.deletingLastPathComponent().path) was taken over by another process, since this one gave no sign of life for too long.",
      remedy: "Run the same command again: what is finished is kept, and what is in work elsewhere is left to it.")
  }

  static func malformedPredictions(_ url: URL, reason: String) -> RunStoreError {
    RunStoreError(
      kind: .malformedPredictions, problem: "The predictions \(url.path) cannot be used: \(reason).",
      remedy: RunReader.remedy)
  }

  /// Without the machine's path, since a report says it too, wherever its runs are read from.
  static func malformedGroups(_ url: URL, reason: String) -> RunStoreError {
    RunStoreError(
      kind: .malformedGroups, problem: "The table \(GroupTable.folder)/\(url.lastPathComponent) cannot be used: \(reason).",
      remedy: "Write it again with: medtransfer plan STUDY.")
  }

  static func unwritable(_ url: URL, errno number: Int32) -> RunStoreError {
    RunStoreError(
      kind: .unwritableFile, problem: "The file \(url.path) cannot be written: \(systemMessage(number)).",
      remedy: number == ENOSPC || number == EDQUOT
        ? "Free space on that disk, then run the same command again: finished work is kept."
        : "Check that the folder exists and that you may write there.")
  }
}
