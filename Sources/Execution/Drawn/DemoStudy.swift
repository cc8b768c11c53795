public import Foundation
import Phantoms

extension DrawnStudy {
  /// The study of `medtransfer demo`: a larger labeled set, and three tasks with few labeled images but enough test images to see a difference.
  ///
  /// - Parameter folder: made where it is missing; what was drawn before is used again.
  public static func demo(in folder: URL) -> DrawnStudy {
    let findings = ImageSet(name: "findings", kind: .findings, counts: PhantomCounts(training: 1200, validation: 100, test: 100))
    let effusion = ImageSet(name: "effusion", kind: .effusion, counts: PhantomCounts(training: 48, validation: 32, test: 300))
    let lungs = ImageSet(name: "lungs", kind: .lungs, counts: PhantomCounts(training: 12, validation: 12, test: 80))
    let vessels = ImageSet(name: "vessels", kind: .vessels, counts: PhantomCounts(training: 12, validation: 12, test: 40))
    let size = 64
    let text = """
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
          data: \(findings.source)
          recipe: {batchSize: 32, epochs: 4, learningRate: 0.001}
        effusion:
          kind: binaryClassification
          data: \(effusion.source)
        lungs:
          kind: binarySegmentation
          data: \(lungs.source)
          recipe: {batchSize: 4}
        vessels:
          kind: binarySegmentation
          data: \(vessels.source)
          metrics: [clDice]
          recipe: {batchSize: 4, epochs: 12}

      """
    return DrawnStudy(folder: folder, size: size, sets: [findings, effusion, lungs, vessels], text: text)
  }
}
