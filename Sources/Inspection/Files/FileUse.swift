import Datasets
import Foundation
import Foundations
import Studies

/// What becomes of each file of a source's folders: it is used, or it is not for a reason.
struct FileUse {
  /// Why a file is not used.
  enum Reason: String, Codable, Sendable, CaseIterable {
    /// A link that leads nowhere, as DataLad leaves for files that were not fetched.
    case brokenLink
    /// A folder that may not be looked into, as `lost+found` in the root of a disk.
    case closed
    /// Its name does not end as those of images do.
    case ending
    /// It lies in a folder below the one that is read.
    case subfolder
    /// It lies in a folder beside the one that holds the images of its class.
    case besideImages
    /// It lies outside of the folders of the classes.
    case outsideClasses
    /// It lies in the folder of the cases or of one of them, and not where a case has its image or masks.
    case outsideCases
    /// An array of an archive that no part reads.
    case notRead
    /// It is of a class that the source does not name.
    case notChosen
    /// No row of the table, no annotation, no list names it.
    case noRow
    /// An image without its mask.
    case noMask
    /// A mask without its image.
    case noImage
    /// An image without its mask, or a mask without its image: by its name it could be either.
    case noPartner
    /// A case without its label map.
    case noLabelMap
    /// Another channel of a case that is used.
    case otherChannel
    /// An image of a test part that has no label maps at all.
    case noTruth
    /// Its name begins with a dot.
    case hidden

    var words: String {
      switch self {
      case .brokenLink: "a link that leads nowhere"
      case .closed: "a folder that may not be looked into"
      case .ending: "not an ending of images that are read"
      case .subfolder: "in a subfolder, which is not looked into"
      case .besideImages: "in a folder beside the images of its class"
      case .outsideClasses: "outside of the folders of the classes"
      case .outsideCases: "not where a case has its image or its masks"
      case .notRead: "an array that is not read"
      case .notChosen: "in the folder of a class that is not named"
      case .noRow: "named by no row"
      case .noMask: "without a mask"
      case .noImage: "without an image"
      case .noPartner: "without its image or mask"
      case .noLabelMap: "without a label map"
      case .otherChannel: "another channel of a case"
      case .noTruth: "of a test part without label maps"
      case .hidden: "hidden"
      }
    }
  }

  struct Unused {
    /// Absolute.
    let path: String
    let reason: Reason
    /// The key of the study that names its folder.
    let key: String
  }

  /// A folder that a study names and that is not there.
  struct Missing {
    let path: String
    let key: String
  }

  private(set) var used: [String] = []
  private(set) var unused: [Unused] = []
  private(set) var missing: [Missing] = []
  /// The folders that were listed: one that is named may lie below another.
  private var listed = Set<String>()

  static let none = FileUse()

  private init() {}

  /// Lists the folders. No file is opened.
  ///
  /// - Parameter samples: what the source reads of them.
  init(_ source: DataSource, samples: [Sample]) throws {
    let files = Set(samples.flatMap(\.files).map { $0.standardizedFileURL.path })
    // A folder of which nothing is used is not a table's: roots often hold other things.
    let folders = Set(files.map { $0.pathFolder })
    for folder in source.namedFolders {
      let place = URL(fileURLWithPath: folder.path, isDirectory: true).standardizedFileURL.path
      if case .archive(let unread) = folder.content {
        if files.contains(place) { used.append(place) }
        unused += unread.map { Unused(path: place + "/" + $0, reason: folder.unmatched, key: folder.key) }
        continue
      }
      guard let names = try FolderListing.namesIfAny(in: place)?.sorted() else {
        if !folder.mayBeMissing { missing.append(Missing(path: place, key: folder.key)) }
        continue
      }
      switch folder.content {
      case .flat: try add(place, names, folder, used: files)
      case .classes(let chosen, let inside): try addClasses(place, names, folder, chosen: chosen, inside: inside, used: files)
      case .tree: try addTree(place, names, folder, used: files)
      case .cases(let image, let masks): try addCases(place, names, folder, holding: [image, masks], used: files)
      case .archive: break
      case .named:
        for below in folders.filter({ $0 == place || $0.hasPrefix(place + "/") }).sorted() {
          try add(below, contents(of: below, folder), folder, used: files, isNamed: true)
        }
      }
    }
  }

