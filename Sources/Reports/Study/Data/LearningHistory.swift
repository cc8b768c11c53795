internal import Foundation
internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

/// How the runs of a group came along: the validation set by epoch, over the seeds.
struct LearningHistory: Sendable {
  /// One epoch of the runs that reached it.
  struct Point: Sendable {
    let epoch: Int
    let summary: Summary
  }

  let key: CellGroup.Key
  let metric: [Point]
  let loss: [Point]

  /// The histories of the wanted groups, each read by one thread; a group whose runs have none is left out.
  ///
  /// - Parameter groups: `metric` is what their task is judged by first.
  static func read(_ groups: [(key: CellGroup.Key, cells: [Cell], metric: MetricName)], from source: any RunSource) -> [LearningHistory] {
    concurrentMap(groups.count) { index -> LearningHistory? in
      let group = groups[index]
      let epochs = group.cells.map { cell in
        (try? RunReader(source, run: cell.relativePath).bytes(RunDirectory.historyFileName)).flatMap { $0 }.map { Epoch.all(in: $0, of: group.metric) } ?? []
      }
      let history = LearningHistory(group.key, epochs)
      return history.loss.isEmpty ? nil : history
    }.compactMap(\.self)
  }

  /// The loss on the validation set after each epoch.
  static func validationLosses(in history: Data) -> [(epoch: Int, loss: Double)] {
    Epoch.all(in: history, of: nil).map { ($0.epoch, $0.loss) }
  }

  private init(_ key: CellGroup.Key, _ runs: [[Epoch]]) {
    self.key = key
    var losses: [Int: [Double]] = [:], metrics: [Int: [Double]] = [:]
    for epoch in runs.joined() {
      losses[epoch.epoch, default: []].append(epoch.loss)
      if let number = epoch.metric { metrics[epoch.epoch, default: []].append(number) }
    }
    loss = Self.points(losses)
    metric = Self.points(metrics)
  }

  private static func points(_ values: [Int: [Double]]) -> [Point] {
    values.keys.sorted().map { Point(epoch: $0, summary: Summary(values[$0] ?? [])) }
  }
}

/// What is read of an epoch's line of `history.jsonl`.
private struct Epoch {
  let epoch: Int
  let loss: Double
  /// Nil where the line has no such number.
  let metric: Double?

  /// The lines of epochs among those of steps, of which there are many more; a last line that was cut short is passed over.
  ///
  /// - Parameter metric: whose values are wanted; nil for the losses alone.
  static func all(in history: Data, of metric: MetricName?) -> [Epoch] {
    let lines = lines(of: history), name = metric?.historyName
    let plain = lines.compactMap { line in line.withUnsafeBytes { Epoch(plain: $0, metric: name) } }
    if plain.count == lines.count { return plain }
    let decoder = JSONDecoder()
    // All at once is quicker than one by one, where all are whole.
    let list = Data("[".utf8) + Data(lines.joined(separator: Data(",".utf8))) + Data("]".utf8)
    let whole = (try? decoder.decode([Line].self, from: list)).flatMap { $0.count == lines.count ? $0 : nil }
    return (whole ?? lines.compactMap { try? decoder.decode(Line.self, from: $0) }).map { line in
      Epoch(epoch: line.epoch, loss: line.validation.loss, metric: name.flatMap { line.validation.values[$0]?.number })
    }
  }

  /// A line as it is decoded where it has values that are no numbers.
  private struct Line: Decodable {
    struct Validation: Decodable {
      private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue _: Int) { nil }
      }

      let loss: Double
      let values: [String: MetricValue]

      init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        loss = try container.decode(Double.self, forKey: Key(stringValue: "loss"))
        let others = container.allKeys.filter { $0.stringValue != "loss" }
        values = try Dictionary(uniqueKeysWithValues: others.map { ($0.stringValue, try container.decode(MetricValue.self, forKey: $0)) })
      }
    }

    let epoch: Int
    let validation: Validation
  }

  private static func lines(of history: Data) -> [Data] {
    history.withUnsafeBytes { bytes in
      guard var start = bytes.baseAddress else { return [] }
      let end = start + bytes.count
      var lines: [Data] = []
      while start < end {
        let stop = memchr(start, Int32(UInt8(ascii: "\n")), end - start).map { UnsafeRawPointer($0) } ?? end
        // Few lines of steps are as long.
        if stop - start > 60, isMarked(UnsafeRawBufferPointer(start: start, count: stop - start)) { lines.append(Data(bytes: start, count: stop - start)) }
        start = stop + 1
      }
      return lines
    }
  }

  private static let mark = Array("\"validation\"".utf8)

  /// Whether a line is that of an epoch.
  private static func isMarked(_ line: UnsafeRawBufferPointer) -> Bool {
    var place = 0
    while place + mark.count <= line.count {
      // Both quotes are looked at first, since almost no place has them.
      if line[place] == mark[0], line[place + mark.count - 1] == mark[0], line[place..<place + mark.count].elementsEqual(mark) { return true }
      place += 1
    }
    return false
  }

  /// A line as this program writes it, whose values are numbers; nil for what has to be decoded.
  init?(plain line: UnsafeRawBufferPointer, metric wanted: String?) {
    var reader = NumberMembers(line)
    guard reader.passes("{\"epoch\":"), let epoch = reader.number().flatMap({ Int(exactly: $0) }) else { return nil }
    while reader.passes(","), let name = reader.name() {
      guard name == "validation" else {
        guard reader.number() != nil else { return nil }
        continue
      }
      guard reader.passes("{") else { return nil }
      var loss: Double?, metric: Double?
      repeat {
        guard let name = reader.name(), let value = reader.number() else { return nil }
        if name == "loss" { loss = value } else if name == wanted { metric = value }
      } while reader.passes(",")
      guard reader.passes("}}"), reader.isAtEnd, let loss else { return nil }
      self.init(epoch: epoch, loss: loss, metric: metric)
      return
    }
    return nil
  }

  private init(epoch: Int, loss: Double, metric: Double?) { (self.epoch, self.loss, self.metric) = (epoch, loss, metric) }
}

/// The members of an object of JSON without blanks and without marks in its texts, one after the other.
private struct NumberMembers {
  private let bytes: UnsafeRawBufferPointer
  private var place = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { place == bytes.count }

  /// Passes some characters, if they are here.
  mutating func passes(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard bytes.count - place >= count, let base = bytes.baseAddress, memcmp(base + place, text.utf8Start, count) == 0 else { return false }
    place += count
    return true
  }

  /// A name with its colon.
  mutating func name() -> String? {
    guard passes("\"") else { return nil }
    let start = place
    while place < bytes.count, bytes[place] != UInt8(ascii: "\""), bytes[place] != UInt8(ascii: "\\") { place += 1 }
    let end = place
    return passes("\":") ? String(decoding: bytes[start..<end], as: UTF8.self) : nil
  }

  /// A number, up to the comma or brace behind it.
  mutating func number() -> Double? {
    let start = place
    while place < bytes.count, bytes[place] != UInt8(ascii: ","), bytes[place] != UInt8(ascii: "}") { place += 1 }
    // Swift reads names of numbers too, which JSON has not.
    guard let first = start < place ? bytes[start] : nil, first == UInt8(ascii: "-") || first &- UInt8(ascii: "0") < 10,
      bytes[start..<place].allSatisfy({ $0 < UInt8(ascii: "A") || $0 | 0x20 == UInt8(ascii: "e") })
    else { return nil }
    return Double(String(decoding: bytes[start..<place], as: UTF8.self))
  }
}
