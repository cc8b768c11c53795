import Foundation
import Foundations
import Studies
import Testing
import ThreadedProcesses
import Torch

@testable import Pretraining
@testable import Training

/// `make test` holds that two processes equal one for every method, and the rest for some; `make test-data-parallel` all for all.
@Suite("Every self-supervised method in several processes", .serialized)
struct SpreadMethodTests {
  private static let isWhole = ProcessInfo.processInfo.environment["MEDTRANSFER_DATA_PARALLEL_TESTS"] == "whole"

  /// What came of one process's part.
  private struct Outcome {
    var state: [(name: String, values: [Double])] = []
    var steps: [StepRecord] = []
    var epochs: [EpochRecord] = []
    var error: (any Error)?
  }

  private final class Box: @unchecked Sendable {
    // Each thread writes its own, and all have ended before any is read.
    var outcomes: [Outcome]
    let recorders: [MemoryOfRun]
    let make: @Sendable (_ rank: Int, Spread?) throws -> SelfSupervised

    init(_ recorders: [MemoryOfRun], _ make: @escaping @Sendable (_ rank: Int, Spread?) throws -> SelfSupervised) {
      (self.recorders, self.make) = (recorders, make)
      outcomes = Array(repeating: Outcome(), count: recorders.count)
    }

    func train(_ rank: Int, _ spread: Spread?) {
      var outcome = Outcome()
      do {
        let loop = TrainingLoop(try make(rank, spread), recorder: recorders[rank], group: spread?.group)
        try loop.prepare()
        do { try loop.train() } catch { outcome.error = error }
        outcome.state = try loop.procedure.state.flatMap { part in
          try part.tensors.map { ("\(part.name).\($0.name)", try $0.tensor.to(type: .float64).doubles()) }
        }
      } catch {
        outcome.error = error
      }
      (outcome.steps, outcome.epochs) = (recorders[rank].steps, recorders[rank].epochs)
      outcomes[rank] = outcome
    }
  }

  /// Two epochs of two batches of 16 in float64; what each process was drawn with at first is another.
  private static func training(_ method: PretrainingMethod) -> @Sendable (Int, Spread?) throws -> SelfSupervised {
    { rank, spread in
      var training = try TinyTraining(method, sampleCount: 34, batchSize: 16)
      training.overrides["warmUpEpochs"] = method.settings.contains { $0.key == .warmUpEpochs } ? 0 : nil
      return try training.make(seed: 1 + rank, precision: .float64, spread: spread)
    }
  }

  private func alone(_ method: PretrainingMethod) -> Outcome {
    let box = Box([MemoryOfRun(saves: false)], Self.training(method))
    box.train(0, nil)
    return box.outcomes[0]
  }

  private func together(
    _ recorders: [MemoryOfRun], synchronized: Bool, _ make: @escaping @Sendable (Int, Spread?) throws -> SelfSupervised
  ) -> [Outcome] {
    let box = Box(recorders, make)
    inThreads(recorders.count) { box.train($0.rank, Spread($0, synchronizesStatistics: synchronized)) }
    return box.outcomes
  }

  private func together(_ method: PretrainingMethod, count: Int = 2, synchronized: Bool) -> [Outcome] {
    together((0..<count).map { _ in MemoryOfRun(saves: false) }, synchronized: synchronized, Self.training(method))
  }

  private func errors(_ outcomes: [Outcome]) -> String { outcomes.map { $0.error.map(sentence) ?? "none" }.joined(separator: "; ") }

  /// The largest difference between two states, in proportion to values above 1.
  private func difference(_ one: Outcome, _ other: Outcome) -> (largest: Double, name: String) {
    var found = (largest: 0.0, name: "")
    for (first, second) in zip(one.state, other.state) {
      for (a, b) in zip(first.values, second.values) where abs(a - b) / max(abs(a), 1) > found.largest { found = (abs(a - b) / max(abs(a), 1), first.name) }
    }
    return found
  }

  /// Values that are of one process's images alone, unless they are synchronized.
  private func isRunning(_ name: String) -> Bool { name.contains("running_") && (name.hasPrefix("model.") || name.hasPrefix("momentumModel.")) }

