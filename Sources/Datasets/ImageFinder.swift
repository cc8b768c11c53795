import Foundation

/// Finds images below a root, or in one of several folders of an archive in parts.
struct ImageFinder {
  let root: SourceFolder
  /// The extra folders that are there.
  private let folders: [URL]
  /// Those that the study names and that are not there.
  private let absent: [String]
  /// The extra folder of each file by name: one listing is quicker than a question for every name and folder.
  private let folderOfName: [String: URL]

  init(root: String, folders: [String]) throws {
    self.root = try SourceFolder(root, key: "imageRoot")
    var present = [URL](), folderOfName = [String: URL](), absent = [String]()
    for path in folders {
      guard let folder = try? SourceFolder(path, key: "imageFolders") else {
        absent.append(path)
        continue
      }
      present.append(folder.url)
      for name in try folder.names() where folderOfName[name] == nil { folderOfName[name] = folder.url }
    }
    self.folders = present
    self.absent = absent
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
  var place: String {
    var words = root.url.path
    if !folders.isEmpty { words += " or in " + listed(folders.map(\.path)) }
    if !absent.isEmpty { words += " (of its image folders, \(listed(absent)) \(absent.count == 1 ? "is" : "are") not there)" }
    return words
  }
}
