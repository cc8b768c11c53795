public import Datasets
import Foundation
import Foundations
import Imaging

extension CacheShard {
  /// Takes images until a shard is full, and makes a file of them, whole or not at all.
  ///
  /// The images wait in memory: a shard is at most `limit` bytes and one image large.
  struct Writer {
    let folder: URL
    /// A shard with more bytes is full.
    let limit: Int
    private(set) var byteCount = 0
    private var images: [(key: CacheKey, buffer: PixelBuffer)] = []

    init(folder: URL, limit: Int) {
      self.folder = folder
      self.limit = limit
    }

    var isFull: Bool { byteCount >= limit }
    var isEmpty: Bool { images.isEmpty }

    mutating func add(_ buffer: PixelBuffer, key: CacheKey) {
      images.append((key, buffer))
      byteCount += buffer.withView { $0.bytes.count }
    }

    /// Writes what was taken. The name follows from the first key: two processes that build the same cache write the same files.
    mutating func publish() throws -> CacheShard? {
      guard let first = images.first else { return nil }
      let url = folder.appendingPathComponent("\(first.key.hex.prefix(32)).\(CacheShard.fileExtension)")
      let images = images
      try AtomicFile.write(to: url) { file in
        var entries: [Entry] = []
        var offset = 0
        for (key, buffer) in images {
          try buffer.withView { view in
            let hasher = Digest.Hasher()
            hasher.update(view.bytes)
            try file.write(view.bytes)
            entries.append(
              Entry(
                key: key, offset: offset, byteCount: view.bytes.count, width: view.width, height: view.height,
                channels: view.channels, bitDepth: view.bitDepth, digest: hasher.finalize()))
            offset += view.bytes.count
            let padding = (alignment - offset % alignment) % alignment
            try file.write(Data(count: padding))
            offset += padding
          }
        }
        let table = entries.flatMap(\.bytes)
        let hasher = Digest.Hasher()
        table.withUnsafeBytes { hasher.update($0) }
        let footer = [UInt8].number(offset, width: 8) + .number(entries.count, width: 8) + hasher.finalize() + mark
        try file.write(Data(table + footer + [UInt8](repeating: 0, count: footerByteCount - footer.count)))
      }
      self.images = []
      byteCount = 0
      switch CacheShard.open(url) {
      case .success(let shard): return shard
      case .failure(let damage): throw DatasetsError.unusableShard(damage)
      }
    }
  }
}
