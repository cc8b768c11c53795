/// Which way up a picture file says its picture is, 1...8 as tag 274 of TIFF numbers them; 1, upright, where it says nothing or nonsense.
enum StatedOrientation {
  /// Of EXIF data, which are laid out as a TIFF file (CIPA DC-008 section 4.5): the tag in their first directory.
  static func exif(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard bytes.count >= 8, bytes[0] == bytes[1], bytes[0] == 0x49 || bytes[0] == 0x4D else { return 1 }
    let isBigEndian = bytes[0] == 0x4D
    func word(_ place: Int) -> Int {
      let value = bytes.loadUnaligned(fromByteOffset: place, as: UInt16.self)
      return Int(isBigEndian ? UInt16(bigEndian: value) : UInt16(littleEndian: value))
    }
    func long(_ place: Int) -> Int { isBigEndian ? word(place) << 16 | word(place + 2) : word(place + 2) << 16 | word(place) }
    let directory = long(4)
    guard word(2) == 42, directory <= bytes.count - 2 else { return 1 }
    for entry in 0..<word(directory) {
      let place = directory + 2 + 12 * entry
      guard place <= bytes.count - 12 else { return 1 }
      // The tag, as one short number.
      guard word(place) == 274 else { continue }
      let value = word(place + 8)
      return word(place + 2) == 3 && long(place + 4) == 1 && (1...8).contains(value) ? value : 1
    }
    return 1
  }
}
