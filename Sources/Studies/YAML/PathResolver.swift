internal import Foundation

/// Makes the paths of a study file absolute.
struct PathResolver {
  /// The folder of the study file.
  let base: URL

  /// A leading `~` is the home folder; a relative path is relative to the study file. Links are not followed.
  func absolute(_ path: String) -> String {
    var full = path
    if path == "~" || path.hasPrefix("~/") {
      full = FileManager.default.homeDirectoryForCurrentUser.path + path.dropFirst()
    } else if !path.hasPrefix("/") {
      full = base.path + "/" + path
    }
    let components = full.split(separator: "/").filter { $0 != "." }
    return "/" + components.joined(separator: "/")
  }

  /// The folder that holds a file.
  static func folder(of path: String) -> String { URL(fileURLWithPath: path).deletingLastPathComponent().path }
}
