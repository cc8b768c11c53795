public import Foundation
internal import Foundations

/// Writes safetensors files.
public enum SafetensorsFile {
  /// Writes arrays under their names, whole or not at all.
  ///
  /// The same arrays in the same order with the same metadata give the same bytes. The header names the arrays in the
  /// given order; the bytes of wider elements come first, so that every array is aligned to its element size, and the
  /// header is padded with spaces to a multiple of 8. Bytes are fetched one array at a time.
  ///
  /// - Throws: `ContainersError` for a name that occurs twice or is `__metadata__`, and what reading the arrays or writing
  ///   the file throws.
  public static func write(_ arrays: [NamedArray], metadata: [String: String] = [:], to url: URL) throws {
    let layout = arrays.enumerated()
      .sorted { ($1.element.elementType.byteCount, $0.offset) < ($0.element.elementType.byteCount, $1.offset) }
      .map(\.element)
    let header = try header(for: arrays, layout: layout, metadata: metadata)
    try AtomicFile.write(to: url) { writer in
      try writer.write(header)
      for array in layout { try writer.write(try array.bytes()) }
    }
  }

  /// The length, then the JSON padded with spaces.
  static func header(for arrays: [NamedArray], layout: [NamedArray], metadata: [String: String]) throws -> Data {
    var begins: [String: Int] = [:]
    var end = 0
    for array in layout {
      guard array.name != "__metadata__", begins.updateValue(end, forKey: array.name) == nil else {
        throw ContainersError.duplicateName(array.name)
      }
      end += array.byteCount
    }
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    for array in arrays {
      let begin = begins[array.name, default: 0]
      let shape = array.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(quoted(array.name)):{\"dtype\":\"\(array.elementType.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(begin),\(begin + array.byteCount)]}")
    }
    var text = Data("{\(members.joined(separator: ","))}".utf8)
    text.append(Data(repeating: 0x20, count: (8 - text.count % 8) % 8))
    guard text.count <= SafetensorsHeader.byteLimit else { throw ContainersError.unwritableHeader(byteCount: text.count) }
    var length = UInt64(text.count).littleEndian
    return withUnsafeBytes(of: &length) { Data($0) } + text
  }

  /// A JSON string: quotes, backslashes and control characters escaped, everything else as it is.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
