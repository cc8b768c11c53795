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
    if source.split.file == nil, source.split.folds == nil { try DatasetSplits.checkPatients(found.parts) }
    let (parts, carved) = try divide(found, by: source.split, copies: copies)
    return try DatasetSplits(parts: parts, classNames: found.classNames, maskClasses: found.maskClasses, numbers: found.numbers, carved: carved, remarks: found.remarks)
  }

  /// The parts as they are, with patients that are in two of them.
  package static func uncheckedParts(
    _ source: DataSource, kind: TaskKind, pictures: PictureChoices? = nil, patients: PatientTable? = nil, copies: CopyGroups? = nil
  ) throws -> FoundSamples {
    var found = try find(source, kind: kind, pictures: pictures, patients: patients)
    if let folds = source.split.folds {
      let samples = found.parts.values.joined().sorted(by: Sample.isBefore)
      found.foldOf = try FoldDealing(rule: source.split, count: max(2, folds), copies: copies).foldOf(samples)
    }
    found.parts = try divide(found, by: source.split, copies: copies).parts
    return found
  }

  /// The parts that a file gives, those of a fold, or those of the source with the missing ones carved and from how many images each was.
  private static func divide(
    _ found: FoundSamples, by rule: SplitRule, copies: CopyGroups? = nil
  ) throws -> (parts: [DatasetPart: [Sample]], carved: [DatasetPart: Int]) {
    let given = found.parts
    if let folds = rule.folds {
      if let test = given[.test], !test.isEmpty { throw DatasetsError.foldsBesideTestPart(test.count) }
      return try FoldDealing(rule: rule, count: max(2, folds), copies: copies)
        .parts(given.values.joined().sorted(by: Sample.isBefore), classNames: found.classNames)
    }
    if let file = rule.file { return (try SplitFile(file).divide(given), [:]) }
    return SplitCarving(rule: rule, copies: copies).complete(given)
  }

  /// What a source holds, before anything is carved.
  package static func find(
    _ source: DataSource, kind: TaskKind, pictures: PictureChoices? = nil, patients: PatientTable? = nil
  ) throws -> FoundSamples {
    if kind.answer == .numbers, source.as(ManifestSource.self) == nil {
      throw DatasetsError.unsuitable(source.key, kind: kind.rawValue, instead: "`manifest` with `numberColumns`")
    }
    // A law holds every kind to it.
    guard let listed = source.description as? any SampleSource else { throw DatasetsError.unsuitable(source.key, kind: kind.rawValue, instead: "`manifest`") }
    var found = try listed.samples(for: kind)
    if let patients { found.parts = try PatientTableReader(patients).name(found.parts) }
    if let pictures { found.parts = try pictures.apply(to: found.parts) }
    if kind.isOfExactlyOneClass { try checkExclusive(found) }
    return found
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
  /// In which fold each image is tested, by id; nil where there is one test part.
  package var foldOf: [String: Int]?
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
