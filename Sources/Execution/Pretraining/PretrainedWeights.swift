public import Foundation
import Foundations
public import RunStore
public import Studies
public import Vocabulary
public import Weights

/// The result of a pre-training on its own: a checkpoint under torchvision's names, and beside it what must be known to use it.
public struct PretrainedWeights: Codable, Sendable {
  /// The checkpoint's name and digest.
  public let file: String
  public let sha256: String
  public let architecture: String
  public let inputChannels: Int
  public let arithmetic: Arithmetic
  /// How images are prepared for it.
  public let normalization: Normalization
  public let inputSize: Int
  public let seed: Int
  /// What it was trained on and how.
  public let pretraining: RunPretraining
  /// What it was trained from: the certificate of that file, with the card, the license and the paper that come with it; nil for random values.
  public let start: Certificate?
  /// The terms of the weights at the beginning, which those trained from them inherit; nil where there are none, or none are known.
  public let license: String?
  /// What it descends from, nearest first.
  public let lineage: [String]
  /// The identity of the run that made it.
  public let run: String

  /// Where both were written.
  public private(set) var url = URL(fileURLWithPath: "/")

  private enum CodingKeys: String, CodingKey {
    case file, sha256, architecture, inputChannels, arithmetic, normalization, inputSize, seed, pretraining, start, license, lineage, run
  }

  /// Copies the result of a finished pre-training out of its run, into the study's output: `<name>.safetensors` and `<name>.json`.
  ///
  /// - Throws: `RunStoreError` for weights that are not those of the run's seal.
  public init(exporting cell: Cell, of plan: Plan) throws {
    let directory = RunDirectory(of: cell, in: plan.study.outputDirectory), record = try directory.record()
    guard let specification = plan.study.pretraining(named: cell.initialization) else { throw ExecutionError.notInPlan(cell) }
    let data = try Data(contentsOf: directory.weightsFile)
    sha256 = Digest.sha256Hex(of: data)
    try directory.requireSealedWeights(sha256)
    file = "\(cell.initialization).safetensors"
    let recipe = record.configuration.recipe
    (architecture, inputChannels, inputSize, normalization) = (recipe.architecture, recipe.inputChannels, recipe.inputSize, recipe.normalization)
    (arithmetic, seed, run) = (record.configuration.arithmetic, cell.seed, cell.identity)
    pretraining = try directory.read(RunPretraining.self, from: directory.pretrainingFile)
    let isRandom = plan.study.initialization(named: specification.initialization)?.source == .random
    start = isRandom ? nil : try directory.read(Certificate.self, from: directory.certificateFile)
    license = plan.study.entry(behind: specification.initialization)?.license ?? start?.license
    lineage = record.lineage.map { "\($0)" }
    url = plan.study.outputDirectory.appendingPathComponent(file)
    try AtomicFile.write(data, to: url)
    try AtomicFile.write(CanonicalJSON.encodePretty(self), to: plan.study.outputDirectory.appendingPathComponent("\(cell.initialization).json"))
  }
}

extension Study {
  /// A study of one pre-training alone, of no task.
  ///
  /// - Parameter start: what it starts from: random values or a checkpoint.
  public static func ofPretraining(
    _ name: String, _ specification: PretrainingSpecification, from start: InitializationSource, output: URL, execution: ExecutionOptions
  ) -> Study {
    Study(
      name: name, outputDirectory: output, seeds: [specification.seed ?? 1], tasks: [],
      initializations: [
        InitializationSpecification(name: specification.initialization, source: start), InitializationSpecification(name: name, source: .pretraining(specification)),
      ], execution: execution)
  }
}
