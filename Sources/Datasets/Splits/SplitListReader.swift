import Foundation
import Foundations
package import Studies

/// Reads the first set of split lists that is there.
package struct SplitListReader {
  let lists: SplitLists

  package init(lists: SplitLists) { self.lists = lists }

  /// What the lists say; nil where no set is there and none must be.
  package func read() throws -> ListedParts? {
    guard let chosen = try lists.candidates.first(where: { try $0.files.allSatisfy { try byteCount(ofFile: $0) != nil } }) else {
      if lists.isRequired { throw DatasetsError.missingLists(lists.candidates.map { $0.files.map(Self.name) }) }
      return nil
    }
    var parts = [String: DatasetPart](), repeated = [String]()
    let files: [(DatasetPart, String?)] = [(.training, chosen.training), (.validation, chosen.validation), (.test, chosen.test)]
    for (part, file) in files {
      guard let file else { continue }
      for name in try Self.entries(of: file) where parts.updateValue(part, forKey: name) != nil { repeated.append(name) }
    }
    if !repeated.isEmpty { throw DatasetsError.listedTwice(repeated, lists: chosen.files.map(Self.name)) }
    let patients = try chosen.validationPatients.map { Set(try Self.entries(of: $0)) }
    return ListedParts(name: chosen.name, files: chosen.files.map(Self.name), parts: parts, validationPatients: patients)
  }

  private static func name(_ path: String) -> String { path.lastPathPart }

  /// The first field of each line that is not blank.
  private static func entries(of path: String) throws -> [String] {
    let text = try TextFile.read(URL(fileURLWithPath: path))
    return text.utf8.split(whereSeparator: { $0 == 10 || $0 == 13 }).compactMap { line in
      line.split(whereSeparator: { $0 == 32 || $0 == 9 || $0 == 44 }).first.flatMap { String(Substring($0)) }
    }
  }
}

/// Which image is in which part, by lists.
package struct ListedParts {
  /// What the set of lists is called.
  let name: String
  package let files: [String]
  package let parts: [String: DatasetPart]
  let validationPatients: Set<String>?

  /// The samples by part. An image that no list names is an error, since nothing says whether it may be trained on.
  func divide(_ samples: [Sample]) throws -> [DatasetPart: [Sample]] {
    var divided = [DatasetPart: [Sample]](), unlisted = [String]()
    for sample in samples {
      guard var part = parts[sample.id] else {
        unlisted.append(sample.id)
        continue
      }
      if part == .training, let validationPatients, let patient = sample.patient, validationPatients.contains(patient) {
        part = .validation
      }
      divided[part, default: []].append(sample)
    }
    if !unlisted.isEmpty { throw DatasetsError.unlisted(unlisted, total: samples.count, lists: files) }
    return divided
  }

  /// Listed images that are not among `names`.
  package func absent(from names: Set<String>) -> [String] { parts.keys.filter { !names.contains($0) }.sorted() }
}
