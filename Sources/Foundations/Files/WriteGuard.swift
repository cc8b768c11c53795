public import Foundation
internal import Synchronization

/// Folders that only the holder of a right may write to, such as the run that a process has the lease of.
///
/// Whoever writes a file for good asks here first, and last before the file gets its name (`AtomicFile` does both): a process that slept
/// while another took its place stops before it writes, whichever part of the program it was in.
public enum WriteGuard {
  /// Throws where this process may not write to the folder any more.
  ///
  /// - Parameter isThorough: whether the files are asked; else a right that was just confirmed will do.
  public typealias Check = @Sendable (_ isThorough: Bool) throws -> Void

  private static let checks = Mutex<[String: Check]>([:])

  /// From now on, nothing is written below a folder without asking.
  public static func protect(_ folder: String, _ check: @escaping Check) { checks.withLock { $0[folder] = check } }

  public static func release(_ folder: String) { checks.withLock { $0[folder] = nil } }

  /// Asks whether a file may be written, made or removed.
  public static func check(_ file: URL, isThorough: Bool = true) throws {
    // A process holds one right or a few.
    let found = checks.withLock { $0.isEmpty ? [] : Array($0) }
    if found.isEmpty { return }
    let path = file.path
    for (folder, check) in found where path.hasPrefix(folder) && (path.utf8.count == folder.utf8.count || path.utf8.dropFirst(folder.utf8.count).first == UInt8(ascii: "/")) {
      try check(isThorough)
    }
  }
}
