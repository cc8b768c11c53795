import Foundation
import Foundations
import Models
import NeuralNetworks
import Studies
public import Testing
import Torch
import Vocabulary

@testable public import Pretraining
@testable import Training

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
    return End(
      state: try Self.bytes(loop.procedure), progress: try encoder.encode(loop.procedure.progress), steps: recorder.steps,
      epochs: recorder.epochs)
  }

  /// The bytes of a state by the names that a snapshot gives them.
  private static func bytes(_ procedure: SelfSupervised) throws -> [String: Data] {
    let tensors = try procedure.state.flatMap { part in try part.tensors.map { ("\(part.name).\($0.name)", try $0.tensor.bytes()) } }
    return Dictionary(uniqueKeysWithValues: tensors)
  }

  /// Expects losses that are numbers, a change in every part of the state, and in every parameter of the backbone.
  private func expectMovement(_ end: End, from procedure: SelfSupervised) throws {
    #expect(end.steps.allSatisfy { $0.loss.isFinite })
    let before = try Self.bytes(procedure)
    #expect(Set(before.keys) == Set(end.state.keys))
    for part in procedure.state {
      #expect(SelfSupervised.partNames.contains(part.name))
      #expect(part.tensors.contains { before["\(part.name).\($0.name)"] != end.state["\(part.name).\($0.name)"] }, "\(part.name) stays")
    }
    let unreached = procedure.backbone.store.trainableParameters.map { "model.\($0.name)" }.filter { before[$0] == end.state[$0] }
    #expect(unreached.isEmpty, "\(unreached)")
  }

  @Test("It moves all of its state, and killed in an epoch or where clusters are found it ends in the same bytes", arguments: MethodCatalog.all)
  func killed(method: PretrainingMethod) throws {
    var training = try TinyTraining(method)
    // The first step of a warm-up from nothing is of no rate.
    training.overrides["warmUpEpochs"] = method.settings.contains { $0.key == .warmUpEpochs } ? 0 : nil
    let whole = try train(training, MemoryOfRun(saves: false))
    #expect(whole.steps.count == 4 && whole.epochs.count == 2)
    try expectMovement(whole, from: training.make())
    // Snapshots are made after each step and each epoch's verdict: the third lies between the epochs, the fourth in the second. Only
    // methods that find clusters do anything between them.
    let hasClusters = method.settings.contains { [.prototypes, .clusters].contains($0.key) }
    for killedAfter in hasClusters ? [3, 4] : [4] {
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

  @Test("A small step against its gradient lowers the loss of the same batch", arguments: MethodCatalog.all)
  func descends(method: PretrainingMethod) throws {
    let training = try TinyTraining(method), procedure = try training.make(precision: .float64), running = procedure.method
    let moment = Moment(epoch: 2, step: 3, stepsPerEpoch: 2, stepCount: 4, epochCount: 2, seed: SeedPath(1))
    // What an epoch's beginning finds, and the first one fills.
    for epoch in 1...2 { try running.beginEpoch(EpochBeginning(epoch: epoch, source: training.source, seed: SeedPath(1) / epoch)) }
    let batch = try #require(try training.source.batches(ofEpoch: 1, after: 0).next())
    let before = try running.loss(of: batch, at: moment)
    try before.backward()
    let parameters = procedure.trainableParameters.compactMap { entry in entry.tensor.gradient.map { (entry.tensor, $0) } }
    let square = try parameters.reduce(0) { try $0 + $1.1.square().sum().item() }
    #expect(parameters.count > 40 && square > 0)
    // So long that the loss falls by 10⁻⁷ where it is a straight line.
    try withoutGradient { for (parameter, gradient) in parameters { try parameter.addInPlace(gradient, alpha: -1e-7 / square) } }
    let fall = try before.item() - running.loss(of: batch, at: moment).item()
    // Targets that move with the network may take some of it, never all.
    #expect(fall > 0.3e-7 && fall < 3e-7, "\(fall)")
  }

  @Test(
    "With AdamW it moves all of its weights and, killed, ends in the same bytes; its table has DINO's rate, decay and warm-up beside its own",
    arguments: MethodCatalog.all)
  func adamW(method: PretrainingMethod) throws {
    let other = method.trained(by: .adamW)
    #expect(method.trained(by: nil).optimization.rule == method.optimization.rule && other.optimization.rule == .adamW && other.optimization.excludesVectors)
    let scale = TrainingScale(sampleCount: 5000, batchSize: 64, epochs: 100, featureCount: 512), table = try other.settings(for: scale)
    #expect(try table(.learningRate) == 0.000125 && table(.weightDecay) == 0.04 && table(.warmUpEpochs) == 10 && table(.gradientMomentum) == 0.9)
    #expect(table[.trustCoefficient] == nil && table[.biasLearningRate] == nil && table[.finalLearningRate] ?? 1e-6 == 1e-6 && table[.warmUpStart] ?? 0 == 0)
    let own = try method.settings(for: scale)
    for row in table.rows {
      #expect((row.used == row.published) == (row.reason == nil), "\(row.key)")
      if let published = own.rows.first(where: { $0.key == row.key }) { #expect(row.published == published.published && row.source == published.source) }
    }
    #expect(
      other.optimizerSentence(insteadOf: method)?.hasPrefix("AdamW (Loshchilov and Hutter 2019; β₂ 0.999, ε 1e-8) trained it, where \(method.title) was published with ") == true)
    #expect(method.optimizerSentence(insteadOf: method) == nil)

    var training = try TinyTraining(other)
    training.overrides["warmUpEpochs"] = 0
    let whole = try train(training, MemoryOfRun(saves: false))
    try expectMovement(whole, from: training.make())
    let recorder = MemoryOfRun()
    recorder.snapshotsLeft = 4
    #expect(throws: MemoryOfRun.Killed.self) { try train(training, recorder) }
    recorder.snapshotsLeft = nil
    let end = try train(training, recorder, seed: 99)
    #expect(end.state == whole.state && end.steps == whole.steps && end.progress == whole.progress)
  }

  @Test("The first step of AdamW is its rate against the sign of the gradient, after the decay of what is no vector")
  func adamWStep() throws {
    var training = try TinyTraining(PretrainingMethod.simSiam.trained(by: .adamW))
    training.overrides["warmUpEpochs"] = 0
    training.overrides["learningRate"] = 0.01
    training.overrides["weightDecay"] = 0.5
    let procedure = try training.make(precision: .float64), batch = try #require(try procedure.batches(ofEpoch: 1, after: 0).next())
    let before = try procedure.trainableParameters.map { ($0.name, $0.tensor, try $0.tensor.doubles()) }
    _ = try procedure.step(on: [batch], at: TrainingPosition(epoch: 1, step: 1))
    for (name, tensor, old) in before {
      let gradients = try #require(tensor.gradient).doubles(), new = try tensor.doubles(), keeps = tensor.dimensionCount > 1 ? 1 - 0.01 * 0.5 : 1
      let worst = old.indices.reduce(0.0) { max($0, abs(new[$1] - (old[$1] * keeps - 0.01 * gradients[$1] / (abs(gradients[$1]) + 1e-8)))) }
      #expect(worst < 1e-9, "\(name): \(worst)")
    }
  }

  @Test("What it remembers is counted without being made, to the byte", arguments: MethodCatalog.all)
  func memory(method: PretrainingMethod) throws {
    let training = try TinyTraining(method), procedure = try training.make()
    let numerics = NumericSetting(device: .cpu, precision: .float32)
    func counted(_ settings: MethodSettings, images: Int) throws -> Int {
      try training.method.memoryBytes(settings: settings, backbone: try training.make().backbone, sampleCount: images, numerics: numerics)
    }
    let made = procedure.state.filter { $0.name == "memory" }.flatMap(\.tensors).reduce(0) { $0 + $1.tensor.byteCount }
    #expect(try counted(procedure.settings, images: 18) == made && procedure.memoryBytes == made)
    guard method.settings.contains(where: { $0.key == .queue }) else { return }
    // More than any machine has.
    let scale = TrainingScale(sampleCount: 18, batchSize: 8, epochs: 2, featureCount: 64)
    let large = try training.method.settings(for: scale, overrides: training.overrides.merging(["queue": 1e9]) { $1 })
    #expect(try counted(large, images: 18) > 500_000_000_000)
  }

  @Test("In mixed precision its loss is a number in float32, and so is everything that it remembers", arguments: MethodCatalog.all)
  func mixedPrecision(method: PretrainingMethod) throws {
    // Not smaller: of a map of one pixel, libtorch's bfloat16 gradient of a convolution in steps of 2 is memory that nobody filled.
    let procedure = try TinyTraining(method, size: 16).make(precision: .bfloat16)
    let batch = try #require(try procedure.batches(ofEpoch: 1, after: 0).next())
    let loss = try procedure.step(on: [batch], at: TrainingPosition(epoch: 1, step: 1))
    #expect(try loss.scalarType == .float32 && loss.item().isFinite)
    let tensors = procedure.state.flatMap { part in part.tensors.map { (name: "\(part.name).\($0.name)", tensor: $0.tensor) } }
    #expect(tensors.allSatisfy { [.float32, .int64].contains($0.tensor.scalarType) })
    let lost = try tensors.filter { try $0.tensor.to(type: .float32).isFinite().all().integerItem() != 1 }
    #expect(lost.isEmpty, "\(lost.map(\.name))")
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
