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
  static func read(_ groups: [(key: CellGroup.Key, cells: [Cell])], from source: any RunSource) -> [LearningHistory] {
    concurrentMap(groups.count) { index -> LearningHistory? in
      let group = groups[index]
      let epochs = group.cells.map { cell in
        (try? RunReader(source, run: cell.relativePath).bytes(RunDirectory.historyFileName)).flatMap { $0 }.map(Epoch.all) ?? []
      }
      let history = LearningHistory(group.key, epochs)
      return history.loss.isEmpty ? nil : history
    }.compactMap(\.self)
  }

  /// The loss on the validation set after each epoch.
  static func validationLosses(in history: Data) -> [(epoch: Int, loss: Double)] {
    Epoch.all(in: history).map { ($0.epoch, $0.validation.loss) }
  }

  private init(_ key: CellGroup.Key, _ runs: [[Epoch]]) {
    self.key = key
    var losses: [Int: [Double]] = [:], metrics: [Int: [Double]] = [:]
    for epoch in runs.joined() {
      losses[epoch.epoch, default: []].append(epoch.validation.loss)
      if let number = epoch.validation.metric { metrics[epoch.epoch, default: []].append(number) }
    }
    loss = Self.points(losses)
    metric = Self.points(metrics)
  }

  private static func points(_ values: [Int: [Double]]) -> [Point] {
    values.keys.sorted().map { Point(epoch: $0, summary: Summary(values[$0] ?? [])) }
  }
}

/// What is read of an epoch's line of `history.jsonl`.
private struct Epoch: Decodable {
  struct Validation: Decodable {
    let loss: Double
    let auroc: MetricValue?
    let dicePooled: MetricValue?
    let meanAbsoluteError: MetricValue?
    let cohenKappaQuadratic: MetricValue?

    /// What the kind is judged by first: of grades the kappa, which no other kind has here.
    var metric: Double? { (cohenKappaQuadratic ?? auroc ?? dicePooled ?? meanAbsoluteError)?.number }
  }

  let epoch: Int
  let validation: Validation

  /// The lines of epochs among those of steps, of which there are many more; a last line that was cut short is passed over.
  static func all(in history: Data) -> [Epoch] {
    let lines = lines(of: history)
    let plain = lines.compactMap { $0.withUnsafeBytes(Epoch.init(plain:)) }
    if plain.count == lines.count { return plain }
    let decoder = JSONDecoder()
    // All at once is quicker than one by one, where all are whole.
    let list = Data("[".utf8) + Data(lines.joined(separator: Data(",".utf8))) + Data("]".utf8)
    if let all = try? decoder.decode([Epoch].self, from: list), all.count == lines.count { return all }
    return lines.compactMap { try? decoder.decode(Epoch.self, from: $0) }
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
  init?(plain line: UnsafeRawBufferPointer) {
    var reader = NumberMembers(line)
    guard reader.passes("{\"epoch\":"), let epoch = reader.number().flatMap({ Int(exactly: $0) }) else { return nil }
    while reader.passes(","), let name = reader.name() {
      guard name == "validation" else {
        guard reader.number() != nil else { return nil }
        continue
      }
      guard reader.passes("{") else { return nil }
      var values: [String: Double] = [:]
      repeat {
        guard let name = reader.name(), let value = reader.number() else { return nil }
        values[name] = value
      } while reader.passes(",")
      guard reader.passes("}}"), reader.isAtEnd, let loss = values["loss"] else { return nil }
      self.init(
        epoch: epoch,
        validation: Validation(
          loss: loss, auroc: values["auroc"].map(MetricValue.value), dicePooled: values["dicePooled"].map(MetricValue.value),
          meanAbsoluteError: values["meanAbsoluteError"].map(MetricValue.value),
          cohenKappaQuadratic: values["cohenKappaQuadratic"].map(MetricValue.value)))
      return
    }
    return nil
  }

  private init(epoch: Int, validation: Validation) { (self.epoch, self.validation) = (epoch, validation) }
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
