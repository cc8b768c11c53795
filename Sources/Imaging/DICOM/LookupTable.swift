/// A table from stored or modality values to others (PS3.3 section C.11.1.1.1).
struct LookupTable: Sendable {
  /// The value that the first entry belongs to; values below it get the first entry, values past the last one the last.
  let first: Int
  let bits: Int
  let entries: [UInt16]

  /// The largest entry that the bits allow.
  var maximum: Double { Double(1 << bits - 1) }

  /// The entry of a value, rounded to a whole one; no number at all counts as the least.
  subscript(value: Double) -> UInt16 {
    let last = Double(entries.count - 1)
    let place = value.isNaN ? 0 : min(max(value.rounded() - Double(first), 0), last)
    return entries[Int(place)]
  }

  /// Reads descriptor and data. `isSigned` says how an untyped descriptor's first value is meant.
  init(_ dataset: DICOMDataset, descriptor: DICOMTag, data: DICOMTag, isSigned: Bool, named name: String) throws {
    let numbers = dataset.words(descriptor)
    guard numbers.count >= 3, let raw = dataset.raw(data) else { throw FormatFailure.malformed("its \(name) is incomplete") }
    let count = numbers[0] == 0 ? 65536 : Int(numbers[0])
    let type = dataset[descriptor]?.type
    let isSignedFirst = type == .signedShort || (type != .unsignedShort && isSigned)
    first = isSignedFirst ? Int(Int16(bitPattern: numbers[1])) : Int(numbers[1])
    bits = Int(numbers[2])
    guard (1...16).contains(bits) else { throw FormatFailure.malformed("its \(name) has \(bits) bits") }
    let words = dataset.words(data)
    if words.count >= count {
      entries = Array(words.prefix(count))
    } else if bits <= 8, raw.count >= count {
      // Two 8-bit entries to a word, the first in its low byte.
      entries = (0..<count).map { index in
        let word = words.indices.contains(index / 2) ? words[index / 2] : UInt16(raw[index])
        return index % 2 == 0 ? word & 0xFF : word >> 8
      }
    } else {
      throw FormatFailure.malformed("its \(name) has \(words.count) entries of \(count)")
    }
  }
}