  @Test("Two processes that divide a batch of 16 equal one to 1e-9, in all that it remembers; batch statistics are of the whole batch", arguments: MethodCatalog.all)
  func equalsOne(method: PretrainingMethod) {
    let one = alone(method), two = together(method, synchronized: true)
    #expect(one.error == nil && two.allSatisfy { $0.error == nil }, "\(errors(two))")
    #expect(one.state.map(\.name) == two[0].state.map(\.name) && one.state.count > 100)
    let difference = difference(one, two[0])
    #expect(difference.largest < 1e-9, "\(difference)")
    // Bit for bit, and where each was drawn otherwise at first.
    #expect(zip(two[0].state, two[1].state).allSatisfy { $0.values == $1.values })
    #expect(one.steps.count == 4 && two[0].steps.count == 4 && zip(one.steps, two[0].steps).allSatisfy { abs($0.loss - $1.loss) < 1e-9 })
  }

  @Test("Three processes, among which 16 images do not come out even, equal one as well", arguments: isWhole ? [PretrainingMethod.simCLRv1, .mocoV2, .pirl, .pclV2] : [.simCLRv1])
  func uneven(method: PretrainingMethod) {
    let one = alone(method), three = together(method, count: 3, synchronized: true)
    #expect(three.allSatisfy { $0.error == nil }, "\(errors(three))")
    #expect(difference(one, three[0]).largest < 1e-9, "\(difference(one, three[0]))")
  }

  @Test(
    "With statistics of a process's own images it is another training, and the same in all processes",
    arguments: isWhole ? MethodCatalog.all : [.mocoV2, .barlowTwins])
  func ownParts(method: PretrainingMethod) {
    let one = alone(method), two = together(method, synchronized: false)
    #expect(two.allSatisfy { $0.error == nil }, "\(errors(two))")
    #expect(difference(one, two[0]).largest > 1e-6)
    let unlike = zip(two[0].state, two[1].state).filter { !isRunning($0.name) && $0.values != $1.values }.map(\.0.name)
    #expect(unlike.isEmpty, "\(unlike)")
  }

  @Test(
    "A stop that one process is asked for stops all, and they go on to the bytes of those that were not",
    arguments: isWhole ? [PretrainingMethod.mocoV2, .deepClusterV2, .pclV2, .dino] : [.pclV2], isWhole ? [true, false] : [true])
  func stops(method: PretrainingMethod, synchronized: Bool) {
    let whole = together(method, synchronized: synchronized), recorders = [MemoryOfRun(saves: false), MemoryOfRun(saves: false)]
    // The second one alone is asked, and all stop within the second epoch: what was read of the losses is a step behind.
    recorders[1].stopAfter = 2
    let stopped = together(recorders, synchronized: synchronized, Self.training(method))
    #expect(stopped.allSatisfy { ($0.error as? TrainingError)?.kind == .interrupted } && stopped[0].steps.count == 3, "\(errors(stopped))")
    let resumed = together([recorders[0], MemoryOfRun(saves: false)], synchronized: synchronized, Self.training(method))
    #expect(resumed.allSatisfy { $0.error == nil }, "\(errors(resumed))")
    #expect(zip(resumed[0].state, whole[0].state).allSatisfy { $0.values == $1.values })
    #expect(resumed[0].steps == whole[0].steps && resumed[0].epochs == whole[0].epochs)
  }

  @Test("More processes than a batch has pairs of images, and batches of unequal length, are refused in words by all")
  func refusals() {
    let nine = together(.simSiam, count: 9, synchronized: true)
    #expect(
      nine.allSatisfy {
        $0.error.map(sentence)
          == "A batch of 16 images cannot be divided among 9 processes, since each needs two of them. Start at most 8 processes, or raise batchSize."
      }, "\(errors(nine))")
    let unequal = together([MemoryOfRun(), MemoryOfRun()], synchronized: true) { rank, spread in
      let training = try TinyTraining(.simSiam, sampleCount: 34, batchSize: 16)
      training.source.missing = rank
      return try training.make(spread: spread)
    }
    #expect(
      unequal.allSatisfy {
        $0.error.map(sentence)
          == "In step 1 the processes of the training do not have the same number of images in a batch. See to it that all of them can read all images; then run the same command again."
      }, "\(errors(unequal))")
  }
}