  /// - Parameter isNamed: Whether only what is named by a table counts, so that subfolders are no one's business here.
  private mutating func add(_ place: String, _ names: [String], _ folder: NamedFolder, used files: Set<String>, isNamed: Bool = false) throws {
    guard listed.insert(place).inserted else { return }
    for name in names {
      let path = place + "/" + name
      switch try PathContent(path) {
      case .file where files.contains(path): used.append(path)
      case .file, .other: unused.append(Unused(path: path, reason: Self.reason(name, folder), key: folder.key))
      case .nothing: unused.append(Unused(path: path, reason: .brokenLink, key: folder.key))
      case .folder where isNamed: break
      case .folder: try addAll(below: path, reason: .subfolder, folder)
      }
    }
  }

  private mutating func addClasses(
    _ place: String, _ names: [String], _ folder: NamedFolder, chosen: Set<String>?, inside: String?, used files: Set<String>
  ) throws {
    for name in names {
      let path = place + "/" + name
      switch try PathContent(path) {
      case .file, .other: unused.append(Unused(path: path, reason: name.hasPrefix(".") ? .hidden : .outsideClasses, key: folder.key))
      case .nothing: unused.append(Unused(path: path, reason: .brokenLink, key: folder.key))
      case .folder where name.hasPrefix("."): try addAll(below: path, reason: .hidden, folder)
      case .folder where chosen.map({ !$0.contains(name) }) ?? false: try addAll(below: path, reason: .notChosen, folder)
      case .folder:
        let images = inside.map { path + "/" + $0 } ?? path
        try add(images, contents(of: images, folder), folder, used: files)
        // Beside the folder of images a class may have others, such as one of masks.
        if inside != nil {
          for other in try contents(of: path, folder) where path + "/" + other != images { try addAll(below: path + "/" + other, reason: .besideImages, folder) }
        }
      }
    }
  }

  private mutating func addTree(_ place: String, _ names: [String], _ folder: NamedFolder, used files: Set<String>) throws {
    try add(place, names, folder, used: files, isNamed: true)
    for name in names {
      let path = place + "/" + name
      guard case .folder = try PathContent(path), !PathContent.isLink(path) || files.contains(where: { $0.hasPrefix(path + "/") }) else { continue }
      if name.hasPrefix(".") { try addAll(below: path, reason: .hidden, folder) } else { try addTree(path, contents(of: path, folder), folder, used: files) }
    }
  }

  private mutating func addCases(_ place: String, _ names: [String], _ folder: NamedFolder, holding: Set<String>, used files: Set<String>) throws {
    for name in names {
      let path = place + "/" + name
      switch try PathContent(path) {
      case .file, .other, .nothing: try addAll(below: path, reason: .outsideCases, folder)
      case .folder where name.hasPrefix("."): try addAll(below: path, reason: .hidden, folder)
      case .folder:
        for inside in try contents(of: path, folder) {
          let below = path + "/" + inside
          if holding.contains(inside), case .folder = try PathContent(below) {
            try add(below, contents(of: below, folder), folder, used: files)
          } else {
            try addAll(below: below, reason: .outsideCases, folder)
          }
        }
      }
    }
  }

  /// Every file of a folder that is not looked into, or the file itself.
  private mutating func addAll(below path: String, reason: Reason, _ folder: NamedFolder) throws {
    switch try PathContent(path) {
    case .folder:
      // A link may lead back to where it lies.
      if PathContent.isLink(path) { return }
      for name in try contents(of: path, folder) { try addAll(below: path + "/" + name, reason: reason, folder) }
    case .file, .other: unused.append(Unused(path: path, reason: path.lastPathPart.hasPrefix(".") ? .hidden : reason, key: folder.key))
    case .nothing: unused.append(Unused(path: path, reason: .brokenLink, key: folder.key))
    }
  }

  private static func reason(_ name: String, _ folder: NamedFolder) -> Reason {
    if name.hasPrefix(".") { return .hidden }
    return ImageName.isImage(name) ? folder.exception(name) ?? folder.unmatched : .ending
  }

  /// What is in a folder, sorted; nothing where it may not be looked into, which is said then.
  private mutating func contents(of path: String, _ folder: NamedFolder) throws -> [String] {
    do {
      return try FolderListing.namesIfAny(in: path)?.sorted() ?? []
    } catch let error where SystemFault.number(of: error) == EACCES {
      unused.append(Unused(path: path, reason: .closed, key: folder.key))
      return []
    }
  }
}

extension FileUse {
  /// How many files are not used, by reason.
  var unusedCounts: [String: Int] { Dictionary(grouping: unused, by: \.reason.rawValue).mapValues(\.count) }
}
