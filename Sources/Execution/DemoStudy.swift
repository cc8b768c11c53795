import Datasets
public import Foundation
import Foundations

/// The study of `medtransfer demo`: its images, drawn here, and its study file.
public struct DemoStudy {
  let folder: URL

  /// - Parameter folder: made where it is missing; what was drawn before is used again.
  public init(folder: URL) { self.folder = folder }

  /// One set of made-up images.
  private struct PhantomSet {
    let kind: PhantomKind
    let counts: PhantomCounts
  }

  /// Pixels on a side, of the images and of the network's input.
  static let size = 64

  /// The larger labelled set, and three tasks with few labelled images but enough test images to see a difference.
  private static let sets = [
    PhantomSet(kind: .findings, counts: PhantomCounts(training: 1200, validation: 100, test: 100)),
    PhantomSet(kind: .effusion, counts: PhantomCounts(training: 48, validation: 32, test: 300)),
    PhantomSet(kind: .lungs, counts: PhantomCounts(training: 12, validation: 12, test: 80)),
    PhantomSet(kind: .vessels, counts: PhantomCounts(training: 12, validation: 12, test: 40)),
  ]

  /// Draws what is missing and writes study.yaml, unless it is there.
  public func write(say: (String) -> Void) throws {
    try AtomicFile.makeFolder(folder)
    for set in Self.sets {
      let target = folder.appendingPathComponent("data/\(set.kind.rawValue)")
      // The manifest is written last, so a set that has one is whole.
      if FileManager.default.fileExists(atPath: target.appendingPathComponent("manifest.csv").path) { continue }
      say("drawing \(set.counts.total) images: \(set.kind.rawValue)")
      try PhantomWriter.write(kind: set.kind, counts: set.counts, size: Self.size, seed: SeedPath(0), to: target)
    }
    let file = folder.appendingPathComponent("study.yaml")
    if !FileManager.default.fileExists(atPath: file.path) { try AtomicFile.write(Self.text, to: file) }
  }

  private static let text = """
    # Made by `medtransfer demo`: do weights that were pre-trained on many made-up radiographs help where labels are few?
    name: demo
    output: runs
    seeds: 3
    recipe: {architecture: resnet18, inputSize: \(size), batchSize: 12, epochs: 8, testTimeAugmentation: none}
    initializations:
      random: random
      pre-trained: {trainedOn: findings, from: random}
    tasks:
      findings:
        kind: multiLabelClassification
        target: false
        data: {manifest: {file: data/findings/manifest.csv, imageRoot: data/findings, labelColumns: [\(PhantomKind.findings.classNames.joined(separator: ", "))], patientColumn: patient, splitColumn: split}}
        recipe: {batchSize: 32, epochs: 4, learningRate: 0.001}
      effusion:
        kind: binaryClassification
        data: {manifest: {file: data/effusion/manifest.csv, imageRoot: data/effusion, labelColumns: [\(PhantomKind.effusion.classNames.joined(separator: ", "))], patientColumn: patient, splitColumn: split}}
      lungs:
        kind: binarySegmentation
        data: {manifest: {file: data/lungs/manifest.csv, imageRoot: data/lungs, maskColumn: mask, patientColumn: patient, splitColumn: split}}
        recipe: {batchSize: 4}
      vessels:
        kind: binarySegmentation
        data: {manifest: {file: data/vessels/manifest.csv, imageRoot: data/vessels, maskColumn: mask, patientColumn: patient, splitColumn: split}}
        metrics: [clDice]
        recipe: {batchSize: 4, epochs: 12}

    """
}
