/// A palette that is written as pieces of curves (PS3.3 section C.7.9.2): discrete segments list entries, linear ones run in equal steps
/// from the last entry to a stated one, and indirect ones repeat segments that stand elsewhere.
struct SegmentedPalette {
  private let numbers: [UInt16]
  private let isWide: Bool
  private let isBigEndian: Bool

  /// - Parameters:
  ///   - numbers: Bytes, or the words of a palette of more than 8 bits.
  ///   - isWide: Whether they are words: an indirect segment's place, in bytes, then is two words, the lower first.
  init(_ numbers: [UInt16], isWide: Bool, isBigEndian: Bool) {
    self.numbers = numbers
    self.isWide = isWide
    self.isBigEndian = isBigEndian
  }

  /// The entries, which have to be exactly `count`.
  func expanded(to count: Int) throws -> [UInt16] {
    var entries: [UInt16] = []
    entries.reserveCapacity(count)
    // One number may be left over as padding to an even length.
    try expand(from: 0, segments: .max, into: &entries, count: count, isCopy: false)
    guard entries.count == count else { throw fault("makes \(entries.count) entries of \(count)") }
    return entries
  }

  private func expand(from start: Int, segments: Int, into entries: inout [UInt16], count: Int, isCopy: Bool) throws {
    var position = start, left = segments
    while left > 0, position + 1 < numbers.count {
      let kind = numbers[position], length = Int(numbers[position + 1])
      position += 2
      left -= 1
      // Padding behind the last segment looks like an empty one.
      if kind == 0, length == 0 { continue }
      switch kind {
      case 0:
        guard length <= numbers.count - position, length <= count - entries.count else { throw fault("has a segment that ends behind it") }
        entries += numbers[position..<position + length]
        position += length
      case 1:
        guard position < numbers.count, length <= count - entries.count else { throw fault("has a segment that ends behind it") }
        guard let from = entries.last else { throw fault("begins with a line from nowhere") }
        entries += line(from: from, to: numbers[position], count: length)
        position += 1
      case 2:
        let width = isWide ? 2 : 4
        guard !isCopy, !entries.isEmpty, width <= numbers.count - position else { throw fault("has a reference that leads nowhere") }
        let place = place(at: position)
        guard place < numbers.count else { throw fault("has a reference that leads nowhere") }
        position += width
        try expand(from: place, segments: length, into: &entries, count: count, isCopy: true)
      default: throw fault("has a segment of the unknown kind \(kind)")
      }
    }
  }

  /// `count` entries in equal steps, the last of which is `end`.
  private func line(from start: UInt16, to end: UInt16, count: Int) -> [UInt16] {
    let step = (Double(end) - Double(start)) / Double(max(count, 1))
    return (0..<count).map { UInt16((Double(start) + step * Double($0 + 1)).rounded(.toNearestOrEven)) }
  }

  /// Where the segments of a reference begin.
  private func place(at position: Int) -> Int {
    if isWide { return (Int(numbers[position + 1]) << 16 | Int(numbers[position])) / 2 }
    func pair(_ index: Int) -> Int {
      let (first, second) = (Int(numbers[index]), Int(numbers[index + 1]))
      return isBigEndian ? first << 8 | second : second << 8 | first
    }
    return pair(position + 2) << 16 | pair(position)
  }

  private func fault(_ words: String) -> FormatFailure { .contradictory("its segmented palette \(words)") }
}
