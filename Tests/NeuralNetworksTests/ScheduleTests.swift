import Foundation
import Foundations
import NeuralNetworks
import Testing

@Suite struct ScheduleTests {
  private func rates(_ schedule: LearningRateSchedule, losses: [Double]) -> [Double] {
    var schedule = schedule
    return losses.map {
      schedule.finishEpoch(validationLoss: $0)
      return schedule.learningRate
    }
  }

  @Test("ReduceOnPlateau lowers the rate at the epochs at which PyTorch's does, NaN and the relative threshold included")
  func plateau() throws {
    let golden = try TrainingRuleGolden.load()
    for (expected, factor, patience, minimum) in [(golden.plateau, 0.5, 2, 0.0), (golden.impatientPlateau, 0.1, 0, 0.001)] {
      let schedule = try ReduceOnPlateau(initial: 0.1, factor: factor, patience: patience, minimum: minimum)
      let found = rates(.reduceOnPlateau(schedule), losses: expected.losses.map { $0 ?? .nan })
      #expect(found == expected.rates)
    }
  }

  @Test("The 2021 cosine runs its first two epochs at the full rate and its last above 0")
  func cosine() throws {
    let schedule = try LearningRateSchedule.cosine(DelayedCosine(initial: 1e-3, epochCount: 4))
    #expect(schedule.learningRate == 1e-3)
    let found = rates(schedule, losses: [1, 1, 1])
    #expect(relativeDistance(found, [1e-3, 1e-3 * 0.853553390593273762, 0.5e-3]) < 1e-14)
  }

  @Test("A constant rate stays")
  func constant() { #expect(rates(.constant(0.3), losses: [1, .nan, 0]) == [0.3, 0.3, 0.3]) }

  @Test("Encoded in the middle and decoded, every schedule goes on as if it had not stopped")
  func resume() throws {
    let losses = [1.0, 1, 1, 0.5, 0.5, 0.5, 0.5]
    for schedule in try [
      LearningRateSchedule.constant(0.1), .cosine(DelayedCosine(initial: 0.1, epochCount: 7)),
      .reduceOnPlateau(ReduceOnPlateau(initial: 0.1, patience: 1)),
    ] {
      for stop in 0...losses.count {
        var stopped = schedule
        for loss in losses[..<stop] { stopped.finishEpoch(validationLoss: loss) }
        let resumed = try JSONDecoder().decode(LearningRateSchedule.self, from: JSONEncoder().encode(stopped))
        #expect(resumed == stopped)
        #expect(
          rates(resumed, losses: Array(losses[stop...])) == Array(rates(schedule, losses: losses)[stop...]))
      }
    }
  }

  @Test("A factor that would raise the rate is refused")
  func factor() {
    let error = #expect(throws: NeuralNetworksError.self) { try ReduceOnPlateau(initial: 1, factor: 2) }
    #expect(error?.description == "The factor is 2.0. Choose a factor between 0 and 1.")
  }
}
