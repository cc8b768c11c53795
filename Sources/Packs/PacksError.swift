internal import Foundation
public import Foundations

/// What can go wrong with a reviewer's pack: it cannot be made, or the file is not what a pack may be.
public struct PacksError: RemediedError, Equatable {
  public enum Code: String, Sendable {
    case unreadable, notAPack, damaged, unsafeName, notAFile, duplicate, tooLarge, tooMany, tooDense, missing, newer
    case unwritable, changedWhileRead, nothingToPack, notNow, contradictory
  }

  public let kind: Code
  public let problem: String
  public let remedy: String
  public var code: String { "packs.\(kind.rawValue)" }

  init(_ kind: Code, _ problem: String, remedy: String = "Ask its maker for the pack again, and for its SHA-256.") {
    (self.kind, self.problem, self.remedy) = (kind, problem, remedy)
  }
}

extension PacksError {
  static func unreadable(_ url: URL, _ reason: String) -> PacksError {
    PacksError(.unreadable, "The pack \(url.path) cannot be read: \(reason).", remedy: "Check the path.")
  }

  static func notAPack(_ url: URL, _ reason: String) -> PacksError {
    PacksError(
      .notAPack, "\(url.lastPathComponent) is no pack: \(reason).", remedy: "Give a file that “medtransfer pack” has written.")
  }

  /// A run whose files the system does not give: a pack without it would be another.
  static func notNow(_ run: String, _ reason: String) -> PacksError {
    PacksError(.notNow, "The run \(run) cannot be packed: \(reason)", remedy: "")
  }

  /// What is in the folder contradicts itself, so that whoever verifies a pack of it would have to refuse it.
  static func contradictory(_ faults: [PackVerification.Fault]) -> PacksError {
    PacksError(
      .contradictory,
      "What would be packed contradicts itself, and “medtransfer verify pack” would refuse it: \(firstFew(faults.map { "\($0.name) \($0.problem)" }, atMost: 3)).",
      remedy: "Run the study, which writes what belongs to it anew, and then pack it.")
  }

  static func damaged(_ reason: String) -> PacksError { PacksError(.damaged, "The pack is damaged: \(reason).") }
}
