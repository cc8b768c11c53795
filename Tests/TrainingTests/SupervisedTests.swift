import Datasets
import Foundation
import Foundations
import Loading
import Metrics
import Models
import NeuralNetworks
import Phantoms
import Studies
import Testing
import Torch

@testable import Training

@Suite("Supervised training", .serialized)
struct SupervisedTests {
  @Test("Images that cannot be used are named for each part, and from any snapshot on the same ones")
  func brokenImages() throws {
    let fixture = try TrainingFixture()
    fixture.recipe.brokenFileLimit = 0.5
    let wrong = DatasetPart.allCases.flatMap { fixture.splits[$0].prefix($0 == .training ? 2 : 1) }
    for sample in wrong { try Data("no image".utf8).write(to: sample.image.files[0]) }
    let names = Dictionary(uniqueKeysWithValues: DatasetPart.allCases.map { ($0, Set(fixture.splits[$0].prefix($0 == .training ? 2 : 1).map(\.id))) })
    let recorder = MemoryRecorder()
    recorder.savesAlways = true
    let whole = try fixture.makeTraining(recorder)
    try whole.train()
    // Known after the first epoch, since a failure later should name them.
    #expect(whole.broken.validation.count == 1 && whole.broken.test.isEmpty)
    let validated = try whole.validate(), tested = try whole.test()
    for (part, broken) in [(DatasetPart.training, whole.broken.training), (.validation, whole.broken.validation), (.test, whole.broken.test)] {
      #expect(Set(broken.map(\.id)) == names[part] && broken.count == names[part]?.count, "\(part)")
      #expect(broken.allSatisfy { $0.reason.contains("first bytes") || $0.reason.contains("image") }, "\(broken)")
    }
    #expect(whole.broken.count == 4)
    for (predictions, count) in [(validated, 5), (tested, 5)] {
      guard case .classification(let all) = predictions else {
        Issue.record("no classification")
        continue
      }
      #expect(all.rows.count == count && Set(all.rows.map(\.id)).isDisjoint(with: wrong.map(\.id)))
    }
    for snapshot in recorder.snapshots {
      let again = MemoryRecorder()
      again.start = snapshot
      let resumed = try fixture.makeTraining(again)
      try resumed.train()
      _ = try resumed.validate()
      _ = try resumed.test()
      #expect(resumed.broken == whole.broken)
    }
  }

  @Test("Training stops when more than `patience` epochs in a row did not lower the validation loss")
  func earlyStopping() throws {
    let fixture = try TrainingFixture()
    // Nothing can change: the backbone is frozen, its statistics too, and the head does not move.
    fixture.recipe.mode = .frozenBackbone
    fixture.recipe.learningRate = 0
    fixture.recipe.epochs = 50
    fixture.recipe.earlyStoppingPatience = 2
    let network = try fixture.makeNetwork()
    try network.freezeBackbone()
    let recorder = MemoryRecorder()
    let training = try fixture.makeTraining(recorder, network: network)
    try training.train()
    #expect(recorder.epochs.map(\.epoch) == [1, 2, 3, 4])
    #expect(Set(recorder.epochs.map(\.validation?.loss)).count == 1)
    #expect(training.procedure.progress.selection.epoch == 1)
  }

  @Test("The best weights, not the last, are in the network at the end, also after a resume (D1)")
  func bestWeights() throws {
    let fixture = try TrainingFixture()
    fixture.recipe.epochs = 5
    fixture.recipe.learningRate = 0.02
    let recorder = MemoryRecorder()
    recorder.savesAlways = true
    let training = try fixture.makeTraining(recorder)
    try training.train()
    let best = try #require(recorder.bestEpoch)
    #expect(training.procedure.progress.selection.epoch == best.epoch)
    let evaluation = Evaluation(
      network: training.procedure.network, task: EvaluationTask(kind: fixture.kind, recipe: fixture.recipe, answerNames: ["Effusion"]),
      numerics: fixture.numerics, loaders: LoaderSetting(workers: 1, prefetch: 1))
    let outcome = try evaluation.run(fixture.splits.validation, stage: .validation, watcher: EvaluationWatcher { _, _ in })
    #expect(outcome.loss == best.validation?.loss)
  }

  @Test("The best epoch's validation answers are kept: the final ones are the same as asked anew, and cost nothing where this process trained")
  func keptAnswers() throws {
    let fixture = try TrainingFixture()
    fixture.recipe.epochs = 3
    let recorder = MemoryRecorder()
    recorder.savesAlways = true
    let training = try fixture.makeTraining(recorder)
    try training.train()
    let news = recorder.news.count, kept = try training.validate()
    #expect(recorder.news.count == news)
    // One that goes on from the last snapshot has no answers and asks.
    let later = recorder.successor(), resumed = try fixture.makeTraining(later)
    try resumed.prepare()
    try resumed.train()
    let before = later.news.count, asked = try resumed.validate()
    #expect(later.news.count > before)
    guard case .classification(let first) = kept, case .classification(let second) = asked else {
      Issue.record("no classification")
      return
    }
    #expect(first.rows.count == fixture.splits.validation.count && "\(first)" == "\(second)")
  }

