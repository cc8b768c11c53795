public import Foundation
internal import Foundations

/// The runs that are below a study's output, read from their folders.
public struct RunCatalog: Sendable {
  /// A run that could be read.
  public struct Run: Sendable, Hashable {
    public let directory: RunDirectory
    /// Relative to the output: `<task>/<initialization>/<run>`.
    public let relativePath: String
    public let record: CellRecord
    public let state: CellState
  }

  /// A folder that should be a run and cannot be read.
  public struct Broken: Sendable, Hashable {
    public let directory: RunDirectory
    public let relativePath: String
    public let reason: String
  }

  public let runs: [Run]
  public let broken: [Broken]

  /// Reads every run's folder. One that is broken is listed with the reason and hides no other.
  ///
  /// An output that is not there yet has no runs.
  ///
  /// - Parameter isWanted: of a run's folder, relative to the output; others are not read.
  public static func scan(_ output: URL, where isWanted: (String) -> Bool = { _ in true }) throws -> RunCatalog {
    var runs = [Run](), broken = [Broken]()
    for relativePath in try RunFolderSource(output).runs() where isWanted(relativePath) {
      let directory = RunDirectory(url: output.appendingPathComponent(relativePath, isDirectory: true))
      if try isBlank(directory) { continue }
      switch read(directory, relativePath: relativePath) {
      case .success(let run): runs.append(run)
      case .failure(let failure): broken.append(Broken(directory: directory, relativePath: relativePath, reason: failure.reason))
      }
    }
    return RunCatalog(runs: runs, broken: broken)
  }

  private struct Failure: Error { let reason: String }

  private static func read(_ directory: RunDirectory, relativePath: String) -> Result<Run, Failure> {
    do {
      let record = try directory.record()
      let state = directory.state(of: record.cell)
      if [.broken, .unreadable].contains(state.word), let reason = state.reason { return .failure(Failure(reason: withoutRemedy(reason))) }
      return .success(Run(directory: directory, relativePath: relativePath, record: record, state: state))
    } catch {
      return .failure(Failure(reason: withoutRemedy(sentence(for: error))))
    }
  }

  /// What is not planned is not made anew.
  private static func withoutRemedy(_ reason: String) -> String {
    reason.hasSuffix(" " + RunReader.remedy) ? String(reason.dropLast(RunReader.remedy.count + 1)) : reason
  }

  /// Whether a run is about to begin here, or was killed before it did: nothing is there but a lease.
  private static func isBlank(_ directory: RunDirectory) throws -> Bool {
    try (FolderListing.namesIfAny(in: directory.url.path) ?? []).allSatisfy { $0 == "lease" || $0.hasPrefix(".") }
  }
}
