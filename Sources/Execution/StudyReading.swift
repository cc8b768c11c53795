public import Foundation
import Foundations
import Models
public import Studies

/// Reading a study with everything this program knows: its architectures are those of the catalog.
public enum StudyReading {
  /// - Parameter isForData: only its data are asked for: it needs no initializations.
  public static func read(_ file: URL, overrides: [String] = [], isForData: Bool = false) throws -> Study {
    try Study.read(from: file, overrides: overrides, architectures: ArchitectureCatalog.records, isForData: isForData)
  }
}
