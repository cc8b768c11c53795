public import Foundations

/// What can go wrong with figures: the library that draws them in a page is missing.
public struct FiguresError: RemediedError, Equatable {
  public enum Code: String, Sendable { case plotlyMissing, plotlyUnreadable }

  public let kind: Code
  public let problem: String
  public let remedy: String
  public var code: String { "figures.\(kind.rawValue)" }
}

extension FiguresError {
  static func plotlyMissing(searched: [String]) -> FiguresError {
    FiguresError(
      kind: .plotlyMissing,
      problem: "plotly.js, which draws the figures of a report, is not there (looked for \(searched.joined(separator: ", "))).",
      remedy: "Run Scripts/setup in the folder of MedTransfer, or set MEDTRANSFER_PLOTLY to the path of a plotly.min.js.")
  }

  static func plotlyUnreadable(path: String, reason: String) -> FiguresError {
    FiguresError(
      kind: .plotlyUnreadable, problem: "\(path) is not a plotly.js that can be put into a report: \(reason).",
      remedy: "Run Scripts/setup in the folder of MedTransfer again, or set MEDTRANSFER_PLOTLY to the path of a plotly.min.js.")
  }
}
