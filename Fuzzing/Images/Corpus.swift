internal import Foundation
internal import Foundations
internal import Mutations

/// The files that inputs are made from, by format. Files that the reader refuses are among them: damage upon damage is damage too.
struct Corpus {
  private let byFormat: [String: [(name: String, bytes: [UInt8])]]

  /// Ending of the name and what the format is called.
  private static let names = [
    "png": "png", "jpg": "jpeg", "jpeg": "jpeg", "tif": "tiff", "tiff": "tiff", "gif": "gif", "dcm": "dicom", "nii": "nifti", "gz": "nifti",
  ]

  init(_ folders: [URL]) {
    var found: [String: [(name: String, bytes: [UInt8])]] = [:]
    for folder in folders {
      let walker = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
      for url in (walker?.compactMap { $0 as? URL } ?? []).sorted(by: { $0.path < $1.path }) {
        guard let format = Self.names[url.pathExtension.lowercased()], let data = try? Data(contentsOf: url), !data.isEmpty, data.count < 4 << 20
        else { continue }
        found[format, default: []].append((url.lastPathComponent, [UInt8](data)))
      }
    }
    // A raw image has no header: any bytes are one.
    if let nifti = found["nifti"] { found["raw"] = nifti }
    byFormat = found
  }

  var formats: [String] { byFormat.keys.sorted() }

  func files(_ format: String) -> [(name: String, bytes: [UInt8])] { byFormat[format] ?? [] }

  func input(_ number: Int, of format: String, seed: UInt64) -> (name: String, bytes: [UInt8]) {
    let files = files(format)
    var generator = (SeedPath(Int(truncatingIfNeeded: seed)) / "images" / format / number).generator()
    let file = files[generator.integer(below: files.count)], donor = files[generator.integer(below: files.count)]
    // Chunks of PNG carry checksums: half of the damage is hidden behind right ones.
    if format == "png", generator.integer(below: 2) == 0, let bytes = RepairedPNG.mutated(file.bytes, donor: donor.bytes, with: &generator) {
      return (file.name, bytes)
    }
    let structure = generator.integer(below: 2) == 0 ? 0..<file.bytes.count : nil
    return (file.name, FileMutation.mutated(file.bytes, donor: donor.bytes, structure: structure, with: &generator))
  }
}

/// Damage to the content of a PNG chunk, whose checksum is made right again.
enum RepairedPNG {
  static func mutated(_ original: [UInt8], donor: [UInt8], with generator: inout SeededGenerator) -> [UInt8]? {
    var chunks: [(type: [UInt8], data: [UInt8])] = []
    var position = 8
    while position + 12 <= original.count {
      let length = original[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= original.count - position - 12 else { return nil }
      chunks.append((Array(original[position + 4..<position + 8]), Array(original[position + 8..<position + 8 + length])))
      position += length + 12
    }
    guard !chunks.isEmpty else { return nil }
    let changed = generator.integer(below: chunks.count)
    chunks[changed].data = FileMutation.mutated(
      chunks[changed].data, donor: donor, structure: 0..<chunks[changed].data.count, with: &generator)
    func bigEndian(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 255) } }
    return Array(original.prefix(8))
      + chunks.flatMap { bigEndian(UInt32($0.data.count)) + $0.type + $0.data + bigEndian(Checksums.crc32($0.type + $0.data)) }
  }
}
