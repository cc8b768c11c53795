import Containers
import Foundation
import Foundations
import NeuralNetworks
import Testing
import Torch

@testable import Training

@Suite("The training loop", .serialized)
struct TrainingLoopTests {
  private func loop(_ procedure: MeanTeacher, _ recorder: MemoryRecorder, clock: @escaping () -> Double = { 0 }) -> TrainingLoop<MeanTeacher> {
    TrainingLoop(procedure, recorder: recorder, unread: UnreadLosses(clock: clock))
  }

  @Test("Where nothing needs the losses, an epoch's are read at its end, in their order")
  func lossesAreReadTogether() throws {
    let recorder = MemoryRecorder(), procedure = try MeanTeacher()
    try loop(procedure, recorder).train()
    // Ten points in batches of three, two batches a step.
    #expect(recorder.steps.map(\.step) == Array(1...8) && recorder.steps.map(\.epoch) == [1, 1, 2, 2, 3, 3, 4, 4])
    let atTraining = zip(recorder.news, recorder.recordedAtNews).filter { $0.0.phase == .training }.map(\.1)
    #expect(atTraining == [0, 0, 2, 2, 4, 4, 6, 6])
    #expect(recorder.news.filter { $0.phase == .training }.allSatisfy { $0.loss == nil })
  }

  @Test("Losses that wait are read after a hundred steps, and after a second")
  func lossesAreReadInTime() throws {
    let procedure = try MeanTeacher()
    procedure.extent = TrainingExtent(epochs: 1, sampleCount: 10, batchSize: 3, batchesPerStep: 1)
    var seconds = 0.0
    let timed = MemoryRecorder()
    // Asked at the beginning, after each step, and at each reading.
    try loop(procedure, timed) {
      defer { seconds += 0.3 }
      return seconds
    }.train()
    #expect(zip(timed.news, timed.recordedAtNews).filter { $0.0.phase == .training }.map(\.1) == [0, 0, 0, 0])
    #expect(timed.steps.count == 4)

    var unread = UnreadLosses { 0 }
    let loss = try Tensor([2.5]).sum()
    for step in 1...UnreadLosses.limit {
      #expect(!unread.areDue)
      unread.append(.init(loss: loss, position: TrainingPosition(epoch: 1, step: step), learningRate: 1, sampleCount: 1))
    }
    #expect(unread.areDue)
    let read = try unread.read()
    #expect(read.map(\.entry.position.step) == Array(1...UnreadLosses.limit) && read.allSatisfy { $0.value == 2.5 })
    #expect(!unread.areDue)
    #expect(try unread.read().isEmpty)
  }

  @Test("A step's loss is the same number, read alone or with others")
  func sameLosses() throws {
    let together = MemoryRecorder(), alone = MemoryRecorder()
    try loop(try MeanTeacher(), together).train()
    var seconds = 0.0
    try loop(try MeanTeacher(), alone) {
      seconds += 2
      return seconds
    }.train()
    #expect(together.steps == alone.steps && together.epochs == alone.epochs)
    #expect(alone.recordedAtNews.filter { $0 == 1 }.count == 1)
  }

  @Test("A loss that is not finite ends the training with its own step, however late it is read")
  func divergence() throws {
    let recorder = MemoryRecorder(), procedure = try MeanTeacher()
    procedure.divergesAtStep = 3
    let error = #expect(throws: TrainingError.self) { try loop(procedure, recorder).train() }
    #expect(error?.problem == "The loss became no number (NaN) at step 3, in epoch 2 (learning rate 0.05).")
    #expect(recorder.steps.map(\.step) == [1, 2] && recorder.epochs.count == 1)
  }

  @Test("A loss that is not finite is never in a snapshot")
  func divergenceBeforeSnapshot() throws {
    let recorder = MemoryRecorder(), procedure = try MeanTeacher()
    procedure.divergesAtStep = 3
    recorder.savesAlways = true
    #expect(throws: TrainingError.self) { try loop(procedure, recorder).train() }
    #expect(try recorder.snapshots.map { try $0.loop.step } == [1, 2, 2])
  }

