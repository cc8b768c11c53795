internal import Foundation

/// The header of an array as `numpy.save` writes it: a mark, a version, and a Python dictionary of three keys as text.
struct NumPyHeader: Equatable {
  /// NumPy's name of the element type, such as `<f4`; nil for a record of several fields.
  var descr: String?
  var isFortranOrder: Bool
  var shape: [Int]
  /// Where the elements start.
  var byteCount: Int

  static let byteLimit = 1 << 16

  /// - Parameter malformed: makes the error about this array, from a reason that goes on after “but”.
  init(_ source: any ByteSource, malformed: (String) -> ContainersError) throws {
    let start = [UInt8](try source.read(offset: 0, count: min(12, source.byteCount)))
    guard start.count >= 10, start.starts(with: [0x93] + Array("NUMPY".utf8)) else { throw malformed("has no mark of numpy.save") }
    let (major, minor) = (start[6], start[7])
    let lengthSize: Int
    switch (major, minor) {
    case (1, 0): lengthSize = 2
    case (2, 0), (3, 0): lengthSize = 4
    default: throw malformed("is of the format version \(major).\(minor), which is not known")
    }
    guard start.count >= 8 + lengthSize else { throw malformed("ends within its header") }
    let length = start[8..<8 + lengthSize].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.byteLimit else { throw malformed("claims a header of \(length) bytes") }
    byteCount = 8 + lengthSize + length
    guard byteCount <= source.byteCount else { throw malformed("ends within its header") }
    let bytes = [UInt8](try source.read(offset: 8 + lengthSize, count: length))
    var reader = PythonLiteralReader(bytes)
    do {
      (descr, isFortranOrder, shape) = try reader.arrayDescription()
    } catch let fault as PythonLiteralReader.Fault {
      throw malformed("has a header that is not NumPy's: \(fault.reason)")
    }
  }
}

/// Reads the one Python dictionary that such a header is.
private struct PythonLiteralReader {
  struct Fault: Error {
    let reason: String
  }

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func arrayDescription() throws -> (descr: String?, isFortranOrder: Bool, shape: [Int]) {
    var descr: String??
    var isFortranOrder: Bool?
    var shape: [Int]?
    try expect("{")
    while !take("}") {
      let key = try text()
      try expect(":")
      switch key {
      case "descr" where descr == nil: descr = .some(try elementType())
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try flag()
      case "shape" where shape == nil: shape = try sizes()
      default: throw Fault(reason: "the key \(key) is unknown or occurs twice")
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard position == bytes.count else { throw Fault(reason: "more text follows the dictionary") }
    guard let descr, let isFortranOrder, let shape else { throw Fault(reason: "descr, fortran_order or shape is missing") }
    return (descr, isFortranOrder, shape)
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private mutating func take(_ word: String) -> Bool {
    skipSpace()
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  private mutating func expect(_ word: String) throws {
    guard take(word) else { throw Fault(reason: "\(word) is missing at byte \(position)") }
  }

  private mutating func text() throws -> String {
    let quote: UInt8 = take("'") ? UInt8(ascii: "'") : UInt8(ascii: "\"")
    if quote == UInt8(ascii: "\"") { try expect("\"") }
    guard let end = bytes[position...].firstIndex(of: quote), !bytes[position..<end].contains(UInt8(ascii: "\\")),
      let text = String(validating: bytes[position..<end], as: UTF8.self)
    else { throw Fault(reason: "a text does not end or is escaped at byte \(position)") }
    position = end + 1
    return text
  }

  /// A text, or nil for the list of fields that a record has, which is passed over.
  private mutating func elementType() throws -> String? {
    guard take("[") else { return try text() }
    var depth = 1
    while depth > 0 {
      skipSpace()
      guard position < bytes.count else { throw Fault(reason: "a list does not end") }
      switch bytes[position] {
      case UInt8(ascii: "["), UInt8(ascii: "("):
        depth += 1
        position += 1
      case UInt8(ascii: "]"), UInt8(ascii: ")"):
        depth -= 1
        position += 1
      case UInt8(ascii: "'"), UInt8(ascii: "\""): _ = try text()
      default: position += 1
      }
    }
    return nil
  }

  private mutating func flag() throws -> Bool {
    if take("True") { return true }
    try expect("False")
    return false
  }

  /// A tuple of whole numbers; Python 2 wrote an L behind large ones.
  private mutating func sizes() throws -> [Int] {
    try expect("(")
    var sizes: [Int] = []
    while !take(")") {
      skipSpace()
      let start = position
      while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
      guard let size = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
        throw Fault(reason: "a size is missing or too large at byte \(start)")
      }
      guard sizes.count < Extent.maximumRank else { throw Fault(reason: "it has more than \(Extent.maximumRank) dimensions") }
      sizes.append(size)
      _ = take("L")
      if !take(",") {
        try expect(")")
        break
      }
    }
    return sizes
  }
}
