import Foundation
import Studies

/// Reads folders with one subfolder a class.
///
/// An id is the part's name, the class's and the file's: `training/NORMAL/IM-0115-0001.jpeg`.
struct ClassFolderReader {
  let source: ClassFolderSource

  func read() throws -> FoundSamples {
    let folders = try PartFolders([
      (.training, source.training, "training"), (.validation, source.validation, "validation"), (.test, source.test, "test"),
    ])
    let pattern = try source.patientPattern.map { try PatientPattern($0) }
    var parts = [DatasetPart: [Sample]]()
    for (part, folder) in folders.all { parts[part] = try samples(in: folder, part: part, pattern: pattern) }
    return FoundSamples(parts: parts, classNames: [source.positive])
  }

  private func samples(in folder: SourceFolder, part: DatasetPart, pattern: PatientPattern?) throws -> [Sample] {
    let classes = try folder.subfolders()
    guard classes.contains(source.positive) else {
      throw DatasetsError.noClassFolder(source.positive, folder: folder.url.path, present: classes)
    }
    guard classes.count > 1 else { throw DatasetsError.oneClassFolder(source.positive, folder: folder.url.path) }
    var samples = [Sample]()
    for name in classes {
      let images = try SourceFolder(folder.url.path + "/" + name, key: "classFolders").images()
      let patients = try pattern?.patients(of: images.map(\.name))
      for (index, image) in images.enumerated() {
        samples.append(
          Sample(
            id: "\(part)/\(name)/\(image.name)", image: ImageReference(folder.url.appendingPathComponent("\(name)/\(image.name)")),
            labels: [name == source.positive ? 1 : 0], patient: patients?[index], byteCount: image.byteCount))
      }
    }
    return samples
  }
}

/// The folders of the parts a study names, each there and no two the same.
struct PartFolders {
  let all: [(part: DatasetPart, folder: SourceFolder)]

  init(_ named: [(part: DatasetPart, path: String?, key: String)]) throws {
    all = try named.compactMap { entry in
      try entry.path.map { (entry.part, try SourceFolder($0, key: entry.key)) }
    }
    var owners = [String: DatasetPart]()
    for (part, folder) in all {
      let place = folder.url.resolvingSymlinksInPath().path
      if let owner = owners[place] { throw DatasetsError.sharedFolder(owner, part, folder: folder.url.path) }
      owners[place] = part
    }
  }
}
