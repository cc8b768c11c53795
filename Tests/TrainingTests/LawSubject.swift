import Datasets
import Foundation
import Foundations
import NeuralNetworks
import Phantoms
import Studies
import Testing
import Torch

@testable import Training

/// The procedures that the laws of the loop are tested with: a new procedure is one more case, made below.
enum LawSubject: String, CaseIterable, CustomTestStringConvertible {
  case meanTeacher
  case classification
  case segmentation
  case rotation
  /// Every rule of training that a recipe can choose, at once.
  case allTrainingRules

  var testDescription: String { rawValue }

  /// Makes trainings of the procedure, each as a new process would.
  func make() throws -> any Trainer {
    switch self {
    case .meanTeacher: return TrainerOf { try MeanTeacher(seed: $0) }
    case .classification: return try supervised(.effusion) { _ in }
    case .segmentation: return try supervised(.lungs) { _ in }
    case .rotation:
      let fixture = try TrainingFixture(classes: ["a", "b", "c", "d"])
      fixture.recipe.architecture = "resnet20"
      return TrainerOf {
        try RotationPrediction(
          network: fixture.makeNetwork(seed: $0), samples: fixture.splits.training, recipe: fixture.recipe, kind: fixture.kind, seed: SeedPath(1),
          numerics: fixture.numerics, loaders: LoaderSetting(workers: 2, prefetch: 2))
      }
    case .allTrainingRules:
      return try supervised(.effusion) { fixture in
        fixture.recipe.optimizer = .adamW(AdamSettings(weightDecay: 0.05))
        fixture.recipe.weightDecayExclusions = .normsAndBiases
        fixture.recipe.layerDecay = 0.75
        fixture.recipe.schedule = .warmUp(WarmUpSettings(.steps(3), then: .cosineBySteps))
        (fixture.recipe.gradientClipping, fixture.recipe.gradientAccumulation) = (1, 2)
        fixture.recipe.classWeights = .balanced
      }
    }
  }

  /// A network that is small to copy: each law makes and keeps many snapshots.
  private func supervised(_ phantom: PhantomKind, _ change: (TrainingFixture) -> Void) throws -> any Trainer {
    let fixture = try TrainingFixture(phantom)
    fixture.recipe.architecture = "resnet20"
    change(fixture)
    return TrainerOf { try fixture.makeProcedure(network: fixture.makeNetwork(seed: $0)) }
  }
}

/// A procedure that can be trained from its beginning, or from where a recorder says.
protocol Trainer {
  /// Trains to the end.
  ///
  /// - Parameter seed: of the first weights. Of a training that goes on it must not matter, since all of them are overwritten.
  /// - Returns: the bytes of the whole state, and where the training stands.
  func train(_ recorder: MemoryRecorder, seed: Int) throws -> (state: [String: Data], progress: Data)
  /// The keys of the procedure's own progress.
  func progressKeys() throws -> Set<String>
}

extension Trainer {
  func train(_ recorder: MemoryRecorder) throws -> (state: [String: Data], progress: Data) { try train(recorder, seed: 1) }
}

private struct TrainerOf<Kind: Procedure>: Trainer {
  let make: (_ seed: Int) throws -> Kind

  func train(_ recorder: MemoryRecorder, seed: Int) throws -> (state: [String: Data], progress: Data) {
    let loop = TrainingLoop(try make(seed), recorder: recorder)
    try loop.prepare()
    try loop.train()
    let tensors = try loop.procedure.state.flatMap { part in try part.tensors.map { ("\(part.name).\($0.name)", try $0.tensor.bytes()) } }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return (
      Dictionary(uniqueKeysWithValues: tensors), try encoder.encode(TrainingProgress(loop: loop.progress, procedure: loop.procedure.progress))
    )
  }

  func progressKeys() throws -> Set<String> {
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(make(1).progress)) as? [String: Any]
    return Set(object?.keys.map { $0 } ?? [])
  }
}
