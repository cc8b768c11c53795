import Foundation
import Foundations
import Imaging
import Studies

extension MedIMetaSource: SampleSource {
  func samples(for kind: TaskKind) throws -> FoundSamples {
    try require(kind.isClassification, for: kind, instead: "`manifest` or `maskFolders`")
    return try MedIMetaReader(source: self, kind: kind).read()
  }
}

/// Reads a task of a data set of MedIMeta. An id is the image's path below the data set's folder: `images/000012.tiff`.
///
/// Images that no list names are of no part and are left out.
struct MedIMetaReader {
  let source: MedIMetaSource
  let kind: TaskKind

  func read() throws -> FoundSamples {
    let folder = try SourceFolder(source.folder, key: "folder")
    let labels = try labels(in: folder)
    let sizes = Dictionary(
      try SourceFolder(folder.url.path + "/images", key: "folder").images().map { ($0.name, $0.byteCount) }, uniquingKeysWith: { first, _ in first })
    var parts = [DatasetPart: [Sample]](), owners = [Int: DatasetPart]()
    for (part, name) in [(DatasetPart.training, "train"), (.validation, "val"), (.test, "test")] {
      let list = folder.url.path + "/" + (source.lists == .splits ? "splits" : "original_splits") + "/\(name).txt"
      guard try byteCount(ofFile: list) != nil else {
        // Data sets whose publishers gave no validation part have no list of one.
        if part == .validation { continue }
        throw DatasetsError.noNumberedList(list, other: source.lists == .splits ? .originalSplits : .splits, in: folder.url.path)
      }
      let files = try Self.entries(of: list), absent = files.filter { sizes[$0.name] == nil }
      if !absent.isEmpty { throw DatasetsError.listedAndAbsent(absent.map(\.name), total: files.count, lists: ["\(name).txt"]) }
      parts[part] = try files.map { file in
        guard labels.indices.contains(file.number) else { throw DatasetsError.noNumberedLabel(file.name, count: labels.count, task: source.task) }
        if owners.updateValue(part, forKey: file.number) != nil { throw DatasetsError.listedTwice([file.name], lists: ["\(name).txt"]) }
        return Sample(
          id: "images/\(file.name)", image: ImageReference(folder.url.appendingPathComponent("images/\(file.name)")), labels: labels[file.number],
          byteCount: sizes[file.name] ?? 0)
      }
    }
    return FoundSamples(parts: parts, classNames: source.classes)
  }

  /// The labels of all images in the order of their numbers.
  private func labels(in folder: SourceFolder) throws -> [[Float]] {
    let file = folder.url.path + "/task_labels/\(source.task).npy"
    guard try byteCount(ofFile: file) != nil else {
      let present = (try? SourceFolder(folder.url.path + "/task_labels", key: "folder").files().map { $0.name.withoutPathEnding }) ?? []
      throw DatasetsError.noLabelFile(file, task: source.task, present: present)
    }
    let archive = try ArrayArchive.shared(URL(fileURLWithPath: file))
    return try ArrayReader(source: ArraySource(file: file, classes: source.classes), kind: kind).labels("array", of: archive)
  }

  /// The images of a list, by paths that end in their numbers.
  private static func entries(of path: String) throws -> [(name: String, number: Int)] {
    let list = path.lastPathPart
    return try TextFile.read(URL(fileURLWithPath: path)).split(whereSeparator: \.isNewline).compactMap { line in
      let name = line.trimmingCharacters(in: .whitespaces).lastPathPart
      if name.isEmpty { return nil }
      guard let number = Int(name.withoutPathEnding) else { throw DatasetsError.notANumber(name, list: list) }
      return (name, number)
    }
  }
}

extension DatasetsError {
  static func listedAndAbsent(_ names: [String], total: Int, lists: [String]) -> DatasetsError {
    DatasetsError(
      kind: .missingImages,
      problem: "\(names.count) of \(counted(total, "image")) of \(listed(lists)) \(names.count == 1 ? "is" : "are") not in images/: \(listed(names)).",
      remedy: "Unpack the data set's images; those in images.hdf5 alone are not read.")
  }

  static func noNumberedLabel(_ name: String, count: Int, task: String) -> DatasetsError {
    DatasetsError(
      kind: .missingLabels, problem: "The image \(name) has no label among the \(count) of the task “\(task)”.",
      remedy: "Give images and labels of one version of the data set.")
  }

  static func noLabelFile(_ path: String, task: String, present: [String]) -> DatasetsError {
    DatasetsError(
      kind: .missingTable, problem: "There are no labels of the task “\(task)” at \(path).", remedy: suggestion(for: task, in: present))
  }

  static func noNumberedList(_ path: String, other: MedIMetaSource.Lists, in folder: String) -> DatasetsError {
    let name = other == .splits ? "splits" : "original_splits"
    return DatasetsError(
      kind: .missingTable, problem: "There is no list of a part at \(path).",
      remedy: (try? byteCount(ofFile: "\(folder)/\(name)/train.txt")) ?? nil == nil
        ? "Unpack the data set whole, or correct `folder`." : "Set `lists: \(other.rawValue)`, which are in \(name), or unpack the data set whole.")
  }

  static func notANumber(_ name: String, list: String) -> DatasetsError {
    DatasetsError(
      kind: .notAPart, problem: "The list \(list) names “\(name)”, which is no numbered image such as 000012.tiff.",
      remedy: "Give the lists as MedIMeta ships them.")
  }
}
