import Foundation
import Foundations
import Models
import NeuralNetworks
import Phantoms
import Studies
import Testing
import ThreadedProcesses
import Torch

@testable import Training

@Suite("A training that is spread over processes", .serialized)
struct SpreadTests {
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
    let fixture: TrainingFixture
    let recorders: [MemoryRecorder]

    init(_ fixture: TrainingFixture, _ recorders: [MemoryRecorder]) {
      (self.fixture, self.recorders) = (fixture, recorders)
      outcomes = Array(repeating: Outcome(), count: recorders.count)
    }

    func train(_ rank: Int, spread: Spread?) {
      var outcome = Outcome()
      do {
        let network = try fixture.makeNetwork(seed: 1 + rank)
        if fixture.recipe.mode == .frozenBackbone { try network.freezeBackbone() }
        let procedure = try Supervised(
          network: network, kind: fixture.kind, recipe: fixture.recipe, splits: fixture.splits, seed: SeedPath(1) / "training",
          numerics: fixture.numerics, loaders: LoaderSetting(workers: 1, prefetch: 2), spread: spread)
        let training = TrainingLoop(procedure, recorder: recorders[rank], group: spread?.group)
        try training.prepare()
        do { try training.train() } catch { outcome.error = error }
        outcome.state = try network.store.state.map { ($0.name, try $0.tensor.doubles()) }
      } catch {
        outcome.error = error
      }
      (outcome.steps, outcome.epochs) = (recorders[rank].steps, recorders[rank].epochs)
      outcomes[rank] = outcome
    }
  }

  private func spread(_ fixture: TrainingFixture, synchronized: Bool = false, recorders: [MemoryRecorder] = [MemoryRecorder(), MemoryRecorder()]) -> [Outcome] {
    let box = Box(fixture, recorders)
    inThreads(recorders.count) { group in box.train(group.rank, spread: Spread(group, synchronizesStatistics: synchronized)) }
    return box.outcomes
  }

  private func alone(_ fixture: TrainingFixture) -> Outcome {
    let box = Box(fixture, [MemoryRecorder()])
    box.train(0, spread: nil)
    return box.outcomes[0]
  }

  private func fixture(_ phantom: PhantomKind = .effusion, mode: FineTuningMode, batchSize: Int) throws -> TrainingFixture {
    let fixture = try TrainingFixture(phantom)
    fixture.recipe.architecture = "resnet20"
    (fixture.recipe.precision, fixture.recipe.mode, fixture.recipe.batchSize) = (.float64, mode, batchSize)
    (fixture.recipe.inputSize, fixture.recipe.resizeSize, fixture.recipe.learningRate) = (16, 16, 0.01)
    fixture.recipe.gradientClipping = 1
    return fixture
  }

  private func errors(_ outcomes: [Outcome]) -> String { outcomes.map { $0.error.map(sentence) ?? "none" }.joined(separator: "; ") }

  private func largestDifference(_ one: Outcome, _ other: Outcome) -> Double {
    var largest = 0.0
    for (first, second) in zip(one.state, other.state) { for (a, b) in zip(first.values, second.values) { largest = max(largest, abs(a - b)) } }
    return largest
  }

  /// Batches that do not come out even; a last batch of which one process has nothing.
  @Test("Without batch normalization, two processes with a part of each batch equal one with all of it to 1e-9", arguments: [5, 11])
  func equalsOne(batchSize: Int) throws {
    let fixture = try fixture(mode: .frozenBackbone, batchSize: batchSize), one = alone(fixture), two = spread(fixture)
    #expect(one.error == nil && two.allSatisfy { $0.error == nil }, "\(errors(two))")
    #expect(!one.state.isEmpty && largestDifference(one, two[0]) < 1e-9, "\(largestDifference(one, two[0]))")
    // Also where it was drawn otherwise at first, and bit for bit.
    #expect(largestDifference(two[0], two[1]) == 0)
    #expect(one.steps.map(\.step) == two[0].steps.map(\.step) && zip(one.steps, two[0].steps).allSatisfy { abs($0.loss - $1.loss) < 1e-9 })
    #expect(one.epochs.count == 2 && zip(one.epochs, two[0].epochs).allSatisfy { abs($0.trainingLoss - $1.trainingLoss) < 1e-9 })
  }

  /// The tolerance is for sums in another order through batch normalizations of few values.
  @Test("With synchronized batch statistics the same holds to 1e-7, running values too")
  func synchronized() throws {
    let fixture = try fixture(mode: .fullFineTuning, batchSize: 11), one = alone(fixture), two = spread(fixture, synchronized: true)
    #expect(one.error == nil && two.allSatisfy { $0.error == nil }, "\(errors(two))")
    #expect(!one.state.isEmpty && largestDifference(one, two[0]) < 1e-7, "\(largestDifference(one, two[0]))")
    #expect(largestDifference(two[0], two[1]) == 0)
  }

  @Test("With statistics of its own part it is another training, whose processes still have the same parameters")
  func ownParts() throws {
    let fixture = try fixture(mode: .fullFineTuning, batchSize: 6)
    fixture.recipe.epochs = 1
    let one = alone(fixture), two = spread(fixture)
    #expect(two.allSatisfy { $0.error == nil }, "\(errors(two))")
    #expect(largestDifference(one, two[0]) > 1e-6)
    let names = ["conv1.weight", "fc.weight"]
    for (first, second) in zip(two[0].state, two[1].state) where names.contains(first.name) { #expect(first.values == second.values, "\(first.name)") }
  }

  @Test("A stop that one process is asked for stops all after the same step, and they go on to the bytes of those that were not")
  func stops() throws {
    let fixture = try fixture(mode: .fullFineTuning, batchSize: 4), whole = spread(fixture, synchronized: true)
    let recorders = [MemoryRecorder(), MemoryRecorder()]
    // The second one alone is asked.
    recorders[1].stopAfter = 4
    let stopped = spread(fixture, synchronized: true, recorders: recorders)
    let kinds: [TrainingError.Code?] = stopped.map { ($0.error as? TrainingError)?.kind }
    #expect(kinds == [.interrupted, .interrupted], "\(errors(stopped))")
    #expect(stopped[0].steps.count == stopped[1].steps.count && stopped[0].steps.count < whole[0].steps.count)
    let resumed = spread(fixture, synchronized: true, recorders: [recorders[0].successor(), MemoryRecorder()])
    #expect(resumed.allSatisfy { $0.error == nil }, "\(errors(resumed))")
    #expect(resumed[0].state.map(\.values) == whole[0].state.map(\.values))
    #expect(resumed[0].steps == whole[0].steps && resumed[0].epochs == whole[0].epochs)
  }
}
