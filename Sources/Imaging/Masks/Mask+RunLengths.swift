extension Mask {
  /// The mask that a text of run lengths stands for.
  ///
  /// - Parameters:
  ///   - text: As `RunLengthFormat.runs` reads it.
  ///   - width: In pixels.
  ///   - height: In pixels.
  /// - Throws: `ImagingError` for a text that is no such encoding, or whose runs overlap or leave the image. The memory taken is that
  ///   of the mask and of the text, whatever the numbers say.
  public init(runLengths text: String, format: RunLengthFormat, width: Int, height: Int) throws {
    // Down the columns, as the runs go.
    let runs = try format.runs(text, width: width, height: height)
    var columns = [UInt8](repeating: 0, count: width * height)
    for run in runs { columns.replaceSubrange(run, with: repeatElement(1, count: run.count)) }
    self.init(width: width, height: height, columns: columns)
  }

  /// Turns values that go down the columns into rows.
  init(width: Int, height: Int, columns: [UInt8]) {
    let values = [UInt8](unsafeUninitializedCapacity: width * height) { rows, filled in
      columns.withUnsafeBufferPointer { columns in
        for y in 0..<height { for x in 0..<width { rows[y &* width &+ x] = columns[x &* height &+ y] } }
      }
      filled = width * height
    }
    self.init(width: width, height: height, trusted: values)
  }

  /// The mask as a text of run lengths, with single spaces between numbers. An empty mask is `-1` in the two formats of pairs.
  public func runLengths(_ format: RunLengthFormat) -> String {
    // Background and object in turn, background first.
    var counts = [0], isObject = false
    for x in 0..<width {
      for y in 0..<height {
        if (values[y * width + x] == 1) != isObject {
          counts.append(0)
          isObject.toggle()
        }
        counts[counts.count - 1] += 1
      }
    }
    switch format {
    case .counts: return counts.map(String.init).joined(separator: " ")
    case .compressedCounts: return RunLengthNumbers.compress(counts)
    case .relativePairs, .absolutePairs:
      if counts.count == 1 { return "-1" }
      var numbers = [Int](), end = 0
      for index in stride(from: 0, to: counts.count - 1, by: 2) {
        numbers += [format == .relativePairs ? counts[index] : end + counts[index] + 1, counts[index + 1]]
        end += counts[index] + counts[index + 1]
      }
      return numbers.map(String.init).joined(separator: " ")
    }
  }

  /// The pixels that are object in either mask. Throws `ImagingError.invalidGeometry` where their sizes differ.
  public func union(_ other: Mask) throws -> Mask {
    guard width == other.width, height == other.height else {
      throw ImagingError.geometry(
        "A mask of \(width) × \(height) pixels cannot be united with one of \(other.width) × \(other.height).",
        remedy: "Give masks of one size.")
    }
    return Mask(width: width, height: height, trusted: zip(values, other.values).map { $0 | $1 })
  }
}

extension RunLengthFormat {
  /// The runs of object pixels in an image of this size, counted from 0 down the columns, in their order.
  ///
  /// - Parameter text: Whole numbers with spaces or commas between them, or COCO's letters. In the two formats of pairs an empty text
  ///   and `-1` mean an image without object.
  /// - Throws: `ImagingError` for a text that is no such encoding, or whose runs overlap or leave the image.
  public func runs(_ text: String, width: Int, height: Int) throws -> [Range<Int>] {
    try requireSize(width: width, height: height)
    switch self {
    case .relativePairs, .absolutePairs: return try pairs(text, width: width, height: height)
    case .counts: return try alternating(RunLengthNumbers.whole(text), width: width, height: height)
    case .compressedCounts: return try alternating(RunLengthNumbers.compressed(text), width: width, height: height)
    }
  }

