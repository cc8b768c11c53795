import Foundation
import Imaging

/// A folder named by a study.
struct SourceFolder {
  let url: URL

  /// - Parameter key: The study's key that names the folder, for the error sentence.
  init(_ path: String, key: String) throws {
    url = URL(fileURLWithPath: path, isDirectory: true)
    var status = stat()
    guard stat(url.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw DatasetsError.missingFolder(path, key: key)
    }
  }

  /// The files that could be images, sorted by name. Hidden files and files of other kinds are passed over.
  func images() throws -> [(name: String, byteCount: Int)] {
    let extensions = Set(ImageFile.supportedExtensions)
    let found = try names().compactMap { name -> (String, Int)? in
      guard extensions.contains((name as NSString).pathExtension.lowercased()) else { return nil }
      return byteCount(ofFile: url.path + "/" + name).map { (name, $0) }
    }
    if found.isEmpty { throw DatasetsError.noImages(folder: url.path, formats: ImageFile.supportedExtensions.sorted()) }
    return found
  }

  /// The subfolders that are not hidden, sorted by name.
  func subfolders() throws -> [String] {
    try names().filter { name in
      var status = stat()
      return stat(url.path + "/" + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
  }

  private func names() throws -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: url.path).filter { !$0.hasPrefix(".") }.sorted()
    } catch {
      throw DatasetsError.unreadableFolder(url.path)
    }
  }
}

/// The size of a regular file, or nil where there is none.
func byteCount(ofFile path: String) -> Int? {
  var status = stat()
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
  return Int(status.st_size)
}
