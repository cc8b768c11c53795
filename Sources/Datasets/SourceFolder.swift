import Foundation
import Foundations
import Imaging

/// A folder named by a study.
package struct SourceFolder {
  let url: URL

  /// - Parameter key: The study's key that names the folder, for the error sentence.
  init(_ path: String, key: String) throws {
    guard let folder = try SourceFolder(ifThere: path) else { throw DatasetsError.missingFolder(path, key: key) }
    self = folder
  }

  /// The same; nil where there is no folder.
  package init?(ifThere path: String) throws {
    url = URL(fileURLWithPath: path, isDirectory: true)
    guard try PathContent(url.path) == .folder else { return nil }
  }

  /// The place of a file that a table names: below this folder, or where an absolute path says.
  func path(of name: String) -> String { name.hasPrefix("/") ? name : url.path + "/" + name }

  /// The files that could be images, sorted by name. Hidden files and files of other kinds are passed over.
  ///
  /// A file is one by its ending, or where it has none that is known, by DICOM's mark in its first bytes: archives name DICOM files
  /// by their number alone.
  ///
  /// - Parameter withRaw: Whether files without a header count too.
  func images(withRaw: Bool = false) throws -> [FoundFile] {
    let found = try imagesIfAny(withRaw: withRaw)
    if found.isEmpty { throw DatasetsError.noImages(folder: url.path, formats: ImageFile.supportedExtensions.sorted()) }
    return found
  }

  /// The same of a folder that need not have any.
  func imagesIfAny(withRaw: Bool = false) throws -> [FoundFile] {
    try names().compactMap { name -> FoundFile? in
      guard try ImageName.isImage(name) || withRaw && ImageName.isRaw(name) || ImageName.mayBeDICOM(name) && isDICOM(name) else { return nil }
      return try byteCount(ofFile: url.path + "/" + name).map { FoundFile(name: name, byteCount: $0) }
    }
  }

  /// All regular files that are not hidden, sorted by name.
  func files() throws -> [FoundFile] {
    try names().compactMap { name in try byteCount(ofFile: url.path + "/" + name).map { FoundFile(name: name, byteCount: $0) } }
  }

  /// Whether a regular file carries DICOM's mark behind its preamble.
  private func isDICOM(_ name: String) throws -> Bool {
    let path = url.path + "/" + name
    guard try byteCount(ofFile: path) ?? 0 > 132 else { return false }
    return try FileBytes.beginning(of: path, count: 132).dropFirst(128).elementsEqual("DICM".utf8)
  }

  /// The subfolders that are not hidden, sorted by name.
  func subfolders() throws -> [String] {
    try names().filter { try PathContent(url.path + "/" + $0) == .folder }
  }

  /// The names of what is in the folder and not hidden, sorted.
  func names() throws -> [String] { try FolderListing.names(in: url.path).filter { !$0.hasPrefix(".") }.sorted() }
}

/// The size of a regular file, or nil where there is none.
///
/// - Throws: `FoundationsError` where the system cannot say.
package func byteCount(ofFile path: String) throws -> Int? {
  if case .file(let count) = try PathContent(path) { count } else { nil }
}

/// A file of a folder.
struct FoundFile: Hashable {
  let name: String
  /// Its size.
  let byteCount: Int
}

/// What the name of an image file tells.
package enum ImageName {
  package static func isImage(_ name: String) -> Bool { ImageFile.hasSupportedExtension(URL(fileURLWithPath: name)) }

  /// Whether the name ends as files without a header do.
  static func isRaw(_ name: String) -> Bool { ["img", "raw"].contains(name.pathEnding.lowercased()) }

  /// Whether the name has no ending, or one of digits alone, as the unique identifiers of DICOM have.
  package static func mayBeDICOM(_ name: String) -> Bool { name.pathEnding.allSatisfy { $0.isASCII && $0.isNumber } }

  /// The name without what tells the format: `case` of `case.nii.gz`, `JPCLN001` of `JPCLN001.IMG.png`, and all of a name that ends
  /// in a number.
  static func stem(of name: String) -> String {
    if name.lowercased().hasSuffix(".nii.gz") { return String(name.dropLast(7)) }
    guard !mayBeDICOM(name) else { return name }
    let stem = name.withoutPathEnding
    return isRaw(stem) ? stem.withoutPathEnding : stem
  }
}

/// The parts of a path as text. `NSString` has the same, and ends the process for a path with two slashes in a row behind which a letter
/// beyond ASCII stands, such as “//é” (swift-corelibs-foundation of Swift 6.3), which a table may hold.
extension String {
  /// What stands behind the last slash, but for slashes at the end.
  package var lastPathPart: String {
    guard let end = utf8.lastIndex(where: { $0 != slash }) else { return isEmpty ? "" : "/" }
    let name = utf8[...end]
    return text(name[(name.lastIndex(of: slash).map { name.index(after: $0) } ?? name.startIndex)...])
  }

  /// What stands behind the last period of `lastPathPart`; nothing where it begins with its only one.
  package var pathEnding: String {
    let name = lastPathPart.utf8
    guard let period = name.lastIndex(of: UInt8(ascii: ".")), period > name.startIndex else { return "" }
    return text(name[name.index(after: period)...])
  }

  /// The path without its ending and the period before it, and without slashes at its end.
  package var withoutPathEnding: String {
    guard let end = utf8.lastIndex(where: { $0 != slash }) else { return isEmpty ? "" : "/" }
    let plain = utf8[...end], ending = pathEnding.utf8.count
    return ending == 0 ? text(plain) : text(plain.dropLast(ending + 1))
  }

  /// What stands before `lastPathPart`, without slashes at its end; of a name in the root “/”.
  package var pathFolder: String {
    guard let end = utf8.lastIndex(where: { $0 != slash }), let cut = utf8[..<end].lastIndex(of: slash) else { return utf8.first == slash ? "/" : "" }
    return utf8[..<cut].lastIndex { $0 != slash }.map { text(utf8[...$0]) } ?? "/"
  }

  private var slash: UInt8 { UInt8(ascii: "/") }

  private func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }
}
