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
  public static func scan(_ output: URL) throws -> RunCatalog {
    var runs = [Run](), broken = [Broken]()
    for task in folders(in: output) {
      for initialization in folders(in: output.appendingPathComponent(task)) {
        let parent = output.appendingPathComponent(task).appendingPathComponent(initialization)
        for name in folders(in: parent) where name.hasPrefix("seed") {
          let directory = RunDirectory(url: parent.appendingPathComponent(name, isDirectory: true))
          let relativePath = "\(task)/\(initialization)/\(name)"
          if isBlank(directory) { continue }
          switch read(directory, relativePath: relativePath) {
          case .success(let run): runs.append(run)
          case .failure(let failure): broken.append(Broken(directory: directory, relativePath: relativePath, reason: failure.reason))
          }
        }
      }
    }
    return RunCatalog(runs: runs, broken: broken)
  }

  private struct Failure: Error { let reason: String }

  private static func read(_ directory: RunDirectory, relativePath: String) -> Result<Run, Failure> {
    do {
      let record = try directory.record()
      let state = directory.state(of: record.cell)
      if case .broken(let reason) = state { return .failure(Failure(reason: reason)) }
      return .success(Run(directory: directory, relativePath: relativePath, record: record, state: state))
    } catch {
      return .failure(Failure(reason: sentence(for: error)))
    }
  }

  /// Whether a run is about to begin here, or was killed before it did: nothing is there but a lease.
  private static func isBlank(_ directory: RunDirectory) -> Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.url.path)) ?? []
    return names.allSatisfy { $0 == "lease" || $0.hasPrefix(".") }
  }

  /// The names of the folders in a folder, sorted; none where it cannot be read, as another process may be removing it.
  private static func folders(in url: URL) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.filter { name in
      var isFolder: ObjCBool = false
      return !name.hasPrefix(".") && FileManager.default.fileExists(atPath: url.appendingPathComponent(name).path, isDirectory: &isFolder) && isFolder.boolValue
    }.sorted()
  }
}
