internal import Foundation

extension ContainerKind {
  public static let safetensors = ContainerKind(SafetensorsContainer.self)
}

/// Reads safetensors: a 64-bit header length, a JSON header, one buffer of array bytes.
///
/// Every rule of the format's description is held: header at most 100 MB, no name twice, and the arrays cover the buffer
/// exactly, without a hole or an overlap. Empty arrays and single numbers (no dimension) are legal.
enum SafetensorsContainer: SingleFileContainer {
  static let name = "safetensors", shortName = "safetensors", description = "a safetensors file"
  static let resaveAdvice = TorchArchiveContainer.resaveAdvice

  /// The header's braces open after its length.
  static func recognizes(_ signature: Signature) -> Bool { signature.head.count >= 9 && signature.head[8] == UInt8(ascii: "{") }

  static func read(_ source: any ByteSource) throws -> CheckpointContents {
    let prefix = try source.read(offset: 0, count: 8)
    let declared = prefix.enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
    guard declared <= UInt64(SafetensorsHeader.byteLimit) else {
      throw ContainersError.malformedSafetensors(
        "its header claims \(declared) bytes, more than the limit of \(SafetensorsHeader.byteLimit)")
    }
    let length = Int(declared)
    guard length <= source.byteCount - 8 else {
      throw ContainersError.truncated(needed: "a header of \(length) bytes", available: source.byteCount)
    }
    let header = try SafetensorsHeader(parsing: try source.read(offset: 8, count: length))
    try checkCoverage(header.entries, bufferSize: source.byteCount - 8 - length)
    let arrays = try header.entries.map { try array($0, source: source, bufferStart: 8 + length) }
    return CheckpointContents(root: .dictionary(arrays.map { ($0.name, .array($0)) }), metadata: header.metadata)
  }

  /// In order of offset every array starts where the one before it ended, and the last ends with the file.
  private static func checkCoverage(_ entries: [SafetensorsEntry], bufferSize: Int) throws {
    var position = 0
    for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard entry.begin <= entry.end else {
        throw ContainersError.malformedSafetensors("\(entry.name) ends at \(entry.end), before its start at \(entry.begin)")
      }
      guard entry.begin == position else {
        let fault = entry.begin < position ? "overlaps the array before it" : "leaves a hole before it"
        throw ContainersError.malformedSafetensors("\(entry.name) at offset \(entry.begin) \(fault), which ends at \(position)")
      }
      position = entry.end
    }
    guard position <= bufferSize else {
      throw ContainersError.truncated(needed: "\(position) bytes of arrays", available: bufferSize)
    }
    guard position == bufferSize else {
      throw ContainersError.malformedSafetensors("\(bufferSize - position) bytes at its end belong to no array")
    }
  }

  private static func array(_ entry: SafetensorsEntry, source: any ByteSource, bufferStart: Int) throws -> NamedArray {
    guard let elementType = ElementType(rawValue: entry.elementType) else {
      throw ContainersError.malformedSafetensors("\(entry.name) has the element type \(entry.elementType), which is not known")
    }
    guard let count = Extent.elementCount(entry.shape), let size = Extent.product(count, elementType.byteCount),
      size == entry.end - entry.begin
    else {
      throw ContainersError.malformedSafetensors(
        "\(entry.name) has \(entry.end - entry.begin) bytes, which do not fit \(entry.elementType) of shape \(entry.shape)")
    }
    return try NamedArray(
      name: entry.name, elementType: elementType, shape: entry.shape, source: source,
      byteOffset: bufferStart + entry.begin, strides: nil)
  }
}
