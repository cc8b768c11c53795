/// DICOM's run-length code (PS3.5 annex G): up to 15 segments, each the PackBits code of one byte of every sample, the highest byte
/// of the first sample first.
///
/// Decoded here: DCMTK 3.6.7 believes the offsets of the segments, and reads past the stream where they are damaged.
struct RunLengths {
  private let segments: [UnsafeRawBufferPointer]

  init(_ bytes: UnsafeRawBufferPointer, segmentCount: Int) throws {
    guard bytes.count >= 64 else { throw FormatFailure.truncated("its RLE data end before the picture is complete") }
    let header = (0..<16).map { Int(bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self).littleEndian) }
    guard header[0] == segmentCount, segmentCount <= 15 else {
      throw FormatFailure.malformed("its RLE data have \(header[0]) segments, its header makes \(segmentCount)")
    }
    let starts = Array(header[1...segmentCount])
    guard starts.allSatisfy({ $0 >= 64 && $0 <= bytes.count }), zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      throw FormatFailure.malformed("its RLE segments lie outside of its RLE data")
    }
    let ends = starts.dropFirst() + [bytes.count]
    segments = zip(starts, ends).map { UnsafeRawBufferPointer(rebasing: bytes[$0..<$1]) }
  }

  /// Writes `count` pixels of `samples` samples of `size` bytes, interleaved, in host byte order.
  func decode(count: Int, samples: Int, size: Int, into target: UnsafeMutableRawBufferPointer) throws {
    for (index, segment) in segments.enumerated() {
      // Little endian: the highest byte lies last.
      let first = index / size * size + (size - 1 - index % size)
      try unpack(segment, count: count, into: target, first: first, step: samples * size)
    }
  }

  private func unpack(
    _ segment: UnsafeRawBufferPointer, count: Int, into target: UnsafeMutableRawBufferPointer, first: Int, step: Int
  ) throws {
    var position = 0, place = first, left = count
    while left > 0 {
      guard position < segment.count else { throw FormatFailure.truncated("its RLE data end before the picture is complete") }
      let control = segment[position]
      position += 1
      // 0x80 means nothing.
      if control < 0x80 {
        let run = min(Int(control) + 1, left)
        guard run <= segment.count - position else {
          throw FormatFailure.truncated("its RLE data end before the picture is complete")
        }
        for index in 0..<run {
          target[place] = segment[position + index]
          place += step
        }
        position += Int(control) + 1
        left -= run
      } else if control > 0x80 {
        guard position < segment.count else { throw FormatFailure.truncated("its RLE data end before the picture is complete") }
        let run = min(257 - Int(control), left)
        let value = segment[position]
        for _ in 0..<run {
          target[place] = value
          place += step
        }
        position += 1
        left -= run
      }
    }
  }
}
