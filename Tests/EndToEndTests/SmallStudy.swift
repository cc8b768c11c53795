import Foundation
import Foundations
import Phantoms

/// A study that takes seconds: drawn images of 32 px, a ResNet-18, two epochs.
enum SmallStudy {
  static let recipe = "recipe: {architecture: resnet18, inputSize: 32, batchSize: 4, epochs: 2, testTimeAugmentation: none}"

  /// Draws the images that `text` names.
  static func draw(into fixture: StudyFixture) throws {
    let counts = PhantomCounts(training: 12, validation: 6, test: 8)
    for kind in [PhantomKind.findings, .effusion, .lungs] {
      try PhantomWriter.write(kind: kind, counts: counts, size: 32, seed: SeedPath(0), to: fixture.url(kind.rawValue))
    }
  }

  static let effusion = """
      effusion:
        kind: binaryClassification
        data: {manifest: {file: effusion/manifest.csv, imageRoot: effusion, labelColumns: [Effusion], patientColumn: patient, splitColumn: split}}
    """

  static let lungs = """
      lungs:
        kind: binarySegmentation
        data: {manifest: {file: lungs/manifest.csv, imageRoot: lungs, maskColumn: mask, patientColumn: patient, splitColumn: split}}
        recipe: {testTimeAugmentation: none}
    """

  static func text(
    seeds: String = "2", initializations: [String] = ["random: random"], tasks: [String] = [effusion, lungs],
    settings: String = ""
  ) -> String {
    """
    name: small
    output: runs
    seeds: \(seeds)
    device: cpu
    threads: 1
    \(settings)
    \(recipe)
    initializations:
    \(initializations.map { "  " + $0 }.joined(separator: "\n"))
    tasks:
    \(tasks.joined(separator: "\n"))

    """
  }
}
