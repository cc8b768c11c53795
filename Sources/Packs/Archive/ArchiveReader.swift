internal import CArchive
public import Foundation
internal import Foundations

/// Reads a gzipped tar from elsewhere, member by member, and writes nothing to any disk.
///
/// A member is a regular file with a name that stays below the folder it is in and that no other member has. Links, devices,
/// folders, absolute names, `..`, and anything beyond the limits are refused before their bytes are read.
public final class ArchiveReader {
  /// A member whose bytes have been read.
  public struct Member: Sendable {
    public let name: String
    public let data: Data
  }

  static let regularFile = 0o100000

  private let archive: OpaquePointer
  private let url: URL
  private let limits: ArchiveLimits
  private let mostBytes: Int
  private var names: Set<String> = []
  private var byteCount = 0

  public init(_ url: URL, limits: ArchiveLimits = ArchiveLimits()) throws {
    let values = try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)
    guard let size = values?[.size] as? Int, values?[.type] as? FileAttributeType == .typeRegular else {
      throw PacksError.unreadable(url, values == nil ? "there is no such file" : "it is no regular file")
    }
    guard let archive = archive_read_new() else { throw PacksError.unreadable(url, "there is no memory for it") }
    self.archive = archive
    (self.url, self.limits, mostBytes) = (url, limits, limits.bytes(ofFile: size))
    // Only what is written here can be read: of libarchive's thirty formats one, of its filters one.
    archive_read_support_format_tar(archive)
    archive_read_support_filter_gzip(archive)
    guard archive_read_open_filename(archive, url.path, 1 << 16) == ARCHIVE_OK else {
      throw PacksError.notAPack(url, archiveMessage(archive))
    }
  }

  deinit { archive_read_free(archive) }

  /// The next member, or nil at the end.
  public func next() throws -> Member? {
    var entry: OpaquePointer?
    switch archive_read_next_header(archive, &entry) {
    case ARCHIVE_OK: break
    case ARCHIVE_EOF:
      if names.isEmpty { throw PacksError.notAPack(url, "it has no member") }
      return nil
    default:
      throw names.isEmpty ? PacksError.notAPack(url, archiveMessage(archive)) : .damaged(archiveMessage(archive))
    }
    guard archive_filter_code(archive, 0) == ARCHIVE_FILTER_GZIP else { throw PacksError.notAPack(url, "it is not gzipped") }
    guard let entry, let bytes = archive_entry_pathname(entry), let name = String(validatingCString: bytes) else {
      throw PacksError(.unsafeName, "A member of the pack has a name that is not UTF-8.")
    }
    try check(name)
    guard archive_entry_filetype(entry) == Self.regularFile, archive_entry_hardlink(entry) == nil, archive_entry_symlink(entry) == nil
    else { throw PacksError(.notAFile, "The member \(shown(name)) of the pack is a link or a folder, no file.") }
    guard archive_entry_size_is_set(entry) != 0 else { throw PacksError.damaged("the member \(shown(name)) has no size") }
    return Member(name: name, data: try read(name, size: Int(archive_entry_size(entry))))
  }

  private func check(_ name: String) throws {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isBad =
      parts.contains { $0.isEmpty || $0 == "." || $0 == ".." }
      || name.unicodeScalars.contains { [.control, .format].contains($0.properties.generalCategory) || $0 == "\\" }
    guard !isBad, name.utf8.count <= limits.nameLength, parts.count <= limits.depth else {
      throw PacksError(.unsafeName, "The member \(shown(name)) of the pack has a name that no pack has.")
    }
    guard names.insert(name).inserted else { throw PacksError(.duplicate, "The pack has two members \(shown(name)).") }
    guard names.count <= limits.members else {
      throw PacksError(.tooMany, "The pack has more than \(limits.members) members, which no pack has.")
    }
  }

  private func read(_ name: String, size: Int) throws -> Data {
    guard (0...limits.memberBytes).contains(size) else {
      throw PacksError(.tooLarge, "The member \(shown(name)) claims \(spoken(bytes: max(0, size))); \(spoken(bytes: limits.memberBytes)) is the most.")
    }
    // By pieces, so that memory is taken for bytes that are there, not for a claim.
    var data = Data(), piece = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = piece.withUnsafeMutableBytes { archive_read_data(archive, $0.baseAddress, $0.count) }
      guard count >= 0 else { throw PacksError.damaged("\(shown(name)): \(archiveMessage(archive))") }
      if count == 0 { break }
      byteCount += count
      guard data.count + count <= size else { throw PacksError.damaged("\(shown(name)) is longer than it says") }
      guard byteCount <= mostBytes else {
        throw PacksError(.tooDense, "The pack unfolds to more than \(spoken(bytes: mostBytes)), which no pack of its size does.")
      }
      data.append(contentsOf: piece[..<count])
    }
    guard data.count == size else { throw PacksError.damaged("\(shown(name)) has \(data.count) bytes of \(size)") }
    return data
  }

  /// A name fit for a terminal.
  private func shown(_ name: String) -> String {
    let clean = String(String.UnicodeScalarView(name.unicodeScalars.map { [.control, .format].contains($0.properties.generalCategory) ? "?" : $0 }))
    return "“\(clean.count > 80 ? clean.prefix(79) + "…" : clean)”"
  }
}
