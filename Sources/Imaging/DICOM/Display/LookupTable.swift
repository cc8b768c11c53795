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

  /// Whether an item has neither descriptor nor data, as LEADTOOLS leaves it where there is no table.
  static func isMissing(in item: DICOMDataset) -> Bool {
    item.raw(.lutDescriptor)?.isEmpty ?? true && item.raw(.lutData)?.isEmpty ?? true
  }

  /// Reads descriptor and data. `isSigned` says how an untyped descriptor's first value is meant.
  init(_ dataset: DICOMDataset, descriptor: DICOMTag, data: DICOMTag, isSigned: Bool, named name: String) throws {
    let described = try Descriptor(dataset, descriptor, isSigned: isSigned, named: name)
    guard let raw = dataset.raw(data) else { throw FormatFailure.contradictory("its \(name) is incomplete") }
    (first, bits) = (described.first, described.bits)
    let count = described.count
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
      throw FormatFailure.contradictory("its \(name) has \(words.count) entries of \(count)")
    }
  }

  private init(_ described: Descriptor, entries: [UInt16]) {
    (first, bits) = (described.first, described.bits)
    self.entries = entries
  }

  /// The palette of a color (0 red, 1 green, 2 blue), entry by entry or in segments.
  init(paletteOf dataset: DICOMDataset, color: UInt16, isSigned: Bool) throws {
    let descriptor = DICOMTag(0x0028, DICOMTag.paletteDescriptor.element + color)
    let plain = DICOMTag(0x0028, DICOMTag.paletteData.element + color)
    let segmented = DICOMTag(0x0028, DICOMTag.segmentedPaletteData.element + color)
    guard dataset.raw(plain)?.isEmpty ?? true, let raw = dataset.raw(segmented) else {
      try self.init(dataset, descriptor: descriptor, data: plain, isSigned: isSigned, named: "palette")
      return
    }
    let described = try Descriptor(dataset, descriptor, isSigned: isSigned, named: "palette")
    let numbers = described.bits > 8 ? dataset.words(segmented) : raw.map { UInt16($0) }
    let palette = SegmentedPalette(numbers, isWide: described.bits > 8, isBigEndian: dataset.encoding.isBigEndian)
    self.init(described, entries: try palette.expanded(to: described.count))
  }

  /// How many entries there are, where they begin, and how deep they are.
  private struct Descriptor {
    let count: Int
    let first: Int
    let bits: Int

    init(_ dataset: DICOMDataset, _ tag: DICOMTag, isSigned: Bool, named name: String) throws {
      let numbers = dataset.words(tag)
      guard numbers.count >= 3 else { throw FormatFailure.contradictory("its \(name) is incomplete") }
      count = numbers[0] == 0 ? 65536 : Int(numbers[0])
      let type = dataset[tag]?.type
      let isSignedFirst = type == .signedShort || (type != .unsignedShort && isSigned)
      first = isSignedFirst ? Int(Int16(bitPattern: numbers[1])) : Int(numbers[1])
      bits = Int(numbers[2])
      guard (1...16).contains(bits) else { throw FormatFailure.contradictory("its \(name) has \(bits) bits") }
    }
  }
}
