package import Foundation

/// The real images, in the folder that MEDTRANSFER_DATA names or beside the repository.
package enum RealData {
  package static let root: URL? = {
    let named = ProcessInfo.processInfo.environment["MEDTRANSFER_DATA"].map { URL(fileURLWithPath: $0) }
    let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let beside = repository.resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("shared/data")
    let candidates = named.map { [$0] } ?? [beside]
    return candidates.first { FileManager.default.fileExists(atPath: $0.path) }
  }()

  package static let isThere = root != nil
  package static let absence = "The real images are not there: set MEDTRANSFER_DATA to their folder."

  /// The path of a file below the folder. It is asked for only where the folder is there.
  package static func path(_ relative: String) -> String { (root?.path ?? "/real images are not there") + "/" + relative }
}
