import Foundation
import Imaging
import Synchronization

/// The order of slices in folders that were asked for, each found out once in a process.
///
/// Ordering a folder reads the heads of all its files, so it is done when a slice of it is first needed and not when a data set of
/// millions of slices is listed.
enum SliceNeighbors {
  private static let orders = Mutex([String: SliceOrder]())

  /// The file between its `reach` neighbors to either side.
  static func files(around file: URL, reach: Int) throws -> [URL] {
    let folder = file.deletingLastPathComponent()
    let order: SliceOrder
    if let known = orders.withLock({ $0[folder.path] }) {
      order = known
    } else {
      // Not under the lock: two threads may find the same order out, and others need not wait.
      order = try SliceOrder(folder: folder)
      orders.withLock { $0[folder.path] = order }
    }
    guard let names = order.neighbors(of: file.lastPathComponent, reach: reach) else {
      throw DatasetsError.notAmongSlices(file.lastPathComponent, folder: folder.path)
    }
    return names.map { folder.appendingPathComponent($0) }
  }
}

extension DatasetsError {
  static func notAmongSlices(_ name: String, folder: String) -> DatasetsError {
    DatasetsError(
      kind: .missingImages, problem: "The slice \(name) is not in \(folder).", remedy: "Get it from the data set's source, or leave its row out.")
  }
}
