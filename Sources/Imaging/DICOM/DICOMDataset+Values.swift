extension DICOMDataset {
  /// The bytes of an element, or nil where it is not there.
  func raw(_ tag: DICOMTag) -> UnsafeRawBufferPointer? {
    guard let element = self[tag], !element.isDelimited else { return nil }
    return UnsafeRawBufferPointer(rebasing: bytes[element.value])
  }

  /// The parts of a text between backslashes, without the padding around them; none where the element is absent or empty.
  func texts(_ tag: DICOMTag) -> [String] {
    guard let raw = raw(tag), !raw.isEmpty else { return [] }
    return raw.prefix(1 << 16).split(separator: UInt8(ascii: "\\"), omittingEmptySubsequences: false).map { part in
      let padding: (UInt8) -> Bool = { $0 == 32 || $0 == 0 }
      let trimmed = part.drop(while: padding)
      let end = trimmed.lastIndex { !padding($0) }.map { $0 + 1 } ?? trimmed.startIndex
      let text = Array(trimmed[..<end])
      // ASCII and UTF-8 as they are, else Latin-1: identifiers only, so names in other character sets do not matter.
      return String(validating: text, as: UTF8.self) ?? String(text.map { Character(UnicodeScalar($0)) })
    }
  }

  func text(_ tag: DICOMTag) -> String? { texts(tag).first.flatMap { $0.isEmpty ? nil : $0 } }

  /// The numbers of an element, written as digits or as binary numbers. Throws where digits are none.
  func numbers(_ tag: DICOMTag, named name: String, default type: DICOMValueType? = nil) throws -> [Double] {
    let numbers = try unchecked(tag, named: name, default: type)
    guard numbers.allSatisfy(\.isFinite) else { throw FormatFailure.malformed("its \(name) is not finite") }
    return numbers
  }

  /// The values of an optional element of numbers in the file's order, each with how it is written; nil where that is no number.
  func attempted(_ tag: DICOMTag, default type: DICOMValueType? = nil) -> [(number: Double?, text: String)] {
    if let numbers = binary(tag, default: type) { return numbers.map { ($0.isFinite ? $0 : nil, "\($0)") } }
    return texts(tag).map { (Double($0).flatMap { $0.isFinite ? $0 : nil }, String($0.prefix(40))) }
  }

  private func unchecked(_ tag: DICOMTag, named name: String, default type: DICOMValueType?) throws -> [Double] {
    if let numbers = binary(tag, default: type) { return numbers }
    return try texts(tag).compactMap { text in
      guard !text.isEmpty else { return nil }
      guard let number = Double(text), number.isFinite else {
        throw FormatFailure.contradictory("its \(name) is “\(text.prefix(40))”, which is no number")
      }
      return number
    }
  }

  /// The numbers of an element that is written in binary; nil where it is written in digits.
  private func binary(_ tag: DICOMTag, default type: DICOMValueType?) -> [Double]? {
    guard let raw = raw(tag), !raw.isEmpty else { return [] }
    switch self[tag]?.type.flatMap({ $0 == .unknown ? nil : $0 }) ?? type {
    case .unsignedShort?, .words?: return values(raw, UInt16.self).map(Double.init)
    case .signedShort?: return values(raw, Int16.self).map(Double.init)
    case .unsignedLong?: return values(raw, UInt32.self).map(Double.init)
    case .signedLong?: return values(raw, Int32.self).map(Double.init)
    case .float?: return values(raw, UInt32.self).map { Double(Float(bitPattern: $0)) }
    case .double?: return values(raw, UInt64.self).map { Double(bitPattern: $0) }
    default: return nil
    }
  }

  /// The first number of an element, which has to be a whole one.
  func integer(_ tag: DICOMTag, named name: String, default type: DICOMValueType? = .unsignedShort) throws -> Int? {
    guard let number = try numbers(tag, named: name, default: type).first else { return nil }
    guard let whole = Int(exactly: number) else {
      throw FormatFailure.contradictory("its \(name) is \(number), which is no whole number")
    }
    return whole
  }

  /// 16-bit words in host byte order.
  func words(_ tag: DICOMTag) -> [UInt16] { raw(tag).map { values($0, UInt16.self) } ?? [] }

  private func values<Value: FixedWidthInteger>(_ raw: UnsafeRawBufferPointer, _ type: Value.Type) -> [Value] {
    (0..<raw.count / MemoryLayout<Value>.size).map { index in
      let value = raw.loadUnaligned(fromByteOffset: index * MemoryLayout<Value>.size, as: Value.self)
      return encoding.isBigEndian ? Value(bigEndian: value) : Value(littleEndian: value)
    }
  }
}
