import Foundation
import Foundations
import Metrics
import Models
import NeuralNetworks
import Studies
import Testing
import Torch

@testable import Pretraining
@testable import Training

@Suite("The self-supervised procedure")
struct ProcedureTests {
  /// Scores epochs by a list, and remembers the weights it saw.
  private final class ListedScores: PretrainingProbe {
    let scores: [Double?]
    var seen: [[Double]] = []
    var last: [Bool] = []

    init(_ scores: [Double?]) { self.scores = scores }

    func judge(
      _ backbone: BackboneNetwork, at position: TrainingPosition, isLast: Bool, watcher: EvaluationWatcher
    ) throws -> ProbeVerdict? {
      try watcher(1, 1)
      seen.append(try #require(backbone.store["conv1.weight"]).doubles())
      last.append(isLast)
      return scores[position.epoch - 1].map { ProbeVerdict(score: $0, record: ValidationRecord(loss: 1 - $0, metrics: [:])) }
    }
  }

  @Test("The state with the best probe is the result, whatever the loss; epochs without a verdict count for nothing")
  func bestProbe() throws {
    var training = try TinyTraining(.mocoV2)
    let probe = ListedScores([0.5, 0.7, nil, 0.6])
    (training.epochs, training.probe) = (4, probe)
    let procedure = try training.make(), recorder = MemoryOfRun(saves: false)
    try TrainingLoop(procedure, recorder: recorder).train()
    #expect(try #require(procedure.result.store["conv1.weight"]).doubles() == probe.seen[1])
    #expect(probe.seen[3] != probe.seen[1] && probe.last == [false, false, false, true])
    #expect(recorder.epochs.map { $0.validation?.loss } == [0.5, 0.30000000000000004, nil, 0.4])
    #expect(procedure.progress.selection.epoch == 2)
  }

  /// Scores epochs like the one before, and looks at the start.
  private final class Remembering: PretrainingProbe {
    var looks = 0
    var first: [Double] = []

    func look(atStart backbone: BackboneNetwork, watcher: EvaluationWatcher) throws -> [String: Double] {
      looks += 1
      first = try #require(backbone.store["conv1.weight"]).doubles()
      try watcher(1, 1)
      return ["kNN source": 0.75, "kNN other": 0.5]
    }

    func judge(_ backbone: BackboneNetwork, at position: TrainingPosition, isLast: Bool, watcher: EvaluationWatcher) throws -> ProbeVerdict? {
      let metrics: [String: MetricValue] = ["kNN source": .value(position.epoch == 1 ? 0.625 : 0.875), "kNN other": .undefined(reason: "one class"), "kNN target": .value(0.5)]
      return ProbeVerdict(score: 0.5, record: ValidationRecord(loss: 0.5, metrics: metrics))
    }
  }

  @Test("What the probe saw before the first step is compared with what it sees later, also by a process that went on")
  func forgetting() throws {
    var training = try TinyTraining(.byol)
    let probe = Remembering()
    training.probe = probe
    let fresh = try training.make(), values = try #require(fresh.result.store["conv1.weight"]).doubles()
    let whole = MemoryOfRun(saves: false)
    try TrainingLoop(fresh, recorder: whole).train()
    #expect(probe.looks == 1 && probe.first == values)
    let told = whole.epochs.map { $0.validation?.metrics }
    #expect(told.map { $0?["kNN source lost"] } == [.value(0.125), .value(-0.125)])
    // One that has no number has lost none, and a target that was not looked at before is not compared.
    #expect(told.allSatisfy { $0?.keys.sorted() == ["kNN other", "kNN source", "kNN source lost", "kNN target"] })
    let recorder = MemoryOfRun()
    recorder.snapshotsLeft = 1
    #expect(throws: MemoryOfRun.Killed.self) { try TrainingLoop(try training.make(), recorder: recorder).train() }
    #expect(probe.looks == 2)
    recorder.snapshotsLeft = nil
    let again = TrainingLoop(try training.make(), recorder: recorder)
    try again.prepare()
    try again.train()
    #expect(probe.looks == 2 && recorder.epochs == whole.epochs)
    // Without anything to look at, a snapshot says nothing of it.
    let plain = try TinyTraining(.byol).make()
    #expect(try !String(decoding: JSONEncoder().encode(plain.progress), as: UTF8.self).contains("probeAtStart"))
  }

  @Test("Without a probe the last state is kept; DINO's result is its teacher, the others' the network that was trained")
  func lastState() throws {
    for method in [PretrainingMethod.simSiam, .byol, .dino] {
      let procedure = try TinyTraining(method).make()
      #expect((procedure.result === procedure.backbone) == (method.id != "dino"))
    }
  }

