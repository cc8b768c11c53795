internal import CZlib
public import Foundation
internal import Foundations

/// Writes what `torch.save` writes since PyTorch 1.6, so that `torch.load(weights_only=True)` reads it: a zip archive of
/// stored members with one pickle and one member for each array.
public enum TorchArchiveWriter {
  /// What the archive's one folder is called; readers take it from the archive.
  static let folder = "archive"
  /// Where the bytes of an array may start: PyTorch maps storages and reads them with vector instructions.
  static let alignment = 64
  /// Sizes and offsets are written in 32 bits, which no backbone comes near.
  static let byteLimit = 0xFFFF_FFFE

  /// Writes `{"state_dict": OrderedDict of the arrays in the given order, "meta": metadata}`, whole or not at all.
  ///
  /// The same arrays with the same metadata give the same bytes. Bytes are fetched one array at a time.
  ///
  /// - Throws: `ContainersError` for a name that occurs twice, an element type that has no storage class in PyTorch, or
  ///   more than 4 GiB; and what reading the arrays or writing the file throws.
  public static func write(_ arrays: [NamedArray], metadata: [String: String] = [:], to url: URL) throws {
    let pickle = try pickle(of: arrays, metadata: metadata)
    try AtomicFile.write(to: url) { writer in
      var archive = StoredZipWriter(writer)
      try archive.add("\(folder)/data.pkl", pickle)
      try archive.add("\(folder)/byteorder", Data("little".utf8))
      for (index, array) in arrays.enumerated() { try archive.add("\(folder)/data/\(index)", try array.bytes()) }
      // PyTorch's version of the archive format, as `torch.save` of 1.6 and later writes it.
      try archive.add("\(folder)/version", Data("3\n".utf8))
      try archive.finish()
    }
  }
}

/// Writes a zip archive whose members are stored, each aligned as PyTorch aligns them: by an extra field of the right length.
private struct StoredZipWriter {
  private let writer: AtomicFile.Writer
  private var position = 0
  private var directory = Data()
  private var memberCount: UInt16 = 0

  init(_ writer: AtomicFile.Writer) { self.writer = writer }

  mutating func add(_ name: String, _ bytes: Data) throws {
    let nameBytes = Data(name.utf8)
    // An extra field has 4 bytes of its own, and then as many as bring the member to its place.
    let unpadded = position + 30 + nameBytes.count + 4
    let padding = (TorchArchiveWriter.alignment - unpadded % TorchArchiveWriter.alignment) % TorchArchiveWriter.alignment
    guard bytes.count <= TorchArchiveWriter.byteLimit - unpadded - padding, memberCount < 0xFFFE else {
      throw ContainersError.tooLargeForArchive()
    }
    let checksum = bytes.withUnsafeBytes { UInt32(crc32_z(0, $0.bindMemory(to: UInt8.self).baseAddress, $0.count)) }

    var header = Data()
    header.append(little: 0x0403_4B50 as UInt32)
    header.append(Self.sharedFields(checksum: checksum, size: bytes.count, nameLength: nameBytes.count))
    header.append(little: UInt16(4 + padding))
    header.append(nameBytes)
    header.append(Data("FB".utf8))
    header.append(little: UInt16(padding))
    header.append(Data(repeating: UInt8(ascii: "Z"), count: padding))

    directory.append(little: 0x0201_4B50 as UInt32)
    directory.append(little: 0 as UInt16)
    directory.append(Self.sharedFields(checksum: checksum, size: bytes.count, nameLength: nameBytes.count))
    directory.append(Data(count: 2 + 2 + 2 + 2 + 4))  // Extra field, comment, disk, attributes.
    directory.append(little: UInt32(position))
    directory.append(nameBytes)

    try writer.write(header)
    try writer.write(bytes)
    position += header.count + bytes.count
    memberCount += 1
  }

  mutating func finish() throws {
    guard directory.count <= TorchArchiveWriter.byteLimit - position else { throw ContainersError.tooLargeForArchive() }
    var end = Data()
    end.append(little: 0x0605_4B50 as UInt32)
    end.append(Data(count: 4))  // Disks.
    end.append(little: memberCount)
    end.append(little: memberCount)
    end.append(little: UInt32(directory.count))
    end.append(little: UInt32(position))
    end.append(Data(count: 2))  // Comment.
    try writer.write(directory)
    try writer.write(end)
  }

  /// What a member's own header and the directory both say: version, flags, method, time, checksum, sizes, name.
  private static func sharedFields(checksum: UInt32, size: Int, nameLength: Int) -> Data {
    var fields = Data()
    fields.append(little: 20 as UInt16)
    fields.append(little: 0x0800 as UInt16)  // Names are UTF-8.
    fields.append(little: 0 as UInt16)  // Stored.
    fields.append(little: 0 as UInt16)
    fields.append(little: 0x0021 as UInt16)  // 1 January 1980, so that the same content is the same bytes.
    fields.append(little: checksum)
    fields.append(little: UInt32(size))
    fields.append(little: UInt32(size))
    fields.append(little: UInt16(nameLength))
    return fields
  }
}

extension Data {
  fileprivate mutating func append(little value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}

extension ContainersError {
  static func tooLargeForArchive() -> ContainersError {
    ContainersError(
      .tooLarge, "The arrays take more than 4 GiB, which is too much for the torch archives that are written here.",
      remedy: "Write safetensors.")
  }

  static func noTorchStorage(_ array: NamedArray) -> ContainersError {
    ContainersError(
      .unsupportedContainer, "\(array.name) is stored as \(array.elementType.rawValue), for which PyTorch has no storage class.",
      remedy: "Write safetensors.")
  }
}
