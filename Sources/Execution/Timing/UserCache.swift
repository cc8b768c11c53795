import Foundation

/// The folder of the user for what saves time on this machine and no more: `$XDG_CACHE_HOME/medtransfer`, else `~/.cache/medtransfer`.
enum UserCache {
  /// Neither the file nor the folder need be there.
  static func file(_ name: String) -> URL {
    let folder = ProcessInfo.processInfo.environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? URL(fileURLWithPath: $0) : nil }
    return (folder ?? FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cache"))
      .appendingPathComponent("medtransfer").appendingPathComponent(name)
  }
}
