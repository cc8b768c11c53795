internal import CArchive
public import Foundation
public import Foundations

/// Writes a gzipped tar whose bytes follow from the members alone: no time, owner, or order of a folder is in it.
///
/// Members are regular files of mode 0644, owner 0, 1 January 1970, in the order they are added. The compressed bytes also
/// follow from the version of zlib, which libarchive uses.
public final class ArchiveWriter {
  /// What libarchive's callback writes to, and the error it met there.
  private final class Sink {
    let writer: AtomicFile.Writer
    let hasher = Digest.Hasher()
    var failure: (any Error)?

    init(_ writer: AtomicFile.Writer) { self.writer = writer }

    func take(_ bytes: UnsafeRawBufferPointer) -> Int {
      do {
        try writer.write(bytes)
        hasher.update(bytes)
        return bytes.count
      } catch {
        failure = error
        return -1
      }
    }
  }

  private let archive: OpaquePointer
  private let sink: Sink

  /// - Parameter writer: an open atomic file, which must stay open until `finish`.
  public init(_ writer: AtomicFile.Writer) throws {
    guard let archive = archive_write_new() else {
      throw PacksError(.unwritable, "libarchive has no memory for an archive.", remedy: "Free memory and try again.")
    }
    self.archive = archive
    sink = Sink(writer)
    archive_write_set_format_pax_restricted(archive)
    archive_write_add_filter_gzip(archive)
    // The time of writing would be in the header otherwise.
    try check(archive_write_set_options(archive, "gzip:!timestamp,gzip:compression-level=6"))
    try check(archive_write_set_bytes_in_last_block(archive, 1))
    try check(
      archive_write_open(
        archive, Unmanaged.passUnretained(sink).toOpaque(), nil,
        { _, client, bytes, count in
          guard let client, let bytes else { return -1 }
          return Unmanaged<Sink>.fromOpaque(client).takeUnretainedValue().take(UnsafeRawBufferPointer(start: bytes, count: count))
        }, nil))
  }

  deinit { archive_write_free(archive) }

  /// Adds a member. `body` gives its bytes in as many pieces as it likes, `count` in all.
  public func add(_ name: String, count: Int, _ body: (_ write: (Data) throws -> Void) throws -> Void) throws {
    let entry = archive_entry_new()
    defer { archive_entry_free(entry) }
    archive_entry_set_pathname(entry, name)
    archive_entry_set_size(entry, la_int64_t(count))
    archive_entry_set_filetype(entry, UInt32(ArchiveReader.regularFile))
    archive_entry_set_perm(entry, 0o644)
    archive_entry_set_mtime(entry, 0, 0)
    try check(archive_write_header(archive, entry))
    var written = 0
    try body { data in
      written += data.count
      guard written <= count else { throw Self.changed(name) }
      try data.withUnsafeBytes { bytes in
        if archive_write_data(archive, bytes.baseAddress, bytes.count) != bytes.count { try check(ARCHIVE_FATAL) }
      }
    }
    guard written == count else { throw Self.changed(name) }
    try check(archive_write_finish_entry(archive))
  }

  public func add(_ name: String, _ data: Data) throws { try add(name, count: data.count) { try $0(data) } }

  /// Ends the archive.
  ///
  /// - Returns: the SHA-256 of all its bytes.
  public func finish() throws -> String {
    try check(archive_write_close(archive))
    return sink.hasher.finalizeHex()
  }

  static func changed(_ name: String) -> PacksError {
    PacksError(
      .changedWhileRead, "\(name) changed while it was packed.", remedy: "Wait until the study's runs have ended, then pack again.")
  }

  private func check(_ status: Int32) throws {
    guard status != ARCHIVE_OK else { return }
    if let failure = sink.failure { throw failure }
    throw PacksError(
      .unwritable, "The archive cannot be written: \(archiveMessage(archive)).", remedy: "Check the disk, then pack again.")
  }
}

/// What libarchive says went wrong last.
func archiveMessage(_ archive: OpaquePointer) -> String {
  archive_error_string(archive).map { String(cString: $0) } ?? "it gives no reason"
}
