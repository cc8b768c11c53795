public import Foundation
import Foundations
import Phantoms
import Studies

/// A study whose images this program draws: their sets, and the study file over them.
public struct DrawnStudy {
  /// One set of made-up images, in a folder of its own below `data`.
  struct ImageSet {
    let name: String
    let kind: PhantomKind
    let counts: PhantomCounts
    /// Sets of one kind are of other patients under another seed.
    var seed = 0

    /// The value of `data` of a task on it.
    var source: String {
      let answers = kind.task.isSegmentation ? "maskColumn: mask" : "labelColumns: [\(kind.classNames.joined(separator: ", "))]"
      return "{manifest: {file: data/\(name)/manifest.csv, imageRoot: data/\(name), \(answers), patientColumn: patient, splitColumn: split}}"
    }
  }

  let folder: URL
  /// Pixels on a side, of the images and of the networks' input.
  let size: Int
  let sets: [ImageSet]
  /// What the study file says.
  public let text: String

  /// Draws what is missing and writes study.yaml, unless it is there.
  public func write(say: (String) -> Void) throws {
    try AtomicFile.makeFolder(folder)
    for set in sets {
      let target = folder.appendingPathComponent("data/\(set.name)")
      // The manifest is written last, so a set that has one is whole.
      if FileManager.default.fileExists(atPath: target.appendingPathComponent("manifest.csv").path) { continue }
      say("drawing \(set.counts.total) images: \(set.name)")
      try PhantomWriter.write(kind: set.kind, counts: set.counts, size: size, seed: SeedPath(set.seed), to: target)
    }
    if !FileManager.default.fileExists(atPath: file.path) { try AtomicFile.write(text, to: file) }
  }

  /// The study file.
  public var file: URL { folder.appendingPathComponent("study.yaml") }
}
