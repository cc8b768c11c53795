import Foundation

/// Finds images below a root, or in one of several folders of an archive in parts.
struct ImageFinder {
  let root: SourceFolder
  /// The extra folders that are there.
  private let folders: [URL]
  /// The extra folder of each file by name: one listing is quicker than a question for every name and folder.
  private let folderOfName: [String: URL]

  init(root: String, folders: [String]) throws {
    self.root = try SourceFolder(root, key: "imageRoot")
    var present = [URL](), folderOfName = [String: URL]()
    for path in folders {
      guard let folder = try? SourceFolder(path, key: "imageFolders") else { continue }
      present.append(folder.url)
      for name in try folder.names() where folderOfName[name] == nil { folderOfName[name] = folder.url }
    }
    self.folders = present
    self.folderOfName = folderOfName
  }

  /// In which of the root and the folders a path leads to a file, and its size; nil where there is none.
  ///
  /// An absolute path leads there and nowhere else; its root is empty.
  func find(_ path: String) -> (root: String, byteCount: Int)? {
    if path.hasPrefix("/") { return byteCount(ofFile: path).map { ("", $0) } }
    if let size = byteCount(ofFile: root.url.path + "/" + path) { return (root.url.path, size) }
    let candidates = path.contains("/") ? folders : folderOfName[path].map { [$0] } ?? []
    for folder in candidates {
      if let size = byteCount(ofFile: folder.path + "/" + path) { return (folder.path, size) }
    }
    return nil
  }

  /// Where was looked, for error sentences.
  var place: String { folders.isEmpty ? root.url.path : "\(root.url.path) or its \(counted(folders.count, "image folder"))" }
}
