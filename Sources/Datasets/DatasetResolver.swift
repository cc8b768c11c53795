import Foundation
import Foundations
import Imaging
public import Studies

/// Finds the images of a task and what is to be said about each, and divides them into three parts.
public enum DatasetResolver {
  /// Reads a source and checks it whole: every file there, every label legible, no part empty, no patient in two parts.
  ///
  /// No image is opened. The result depends on names, labels and sizes alone, never on the order in which a file system lists them.
  ///
  /// - Throws: `DatasetsError`; `FoundationsError` for a table that is not CSV.
  public static func resolve(_ source: DataSource, kind: TaskKind) throws -> DatasetSplits {
    let found: FoundSamples
    switch source {
    case .manifest(let manifest):
      found = try ManifestReader(source: manifest, kind: kind).read()
    case .maskFolders(let folders):
      guard kind.isSegmentation else {
        throw DatasetsError.unsuitable("maskFolders", kind: kind.rawValue, instead: "`manifest` or `classFolders`")
      }
      found = try MaskFolderReader(source: folders).read()
    case .classFolders(let folders):
      guard kind == .binaryClassification else {
        throw DatasetsError.unsuitable(
          "classFolders", kind: kind.rawValue, instead: kind.isSegmentation ? "`manifest` or `maskFolders`" : "`manifest`")
      }
      found = try ClassFolderReader(source: folders).read()
    case .sliceTable(let table):
      guard kind.isClassification else {
        throw DatasetsError.unsuitable("sliceTable", kind: kind.rawValue, instead: "`manifest` or `maskFolders`")
      }
      found = try SliceTableReader(source: table).read()
    case .arrays(let arrays):
      guard kind.isClassification else {
        throw DatasetsError.unsuitable("arrays", kind: kind.rawValue, instead: "`manifest` or `maskFolders`")
      }
      found = try ArrayReader(source: arrays).read()
    case .coco(let annotated):
      found = try COCOReader(source: annotated, kind: kind).read()
    case .nnUNet(let folder):
      guard kind.isSegmentation else {
        throw DatasetsError.unsuitable("nnUNet", kind: kind.rawValue, instead: "`manifest` or `classFolders`")
      }
      found = try NNUNetReader(source: folder).read()
    }
    // Before carving too: an overlap of given parts is told whole, not divided among the parts carved from them.
    try DatasetSplits.checkPatients(found.parts)
    let (parts, carved) = SplitCarving(rule: source.split).complete(found.parts)
    return try DatasetSplits(parts: parts, classNames: found.classNames, carved: carved)
  }
}

/// What a source holds before the missing parts are carved.
struct FoundSamples {
  var parts: [DatasetPart: [Sample]]
  var classNames: [String]
}