  @Test("A loss that is not finite ends the run with its step and learning rate")
  func divergence() throws {
    let fixture = try TrainingFixture()
    fixture.recipe.learningRate = 1e30
    let error = #expect(throws: TrainingError.self) { try fixture.makeTraining(MemoryRecorder()).train() }
    #expect(error?.kind == .lossNotFinite)
    #expect(error?.problem.hasSuffix("at step 2, in epoch 1 (learning rate 1e+30).") == true)
    #expect(error?.remedy == "Lower recipe.learningRate.")
  }

  @Test("A validation loss that is not finite ends the run with its epoch, not in the history")
  func lostInTheLastStep() throws {
    let fixture = try TrainingFixture()
    // One step an epoch, after which the parameters are too large for a number.
    (fixture.recipe.learningRate, fixture.recipe.batchSize) = (1e38, 12)
    let recorder = MemoryRecorder()
    let error = #expect(throws: TrainingError.self) { try fixture.makeTraining(recorder).train() }
    #expect(error?.kind == .lossNotFinite && error?.problem.hasPrefix("The validation loss became ") == true)
    #expect(error?.problem.hasSuffix(" after epoch 1, at step 1 (learning rate 1e+38).") == true)
    #expect(error?.remedy == "Lower recipe.learningRate.")
    #expect(recorder.epochs.isEmpty)
  }

  @Test("A batch of one image is refused where the last feature map is one pixel, and trained on where it is not")
  func singleImage() throws {
    let fixture = try TrainingFixture()
    fixture.recipe.batchSize = 11
    let error = #expect(throws: TrainingError.self) { try fixture.makeTraining(MemoryRecorder()).train() }
    #expect(
      error?.problem == "The batch of step 2, in epoch 1, holds one image, and at 32 px batch normalization sees one value a channel of it.")
    #expect(error?.remedy == SingleImageBatch.remedy)
    (fixture.recipe.inputSize, fixture.recipe.resizeSize) = (64, 64)
    fixture.recipe.epochs = 1
    let recorder = MemoryRecorder()
    try fixture.makeTraining(recorder).train()
    #expect(recorder.epochs.count == 1)
  }

  @Test("A network without batch normalization trains on one image at a time, also where its last map is few places")
  func singleImageWithoutBatches() throws {
    let fixture = try TrainingFixture()
    (fixture.recipe.architecture, fixture.recipe.inputSize) = ("vit-ti16", 16)
    (fixture.recipe.batchSize, fixture.recipe.epochs) = (11, 1)
    #expect(try !SingleImageBatch.isRefused(by: fixture.recipe))
    let recorder = MemoryRecorder()
    try fixture.makeTraining(recorder).train()
    #expect(recorder.epochs.count == 1)
  }

  @Test(
    "A batch of one image is foreseen", arguments: [(12, 11, nil, true), (12, 4, nil, false), (13, 4, nil, true), (13, 4, 3, false), (13, 4, 4, true), (5, 1, nil, true)])
  func foreseen(images: Int, batchSize: Int, steps: Int?, isForeseen: Bool) {
    var recipe = Recipe.standard(for: .binaryClassification)
    (recipe.batchSize, recipe.maximumSteps) = (batchSize, steps)
    #expect(SingleImageBatch.occurs(imageCount: images, recipe: recipe) == isForeseen)
    #expect(Set(BatchOrder(sampleCount: images, batchSize: batchSize, shuffledBy: nil).batches.prefix(steps ?? .max).map(\.count)).contains(1) == isForeseen)
  }

  @Test("A snapshot of another network is refused")
  func otherSnapshot() throws {
    let fixture = try TrainingFixture()
    let recorder = MemoryRecorder()
    recorder.savesAlways = true
    try fixture.makeTraining(recorder).train()
    let other = MemoryRecorder()
    other.start = recorder.snapshots.first
    fixture.recipe.architecture = "resnet34"
    let error = #expect(throws: TrainingError.self) { try fixture.makeTraining(other) }
    #expect(error?.kind == .snapshotMismatch)
  }

  @Test("A frozen backbone keeps its bits; the head does not")
  func frozenBackbone() throws {
    let fixture = try TrainingFixture()
    fixture.recipe.mode = .frozenBackbone
    let network = try fixture.makeNetwork()
    try network.freezeBackbone()
    let before = try TrainingFixture.bytes(network)
    try fixture.makeTraining(MemoryRecorder(), network: network).train()
    for (entry, (old, new)) in zip(network.store.state, zip(before, try TrainingFixture.bytes(network))) {
      #expect((old == new) == (network.backboneName(for: entry.name) != nil), "\(entry.name)")
    }
  }

  @Test("The number of loader threads changes nothing")
  func workers() throws {
    let fixture = try TrainingFixture(.lungs)
    let losses = try [1, 4].map { workers in
      let recorder = MemoryRecorder()
      let procedure = try fixture.makeProcedure(loaders: LoaderSetting(workers: workers, prefetch: workers))
      try TrainingLoop(procedure, recorder: recorder).train()
      return recorder.steps.map(\.loss)
    }
    #expect(losses[0] == losses[1])
  }
}
