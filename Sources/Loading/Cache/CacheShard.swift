public import Datasets
import Foundation
import Foundations
import Imaging
import Synchronization

/// A file of the cache: the pixels of several images, one behind the other, a table of them, and a footer.
///
/// Numbers are little endian. Pixels lie as in a `PixelBuffer`, each image's first sample on a multiple of 64 bytes, rows without
/// gaps. The footer is 64 bytes: where the table starts, how many entries it
/// has, the SHA-256 of the table, and the mark of the format. A shard is never changed once it is there.
///
/// The table's digest is checked when the shard is opened, and each image's when it is read for the first time, before any of its
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

  enum Check { case sound, damaged, unread }

  static let mark = Array("MTPIXEL1".utf8)
  static let entryByteCount = 96
  static let footerByteCount = 64
  static let alignment = 64
  static let fileExtension = "shard"

  let url: URL
  let entries: [Entry]
  private let file: ShardFile
  private let checks: Mutex<[Check?]>

  /// Opens a shard. Gives nil, and why, where it is not whole.
  static func open(_ url: URL) -> Result<CacheShard, CacheDamage> {
    do {
      let file = try ShardFile(url)
      guard let entries = try table(of: file) else {
        return .failure(CacheDamage(shard: url, reason: "its table does not fit its checksum"))
      }
      return .success(CacheShard(url: url, entries: entries, file: file))
    } catch {
      return .failure(CacheDamage(shard: url, reason: sentence(for: error), isOfContent: false))
    }
  }

  private init(url: URL, entries: [Entry], file: ShardFile) {
    self.url = url
    self.entries = entries
    self.file = file
    checks = Mutex(Array(repeating: nil, count: entries.count))
  }

  /// Lends the pixels of an entry to `body`; nil where they are damaged.
  func withPixels<Answer>(of index: Int, _ body: (PixelView) throws -> Answer) throws -> Answer? {
    // Whoever asks decodes the file instead.
    guard let pixels = (try? SystemFault.patiently({ try self.pixels(of: index) })) ?? nil else { return nil }
    let entry = entries[index]
    return try pixels.withUnsafeBytes { bytes in
      try body(PixelView(width: entry.width, height: entry.height, channels: entry.channels, bitDepth: entry.bitDepth, bytes: bytes))
    }
  }

  /// Compares the pixels of an entry with their digest, once.
  func check(_ index: Int) -> Check {
    if let known = checks.withLock({ $0[index] }) { return known }
    // What cannot be read now is not known to be damaged.
    do { return try pixels(of: index) == nil ? .damaged : .sound } catch { return .unread }
  }

  /// Why pixels of an entry are not given away.
  func damage(of index: Int) -> CacheDamage {
    let isShort: Bool
    do {
      isShort = try file.bytes(at: entries[index].offset + entries[index].byteCount - 1, count: 1) == nil
      guard checks.withLock({ $0[index] }) == .damaged else {
        return CacheDamage(shard: url, reason: "image \(index + 1) of it cannot be read now.", isOfContent: false)
      }
    } catch {
      return CacheDamage(shard: url, reason: sentence(for: error), isOfContent: false)
    }
    return CacheDamage(
      shard: url, reason: isShort ? "it was cut short while it was in use" : "the pixels of image \(index + 1) do not fit their checksum")
  }

  /// The pixels of an entry, held to their digest when they are read for the first time; nil where they are damaged.
  private func pixels(of index: Int) throws -> [UInt8]? {
    let entry = entries[index], known = checks.withLock { $0[index] }
    guard known != .damaged else { return nil }
    guard let pixels = try file.bytes(at: entry.offset, count: entry.byteCount) else {
      checks.withLock { $0[index] = .damaged }
      return nil
    }
    if known == .sound { return pixels }
    let hasher = Digest.Hasher()
    pixels.withUnsafeBytes { hasher.update($0) }
    let isSound = hasher.finalize() == entry.digest
    checks.withLock { $0[index] = isSound ? .sound : .damaged }
    return isSound ? pixels : nil
  }

  // MARK: The table

  /// nil where anything contradicts anything.
  private static func table(of file: ShardFile) throws -> [Entry]? {
    let end = file.byteCount - footerByteCount
    guard end >= 0, let footer = try file.bytes(at: end, count: footerByteCount) else { return nil }
    let (start, count) = footer.withUnsafeBytes { ($0.number(at: 0, width: 8), $0.number(at: 8, width: 8)) }
    guard footer[48..<56].elementsEqual(mark), start >= 0, start <= end, count >= 0, count <= (end - start) / entryByteCount,
      start + count * entryByteCount == end, let table = try file.bytes(at: start, count: end - start)
    else { return nil }
    return table.withUnsafeBytes { table in
      let hasher = Digest.Hasher()
      hasher.update(table)
      guard hasher.finalize().elementsEqual(footer[16..<48]) else { return nil }
      let entries = (0..<count).map { Entry(UnsafeRawBufferPointer(rebasing: table[($0 * entryByteCount)..<(($0 + 1) * entryByteCount)])) }
      return entries.allSatisfy { $0.fits(before: start) } ? entries : nil
    }
  }
}

/// A shard that is not what was written.
struct CacheDamage: Error, Equatable {
  let shard: URL
  let reason: String
  /// Whether its bytes are wrong. A file that could not be opened now may be whole, and stays.
  var isOfContent = true
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
