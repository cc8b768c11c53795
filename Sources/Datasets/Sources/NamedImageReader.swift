import Foundation
import Studies

extension NamedImageSource: SampleSource {
  func samples(for kind: TaskKind) throws -> FoundSamples {
    try require(kind.hasOneClass, for: kind, instead: kind.isSegmentation ? "`manifest` or `maskFolders`" : "`manifest`")
    return try NamedImageReader(source: self).read()
  }
}

/// Reads a folder of images whose names tell the label. An id is the file's name.
struct NamedImageReader {
  let source: NamedImageSource

  func read() throws -> FoundSamples {
    let candidates = [source.images] + source.otherFolders
    let path = try candidates.first { try SourceFolder(ifThere: $0) != nil } ?? source.images
    let folder = try SourceFolder(path, key: "images")
    let images = try folder.images(), names = images.map(\.name)
    let labels = try PatientPattern(source.labelPattern).groups(of: names)
    let unlabeled = zip(names, labels).filter { $1 == nil }.map(\.0)
    if !unlabeled.isEmpty { throw DatasetsError.unlabeled(unlabeled, total: names.count, pattern: source.labelPattern) }
    let patients = try source.patientPattern.map { try PatientPattern($0).patients(of: names) }
    let samples = images.indices.map { index in
      Sample(
        id: names[index], image: ImageReference(folder.url.appendingPathComponent(names[index])),
        labels: [labels[index] == source.positive ? 1 : 0], patient: patients?[index], byteCount: images[index].byteCount)
    }
    guard let listed = try source.splitLists.flatMap({ try SplitListReader(lists: $0).read() }) else {
      return FoundSamples(parts: [.training: samples], classNames: [source.className])
    }
    let absent = listed.absent(from: Set(names))
    if !absent.isEmpty, source.rows == .all {
      throw DatasetsError.listedButAbsent(absent, total: listed.parts.count, lists: listed.files)
    }
    return FoundSamples(parts: try listed.divide(samples), classNames: [source.className])
  }
}

extension NamedImageSource {
  /// How many of these files' names tell each label.
  package func labelCounts(of names: [String]) -> [String: Int] {
    let labels = (try? PatientPattern(labelPattern).groups(of: names)) ?? []
    return Dictionary(labels.compactMap { $0 }.map { ($0, 1) }, uniquingKeysWith: +)
  }
}
