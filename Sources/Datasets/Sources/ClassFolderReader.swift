import Foundation
import Studies

extension ClassFolderSource: SampleSource {
  func samples(for kind: TaskKind) throws -> FoundSamples {
    try require(
      kind.hasOneClass || kind.isOfExactlyOneClass, for: kind, instead: kind.isSegmentation ? "`manifest` or `maskFolders`" : "`manifest`")
    return try ClassFolderReader(source: self).read()
  }
}

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
    let classes = try classes(folders)
    var parts = [DatasetPart: [Sample]]()
    for (part, folder) in folders.all { parts[part] = try samples(in: folder, part: part, classes: classes, pattern: pattern) }
    return FoundSamples(parts: parts, classNames: classes)
  }

  /// The classes in the order of labels, after a look that each part has them.
  private func classes(_ folders: PartFolders) throws -> [String] {
    let present = try folders.all.map { (path: $0.folder.url.path, names: try $0.folder.subfolders()) }
    let classes = source.classNames.isEmpty ? present[0].names : source.classNames
    if classes.count + (source.positive == nil ? 0 : 1) < 2 { throw DatasetsError.tooFewClassFolders(classes, folder: present[0].path) }
    for (path, names) in present {
      if let absent = classes.first(where: { !names.contains($0) }) { throw DatasetsError.noClassFolder(absent, folder: path, present: names) }
      if let positive = source.positive, names.count < 2 { throw DatasetsError.oneClassFolder(positive, folder: path) }
    }
    return classes
  }

  private func samples(in folder: SourceFolder, part: DatasetPart, classes: [String], pattern: PatientPattern?) throws -> [Sample] {
    var samples = [Sample]()
    for name in source.positive == nil ? classes : try folder.subfolders() {
      let place = source.imageFolder.map { "\(name)/\($0)" } ?? name
      let images = try SourceFolder(folder.url.path + "/" + place, key: "classFolders").images()
      let patients = try pattern?.patients(of: images.map(\.name))
      for (index, image) in images.enumerated() {
        samples.append(
          Sample(
            id: "\(part)/\(name)/\(image.name)", image: ImageReference(folder.url.appendingPathComponent("\(place)/\(image.name)")),
            labels: classes.map { $0 == name ? 1 : 0 }, patient: patients?[index], byteCount: image.byteCount))
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
