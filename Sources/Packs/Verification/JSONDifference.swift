internal import Foundation

/// Two JSON texts of one shape compared value by value; what differs is named by its path: `tasks[2].againstBest.p`.
struct JSONDifference {
  struct Fault {
    let path: String
    /// `is 0.03, and the predictions give 0.06`.
    let words: String
  }

  private(set) var faults: [Fault] = []
  private(set) var numberCount = 0
  private(set) var pValueCount = 0
  /// Numbers that differ by less than `rounding` of their size.
  private(set) var roundedCount = 0
  private let rounding: Double

  init(stated: Data, own: Data, rounding: Double) {
    self.rounding = rounding
    // Same bytes, same values: what there is need only be counted.
    if stated == own, let counts = Self.counts(in: own) {
      (numberCount, pValueCount) = counts
      return
    }
    guard let first = try? JSONSerialization.jsonObject(with: stated), let second = try? JSONSerialization.jsonObject(with: own) else {
      faults.append(Fault(path: "", words: "is not whole JSON"))
      return
    }
    compare(first, second, "", key: "")
    // The same values in other words are other bytes: a key twice, a space.
    if faults.isEmpty && roundedCount == 0 && stated != own { faults.append(Fault(path: "text", words: "is written differently from what it says")) }
  }

  private mutating func compare(_ stated: Any, _ own: Any, _ path: String, key: String) {
    switch (stated, own) {
    case (let first as [String: Any], let second as [String: Any]):
      for name in Set(first.keys).union(second.keys).sorted() {
        let place = path.isEmpty ? name : "\(path).\(name)"
        switch (first[name], second[name]) {
        case (let a?, let b?): compare(a, b, place, key: name)
        case (nil, _?): faults.append(Fault(path: place, words: "is missing"))
        default: faults.append(Fault(path: place, words: "does not follow from the predictions"))
        }
      }
    case (let first as [Any], let second as [Any]):
      if first.count != second.count {
        faults.append(Fault(path: path, words: "has \(first.count) entries, and the predictions give \(second.count)"))
      }
      for (index, pair) in zip(first, second).enumerated() { compare(pair.0, pair.1, "\(path)[\(index)]", key: key) }
    case (let first as NSNumber, let second as NSNumber): compareNumbers(first, second, path, key: key)
    case (let first as String, let second as String):
      if first != second { report(path, "“\(first.prefix(60))”", "“\(second.prefix(60))”") }
    case (is NSNull, is NSNull): break
    default: report(path, Self.text(stated), Self.text(own))
    }
  }

  private mutating func compareNumbers(_ first: NSNumber, _ second: NSNumber, _ path: String, key: String) {
    numberCount += 1
    if Self.keysOfPValues.contains(key) { pValueCount += 1 }
    let (a, b) = (first.doubleValue, second.doubleValue)
    if a.bitPattern == b.bitPattern { return }
    if abs(a - b) <= rounding * max(abs(a), abs(b)) { roundedCount += 1 } else { report(path, "\(first)", "\(second)") }
  }

  private static let keysOfPValues: Set = ["p", "adjustedP", "equivalenceP"]

  /// How many numbers and truth values JSON has, and how many of them are p-values, without taking it apart; nil for what is not whole.
  static func counts(in json: Data) -> (numbers: Int, pValues: Int)? {
    let keys = keysOfPValues.map { Array($0.utf8) }
    return json.withUnsafeBytes { bytes in
      var (numbers, pValues, place) = (0, 0, 0)
      // Whether the last text is the key of a p-value, here and in each list and object around.
      var isPValue = false, around: [Bool] = []
      while place < bytes.count {
        switch bytes[place] {
        case UInt8(ascii: "\""):
          let start = place + 1
          place = start
          while place < bytes.count, bytes[place] != UInt8(ascii: "\"") { place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1 }
          guard place < bytes.count else { return nil }
          var next = place + 1
          while next < bytes.count, bytes[next] == UInt8(ascii: " ") { next += 1 }
          if next < bytes.count, bytes[next] == UInt8(ascii: ":") { isPValue = keys.contains { $0.elementsEqual(bytes[start..<place]) } }
        case UInt8(ascii: "{"), UInt8(ascii: "["): around.append(isPValue)
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          guard let before = around.popLast() else { return nil }
          isPValue = before
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "t"), UInt8(ascii: "f"):
          numbers += 1
          if isPValue { pValues += 1 }
          // To the end of the number or word.
          while place + 1 < bytes.count, !endsWord(bytes[place + 1]) { place += 1 }
        case UInt8(ascii: "n"): place += 3
        default: break
        }
        place += 1
      }
      return around.isEmpty ? (numbers, pValues) : nil
    }
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "\n"), UInt8(ascii: " "): true
    default: false
    }
  }

  private mutating func report(_ path: String, _ stated: String, _ own: String) {
    faults.append(Fault(path: path, words: "is \(stated), and the predictions give \(own)"))
  }

  private static func text(_ value: Any) -> String {
    switch value {
    case let number as NSNumber: "\(number)"
    case let text as String: "“\(text.prefix(60))”"
    case is NSNull: "null"
    case is [Any]: "a list"
    default: "an object"
    }
  }
}