  @Test("Of two reasons to fail the earlier one is said, and the steps before it are recorded")
  func earlierReason() throws {
    let diverging = try MeanTeacher(), recorder = MemoryRecorder()
    diverging.divergesAtStep = 3
    diverging.extent.brokenFileLimit = 0
    // Met at the earliest with the first batch of step 4, in epoch 2; in epoch 1 all points are read.
    let last = try #require(try diverging.batches(ofEpoch: 2, after: 2).next()?.indices.first)
    diverging.broken = (last, fromEpoch: 2)
    let error = #expect(throws: TrainingError.self) { try loop(diverging, recorder).train() }
    #expect(error?.kind == .lossNotFinite)

    let breaking = try MeanTeacher(), other = MemoryRecorder()
    breaking.extent.brokenFileLimit = 0
    breaking.broken = (last, fromEpoch: 2)
    let second = #expect(throws: TrainingError.self) { try loop(breaking, other).train() }
    #expect(second?.problem == "1 of 10 images cannot be used, more than the 0.0 % that are allowed: \(last) (lost).")
    #expect(other.steps.map(\.step) == [1, 2, 3] && recorder.steps.map(\.step) == [1, 2])
  }

  @Test("A step limit ends the training within an epoch, whose steps still count")
  func stepLimit() throws {
    let recorder = MemoryRecorder(), procedure = try MeanTeacher()
    procedure.extent.maximumSteps = 3
    try loop(procedure, recorder).train()
    #expect(recorder.steps.map(\.step) == [1, 2, 3] && recorder.epochs.map(\.epoch) == [1, 2])
    #expect(recorder.epochs.map(\.trainingLoss) == [(recorder.steps[0].loss * 6 + recorder.steps[1].loss * 4) / 10, recorder.steps[2].loss])
  }

  @Test("An epoch's verdict can end the training")
  func verdict() throws {
    let recorder = MemoryRecorder(), procedure = try MeanTeacher()
    procedure.patience = 0
    procedure.extent.epochs = 500
    try loop(procedure, recorder).train()
    #expect(recorder.epochs.count < 500)
    #expect(procedure.progress.selection.epoch == recorder.epochs.count - 1)
  }

  @Test("The best of several epochs is the first that reached the best number, lower or higher")
  func selection() {
    var lower = EpochSelection(), higher = EpochSelection()
    let values = [3.0, 2, 2, 5, 4]
    let isLower = values.enumerated().map { lower.isBest($1, ofEpoch: $0 + 1, preferring: .lower) }
    let isHigher = values.enumerated().map { higher.isBest($1, ofEpoch: $0 + 1, preferring: .higher) }
    #expect(isLower == [true, true, false, false, false] && lower == EpochSelection(best: 2, epoch: 2, epochsWithoutImprovement: 3))
    #expect(isHigher == [true, false, false, true, false] && higher == EpochSelection(best: 5, epoch: 4, epochsWithoutImprovement: 1))
    #expect(lower.exceeds(patience: 2) && !lower.exceeds(patience: 3) && !lower.exceeds(patience: nil))
  }

  @Test("A snapshot of another procedure is refused by the name of its first tensor")
  func otherProcedure() throws {
    let fixture = try TrainingFixture(), recorder = MemoryRecorder(), other = MemoryRecorder()
    recorder.savesAlways = true
    try loop(try MeanTeacher(), recorder).train()
    other.start = recorder.snapshots.first
    #expect(throws: DecodingError.self) { try fixture.makeTraining(other) }
    let progress = try JSONEncoder().encode(
      TrainingProgress(loop: LoopProgress(), procedure: Supervised.Progress(schedule: .constant(1))))
    other.start = .init(progress: progress, tensors: try #require(recorder.snapshots.first).tensors, steps: 0, epochs: 0)
    let error = #expect(throws: TrainingError.self) { try fixture.makeTraining(other) }
    #expect(error?.problem == "The saved state of this run does not fit it: student.answer.weight has no place in this run.")
  }

  @Test("A snapshot's progress is written as before the loop and its procedures were two things")
  func progressBytes() throws {
    let old = #"""
      {"batchInEpoch":1,"bestEpoch":1,"bestLoss":0.6940852999687195,"broken":[],"epoch":2,"epochsWithoutImprovement":0,"isFinished":false,"lossSum":4.0044203996658325,"sampleCount":6,"schedule":{"reduceOnPlateau":{"_0":{"best":0.6940852999687195,"factor":0.5,"learningRate":0.0002,"minimum":0,"patience":5,"threshold":0.0001,"worseEpochs":0}}},"step":5}
      """#
    let read = try JSONDecoder().decode(TrainingProgress<Supervised.Progress>.self, from: Data(old.utf8))
    #expect(read.loop.step == 5 && read.procedure.selection.epoch == 1 && read.procedure.schedule.learningRate == 2e-4)
    #expect(String(decoding: try CanonicalJSON.encode(read), as: UTF8.self) == old)
  }
}
