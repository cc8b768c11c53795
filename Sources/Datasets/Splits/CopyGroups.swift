public import Foundation
import Foundations
public import Studies

/// Images that are one image, or nearly: what a split may keep together beside the images of one patient.
public struct CopyGroups: Codable, Hashable, Sendable {
  /// The ids of each group, in order.
  public let groups: [[String]]

  public init(_ groups: [[String]]) { self.groups = groups }

  /// The groups among all images of a source, by the search of `DatasetAudit`: every image is opened.
  ///
  /// - Parameters:
  ///   - pictures: how the images' files are read; nil as they come.
  ///   - patients: whose images they are, where the source does not tell: images of one patient are alike by nature and need no group.
  /// - Throws: `DatasetsError` where the source cannot be listed; an image that cannot be opened is nobody's copy.
  public init(_ source: DataSource, kind: TaskKind, pictures: PictureChoices? = nil, patients: PatientTable? = nil) throws {
    let found = try DatasetResolver.find(source, kind: kind, pictures: pictures, patients: patients)
    // Of which part an image is makes no difference here.
    let samples = found.parts.values.joined().sorted(by: Sample.isBefore)
    let inventory = try ImageInventory(FoundSamples(parts: [.training: samples], classNames: found.classNames))
    let search = DuplicateSearch(items: inventory.items, isAcrossOnly: false), ids = inventory.images.map(\.sample.id)
    var union = DisjointSets()
    for group in search.identicalGroups() { for other in group.dropFirst() { union.join(ids[group[0]], ids[other]) } }
    for pair in search.nearPairs() { union.join(ids[pair.first], ids[pair.second]) }
    groups = union.sets()
  }

  /// The files that what was found depends on, for whoever keeps it: those whose images are compared, and the table of patients.
  public static func files(_ source: DataSource, kind: TaskKind, patients: PatientTable? = nil) throws -> [URL] {
    var seen = Set<URL>()
    return try (patients.map { [URL(fileURLWithPath: $0.file)] } ?? []) + DatasetResolver.find(source, kind: kind).parts.values.joined().sorted(by: Sample.isBefore).flatMap(\.image.files)
      .filter { seen.insert($0).inserted }
  }

  /// What each sample has in common with others: its patient's and its copies' samples, theirs, and so on. Without copies a key is that of
  /// the patient or the image, so that a split of other images stays as it was.
  func keys(of samples: [Sample]) -> [String: String] {
    var union = DisjointSets()
    let keys = Dictionary(samples.map { ($0.id, PatientGroup.key(of: $0)) }) { first, _ in first }
    for group in groups {
      let present = group.compactMap { keys[$0] }
      for other in present.dropFirst() { union.join(present[0], other) }
    }
    return keys.mapValues { union.representative(of: $0) }
  }
}

/// Sets of texts that are joined as it turns out that they belong together.
private struct DisjointSets {
  private var parents = [String: String]()

  func representative(of text: String) -> String {
    var current = text
    while let parent = parents[current], parent != current { current = parent }
    return current
  }

  /// The lesser of two representatives stands for both, so that the order of joining makes no difference.
  mutating func join(_ first: String, _ second: String) {
    let (a, b) = (representative(of: first), representative(of: second))
    for text in [first, second, a, b] where parents[text] == nil { parents[text] = text }
    if a != b { parents[max(a, b)] = min(a, b) }
  }

  func sets() -> [[String]] {
    Dictionary(grouping: parents.keys) { representative(of: $0) }.values.map { $0.sorted() }.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }
}
