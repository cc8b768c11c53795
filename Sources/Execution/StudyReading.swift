public import Foundation
import Foundations
import Models
import Pretraining
import RunStore
public import Studies

/// Reading a study with everything this program knows: its architectures are those of the catalog, and its precisions, where they are left
/// to the machine, those that its first run settled.
public enum StudyReading {
  /// Checks a study that was made in code.
  public static func check(_ study: Study) throws { try study.validate(architectures: ArchitectureCatalog.records, methods: MethodCatalog.records) }

  /// - Parameter isForData: only its data are asked for: it needs no initializations.
  public static func read(_ file: URL, overrides: [String] = [], isForData: Bool = false) throws -> Study {
    var study = try Study.read(from: file, overrides: overrides, architectures: ArchitectureCatalog.records, methods: MethodCatalog.records, isForData: isForData)
    for index in study.tasks.indices where study.tasks[index].takesFastestPrecision {
      guard let record = try PrecisionRecord.read(task: study.tasks[index].name, from: study.outputDirectory) else { continue }
      study.tasks[index].recipe.precision = record.precision
    }
    return study
  }
}
