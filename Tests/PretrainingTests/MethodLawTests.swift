import Foundation
import Foundations
import Models
import NeuralNetworks
public import Testing
import Torch
import Training

@testable public import Pretraining

extension PretrainingMethod: CustomTestStringConvertible {
  public var testDescription: String { id }
}

@Suite("Every self-supervised method", .serialized)
struct MethodLawTests {
  /// What a finished training leaves.
  private struct End: Equatable {
    let state: [String: Data]
    let progress: Data
    let steps: [StepRecord]
    let epochs: [EpochRecord]
  }

  private func train(_ training: TinyTraining, _ recorder: MemoryOfRun, seed: Int = 1) throws -> End {
    let loop = TrainingLoop(try training.make(seed: seed), recorder: recorder)
    try loop.prepare()
    try loop.train()
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let tensors = try loop.procedure.state.flatMap { part in try part.tensors.map { ("\(part.name).\($0.name)", try $0.tensor.bytes()) } }
    return End(
      state: Dictionary(uniqueKeysWithValues: tensors), progress: try encoder.encode(loop.procedure.progress), steps: recorder.steps,
      epochs: recorder.epochs)
  }

  @Test("Killed in an epoch or between two, where clusters are found, a training ends in the same bytes", arguments: MethodCatalog.all)
  func killed(method: PretrainingMethod) throws {
    let training = try TinyTraining(method)
    let whole = try train(training, MemoryOfRun(saves: false))
    #expect(whole.steps.count == 4 && whole.epochs.count == 2)
    // Snapshots are made after each step and each epoch's verdict: the third lies between the epochs, the fourth in the second.
    for killedAfter in [3, 4] {
      let recorder = MemoryOfRun()
      recorder.snapshotsLeft = killedAfter
      #expect(throws: MemoryOfRun.Killed.self) { try train(training, recorder) }
      recorder.snapshotsLeft = nil
      // What a training that goes on was made with does not matter.
      let end = try train(training, recorder, seed: 99)
      let different = whole.state.keys.sorted().filter { whole.state[$0] != end.state[$0] }
      #expect(different.isEmpty && end.state.count == whole.state.count, "after \(killedAfter): \(different.prefix(3))")
      #expect(end.progress == whole.progress)
      #expect(end.steps == whole.steps && end.epochs == whole.epochs, "after \(killedAfter)")
    }
  }

  @Test("Its losses are numbers, its weights and memories move, and the result's do", arguments: MethodCatalog.all)
  func moves(method: PretrainingMethod) throws {
    let training = try TinyTraining(method), procedure = try training.make()
    func copies(_ tensors: [(name: String, tensor: Tensor)]) throws -> [String: Data] {
      Dictionary(uniqueKeysWithValues: try tensors.map { ($0.name, try $0.tensor.bytes()) })
    }
    let before = try procedure.state.map { part in (part.name, try copies(part.tensors)) }, result = try copies(procedure.result.store.state)
    let recorder = MemoryOfRun(saves: false), loop = TrainingLoop(procedure, recorder: recorder)
    try loop.train()
    #expect(recorder.steps.allSatisfy { $0.loss.isFinite })
    let after = Dictionary(uniqueKeysWithValues: try procedure.state.map { part in (part.name, try copies(part.tensors)) })
    for (part, values) in before {
      // Prototypes and outputs that are frozen in the first epochs, and a head's rate that begins at 0, leave some as they were.
      #expect(values != after[part], "\(part) stays")
      #expect(SelfSupervised.partNames.contains(part))
    }
    #expect(try copies(procedure.result.store.state) != result)
    // Every trainable parameter of the backbone is reached by the objective.
    let unreached = procedure.backbone.store.trainableParameters.filter { before[0].1[$0.name] == after["model"]?[$0.name] }
    #expect(before[0].0 == "model" && unreached.isEmpty, "\(unreached.map(\.name))")
  }

  @Test("Its table gives every published value a source, and a reason wherever another is used", arguments: MethodCatalog.all)
  func settings(method: PretrainingMethod) throws {
    let large = TrainingScale(sampleCount: 1_281_167, batchSize: 256, epochs: 1000, featureCount: 2048)
    let small = TrainingScale(sampleCount: 5000, batchSize: 64, epochs: 100, featureCount: 512)
    #expect(Set(method.settings.map(\.key)).count == method.settings.count)
    for scale in [large, small] {
      let table = try method.settings(for: scale)
      #expect(table.rows.map(\.key) == method.settings.map(\.key))
      for row in table.rows {
        #expect(!row.source.isEmpty)
        #expect((row.used == row.published) == (row.reason == nil), "\(row.key)")
        #expect(row.key.range.contains(row.used), "\(row.key): \(row.used)")
      }
    }
    let table = try method.settings(for: small)
    #expect(try table(.epochs) == 100 && table(.batchSize) == 64)
    for key in [SettingKey.queue, .negatives] { #expect(table[key] ?? 0 < 5000) }
    #expect(table[.outputs] ?? 0 <= 1024)
  }

  @Test("The names are unlike each other, and a misspelled one names the nearest")
  func catalog() throws {
    #expect(Set(MethodCatalog.names).count == MethodCatalog.all.count)
    let error = #expect(throws: PretrainingError.self) { try MethodCatalog.named("moco-v3") }
    #expect(error?.description == "There is no self-supervised method “moco-v3”. Did you mean “moco-v1”?")
    let setting = #expect(throws: PretrainingError.self) {
      try PretrainingMethod.mocoV2.settings(
        for: TrainingScale(sampleCount: 100, batchSize: 10, epochs: 1, featureCount: 64), overrides: ["temprature": 0.1])
    }
    #expect(setting?.description == "MoCo-v2 has no setting “temprature”. Did you mean “temperature”?")
    let value = #expect(throws: PretrainingError.self) {
      try PretrainingMethod.mocoV2.settings(
        for: TrainingScale(sampleCount: 100, batchSize: 10, epochs: 1, featureCount: 64), overrides: ["momentum": 1.5])
    }
    #expect(value?.description == "The setting momentum is 1.5. Choose a value from 0.0 to 1.0.")
  }
}
