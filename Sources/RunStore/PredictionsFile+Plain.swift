internal import Foundation
internal import Foundations
internal import Metrics

/// The quick way through a predictions file as this program writes it: no quotes, numbers that are numbers.
///
/// A report reads tens of thousands of files, and almost all of their text is numbers that need not become strings first. Whatever is
/// unusual, right or wrong, ends the quick way with nil, and the file is read again by the rules of CSV, which say what is wrong.
struct PlainPredictions {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var place: Int

  /// Nil for what must be read by the rules of CSV.
  static func decode(_ data: Data, header: [String], countColumns: [String]) -> Predictions? {
    data.withUnsafeBytes { raw -> Predictions? in
      let bytes = raw.bindMemory(to: UInt8.self)
      guard let base = bytes.baseAddress, bytes.last == lineFeed, memchr(base, Int32(quote), bytes.count) == nil,
        memchr(base, Int32(carriageReturn), bytes.count) == nil, let first = bytes.firstIndex(of: lineFeed)
      else { return nil }
      var reader = PlainPredictions(bytes: bytes, place: first + 1)
      let columns = Array(header.dropFirst(2))
      return columns.starts(with: countColumns) ? reader.segmentation(columns.dropFirst(countColumns.count)) : reader.classification(columns)
    }
  }

  private mutating func classification(_ columns: [String]) -> Predictions? {
    let count = columns.count / 2
    let names = columns.prefix(count).map { String($0.dropFirst("target:".count)) }
    guard count > 0, columns == names.map({ "target:\($0)" }) + names.map({ "probability:\($0)" }) else { return nil }
    var rows: [ClassificationPredictions.Row] = [], seen: Set<String> = []
    while place < bytes.count {
      guard let id = text(), seen.insert(id).inserted, let patient = text() else { return nil }
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

  private mutating func segmentation(_ columns: ArraySlice<String>) -> Predictions? {
    let outlines = Array(columns)
    guard outlines.isEmpty || (outlines.count == 2 && outlines[0] == "hd95" && outlines[1].hasPrefix("nsd:")) else { return nil }
    let stated = outlines.isEmpty ? OutlineAgreement.tolerance : Double(outlines[1].dropFirst("nsd:".count))
    guard let tolerance = stated, tolerance >= 0, tolerance.isFinite else { return nil }
    var rows: [SegmentationPredictions.Row] = [], seen: Set<String> = []
    while place < bytes.count {
      guard let id = text(), seen.insert(id).inserted, let patient = text() else { return nil }
      guard let hits = count(), let excess = count(), let misses = count(), let rest = count(endsRow: outlines.isEmpty) else { return nil }
      var outline: OutlineAgreement?
      if !outlines.isEmpty {
        guard let distance = optionalNumber(), let share = optionalNumber(endsRow: true), (share ?? 0) <= 1 else { return nil }
        outline = OutlineAgreement(hausdorff95: distance, normalizedSurfaceDistance: share)
      }
      rows.append(
        .init(
          id: id, patient: patient.isEmpty ? nil : patient,
          counts: PixelConfusion(truePositives: hits, falsePositives: excess, falseNegatives: misses, trueNegatives: rest),
          outline: outline))
    }
    return .segmentation(SegmentationPredictions(rows: rows, tolerance: tolerance))
  }

  /// A field up to its comma.
  private mutating func text() -> String? {
    guard let end = bytes[place...].firstIndex(where: { $0 == comma || $0 == lineFeed }), bytes[end] == comma else { return nil }
    defer { place = end + 1 }
    return String(validating: bytes[place..<end], as: UTF8.self)
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

  /// A number that is 0 or more; the C library's rounding is correct, as Swift's own is.
  private mutating func number(endsRow: Bool = false) -> Double? {
    // What begins otherwise (a blank, a sign, a name) is no number of ours, and `0x1p-2` is none either.
    guard place + 1 < bytes.count, bytes[place] &- UInt8(ascii: "0") < 10, bytes[place + 1] | 0x20 != UInt8(ascii: "x"),
      let base = bytes.baseAddress
    else { return nil }
    // The last byte is a line feed, at which the reading stops at the latest.
    let start = UnsafeRawPointer(base + place).assumingMemoryBound(to: CChar.self)
    var stop: UnsafeMutablePointer<CChar>?
    let value = strtod(start, &stop)
    guard let stop, value.isFinite else { return nil }
    place += UnsafePointer(stop) - start
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

private let quote = UInt8(ascii: "\""), comma = UInt8(ascii: ","), lineFeed = UInt8(ascii: "\n"), carriageReturn = UInt8(ascii: "\r")
