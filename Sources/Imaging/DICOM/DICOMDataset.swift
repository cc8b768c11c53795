/// How the elements of a data set are written.
struct DICOMEncoding: Hashable, Sendable {
  /// Whether each element says its type (its value representation).
  var isExplicit: Bool
  var isBigEndian: Bool
}

/// The elements of a DICOM data set, or of one item of a sequence, as places in the file's bytes; values are read when asked for.
///
/// Sequences are stepped over without recursion, so that no depth of nesting costs stack, and no length is believed beyond the
/// bytes that are there.
struct DICOMDataset {
  struct Element {
    /// Two letters, or nil where the file does not say.
    let type: DICOMValueType?
    let value: Range<Int>
    /// Whether the value is a run of items up to a delimiter, which `value` includes.
    let isDelimited: Bool
  }

  let bytes: UnsafeRawBufferPointer
  let encoding: DICOMEncoding
  private(set) var elements: [DICOMTag: Element] = [:]

  /// Reads elements up to the end of `range`, or up to and with the pixel data. The first of two equal tags counts.
  ///
  /// - Parameter endsBeforePixels: Stops at the pixel data without them, so that the head of a file is enough.
  init(
    _ bytes: UnsafeRawBufferPointer, in range: Range<Int>, encoding: DICOMEncoding, isItem: Bool = false, endsBeforePixels: Bool = false
  ) throws {
    self.bytes = bytes
    self.encoding = encoding
    var reader = DICOMElementReader(bytes: bytes, position: range.lowerBound, end: range.upperBound)
    while let header = try reader.next(encoding) {
      if header.tag == .itemEnd && isItem { break }
      if header.tag.group == 0xFFFE {
        // Some ultrasound machines close a sequence before its items, which then lie between the elements: they are stepped over.
        reader.position = try reader.endOfStray(header, encoding)
        continue
      }
      if endsBeforePixels && header.tag.isPixelData { return }
      let start = reader.position
      var end = start
      if let length = header.length {
        guard length <= range.upperBound - start else {
          throw FormatFailure.truncated("its DICOM data end before the picture is complete")
        }
        end += length
      } else if header.tag == .pixelData {
        // Fragments: what follows them is of no interest.
        end = range.upperBound
      } else {
        end = try reader.endOfSequence(encoding, isUnknown: header.type == .unknown)
      }
      reader.position = end
      let element = Element(type: header.type, value: start..<end, isDelimited: header.length == nil)
      if elements[header.tag] == nil { elements[header.tag] = element }
      if header.tag.isPixelData && !isItem { break }
    }
    // The head ended somewhere between the elements.
    if endsBeforePixels { throw FormatFailure.truncated("its DICOM data end before the picture") }
  }

  subscript(tag: DICOMTag) -> Element? { elements[tag] }

  /// The items of a sequence, at most `limit` of them; none where the sequence is not there.
  func items(of tag: DICOMTag, limit: Int = 64) throws -> [DICOMDataset] {
    var found: [DICOMDataset] = []
    try forEachItem(of: tag) { range, encoding in
      found.append(try DICOMDataset(bytes, in: range, encoding: encoding, isItem: true))
      return found.count < limit
    }
    return found
  }

  /// The item at a place of a sequence, or nil.
  func item(_ index: Int, of tag: DICOMTag) throws -> DICOMDataset? {
    var place = 0
    var result: DICOMDataset?
    try forEachItem(of: tag) { range, encoding in
      if place == index { result = try DICOMDataset(bytes, in: range, encoding: encoding, isItem: true) }
      place += 1
      return place <= index
    }
    return result
  }

  /// The items of a sequence of lookup tables that hold one; empty items, as some toolkits write, are none.
  func tables(_ tag: DICOMTag) throws -> [DICOMDataset] { try items(of: tag).filter { !LookupTable.isMissing(in: $0) } }

  private func forEachItem(of tag: DICOMTag, _ body: (Range<Int>, DICOMEncoding) throws -> Bool) throws {
    guard let element = elements[tag] else { return }
    // A sequence that a copier did not know is implicit, whatever the file is (PS3.5 section 6.2.2).
    let inner = element.type == .unknown ? DICOMEncoding(isExplicit: false, isBigEndian: encoding.isBigEndian) : encoding
    var reader = DICOMElementReader(bytes: bytes, position: element.value.lowerBound, end: element.value.upperBound)
    while let header = try reader.next(inner), header.tag == .item {
      let start = reader.position
      let end: Int
      if let length = header.length {
        guard length <= element.value.upperBound - start else {
          throw FormatFailure.truncated("an item of a DICOM sequence is longer than its sequence")
        }
        end = start + length
      } else {
        end = try reader.endOfItem(inner)
      }
      reader.position = end
      guard try body(start..<end, inner) else { return }
    }
  }
}
