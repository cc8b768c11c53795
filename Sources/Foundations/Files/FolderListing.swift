public import Foundation

/// What stands behind a path, links followed.
public enum PathContent: Equatable, Sendable {
  case file(byteCount: Int), folder
  /// A pipe, a socket or a device.
  case other
  /// Nothing, or a link that leads nowhere.
  case nothing

  /// - Throws: `FoundationsError` where the system cannot say: that a disk does not answer is no word on what it holds.
  public init(_ path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let number = errno
      guard SystemFault.isOfContent(number) else { throw FoundationsError.unreadable(URL(fileURLWithPath: path), errno: number) }
      self = .nothing
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = .file(byteCount: Int(status.st_size))
    case S_IFDIR: self = .folder
    default: self = .other
    }
  }

  /// Whether a path is a link itself, wherever it leads.
  public static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }
}

/// The names in folders. A listing that breaks off half way is an error: Foundation's ends there, as if the folder ended.
public enum FolderListing {
  /// Everything in a folder but itself and the one above, in no order.
  ///
  /// - Throws: `FoundationsError` where it is not there, no folder, or cannot be read to its end.
  public static func names(in path: String) throws -> [String] {
    var names: [String] = []
    try forEach(in: path) { name, _ in names.append(name) }
    return names
  }

  /// The same; nil where there is no folder.
  public static func namesIfAny(in path: String) throws -> [String]? { try ifAny { try names(in: path) } }

  /// The folders in a folder that are not hidden, sorted; none where there is no such folder, as another process may have removed it.
  public static func folders(in path: String) throws -> [String] {
    try ifAny {
      var names: [String] = []
      try forEach(in: path) { name, type in
        guard !name.hasPrefix(".") else { return }
        // Some file systems do not say what an entry is, and a link may lead to a folder.
        if type == DT_DIR { names.append(name) } else if type == DT_UNKNOWN || type == DT_LNK, try PathContent("\(path)/\(name)") == .folder { names.append(name) }
      }
      return names.sorted()
    } ?? []
  }

  /// Everything below a folder by its path from there, sorted by path; links are named and not followed.
  public static func paths(below path: String) throws -> [String] {
    var paths: [String] = []
    func add(_ prefix: String) throws {
      var folders: [String] = []
      try forEach(in: path + "/" + prefix) { name, type in
        let inner = prefix + name
        paths.append(inner)
        if type == DT_DIR {
          folders.append(inner)
        } else if type == DT_UNKNOWN {
          let place = path + "/" + inner
          if !PathContent.isLink(place), try PathContent(place) == .folder { folders.append(inner) }
        }
      }
      for folder in folders { try add(folder + "/") }
    }
    try add("")
    return paths.sorted()
  }

  private static func ifAny<Answer>(_ body: () throws -> Answer) throws -> Answer? {
    do { return try body() } catch let error as FoundationsError where error.systemNumber.map(SystemFault.isOfContent) == true { return nil }
  }

  private static func forEach(in path: String, _ body: (_ name: String, _ type: Int) throws -> Void) throws {
    guard let stream = opendir(path) else { throw FoundationsError.unlistable(path, errno: errno) }
    defer { closedir(stream) }
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        if errno != 0 { throw FoundationsError.unlistable(path, errno: errno) }
        return
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name != ".", name != ".." { try body(name, Int(entry.pointee.d_type)) }
    }
  }
}
