public import Datasets
import Foundation
import Foundations

/// The name of an image as names are compared: the parts of its path from the last on, in small letters, the file's without its
/// ending.
struct ListedName: Hashable {
  /// The file's name first, then its folder, and so on.
  let parts: [String]
  /// Whether the file's name had the ending of an image.
  let hadEnding: Bool

  init(_ path: String) {
    var parts = path.lowercased().split { $0 == "/" || $0 == "\\" }.map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty && $0 != "." }
    let file = Self.withoutEnding(parts.last ?? "")
    hadEnding = file != parts.last
    if !parts.isEmpty { parts[parts.count - 1] = file }
    self.parts = parts.reversed()
  }

  /// The first part alone, which is all that most entries of a long list are asked for.
  static func first(of path: String) -> String {
    let bytes = path.utf8
    let start = bytes.lastIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }.map(bytes.index(after:)) ?? bytes.startIndex
    return withoutEnding(path[start...].trimmingCharacters(in: .whitespaces).lowercased())
  }

  private static func withoutEnding(_ name: String) -> String {
    guard name.utf8.contains(UInt8(ascii: ".")), let ending = endings.first(where: { name.hasSuffix($0) && name.count > $0.count }) else {
      return name
    }
    return String(name.dropLast(ending.count))
  }

  /// Of which files lists name images.
  private static let endings = [
    ".nii.gz", ".png", ".jpg", ".jpeg", ".dcm", ".dicom", ".tif", ".tiff", ".gif", ".bmp", ".webp", ".nii", ".npy",
  ]

  /// How many parts two names have in common from the end.
  func agreement(with other: ListedName) -> Int { zip(parts, other.parts).prefix { $0 == $1 }.count }

  /// Whether a file's name alone tells its image from those of other sets: `01` and `view1` are names of many.
  static func isTelling(_ name: String) -> Bool { name.unicodeScalars.count(where: CharacterSet.alphanumerics.contains) >= 8 }
}

/// Compares the entries of a list with test images.
///
/// A test image is on a list where an entry agrees with so much of its path, from the end, as tells it from all other images of
/// its data set, and either a folder agrees too or its file name is a telling one (eight letters or digits). So
/// `patient00001/study1/view1_frontal.jpg` is not found in `patient64541/study1/view1_frontal.jpg`.
struct ListSearch {
  private let ids: [String]
  private let names: [ListedName]
  private let files: [URL?]
  /// How many parts of the path tell each test image from all others.
  private let needed: [Int]
  private let byName: [String: [Int]]
  private var byDigest: [String: [Int]] = [:]
  private var found: [Int: TrainingImageList.Finding.Match] = [:]
  /// Whose names are on the list and prove nothing.
  private var agreeing: Set<Int> = []

  init(_ test: [Sample], among all: [Sample]) {
    ids = test.map(\.id)
    files = test.map { $0.image.isPlain ? $0.image.files.first : nil }
    let names = test.map(Self.name)
    self.names = names
    byName = Dictionary(grouping: names.indices.filter { !names[$0].parts.isEmpty }) { names[$0].parts[0] }
    // Images of all parts that are called alike.
    let alike = Dictionary(grouping: all.lazy.map(Self.name).filter { [byName] in $0.parts.first.map { byName[$0] != nil } ?? false }) { $0.parts[0] }
    needed = names.map { name in
      guard let first = name.parts.first, let others = alike[first], others.count > 1 else { return 1 }
      // The image itself agrees with all of its parts; the next nearest says how many are needed.
      let agreements = others.map { $0.agreement(with: name) }.sorted(by: >)
      return agreements[1] + 1
    }
  }

  /// Slices, frames and items have names of their own; whole files are called by their place.
  private static func name(of sample: Sample) -> ListedName {
    ListedName(sample.image.isPlain ? sample.image.files.first?.path ?? sample.id : sample.id)
  }

  mutating func takeDigests(_ algorithm: Digest.Algorithm) throws {
    for (index, file) in files.enumerated() {
      guard let file else { continue }
      byDigest[try Digest.hex(ofFile: file, algorithm), default: []].append(index)
    }
  }

  mutating func look(at fields: [String]) {
    for field in fields where !field.isEmpty {
      if !byDigest.isEmpty, let indices = byDigest[field.lowercased()] {
        for index in indices { note(index, .digest, field) }
      }
      let first = ListedName.first(of: field)
      guard let candidates = byName[first] else { continue }
      let name = ListedName(field)
      for index in candidates {
        let common = names[index].agreement(with: name)
        guard common >= needed[index], common > 1 || ListedName.isTelling(first) else {
          // A number in a table is no name of an image, and folders that disagree tell images of one name apart.
          let isName = name.hadEnding || name.parts.count > 1 || fields.count == 1
          if isName, common >= needed[index] || common == name.parts.count { agreeing.insert(index) }
          continue
        }
        note(index, common > 1 ? .path : .name, field)
      }
    }
  }

  private mutating func note(_ index: Int, _ evidence: TrainingImageList.Finding.Evidence, _ entry: String) {
    let order = TrainingImageList.Finding.Evidence.allCases
    if let known = found[index], let old = order.firstIndex(of: known.evidence), let new = order.firstIndex(of: evidence), old <= new { return }
    found[index] = .init(image: ids[index], evidence: evidence, entry: entry)
  }

  /// Test images whose names agree with an entry, and with as much of it as is asked, but are too short or too common to prove it.
  var unprovenCount: Int { agreeing.count { found[$0] == nil } }

  var matches: [TrainingImageList.Finding.Match] { ids.indices.compactMap { found[$0] } }
}
