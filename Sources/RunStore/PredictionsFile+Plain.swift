internal import CDecimals
internal import Foundation
internal import Foundations
internal import Metrics

/// The quick way through a predictions file as this program writes it: no quotes, numbers that are numbers.
///
/// A report reads tens of thousands of files, and almost all of their text is numbers that need not become strings first. Whatever is
/// unusual, right or wrong, ends the quick way with nil, and the file is read again by the rules of CSV, which say what is wrong.
struct PlainPredictions {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let isASCII: Bool
  private var place: Int
  /// Of the ids so far.
  private var digests: [UInt64] = []

  /// Nil for what must be read by the rules of CSV.
  static func decode(_ data: Data) -> Predictions? {
    data.withUnsafeBytes { raw -> Predictions? in
      let bytes = raw.bindMemory(to: UInt8.self)
      guard let base = bytes.baseAddress, bytes.last == lineFeed, memchr(base, Int32(quote), bytes.count) == nil,
        memchr(base, Int32(carriageReturn), bytes.count) == nil, let first = bytes.firstIndex(of: lineFeed),
        let line = String(validating: UnsafeBufferPointer(rebasing: bytes[..<first]), as: UTF8.self)
      else { return nil }
      let header = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init), columns = Array(header.dropFirst(2))
      guard header.prefix(2) == ["id", "patient"] else { return nil }
      var reader = PlainPredictions(bytes: bytes, isASCII: bytes.reduce(0, |) < 0x80, place: first + 1)
      let found = columns.starts(with: SegmentationColumns.counts) ? reader.segmentation(columns) : reader.classification(columns)
      return reader.digests.areDistinct ? found : nil
    }
  }

  private mutating func classification(_ columns: [String]) -> Predictions? {
    let count = columns.count / 2
    let names = columns.prefix(count).map { String($0.dropFirst("target:".count)) }
    guard count > 0, columns == names.map({ "target:\($0)" }) + names.map({ "probability:\($0)" }) else { return nil }
    var rows: [ClassificationPredictions.Row] = []
    while place < bytes.count {
      guard let id = id(), let patient = text() else { return nil }
      var targets: [Float] = [], probabilities: [Double] = []
      targets.reserveCapacity(count)
      probabilities.reserveCapacity(count)
      for _ in 0..<count {
        guard let target = label() else { return nil }
        targets.append(target)
      }
      for index in 0..<count {
        guard let number = number(endsRow: index == count - 1), number <= 1 else { return nil }
        probabilities.append(number)
      }
      rows.append(.init(id: id, patient: patient.isEmpty ? nil : patient, targets: targets, probabilities: probabilities))
    }
    return .classification(ClassificationPredictions(classNames: names, rows: rows))
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