  private func pairs(_ text: String, width: Int, height: Int) throws -> [Range<Int>] {
    let numbers = try RunLengthNumbers.whole(text), area = width * height
    if numbers.isEmpty || numbers == [-1] { return [] }
    guard numbers.count.isMultiple(of: 2) else { throw ImagingError.runLengths("it has \(numbers.count) numbers, which are no pairs") }
    var end = 0
    return try stride(from: 0, to: numbers.count, by: 2).map { pair in
      let (first, length) = (numbers[pair], numbers[pair + 1]), run = pair / 2 + 1
      guard 0...area ~= first, 0...area ~= length else {
        throw ImagingError.runLengths("its pair \(run) is \(first) and \(length) for an image of \(width) × \(height)")
      }
      let start = self == .relativePairs ? end + first : first - 1
      guard start >= end else {
        throw ImagingError.runLengths("its run \(run) starts at pixel \(start), before pixel \(end) where the one before it ends")
      }
      guard start <= area - length else {
        throw ImagingError.runLengths("its run \(run) of \(length) pixels from pixel \(start) leaves an image of \(width) × \(height)")
      }
      end = start + length
      return start..<end
    }
  }

  private func alternating(_ counts: [Int], width: Int, height: Int) throws -> [Range<Int>] {
    var runs = [Range<Int>](), end = 0
    let area = width * height
    for (index, count) in counts.enumerated() {
      guard 0...area - end ~= count else {
        throw ImagingError.runLengths("its count \(index + 1) is \(count) where \(area - end) pixels of \(width) × \(height) are left")
      }
      if !index.isMultiple(of: 2), count > 0 { runs.append(end..<end + count) }
      end += count
    }
    guard end == area else {
      throw ImagingError.runLengths("its counts cover \(end) of the \(area) pixels of an image of \(width) × \(height)")
    }
    return runs
  }
}

/// The numbers of a run-length encoding.
enum RunLengthNumbers {
  static func whole(_ text: String) throws -> [Int] {
    try text.split { $0 == " " || $0 == "," || $0 == "\n" || $0 == "\t" || $0 == "\r" }.map { word in
      guard let number = Int(word) else { throw ImagingError.runLengths("“\(word.prefix(20))” is no whole number") }
      return number
    }
  }

  /// COCO's letters: six bits each from “0” on, five of them digits from the lowest and one for “more”; from the fourth number on, the
  /// difference to the number two before.
  static func compressed(_ text: String) throws -> [Int] {
    var counts = [Int](), value = 0, shift = 0
    for letter in text.utf8 {
      guard (48..<112).contains(letter) else {
        throw ImagingError.runLengths("it holds “\(String(UnicodeScalar(letter)))”, which is no letter of it")
      }
      guard shift < 60 else { throw ImagingError.runLengths("its number \(counts.count + 1) is too long") }
      let bits = Int(letter) - 48
      value |= (bits & 0x1F) << shift
      shift += 5
      guard bits & 0x20 == 0 else { continue }
      if bits & 0x10 != 0 { value |= -1 << shift }
      let (sum, overflows) = counts.count > 2 ? value.addingReportingOverflow(counts[counts.count - 2]) : (value, false)
      guard !overflows else { throw ImagingError.runLengths("its number \(counts.count + 1) is too large") }
      counts.append(sum)
      (value, shift) = (0, 0)
    }
    guard shift == 0 else { throw ImagingError.runLengths("it ends within a number") }
    return counts
  }

  static func compress(_ counts: [Int]) -> String {
    var letters = [UInt8]()
    for (index, count) in counts.enumerated() {
      var value = index > 2 ? count - counts[index - 2] : count
      var isMore = true
      while isMore {
        var bits = value & 0x1F
        value >>= 5
        // The last letter's fifth digit is the sign.
        isMore = bits & 0x10 != 0 ? value != -1 : value != 0
        if isMore { bits |= 0x20 }
        letters.append(UInt8(bits + 48))
      }
    }
    return String(decoding: letters, as: UTF8.self)
  }
}

extension ImagingError {
  static func runLengths(_ reason: String) -> ImagingError {
    ImagingError(
      kind: .malformed, problem: "A mask's run lengths cannot be read: \(reason).",
      remedy: "Correct the run lengths, or the format they are said to be in.")
  }
}
