public import Foundation
internal import Foundations
internal import Metrics
internal import RunStore

extension StudyNumbers {
  /// The text of `numbers.json`: canonical JSON, indented for people but for the many: each run and each group is one line.
  ///
  /// The same numbers give the same bytes, on however many processors they are written.
  public func json() throws -> Data {
    let groups = self.groups, runs = self.runs
    // The frame is the largest piece that cannot be parted, so it comes first.
    let groupPieces = Self.pieces(groups.count, of: 20), runPieces = Self.pieces(runs.count, of: 500)
    let made = try concurrentMap(1 + groupPieces.count + runPieces.count) { index -> Result<Data, any Error> in
      Result {
        if index == 0 { return try CanonicalJSON.encodePretty(StudyNumbers(self, runs: [], groups: [])) }
        if index <= groupPieces.count { return try Self.lines(groups[groupPieces[index - 1]]) { try CanonicalJSON.encodeText($0) } }
        return try Self.lines(runs[runPieces[index - 1 - groupPieces.count]]) { try $0.json() }
      }
    }.map { try $0.get() }
    let groupsEnd = 1 + groupPieces.count
    return try CanonicalJSON.fill(made[0], [("groups", Array(made[1..<groupsEnd])), ("runs", Array(made[groupsEnd...]))])
  }

  private init(_ other: StudyNumbers, runs: [Run], groups: [CellGroup]) {
    (format, outline, settings) = (other.format, other.outline, other.settings)
    (self.runs, self.groups) = (runs, groups)
    furtherModes = other.furtherModes
    rounds = other.rounds
    (analysis, smallerFractions, equivalence) = (other.analysis, other.smallerFractions, other.equivalence)
    sections = other.sections
  }

  private static func pieces(_ count: Int, of size: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: size).map { $0..<min(count, $0 + size) }
  }

  private static func lines<Value>(_ values: ArraySlice<Value>, _ encoded: (Value) throws -> String) rethrows -> Data {
    Data(try values.map { "    " + (try encoded($0)) }.joined(separator: ",\n").utf8)
  }
}

extension StudyNumbers.Run {
  /// What `CanonicalJSON` makes of it, several times as fast: a study has hundreds of thousands of metrics.
  func json() throws -> String {
    var text = "{\"fraction\":\(fraction),\"identity\":\(try Self.quoted(identity)),\"imageCount\":\(imageCount)"
    text += ",\"initialization\":\(try Self.quoted(initialization)),\"metrics\":["
    for (index, entry) in metrics.enumerated() {
      text += index > 0 ? ",{" : "{"
      if let name = entry.className {
        text += "\"className\":"
        text += try Self.quoted(name)
        text += ","
      }
      if let count = entry.leftOut { text += "\"leftOut\":\(count)," }
      text += "\"metric\":\""
      text += entry.metric.rawValue
      text += "\",\"value\":"
      switch entry.value {
      case .value(let number) where number.isFinite: text += Self.shortest(number)
      case let other: text += try CanonicalJSON.encodeText(other)
      }
      text += "}"
    }
    text += "],\"seed\":\(seed),\"task\":\(try Self.quoted(task))}"
    return text
  }

  private static func shortest(_ number: Double) -> String {
    let digits = number.description
    return digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
  }

  private static func quoted(_ text: String) throws -> String {
    let needsEscapes = text.utf8.contains { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C || $0 == 0x7F }
    return needsEscapes ? try CanonicalJSON.encodeText(text) : "\"\(text)\""
  }
}
