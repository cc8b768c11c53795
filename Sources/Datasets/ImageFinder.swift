import Foundation
import Foundations

/// Finds images below a root, or in one of several folders of an archive in parts.
struct ImageFinder {
  let root: SourceFolder
  /// The extra folders that are there.
  private let folders: [URL]
  /// Those that the study names and that are not there.
  private let absent: [String]
  /// The extra folder of each file by name: one listing is quicker than a question for every name and folder.
  private let folderOfName: [String: URL]
  /// The further folders of names that are in several.
  private let furtherFolders: [String: [URL]]

  init(root: String, folders: [String]) throws {
    self.root = try SourceFolder(root, key: "imageRoot")
    var present = [URL](), folderOfName = [String: URL](), furtherFolders = [String: [URL]](), absent = [String]()
    for path in folders {
      guard let folder = try SourceFolder(ifThere: path) else {
        absent.append(path)
        continue
      }
      present.append(folder.url)
      for name in try folder.names() {
        if folderOfName[name] == nil { folderOfName[name] = folder.url } else { furtherFolders[name, default: []].append(folder.url) }
      }
    }
    self.folders = present
    self.absent = absent
    self.folderOfName = folderOfName
    self.furtherFolders = furtherFolders
  }

  /// In which of the root and the folders a path leads to a file, and its size; nil where there is none.
  ///
  /// An absolute path leads there and nowhere else; its root is empty.
  func find(_ path: String) throws -> (root: String, byteCount: Int)? {
    if path.hasPrefix("/") { return try byteCount(ofFile: path).map { ("", $0) } }
    if let size = try byteCount(ofFile: root.url.path + "/" + path) { return (root.url.path, size) }
    let candidates = path.contains("/") ? folders : folderOfName[path].map { [$0] } ?? []
    for folder in candidates {
      if let size = try byteCount(ofFile: folder.path + "/" + path) { return (folder.path, size) }
    }
    return nil
  }

  /// What is to be said of images of one name in several folders that are not the same: the first is read, and another may be meant.
  ///
  /// - Parameter found: names, each with the folder in which it was found and its size. Of files of one size the first hundred are compared.
  func remark(on found: [(path: String, root: String, byteCount: Int)], table: String) throws -> SourceRemark? {
    var left = 100, differing = [String](), places = (first: "", second: "")
    for (path, root, byteCount) in found where !path.contains("/") {
      let all = [folderOfName[path]].compactMap(\.self) + furtherFolders[path, default: []]
      let other = try all.map(\.path).first { folder in
        guard folder != root, let size = try Datasets.byteCount(ofFile: folder + "/" + path) else { return false }
        if size != byteCount { return true }
        left -= 1
        return left >= 0 && !FileManager.default.contentsEqual(atPath: root + "/" + path, andPath: folder + "/" + path)
      }
      guard let other else { continue }
      if differing.isEmpty { places = (root, other) }
      differing.append(path)
    }
    if differing.isEmpty { return nil }
    return SourceRemark(
      isWarning: true,
      words:
        "\(counted(differing.count, "image")) of \(table) \(differing.count == 1 ? "is" : "are") in several folders, and not the same there: \(firstFew(differing)); what is read lies in \(places.first), and not in \(places.second).",
      remedy: "Leave the folder that is meant under `imageRoot` and `imageFolders`, or give the images names of their own.")
  }

  /// Where was looked, for error sentences.
  var place: String {
    var words = root.url.path
    if !folders.isEmpty { words += " or in " + listed(folders.map(\.path)) }
    if !absent.isEmpty { words += " (of its image folders, \(listed(absent)) \(absent.count == 1 ? "is" : "are") not there)" }
    return words
  }
}
