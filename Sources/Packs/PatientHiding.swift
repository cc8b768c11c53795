internal import Foundation
internal import Foundations
internal import RunStore

/// Gives images and patients names that say nothing: the first digits of SHA-256 over a salt and the name.
///
/// The same name is the same everywhere in a pack, so that splits, predictions and patients stay linked. Without the salt, which
/// never goes into a pack, a name cannot be tried out against a list of known ones.
struct PatientHiding {
  static let saltFile = ".pack-salt"
  let salt: String

  init(salt: String) { self.salt = salt }

  /// The salt of a study's output, made at the first use, so that later packs of the study hide alike.
  init(in output: URL) throws {
    let url = output.appendingPathComponent(Self.saltFile)
    if FileManager.default.fileExists(atPath: url.path) {
      salt = try TextFile.read(url)
    } else {
      var generator = SystemRandomNumberGenerator()
      let fresh = (0..<4).map { _ in String(generator.next() as UInt64, radix: 16) }.joined()
      try AtomicFile.write(fresh, to: url)
      // Only its owner needs it.
      try? FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
      salt = fresh
    }
  }

  /// Eighty bits: among a million names two are alike with a chance of one in 10¹².
  func hidden(_ name: String, _ prefix: String) -> String {
    name.isEmpty ? "" : prefix + Digest.sha256Hex(of: "\(salt)\n\(prefix)\n\(name)").prefix(20)
  }

  func hiddenImage(_ name: String) -> String { hidden(name, "image-") }

  /// A table with its first column (the image) and its column `patient` hidden; every other field stays as it is, letter for letter.
  ///
  /// Predictions begin with `id, patient` and splits with `path, patient`; what follows are classes, whatever they are called. Groups
  /// begin with `path, split`: a sex, a view or a band of ages stays, and is no name.
  func hidden(table: Data) throws -> Data {
    var document = try CSV.parse(String(decoding: table, as: UTF8.self))
    let hasPatient = document.header.count > 1 && document.header[1] == "patient"
    for row in document.rows.indices {
      document.rows[row][0] = hiddenImage(document.rows[row][0])
      if hasPatient { document.rows[row][1] = hidden(document.rows[row][1], "patient-") }
    }
    return Data(CSV.encode([document.header] + document.rows).utf8)
  }

  /// A record of answers with the names of images hidden; why one could not be read is left out, since it may be said with its name.
  ///
  /// - Parameter predictions: the SHA-256 of the hidden predictions.
  func hidden(_ record: ExternalEvaluation, predictions: String) -> ExternalEvaluation {
    ExternalEvaluation(
      task: record.task, part: record.part, run: record.run, data: record.data, testSet: record.testSet, classes: record.classes,
      classesOfRunLeftOut: record.classesOfRunLeftOut, classesOfTestSetLeftOut: record.classesOfTestSetLeftOut,
      overlap: record.overlap.map { hidden($0, "image-") }, leavesOverlapOut: record.leavesOverlapOut, imageCount: record.imageCount,
      unusable: record.unusable.map { .init(id: hidden($0.id, "image-"), reason: "Left out, since it may name images.") },
      predictions: predictions)
  }
}