  @Test("A batch with one image left, and one with other views, are refused in words")
  func refusals() throws {
    let training = try TinyTraining(.simSiam), procedure = try training.make()
    let whole = try #require(try training.source.batches(ofEpoch: 1, after: 0).next())
    let position = TrainingPosition(epoch: 1, step: 1)
    let single = ViewBatch(views: try whole.views.map { try $0.narrow(along: 0, start: 0, count: 1) }, indices: [whole.indices[0]])
    let error = #expect(throws: PretrainingError.self) { try procedure.step(on: [single], at: position) }
    #expect(
      error?.description
        == "The batch of step 1, in epoch 1, has one image left that could be read, and a batch normalization of vectors needs two. Repair or remove the unreadable images, or raise batchSize."
    )
    let other = #expect(throws: PretrainingError.self) {
      try procedure.step(on: [ViewBatch(views: [whole.views[0]], indices: whole.indices)], at: position)
    }
    #expect(other?.description == "A batch has 1 views, and SimSiam looks at 2 of each image. Make the batches by the method's view recipe.")
    let few = #expect(throws: PretrainingError.self) { try TinyTraining(.simSiam, sampleCount: 4, batchSize: 8).make() }
    #expect(few?.description == "There are 4 images, and a batch of 8 needs at least 8. Add images, or choose a smaller batch and fewer clusters.")
  }

  @Test("Views that are one pixel before the last stage are refused in bfloat16 on a CPU, and not in float32")
  func smallViews() throws {
    for precision in [Precision.bfloat16, .float32] {
      let training = try TinyTraining(.pirl), procedure = try training.make(precision: precision)
      let batch = try #require(try training.source.batches(ofEpoch: 1, after: 0).next())
      let position = TrainingPosition(epoch: 1, step: 1)
      if precision == .float32 {
        #expect(try procedure.step(on: [batch], at: position).item().isFinite)
        continue
      }
      let error = #expect(throws: PretrainingError.self) { try procedure.step(on: [batch], at: position) }
      #expect(
        error?.description
          == "A view of 2 px is one pixel before the last stage of ResNet-20, where gradients in bfloat16 are wrong on a CPU. Set recipe.precision to float32, or raise recipe.inputSize."
      )
    }
  }

  @Test("A smaller batch, as unreadable images leave it, is a step like any other for every method with a memory")
  func smallerBatch() throws {
    for method in [PretrainingMethod.mocoV2, .insDis, .swav, .deepClusterV2, .pclV2, .infoMin] {
      let training = try TinyTraining(method), procedure = try training.make()
      let whole = try #require(try procedure.batches(ofEpoch: 1, after: 0).next()), kept = 5
      let views = try whole.views.map { view in
        try view.narrow(along: 0, start: 0, count: view.shape[0] / whole.sampleCount * kept)
      }
      let batch = ViewBatch(views: views, indices: Array(whole.indices.prefix(kept)))
      #expect(try procedure.step(on: [batch], at: TrainingPosition(epoch: 1, step: 1)).item().isFinite)
    }
  }

  @Test("Two batches of a step give it the mean of their losses and gradients, and their keys enter the queue in order")
  func accumulation() throws {
    let training = try TinyTraining(.mocoV2), procedure = try training.make(precision: .float64)
    let source = try procedure.batches(ofEpoch: 1, after: 0)
    let batches = [try #require(try source.next()), try #require(try source.next())]
    let loss = try procedure.step(on: batches, at: TrainingPosition(epoch: 1, step: 1)).item()
    let alone = try batches.enumerated().map { part, batch in
      let other = try training.make(precision: .float64)
      let moment = Moment(epoch: 1, step: 1, stepsPerEpoch: 2, stepCount: 4, epochCount: 2, seed: SeedPath(7) / "step" / 1 / part)
      return try other.method.loss(of: batch, at: moment).item()
    }
    #expect(abs(loss - (alone[0] + alone[1]) / 2) < 1e-9)
  }

  @Test("SimSiam's predictor keeps its rate while the others' falls")
  func constantRate() throws {
    var training = try TinyTraining(.simSiam)
    training.epochs = 10
    let procedure = try training.make(), recorder = MemoryOfRun(saves: false)
    try TrainingLoop(procedure, recorder: recorder).train()
    #expect(recorder.epochs.map(\.learningRate).last ?? 1 < 0.1 * recorder.epochs[0].learningRate)
    #expect(procedure.latestRates.last == procedure.settings[.learningRate])
    #expect(procedure.latestRates.first == recorder.epochs.last?.learningRate)
  }
}
