import Foundation
import Foundations

/// Which image of a data set is in which part, as a table that others can reproduce a study with.
///
/// Columns: `path` (the sample's id), `patient` (empty where not known), `split`, `fraction` (of a training image: the smallest fraction of
/// the training images that keeps it), then one a class: 1 present, 0 absent, empty not known; or
/// one a number of a regression, empty where it is not known. Rows are in the order of parts and ids, so the
/// same data set gives the same bytes.
public struct SplitTable: Sendable, Hashable {
  public let csv: String
  /// Of the text's bytes, as 64 hexadecimal digits.
  public let sha256: String

  static let columns = ["path", "patient", "split", "fraction"]

  /// - Parameter seed: That of the split, from which the order of the fractions follows.
  public init(_ splits: DatasetSplits, seed: Int) {
    var entries = [String: Double]()
    for (group, fraction) in NestedOrder.entries(splits.training, seed: seed) {
      entries[group.key] = fraction
    }
    // A class may be called as a column is.
    // Masks are not in it.
    let classes = (splits.classNames + (splits.numbers?.names ?? [])).map { Self.columns.contains($0) ? "label:\($0)" : $0 }
    var table = CSV.encode(Self.columns + classes)
    for part in DatasetPart.allCases {
      for sample in splits[part] {
        let fraction = part == .training ? entries[PatientGroup.key(of: sample)].map { "\($0)" } : nil
        table += CSV.encode([sample.id, sample.patient ?? "", part.rawValue, fraction ?? ""] + (sample.labels + sample.numbers).map(Self.text))
      }
    }
    csv = table
    sha256 = Digest.sha256Hex(of: csv)
  }

  private static func text(_ label: Float) -> String { label.isNaN ? "" : label == label.rounded() && abs(label) < 1e9 ? "\(Int(label))" : "\(label)" }
}

/// A table that says which part each image belongs to.
struct SplitFile {
  private let name: String
  private let parts: [String: DatasetPart]

  /// - Throws: `DatasetsError` where it is not there, lacks `path` or `split`, names no part, or an image twice.
  init(_ path: String) throws {
    guard try byteCount(ofFile: path) != nil else { throw DatasetsError.missingSplitFile(path) }
    name = path.lastPathPart
    let document = try CSV.parse(try TextFile.read(URL(fileURLWithPath: path)), separator: nil)
    let path = try index(of: "path", in: document.header, table: name), split = try index(of: "split", in: document.header, table: name)
    var parts = [String: DatasetPart](), repeated = [String]()
    for (number, row) in document.rows.enumerated() {
      guard let part = DatasetPart(word: row[split]) else { throw DatasetsError.notAPart(row[split], line: number + 2, table: name) }
      if parts.updateValue(part, forKey: row[path]) != nil { repeated.append(row[path]) }
    }
    if !repeated.isEmpty { throw DatasetsError.repeatedInSplit(repeated, file: name) }
    self.parts = parts
  }

  /// The same samples in the parts that the table says.
  func divide(_ given: [DatasetPart: [Sample]]) throws -> [DatasetPart: [Sample]] {
    let samples = given.values.joined()
    let missing = samples.map(\.id).filter { parts[$0] == nil }.sorted()
    let strangers = Set(parts.keys).subtracting(samples.map(\.id)).sorted()
    if !missing.isEmpty || !strangers.isEmpty { throw DatasetsError.splitMismatch(file: name, missing: missing, strangers: strangers) }
    return Dictionary(grouping: samples) { parts[$0.id] ?? .training }
  }
}
