import Foundation
import Imaging
import Studies

extension CaseFolderSource: SampleSource {
  func samples(for kind: TaskKind) throws -> FoundSamples {
    try require(kind.isSegmentation, for: kind, instead: "`manifest` or `classFolders`")
    return try CaseFolderReader(source: self).read()
  }
}

/// Reads folders with one subfolder an image. An id is the part's name, the subfolder's and the picture's: `training/c01/images/x.png`.
struct CaseFolderReader {
  let source: CaseFolderSource

  func read() throws -> FoundSamples {
    let folders = try PartFolders([
      (.training, source.training, "training"), (.validation, source.validation, "validation"), (.test, source.test, "test"),
    ])
    let pattern = try source.patientPattern.map { try PatientPattern($0) }
    var parts = [DatasetPart: [Sample]]()
    for (part, folder) in folders.all { parts[part] = try samples(in: folder, part: part, pattern: pattern) }
    return FoundSamples(parts: parts, classNames: [])
  }

  private func samples(in folder: SourceFolder, part: DatasetPart, pattern: PatientPattern?) throws -> [Sample] {
    let cases = try folder.subfolders()
    if cases.isEmpty { throw DatasetsError.noCases(folder: folder.url.path) }
    let patients = try pattern?.patients(of: cases)
    return try cases.enumerated().map { index, name in
      let images = try SourceFolder(folder.url.path + "/\(name)/\(source.imageFolder)", key: "imageFolder").images()
      guard images.count == 1 else { throw DatasetsError.severalPictures(images.map(\.name), of: name, folder: folder.url.path) }
      let masks = try masks(of: name, in: folder), path = "\(name)/\(source.imageFolder)/\(images[0].name)"
      return Sample(
        id: "\(part)/\(path)", image: ImageReference(folder.url.appendingPathComponent(path)),
        mask: MaskReference(
          regions: masks.map { .file($0.url, threshold: Mask.Threshold(source.meaning)) }, sizeRule: MaskReference.SizeRule(source.maskSize),
          ignored: Set(source.meaning.ignore)),
        patient: patients?[index], byteCount: images[0].byteCount + masks.reduce(0) { $0 + $1.byteCount })
    }
  }

  /// The masks of a case; none where it has no folder of them, or an empty one: it holds no object then.
  private func masks(of name: String, in folder: SourceFolder) throws -> [(url: URL, byteCount: Int)] {
    guard let masks = try SourceFolder(ifThere: folder.url.path + "/\(name)/\(source.maskFolder)") else { return [] }
    return try masks.files().filter { ImageName.isImage($0.name) }.map { (masks.url.appendingPathComponent($0.name), $0.byteCount) }
  }
}

extension DatasetsError {
  static func noCases(folder: String) -> DatasetsError {
    DatasetsError(
      kind: .noImages, problem: "The folder \(folder) has no subfolders, each of which would be an image.",
      remedy: "Point to the folder of the subfolders, or use `maskFolders` for images beside each other.")
  }

  static func severalPictures(_ names: [String], of name: String, folder: String) -> DatasetsError {
    DatasetsError(
      kind: .noImages, problem: "The subfolder \(name) of \(folder) holds \(names.count) pictures where it has its image: \(listed(names)).",
      remedy: "Correct `imageFolder`, or leave one picture there.")
  }
}
