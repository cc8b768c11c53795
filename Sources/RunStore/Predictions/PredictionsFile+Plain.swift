internal import CDecimals
internal import Foundation
internal import Foundations
internal import Metrics

/// The quick way through a predictions file as this program writes it: no quotes, numbers that are numbers.
///
/// A report reads tens of thousands of files, and almost all of their text is numbers that need not become strings first. Whatever is
/// unusual, right or wrong, ends the quick way with nil, and the file is read again by the rules of CSV, which say what is wrong.
struct PlainPredictions {
  fileprivate let bytes: UnsafeBufferPointer<UInt8>
  private let isASCII: Bool
  fileprivate var place: Int
  /// Of the ids so far.
  private var digests: [UInt64] = []

  /// Where each row's probabilities begin, of a classification.
  private var numbersStart: [Int] = []

  fileprivate init(bytes: UnsafeBufferPointer<UInt8>, isASCII: Bool, place: Int) { (self.bytes, self.isASCII, self.place) = (bytes, isASCII, place) }

  /// Nil for what must be read by the rules of CSV.
  ///
  /// - Parameter known: rows of an earlier file, or none yet. Where this file has the same images with the same truth, only its
  ///   probabilities are read; else its own rows take their place.
  static func decode(_ data: Data, known: inout KnownRows) -> Predictions? {
    data.withUnsafeBytes { raw -> Predictions? in
      let bytes = raw.bindMemory(to: UInt8.self)
      if let found = known.read(bytes) { return found }
      guard let base = bytes.baseAddress, bytes.last == lineFeed, memchr(base, Int32(quote), bytes.count) == nil,
        memchr(base, Int32(carriageReturn), bytes.count) == nil, let first = bytes.firstIndex(of: lineFeed),
        let line = String(validating: UnsafeBufferPointer(rebasing: bytes[..<first]), as: UTF8.self)
      else { return nil }
      let header = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init), columns = Array(header.dropFirst(2))
      guard header.prefix(2) == ["id", "patient"] else { return nil }
      var reader = PlainPredictions(bytes: bytes, isASCII: bytes.reduce(0, |) < 0x80, place: first + 1)
      let found = columns.starts(with: SegmentationColumns.counts) ? reader.segmentation(columns) : reader.classification(columns)
      guard let found, reader.digests.areDistinct else { return nil }
      if case .classification(let all) = found { known = KnownRows(data, headerEnd: first + 1, reader.numbersStart, all) }
      return found
    }
  }

  private mutating func classification(_ columns: [String]) -> Predictions? {
    let count = columns.count / 2
    let names = columns.prefix(count).map { String($0.dropFirst("target:".count)) }
    guard count > 0, columns == names.map({ "target:\($0)" }) + names.map({ "probability:\($0)" }) else { return nil }
    var rows: [ClassificationPredictions.Row] = []
    while place < bytes.count {
      let start = place
      guard let id = id(), let patient = text() else { return nil }
      var targets: [Float] = []
      targets.reserveCapacity(count)
      for _ in 0..<count {
        guard let target = label() else { return nil }
        targets.append(target)
      }
      numbersStart.append(place)
      guard let probabilities = probabilities(count) else { return nil }
      // Rows are about as long as the first.
      if rows.isEmpty { rows.reserveCapacity((bytes.count - start) / max(1, place - start) * 9 / 8 + 8) }
      rows.append(.init(id: id, patient: patient.isEmpty ? nil : patient, targets: targets, probabilities: probabilities))
    }
    return .classification(ClassificationPredictions(classNames: names, rows: rows))
  }

  /// As many numbers as there are classes, up to the end of the row; nil for what is none.
  fileprivate mutating func probabilities(_ count: Int) -> [Double]? {
    let all = [Double](unsafeUninitializedCapacity: count) { buffer, length in
      while length < count, let number = number(endsRow: length == count - 1), number <= 1 {
        buffer.initializeElement(at: length, to: number)
        length += 1
      }
    }
    return all.count == count ? all : nil
  }

  private mutating func segmentation(_ names: [String]) -> Predictions? {
    guard let columns = SegmentationColumns(names) else { return nil }
    let isShort = !columns.hasOutlines && !columns.hasSpacing && !columns.hasCenterline
    var rows: [SegmentationPredictions.Row] = []
    while place < bytes.count {
      guard let id = id(), let patient = text() else { return nil }
      guard let hits = count(), let excess = count(), let misses = count(), let rest = count(endsRow: isShort) else { return nil }
      var outline: (Double?, Double?) = (nil, nil), spacing: PixelSpacing?
      if columns.hasOutlines {
        let isLast = !columns.hasSpacing && !columns.hasCenterline
        guard let distance = optionalNumber(), let share = optionalNumber(endsRow: isLast), (share ?? 0) <= 1 else { return nil }
        outline = (distance, share)
      }
      if columns.hasSpacing {
        guard let x = optionalNumber(), let y = optionalNumber(endsRow: !columns.hasCenterline) else { return nil }
        guard let found = SegmentationColumns.spacing(x, y) else { return nil }
        spacing = found
      }
      var centerline: CenterlineAgreement?
      if columns.hasCenterline {
        // A row without them is unusual.
        guard let line = count(), let within = count(), let truth = count(), let found = count(endsRow: true) else { return nil }
        centerline = CenterlineAgreement(predicted: line, predictedInTarget: within, target: truth, targetInPredicted: found)
        if centerline == nil { return nil }
      }
      let counts = PixelConfusion(truePositives: hits, falsePositives: excess, falseNegatives: misses, trueNegatives: rest)
      rows.append(columns.row(id: id, patient: patient, counts: counts, outline: outline, spacing: spacing, centerline: centerline))
    }
    return .segmentation(SegmentationPredictions(rows: rows, unit: columns.unit, tolerance: columns.tolerance))
  }

  private mutating func id() -> String? {
    let start = place
    guard let id = text() else { return nil }
    // FNV-1a, not 0; two ids of one digest need not be one, but then the rules of CSV find out.
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in start..<place { digest = (digest ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
    digests.append(digest | 1)
    return id
  }

  /// A field up to its comma.
  private mutating func text() -> String? {
    var end = place
    while end < bytes.count, bytes[end] != comma, bytes[end] != lineFeed { end += 1 }
    guard end < bytes.count, bytes[end] == comma else { return nil }
    defer { place = end + 1 }
    let field = UnsafeBufferPointer(rebasing: bytes[place..<end])
    return isASCII ? String(decoding: field, as: UTF8.self) : String(validating: field, as: UTF8.self)
  }

  private mutating func label() -> Float? {
    if bytes[place] == comma {
      place += 1
      return .nan
    }
    guard place + 1 < bytes.count, bytes[place + 1] == comma else { return nil }
    defer { place += 2 }
    switch bytes[place] {
    case UInt8(ascii: "0"): return 0
    case UInt8(ascii: "1"): return 1
    default: return nil
    }
  }

  private mutating func count(endsRow: Bool = false) -> Int? {
    let start = place
    var value = 0
    // 17 digits fit; a number with more ends the quick way below instead of overflowing here.
    while place < bytes.count, place - start < 18, case let digit = bytes[place] &- UInt8(ascii: "0"), digit < 10 {
      value = value * 10 + Int(digit)
      place += 1
    }
    guard place > start, place - start < 18, end(endsRow) else { return nil }
    return value
  }

  /// A number that is 0 or more, rounded as Swift rounds.
  private mutating func number(endsRow: Bool = false) -> Double? {
    // What begins otherwise (a blank, a sign, a name) is no number of ours.
    guard place < bytes.count, bytes[place] &- UInt8(ascii: "0") < 10, let base = bytes.baseAddress else { return nil }
    var value = 0.0
    let length = cdec_read(UnsafeRawPointer(base + place).assumingMemoryBound(to: CChar.self), bytes.count - place, &value)
    guard length > 0, value.isFinite else { return nil }
    place += length
    return end(endsRow) ? value : nil
  }

  /// The same, or nothing.
  private mutating func optionalNumber(endsRow: Bool = false) -> Double?? {
    if end(endsRow) { return .some(nil) }
    return number(endsRow: endsRow).map { .some($0) }
  }

  /// Passes the end of a field, if it is here.
  private mutating func end(_ endsRow: Bool) -> Bool {
    guard place < bytes.count, bytes[place] == (endsRow ? lineFeed : comma) else { return false }
    place += 1
    return true
  }
}

/// The rows of a classification's predictions, for files of other runs that say the same of the same images and differ in their
/// probabilities alone, as those of a task's runs do: ids, patients and labels are compared as bytes and shared.
public struct KnownRows: Sendable {
  private var data = Data()
  private var headerEnd = 0
  private var numbersStart: [Int] = []
  private var classNames: [String] = []
  private var rows: [ClassificationPredictions.Row] = []

  /// None yet.
  public init() {}

  /// - Parameters:
  ///   - data: the whole file.
  ///   - headerEnd: where its rows begin.
  ///   - numbersStart: where each row's probabilities begin.
  fileprivate init(_ data: Data, headerEnd: Int, _ numbersStart: [Int], _ all: ClassificationPredictions) {
    (self.data, self.headerEnd, self.numbersStart) = (data, headerEnd, numbersStart)
    (classNames, rows) = (all.classNames, all.rows)
  }

  /// Nil where the file has other classes, images, patients or labels, or is unusual in any other way.
  fileprivate func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Predictions? {
    guard headerEnd > 0, bytes.count > headerEnd, let base = bytes.baseAddress else { return nil }
    return data.withUnsafeBytes { (known: UnsafeRawBufferPointer) -> Predictions? in
      guard let start = known.baseAddress, memcmp(start, base, headerEnd) == 0 else { return nil }
      var reader = PlainPredictions(bytes: bytes, isASCII: true, place: headerEnd), found: [ClassificationPredictions.Row] = []
      found.reserveCapacity(rows.count)
      var lineStart = headerEnd
      for index in rows.indices {
        let numbers = numbersStart[index], length = numbers - lineStart
        guard bytes.count - reader.place > length, memcmp(start + lineStart, base + reader.place, length) == 0 else { return nil }
        reader.place += length
        guard let probabilities = reader.probabilities(classNames.count) else { return nil }
        found.append(.init(id: rows[index].id, patient: rows[index].patient, targets: rows[index].targets, probabilities: probabilities))
        // The next row of the known file begins behind this one's line.
        guard let end = memchr(start + numbers, Int32(lineFeed), known.count - numbers) else { return nil }
        lineStart = UnsafeRawPointer(end) - start + 1
      }
      guard reader.place == bytes.count else { return nil }
      return .classification(ClassificationPredictions(classNames: classNames, rows: found))
    }
  }
}

extension [UInt64] {
  /// Whether no value is there twice; false also where that is not quickly known.
  fileprivate var areDistinct: Bool {
    // A table with open addressing, at most half full. Long searches are for values made to collide.
    let bits = Int.bitWidth - (2 * count).leadingZeroBitCount
    var table = [UInt64](repeating: 0, count: 1 << bits)
    for value in self {
      var slot = Int(truncatingIfNeeded: (value &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - bits)), steps = 0
      while table[slot] != 0 {
        if table[slot] == value || steps == 1000 { return false }
        slot = (slot + 1) & (table.count - 1)
        steps += 1
      }
      table[slot] = value
    }
    return true
  }
}

private let quote = UInt8(ascii: "\""), comma = UInt8(ascii: ","), lineFeed = UInt8(ascii: "\n"), carriageReturn = UInt8(ascii: "\r")
