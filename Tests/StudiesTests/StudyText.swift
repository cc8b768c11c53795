import Foundation
import Foundations
import Studies
import Vocabulary

/// A study file as text, at a place where no file is.
enum StudyText {
  static let file = URL(fileURLWithPath: "/studies/retina.yaml")

  /// As the catalog has them: five halvings for ImageNet's, two for CIFAR-10's.
  static let architectures = [("resnet18", 32, 224), ("resnet50", 32, 224), ("resnet20", 4, 32)].map { id, stride, size in
    ArchitectureRecord(
      id: id, title: id, stages: [FeatureStage(name: "last", channels: 8, stride: stride)], headName: "fc", naturalSize: size)
  }

  /// The smallest study, its lines numbered in the tests' expectations: `tasks` is line 3.
  static let small = """
    initializations:
      random: random
    tasks:
      vessels:
        kind: binarySegmentation
        data: {maskFolders: {training: {images: images, masks: masks}}}
    """

  /// A study with continual pre-training, two targets and two seeds.
  static let chest = """
    name: chest
    seeds: [3, 4]
    initializations:
      random: random
      imagenet: {weights: weights/resnet50.safetensors}
      adapted: {trainedOn: findings, from: imagenet}
      twice: {trainedOn: pneumonia, from: adapted, seed: 9}
    tasks:
      findings:
        kind: multiLabelClassification
        data: {manifest: {file: labels.csv, labelColumns: [Edema, Mass]}}
      pneumonia:
        kind: binaryClassification
        target: false
        data: {classFolders: {training: train, positive: PNEUMONIA}}
      tuberculosis:
        kind: binaryClassification
        data: {classFolders: {training: tb, positive: sick}}
    """

  static func decode(_ text: String, _ overrides: [String] = [], architectures: [ArchitectureRecord] = StudyText.architectures) throws -> Study {
    try Study.decode(text, file: file, overrides: overrides, architectures: architectures)
  }

  /// The violations of a study that cannot be used, as sentences.
  static func violations(_ text: String, _ overrides: [String] = [], architectures: [ArchitectureRecord] = StudyText.architectures) -> [String] {
    do {
      _ = try decode(text, overrides, architectures: architectures)
      return []
    } catch let error as StudiesError {
      return error.violations.isEmpty ? [error.description] : error.violations.map(\.description)
    } catch {
      return ["\(error)"]
    }
  }
}

/// Fingerprints that follow from names, as if every task and file had its own content.
var namedFingerprints: Fingerprints { Fingerprints(data: { "data of \($0.name)" }, weights: { "content of \($0)" }) }
