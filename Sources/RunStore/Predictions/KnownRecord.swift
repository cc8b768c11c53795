internal import Foundation
internal import Studies

/// The `cell.json` of a run, for others that differ from it in their seed and identity alone, as the runs of a group do: a report decodes
/// one of each group, and of the others compares the bytes and reads the two values. That takes a twentieth of the time.
public struct KnownRecord: Sendable {
  private var record: CellRecord?
  private var rest: [UInt8] = []

  /// None yet.
  public init() {}

  /// The record that a file holds, where it is the known one but for seed and identity and says what is planned; nil where it has to be
  /// decoded.
  func read(_ data: Data, _ planned: (String) -> CellConfiguration?) -> CellRecord? {
    guard let record, let parts = Parts(data), parts.rest == rest, let configuration = planned(parts.identity),
      configuration == record.configuration.with(seed: parts.seed)
    else { return nil }
    let known = record.cell
    let cell = Cell(
      task: known.task, initialization: known.initialization, mode: known.mode, seed: parts.seed, role: known.role, identity: parts.identity,
      source: nil, fraction: known.fraction, fold: known.fold)
    return CellRecord(study: record.study, cell: cell, configuration: configuration, lineage: [], numberScale: record.numberScale)
  }

  /// Keeps a record that was decoded and checked, where others can be told by it.
  mutating func keep(_ record: CellRecord, _ data: Data) {
    guard record.cell.source == nil, record.lineage.isEmpty, let parts = Parts(data), parts.identity == record.cell.identity,
      parts.seed == record.cell.seed, parts.seed == record.configuration.seed
    else { return }
    (self.record, rest) = (record, parts.rest)
  }

  /// A file taken apart: its one identity, the seed that it states twice, and all other bytes.
  private struct Parts {
    let identity: String
    let seed: Int
    let rest: [UInt8]

    /// Nil where a run descends from others, or the file is not as this program writes it. Within a text of JSON a quotation mark has
    /// a stroke before it, so the marks that are looked for are keys.
    init?(_ data: Data) {
      let bytes = [UInt8](data)
      var identities: [String] = [], seeds: [Int] = [], rest: [UInt8] = []
      rest.reserveCapacity(bytes.count)
      var place = 0
      while place < bytes.count {
        let byte = bytes[place]
        rest.append(byte)
        place += 1
        guard byte == Self.quote else { continue }
        if bytes[(place - 1)...].starts(with: Self.identityMark) {
          rest += Self.identityMark.dropFirst()
          place += Self.identityMark.count - 1
          guard let end = bytes[place...].firstIndex(of: Self.quote) else { return nil }
          identities.append(String(decoding: bytes[place..<end], as: UTF8.self))
          place = end
        } else if bytes[(place - 1)...].starts(with: Self.seedMark) {
          rest += Self.seedMark.dropFirst()
          place += Self.seedMark.count - 1
          guard let end = bytes[place...].firstIndex(where: { $0 == Self.comma || $0 == Self.lineFeed }),
            let seed = Int(String(decoding: bytes[place..<end], as: UTF8.self))
          else { return nil }
          seeds.append(seed)
          place = end
        }
      }
      guard identities.count == 1, seeds.count == 2, seeds[0] == seeds[1] else { return nil }
      (identity, seed, self.rest) = (identities[0], seeds[0], rest)
    }

    private static let identityMark = Array("\"identity\" : \"".utf8), seedMark = Array("\"seed\" : ".utf8)
    private static let quote = UInt8(ascii: "\""), comma = UInt8(ascii: ","), lineFeed = UInt8(ascii: "\n")
  }
}

extension CellConfiguration {
  fileprivate func with(seed: Int) -> CellConfiguration {
    CellConfiguration(
      kind: kind, recipe: recipe, arithmetic: arithmetic, data: data, start: start, seed: seed, numericsRevision: numericsRevision,
      fraction: fraction ?? .whole, scoredClasses: scoredClasses)
  }
}
