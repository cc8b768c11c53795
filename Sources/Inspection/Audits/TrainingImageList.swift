public import Datasets
public import Foundation
import Foundations

/// A published list of the images that weights were trained on: a table (`.csv`, with or without a header) or one image a line.
///
/// What its columns are called is not asked: every field is compared with the test images, as the name of a file, as a path, and
/// as a digest where it is one. So lists of any layout can be used as they are published, of any length, without being kept.
public struct TrainingImageList: Sendable {
  public let file: URL

  public init(_ file: URL) { self.file = file }

  /// What was found of some test images on a list.
  public struct Finding: Sendable, Hashable {
    /// How a test image was recognized, the surest first.
    public enum Evidence: String, Sendable, CaseIterable { case digest, path, name }

    public struct Match: Sendable, Hashable {
      public let image: String
      public let evidence: Evidence
      /// What stands on the list.
      public let entry: String
    }

    /// One an image, in the order of the images.
    public let matches: [Match]
    /// Further test images whose names agree with the list's and are too short or too common to prove it.
    public let unprovenCount: Int
    /// The rows or lines of the list.
    public let entries: Int
    public let hasDigests: Bool
    /// Of the list's bytes.
    public let sha256: String
  }

  /// Looks for the test images of a data set.
  ///
  /// - Parameters:
  ///   - tested: those that networks are tested on; nil for the test part.
  ///   - comparesBytes: Whether the digests of the test images' files are taken where the list has digests.
  /// - Throws: `DatasetsError` for a list that is not there or has no entry, `FoundationsError` for one that is no text.
  public func finding(_ splits: DatasetSplits, tested: [Sample]? = nil, comparesBytes: Bool = true) throws -> Finding {
    guard try byteCount(ofFile: file.path) != nil else { throw DatasetsError.missingTrainingList(file) }
    let digests = try Self.digestColumns(in: head())
    var search = ListSearch(tested ?? splits.test, among: DatasetPart.allCases.flatMap { splits[$0] })
    if comparesBytes { for algorithm in digests { try search.takeDigests(algorithm) } }
    var count = 0
    try forEachRow { fields in
      count += 1
      search.look(at: fields)
    }
    guard count > 0 else { throw DatasetsError.emptyTrainingList(file) }
    return Finding(
      matches: search.matches, unprovenCount: search.unprovenCount, entries: count, hasDigests: !digests.isEmpty, sha256: try Digest.sha256Hex(ofFile: file))
  }

  // MARK: - Reading

  private var isTable: Bool { [".csv", ".csv.gz"].contains(where: file.lastPathComponent.lowercased().hasSuffix) }

  private func forEachRow(_ body: ([String]) throws -> Void) throws {
    if isTable {
      try CSV.scan(contentsOf: file) { header in
        // A list without a header has its first image there.
        if Self.isEntry(header) { try body(header) }
        return Array(header.indices)
      } row: {
        try body($1)
      }
    } else {
      // A name may have spaces, and other columns may follow it.
      try TextFile.forEachLine(of: file) { line in
        if line.isEmpty { return }
        try body([line] + line.split(whereSeparator: { $0 == "," || $0 == "\t" || $0 == ";" || $0 == " " }).map(String.init))
      }
    }
  }

  /// The first rows, in which the columns of digests are found.
  private func head() throws -> [[String]] {
    struct Enough: Error {}
    var rows = [[String]]()
    do {
      if isTable {
        try CSV.scan(contentsOf: file) { header in
          rows.append(header)
          return Array(header.indices)
        } row: { _, fields in
          rows.append(fields)
          if rows.count > 50 { throw Enough() }
        }
      } else {
        try forEachRow { fields in
          rows.append(fields)
          if rows.count > 50 { throw Enough() }
        }
      }
    } catch is Enough {}
    return rows
  }

  /// Whether a header's field names a file with an ending, as no title of a column does.
  private static func isEntry(_ header: [String]) -> Bool { header.contains { ListedName($0).hadEnding } }

  /// Fields of 64 hexadecimal digits are SHA-256. Those of 32 are MD5 only where the column says so: some sets name images that way.
  private static func digestColumns(in rows: [[String]]) -> [Digest.Algorithm] {
    var found = [Digest.Algorithm]()
    if rows.contains(where: { $0.contains { $0.isHexadecimal(64) } }) { found.append(.sha256) }
    let named = (rows.first ?? []).indices.filter { rows[0][$0].lowercased().contains("md5") }
    if rows.dropFirst().contains(where: { row in named.contains { $0 < row.count && row[$0].isHexadecimal(32) } }) { found.append(.md5) }
    return found
  }
}

extension String {
  func isHexadecimal(_ count: Int) -> Bool {
    utf8.count == count && utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) || (65...70).contains($0) }
  }
}
