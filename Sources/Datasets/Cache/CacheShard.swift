import Foundation
import Foundations
import Imaging
import Synchronization

/// A file of the cache: the pixels of several images, one behind the other, a table of them, and a footer.
///
/// Numbers are little endian. Pixels lie as in a `PixelBuffer`, each image's first sample on a multiple of 64 bytes, rows without
/// gaps, so that a crop touches only the pages of its rows. The footer is 64 bytes: where the table starts, how many entries it
/// has, the SHA-256 of the table, and the mark of the format. A shard is never changed once it is there.
///
/// The table's digest is checked when the shard is opened, and each image's when it is touched for the first time, before any of its
/// pixels is given away: reading all of them first would cost more than the cache saves on a short run.
final class CacheShard: Sendable {
  struct Entry: Equatable {
    var key: CacheKey
    var offset: Int
    var byteCount: Int
    var width: Int
    var height: Int
    var channels: Int
    var bitDepth: Int
    /// The SHA-256 of the pixels.
    var digest: [UInt8]
  }

  enum Check { case sound, damaged }

  static let mark = Array("MTPIXEL1".utf8)
  static let entryByteCount = 96
  static let footerByteCount = 64
  static let alignment = 64
  static let fileExtension = "shard"

  let url: URL
  let entries: [Entry]
  private let file: MappedFile
  private let checks: Mutex<[Check?]>

  /// Maps a shard. Gives nil, and why, where it is not whole.
  static func open(_ url: URL) -> Result<CacheShard, CacheDamage> {
    do {
      let file = try MappedFile(url)
      guard let entries = file.withBytes({ table(of: $0) }) else {
        return .failure(CacheDamage(shard: url, reason: "its table does not fit its checksum"))
      }
      return .success(CacheShard(url: url, entries: entries, file: file))
    } catch {
      return .failure(CacheDamage(shard: url, reason: sentence(for: error)))
    }
  }

  private init(url: URL, entries: [Entry], file: MappedFile) {
    self.url = url
    self.entries = entries
    self.file = file
    checks = Mutex(Array(repeating: nil, count: entries.count))
  }

  /// Lends the pixels of an entry to `body`; nil where they are damaged.
  func withPixels<Answer>(of index: Int, _ body: (PixelView) throws -> Answer) throws -> Answer? {
    guard check(index) == .sound else { return nil }
    let entry = entries[index]
    return try file.withBytes { bytes in
      try body(
        PixelView(
          width: entry.width, height: entry.height, channels: entry.channels, bitDepth: entry.bitDepth,
          bytes: entry.pixels(in: bytes)))
    }
  }

  /// Compares the pixels of an entry with their digest, once.
  func check(_ index: Int) -> Check {
    if let known = checks.withLock({ $0[index] }) { return known }
    let hasher = Digest.Hasher()
    file.withBytes { hasher.update(entries[index].pixels(in: $0)) }
    let found: Check = hasher.finalize() == entries[index].digest ? .sound : .damaged
    checks.withLock { $0[index] = found }
    return found
  }

  // MARK: The table

  /// nil where anything contradicts anything.
  private static func table(of file: UnsafeRawBufferPointer) -> [Entry]? {
    guard file.count >= footerByteCount else { return nil }
    let footer = UnsafeRawBufferPointer(rebasing: file[(file.count - footerByteCount)...])
    let (start, count) = (footer.number(at: 0, width: 8), footer.number(at: 8, width: 8))
    let end = file.count - footerByteCount
    guard footer[48..<56].elementsEqual(mark), start >= 0, start <= end, count >= 0, count <= (end - start) / entryByteCount,
      start + count * entryByteCount == end
    else { return nil }
    let table = UnsafeRawBufferPointer(rebasing: file[start..<end])
    let hasher = Digest.Hasher()
    hasher.update(table)
    guard hasher.finalize().elementsEqual(footer[16..<48]) else { return nil }
    let entries = (0..<count).map { Entry(UnsafeRawBufferPointer(rebasing: table[($0 * entryByteCount)..<(($0 + 1) * entryByteCount)])) }
    return entries.allSatisfy { $0.fits(before: start) } ? entries : nil
  }
}

/// A shard that is not what was written.
struct CacheDamage: Error, Equatable {
  let shard: URL
  let reason: String
}

extension CacheShard.Entry {
  init(_ bytes: UnsafeRawBufferPointer) {
    self.init(
      key: CacheKey(bytes: Array(bytes[0..<32])), offset: bytes.number(at: 32, width: 8), byteCount: bytes.number(at: 40, width: 8),
      width: bytes.number(at: 48, width: 4), height: bytes.number(at: 52, width: 4), channels: Int(bytes[56]),
      bitDepth: Int(bytes[57]), digest: Array(bytes[64..<96]))
  }

  var bytes: [UInt8] {
    key.bytes + .number(offset, width: 8) + .number(byteCount, width: 8) + .number(width, width: 4) + .number(height, width: 4)
      + [UInt8(channels), UInt8(bitDepth), 0, 0, 0, 0, 0, 0] + digest
  }

  func pixels(in file: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: file[offset..<offset + byteCount])
  }

  func fits(before end: Int) -> Bool {
    let sampleByteCount = bitDepth <= 8 ? 1 : 2
    return offset >= 0 && byteCount > 0 && offset <= end - byteCount && offset % CacheShard.alignment == 0
      && (1...4).contains(channels) && (1...16).contains(bitDepth) && width > 0 && height > 0
      && width <= byteCount && height <= byteCount / width && width * height * channels * sampleByteCount == byteCount
  }
}

extension UnsafeRawBufferPointer {
  /// The little-endian number at a position.
  fileprivate func number(at position: Int, width: Int) -> Int {
    var value: UInt64 = 0
    for index in (0..<width).reversed() { value = value << 8 | UInt64(self[position + index]) }
    return Int(truncatingIfNeeded: value)
  }
}

extension [UInt8] {
  static func number(_ value: Int, width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
