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
    groups = search.groups().map { Set($0.map { ids[$0] }).sorted() }.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }

  /// The files that what was found depends on, for whoever keeps it: those whose images are compared, and the table of patients.
  public static func files(_ source: DataSource, kind: TaskKind, patients: PatientTable? = nil) throws -> [URL] {
    var seen = Set<URL>()
    return try (patients.map { [URL(fileURLWithPath: $0.file)] } ?? [])
      + DatasetResolver.find(source, kind: kind).parts.values.joined().sorted(by: Sample.isBefore).flatMap(\.image.files)
      .filter { seen.insert($0).inserted }
  }

  /// What each sample has in common with others: its patient's and its copies' samples, theirs, and so on. Without copies a key is that of
  /// the patient or the image, so that a split of other images stays as it was.
  func keys(of samples: [Sample]) -> [String: String] {
    let keys = Dictionary(samples.map { ($0.id, PatientGroup.key(of: $0)) }) { first, _ in first }
    // In the order of their texts, so that the least stands for all that are joined.
    let texts = Set(keys.values).sorted(), places = Dictionary(uniqueKeysWithValues: texts.enumerated().map { ($1, $0) })
    var union = DisjointIndices(count: texts.count)
    for group in groups {
      let present = group.compactMap { keys[$0].flatMap { places[$0] } }
      for other in present.dropFirst() { union.join(present[0], other) }
    }
    return keys.mapValues { key in places[key].map { texts[union.representative(of: $0)] } ?? key }
  }
}
