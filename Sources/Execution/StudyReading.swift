public import Foundation
import Foundations
import Models
public import Studies

/// Reading a study with everything this program knows: its architectures are those of the catalog.
public enum StudyReading {
  public static func read(_ file: URL, overrides: [String] = []) throws -> Study {
    try Study.read(from: file, overrides: overrides, architectures: ArchitectureCatalog.records)
  }
}
