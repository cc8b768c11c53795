import Foundation
import Imaging

/// What the samples of one folder share: where its files are, how their ids begin, how their names end, and how they are read.
///
/// So two million slices keep no path of their own: an id and a file's place are made of the folder and the name when they are asked for.
final class SampleFolder: Sendable {
  /// What files of a folder are distinguished by.
  struct Key: Hashable {
    /// The folder below which ids name files.
    var root: String
    /// The folder's path below its root, with the slash at its end; empty for the root itself.
    var path: String
    /// The end that all names have, such as `.dcm`.
    var ending: String

    // Names that are one text in two spellings of Unicode are two names to a file system.
    static func == (first: Key, second: Key) -> Bool {
      first.root.utf8.elementsEqual(second.root.utf8) && first.path.utf8.elementsEqual(second.path.utf8)
        && first.ending.utf8.elementsEqual(second.ending.utf8)
    }
  }

  private let key: Key
  private let window: IntensityWindow?
  private let neighborReach: Int?
  private let isASCII: Bool
  /// What an image's reference says besides the names of files; nil where it is plain.
  let fingerprint: String?

  init(_ key: Key, window: IntensityWindow? = nil, neighborReach: Int? = nil) {
    self.key = key
    self.window = window
    self.neighborReach = neighborReach
    isASCII = key.path.utf8.allSatisfy { $0 < 128 } && key.ending.utf8.allSatisfy { $0 < 128 }
    // A window says the same of every file, so any name will do.
    fingerprint = ImageReference(URL(fileURLWithPath: "/"), window: window).with(neighborReach: neighborReach).fingerprint
  }

  func id(of name: String) -> String { key.path + name + key.ending }

  func image(named name: String) -> ImageReference {
    // Without a root, ids are absolute paths.
    let path = key.root.isEmpty ? id(of: name) : key.root + "/" + id(of: name)
    return ImageReference(URL(fileURLWithPath: path, isDirectory: false), window: window).with(neighborReach: neighborReach)
  }

  /// Whether the id of a file comes before that of another; nil where only the whole ids can tell.
  ///
  /// Where two ids are ASCII and differ first in parts of one length, those parts decide.
  func isBefore(_ name: String, _ other: SampleFolder, _ otherName: String) -> Bool? {
    guard isASCII, other.isASCII else { return nil }
    if key.path != other.key.path { return key.path.utf8.count == other.key.path.utf8.count ? key.path < other.key.path : nil }
    guard name.utf8.count == otherName.utf8.count, name.utf8.allSatisfy({ $0 < 128 }), otherName.utf8.allSatisfy({ $0 < 128 }) else { return nil }
    return name == otherName ? key.ending < other.key.ending : name < otherName
  }
}

extension ImageReference {
  fileprivate func with(neighborReach: Int?) -> ImageReference {
    var reference = self
    reference.neighborReach = neighborReach
    return reference
  }
}

/// The folders of a data set's samples, each made once.
struct SampleFolders {
  private var folders = [SampleFolder.Key: SampleFolder]()

  /// The folder of a file and the file's name in it.
  ///
  /// - Parameter path: The file's path below `root`.
  mutating func place(_ path: String, root: String) -> (folder: SampleFolder, name: String) {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let end = path[start...].lastIndex(of: ".") ?? path.endIndex
    let key = SampleFolder.Key(root: root, path: String(path[..<start]), ending: String(path[end...]))
    let folder = folders[key] ?? SampleFolder(key)
    folders[key] = folder
    return (folder, String(path[start..<end]))
  }
}

/// Arrays of labels, each kept once: a data set repeats few of them.
struct LabelCombinations {
  private var known = [[UInt32]: [Float]]()

  mutating func shared(_ labels: [Float]) -> [Float] {
    let bits = labels.map(\.bitPattern)
    if let same = known[bits] { return same }
    known[bits] = labels
    return labels
  }
}
