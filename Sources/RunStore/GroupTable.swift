public import Foundation
internal import Foundations

/// What `groups/<task>.csv` in a study's output holds: the strata of a task's images, such as those of women or of one view.
///
/// Columns: `path` (the sample's id), `split`, then `group:<name>` for each group. It belongs to no run and to no identity: a study that
/// names its groups when all runs are finished gets the table with no training.
public struct GroupTable: Hashable, Sendable {
  public struct Row: Hashable, Sendable {
    public let id: String
    /// `training`, `validation` or `test`.
    public let split: String
    /// One a group.
    public let strata: [String]

    public init(id: String, split: String, strata: [String]) {
      (self.id, self.split, self.strata) = (id, split, strata)
    }
  }

  /// The groups, in the order of the study when the table was written.
  public let names: [String]
  public let rows: [Row]

  public init(names: [String], rows: [Row]) { (self.names, self.rows) = (names, rows) }

  public static let folder = "groups"

  /// Where a task's table is, relative to the study's output.
  public static func path(of task: String) -> String { "\(folder)/\(task).csv" }

  private static let prefix = "group:", columns = ["path", "split"]

  public var text: String {
    CSV.encode(Self.columns + names.map { Self.prefix + $0 }) + rows.map { CSV.encode([$0.id, $0.split] + $0.strata) }.joined()
  }

  /// The table of a task; nil where there is none.
  ///
  /// - Parameter wanted: of a row's split; others are not kept.
  public static func read(_ task: String, from source: any RunSource, where wanted: (String) -> Bool = { _ in true }) throws -> GroupTable? {
    let path = path(of: task), url = source.url(path)
    guard let bytes = try source.bytes(path) else { return nil }
    let record: GroupRecord?
    do {
      record = try StudyFiles.read(GroupRecord.self, at: GroupRecord.path(of: task), from: source)
    } catch {
      if SystemFault.isFault(error) { throw error }
      throw RunStoreError.malformedGroups(url, reason: "the record beside it, which vouches for it, is not as it was written")
    }
    if let record, record.sha256 != Digest.sha256Hex(of: bytes) { throw RunStoreError.malformedGroups(url, reason: "it is not as it was written") }
    return try GroupTable(decoding: bytes, of: url, where: wanted)
  }

  /// - Parameter url: what messages call it.
  init(decoding bytes: Data, of url: URL, where wanted: (String) -> Bool) throws {
    guard bytes.last == UInt8(ascii: "\n"), let text = String(validating: bytes, as: UTF8.self) else {
      throw RunStoreError.malformedGroups(url, reason: "it is no whole text")
    }
    var rows: [Row] = [], seen: Set<String> = [], combinations: [[String]: [String]] = [:]
    let header: [String]
    do {
      header = try CSV.scan(text, columns: { Array($0.indices) }) { _, cells in
        guard cells.count > 2, wanted(cells[1]) else { return }
        guard seen.insert(cells[0]).inserted else {
          throw RunStoreError.malformedGroups(url, reason: "the image “\(cells[0])” is there twice")
        }
        let strata = Array(cells[2...]), shared = combinations[strata] ?? strata
        combinations[strata] = shared
        rows.append(Row(id: cells[0], split: cells[1], strata: shared))
      }
    } catch let error as FoundationsError {
      throw RunStoreError.malformedGroups(url, reason: error.problem)
    }
    guard header.count > 2, header.starts(with: Self.columns), header[2...].allSatisfy({ $0.hasPrefix(Self.prefix) }) else {
      throw RunStoreError.malformedGroups(url, reason: "its columns are not path, split and group:<name>")
    }
    names = header[2...].map { String($0.dropFirst(Self.prefix.count)) }
    guard Set(names).count == names.count else { throw RunStoreError.malformedGroups(url, reason: "it names a group twice") }
    self.rows = rows
  }
}

/// What stands in `groups/<task>.json`: the SHA-256 of the table beside it, which no run's seal is of. Tables of programs that wrote no record
/// are read as they are.
public struct GroupRecord: VouchedRecord, Hashable, Sendable {
  public let task: String
  /// Of the table's bytes.
  public let sha256: String
  /// Of all that is stated above.
  public internal(set) var checksum: String?

  public init(task: String, table: Data) {
    self.task = task
    sha256 = Digest.sha256Hex(of: table)
    checksum = digestOfContent()
  }

  public static func path(of task: String) -> String { "\(GroupTable.folder)/\(task).json" }
}
