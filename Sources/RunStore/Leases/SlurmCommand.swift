public import Foundation

/// Asking a command of Slurm.
public enum SlurmCommand {
  public struct Answer: Sendable {
    public let status: Int32
    public let output: String
    public let errors: String
  }

  /// Why there is no answer.
  public enum Silence: Error {
    /// There is no such command, or it cannot be started.
    case missing
    /// It did not end in time.
    case late
  }

  /// Runs a command to its end.
  ///
  /// - Parameter seconds: it may take, before it is killed; nil for as long as it likes.
  /// - Throws: `Silence`, and what keeps its answer from being written to a temporary file.
  public static func ask(_ command: [String], seconds: Double? = nil) throws -> Answer {
    let process = Process(), streams = (0..<2).map { _ in FileManager.default.temporaryDirectory.appendingPathComponent("slurm-\(UUID().uuidString)") }
    defer { for stream in streams { try? FileManager.default.removeItem(at: stream) } }
    // Files take what a pipe would not hold.
    let handles = try streams.map { stream in
      try Data().write(to: stream)
      return try FileHandle(forWritingTo: stream)
    }
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardInput = FileHandle.nullDevice
    (process.standardOutput, process.standardError) = (handles[0], handles[1])
    guard (try? process.run()) != nil else { throw Silence.missing }
    let end = seconds.map { Date(timeIntervalSinceNow: $0) }
    while process.isRunning, end.map({ Date() < $0 }) ?? true { usleep(10_000) }
    if process.isRunning {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      throw Silence.late
    }
    // What env says with of a program that is not there.
    if process.terminationStatus == 127 { throw Silence.missing }
    let said = streams.map { String(decoding: (try? Data(contentsOf: $0)) ?? Data(), as: UTF8.self) }
    return Answer(status: process.terminationStatus, output: said[0], errors: said[1])
  }
}
