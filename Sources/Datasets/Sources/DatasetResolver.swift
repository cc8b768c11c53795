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
  ///
  /// - Parameters:
  ///   - pictures: how the images' files are read; nil as they come.
  ///   - patients: whose images they are, where the source does not tell.
  ///   - copies: images that stay on one side of what is carved, where the split asks for it.
  public static func resolve(
    _ source: DataSource, kind: TaskKind, pictures: PictureChoices? = nil, patients: PatientTable? = nil, copies: CopyGroups? = nil
  ) throws -> DatasetSplits {
    let found = try find(source, kind: kind, pictures: pictures, patients: patients)
    // Before carving too: an overlap of given parts is told whole, not divided among the parts carved from them.
    if source.split.file == nil { try DatasetSplits.checkPatients(found.parts) }
    let (parts, carved) = try divide(found.parts, by: source.split, copies: copies)
    return try DatasetSplits(parts: parts, classNames: found.classNames, maskClasses: found.maskClasses, numbers: found.numbers, carved: carved, remarks: found.remarks)
  }

  /// The parts as they are, with patients that are in two of them.
  package static func uncheckedParts(
    _ source: DataSource, kind: TaskKind, pictures: PictureChoices? = nil, patients: PatientTable? = nil
  ) throws -> FoundSamples {
    var found = try find(source, kind: kind, pictures: pictures, patients: patients)
    found.parts = try divide(found.parts, by: source.split).parts
    return found
  }

  /// The parts that a file gives, or those of the source with the missing ones carved and from how many images each was.
  private static func divide(
    _ given: [DatasetPart: [Sample]], by rule: SplitRule, copies: CopyGroups? = nil
  ) throws -> (parts: [DatasetPart: [Sample]], carved: [DatasetPart: Int]) {
    if let file = rule.file { return (try SplitFile(file).divide(given), [:]) }
    return SplitCarving(rule: rule, copies: copies).complete(given)
  }

  /// What a source holds, before anything is carved.
  static func find(
    _ source: DataSource, kind: TaskKind, pictures: PictureChoices? = nil, patients: PatientTable? = nil
  ) throws -> FoundSamples {
    if kind.answer == .numbers, source.key != "manifest" {
      throw DatasetsError.unsuitable(source.key, kind: kind.rawValue, instead: "`manifest` with `numberColumns`")
    }
    var found = try read(source, kind: kind)
    if let patients { found.parts = try PatientTableReader(patients).name(found.parts) }
    if let pictures { found.parts = try pictures.apply(to: found.parts) }
    if kind.isOfExactlyOneClass { try checkExclusive(found) }
    return found
  }

  private static func read(_ source: DataSource, kind: TaskKind) throws -> FoundSamples {
    switch source {
    case .manifest(let manifest):
      return try ManifestReader(source: manifest, kind: kind).read()
    case .maskFolders(let folders):
      guard kind.isSegmentation else {
        throw DatasetsError.unsuitable("maskFolders", kind: kind.rawValue, instead: "`manifest` or `classFolders`")
      }
      return try MaskFolderReader(source: folders, kind: kind).read()
    case .classFolders(let folders):
      guard kind.hasOneClass || kind.isOfExactlyOneClass else {
        throw DatasetsError.unsuitable(
          "classFolders", kind: kind.rawValue, instead: kind.isSegmentation ? "`manifest` or `maskFolders`" : "`manifest`")
      }
      return try ClassFolderReader(source: folders).read()
    case .sliceTable(let table):
      guard kind.isClassification else {
        throw DatasetsError.unsuitable("sliceTable", kind: kind.rawValue, instead: "`manifest` or `maskFolders`")
      }
      return try SliceTableReader(source: table).read()
    case .arrays(let arrays):
      return try kind.isSegmentation ? MaskArrayReader(source: arrays).read() : ArrayReader(source: arrays, kind: kind).read()
    case .caseFolders(let folders):
      guard kind.isSegmentation else {
        throw DatasetsError.unsuitable("caseFolders", kind: kind.rawValue, instead: "`manifest` or `classFolders`")
      }
      return try CaseFolderReader(source: folders).read()
    case .medIMeta(let source):
      guard kind.isClassification else {
        throw DatasetsError.unsuitable("medIMeta", kind: kind.rawValue, instead: "`manifest` or `maskFolders`")
      }
      return try MedIMetaReader(source: source, kind: kind).read()
    case .coco(let annotated):
      return try COCOReader(source: annotated, kind: kind).read()
    case .nnUNet(let folder):
      guard kind.isSegmentation else {
        throw DatasetsError.unsuitable("nnUNet", kind: kind.rawValue, instead: "`manifest` or `classFolders`")
      }
      return try NNUNetReader(source: folder, kind: kind).read()
    case .namedImages(let images):
      guard kind.hasOneClass else {
        throw DatasetsError.unsuitable(
          "namedImages", kind: kind.rawValue, instead: kind.isSegmentation ? "`manifest` or `maskFolders`" : "`manifest`")
      }
      return try NamedImageReader(source: images).read()
    }
  }

  /// Checks that each image is of exactly one class, and each class has an image.
  private static func checkExclusive(_ found: FoundSamples) throws {
    let samples = DatasetPart.allCases.flatMap { found.parts[$0, default: []] }
    let wrong = samples.filter { sample in sample.labels.count { $0 == 1 } != 1 || sample.labels.count { $0 == 0 } != sample.labels.count - 1 }
    if let first = wrong.min(by: { $0.id < $1.id }) {
      let names = zip(found.classNames, first.labels).filter { $1 != 0 }.map { $1 == 1 ? $0 : "\($0) (not known)" }
      throw DatasetsError.notOneClass(count: wrong.count, total: samples.count, first: first.id, classes: names)
    }
    let absent = found.classNames.indices.filter { index in !samples.contains { $0.labels[index] == 1 } }
    if !absent.isEmpty { throw DatasetsError.absentClasses(absent.map { found.classNames[$0] }, total: samples.count) }
  }
}

/// What a source holds before the missing parts are carved.
package struct FoundSamples {
  package var parts: [DatasetPart: [Sample]]
  package var classNames: [String]
  /// The classes of a segmentation that has several; empty for all else.
  package var maskClasses: [String]
  /// What a regression asks for; nil for all else.
  package var numbers: NamedNumbers?
  /// What its reader has to say of the source.
  package var remarks: [SourceRemark]

  package init(parts: [DatasetPart: [Sample]], classNames: [String], maskClasses: [String] = [], numbers: NamedNumbers? = nil, remarks: [SourceRemark] = []) {
    self.parts = parts
    self.classNames = classNames
    self.maskClasses = maskClasses
    self.numbers = numbers
    self.remarks = remarks
  }
}
