import Foundation
import Foundations
import Testing

/// The real command, run in a process of its own.
enum Command {
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  /// The command that this build made, beside the test bundle, or the one that `MEDTRANSFER_COMMAND` names.
  static let executable: URL = {
    if let named = ProcessInfo.processInfo.environment["MEDTRANSFER_COMMAND"], !named.isEmpty { return URL(fileURLWithPath: named) }
    // SwiftPM lays both into one folder; the bundle's path ends in <package>PackageTests.xctest.
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    for _ in 0..<4 where !FileManager.default.fileExists(atPath: folder.appendingPathComponent("medtransfer").path) {
      folder.deleteLastPathComponent()
    }
    return folder.appendingPathComponent("medtransfer")
  }()

  /// Runs it to its end.
  static func run(_ arguments: [String], in folder: URL, environment: [String: String] = [:]) throws -> Result {
    let process = Process(), log = folder.appendingPathComponent(".log-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: log) }
    try Data().write(to: log)
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    // One thread: several tests run at once, and threads that wait for each other would use the processors up.
    // What steps cost, and digests of weights, are kept for all tests, and not where the person keeps them.
    let cache = FileManager.default.temporaryDirectory.appendingPathComponent("medtransfer-cache-\(getpid())").path
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1", "XDG_CACHE_HOME": cache]) { $1 }.merging(environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: log)
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: (try? String(contentsOf: log, encoding: .utf8)) ?? "")
  }
}

/// A folder with a small study of drawn images, removed with the fixture.
final class StudyFixture {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("medtransfer-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func url(_ path: String) -> URL { folder.appendingPathComponent(path) }

  func write(_ text: String, to path: String) throws {
    try FileManager.default.createDirectory(at: url(path).deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url(path))
  }

  func text(_ path: String) throws -> String { try String(contentsOf: url(path), encoding: .utf8) }

  func run(_ arguments: String...) throws -> Command.Result { try Command.run(arguments, in: folder) }

  /// The folders of runs below an output, relative to it.
  func runs(in output: String = "runs") throws -> [String] {
    let base = url(output)
    return try FileManager.default.contentsOfDirectory(atPath: base.path).sorted().flatMap { task -> [String] in
      guard let starts = try? FileManager.default.contentsOfDirectory(atPath: base.appendingPathComponent(task).path) else { return [] }
      return starts.sorted().flatMap { start in
        // Beside the runs' folders there are files of the whole study, such as its splits and pictures.
        ((try? FileManager.default.contentsOfDirectory(atPath: base.appendingPathComponent("\(task)/\(start)").path)) ?? []).sorted()
          .filter { $0.hasPrefix("seed") }.map { "\(task)/\(start)/\($0)" }
      }
    }
  }
}
