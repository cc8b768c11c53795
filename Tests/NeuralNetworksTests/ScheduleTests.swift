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

  /// The rates of so many steps.
  private func rates(_ schedule: LearningRateSchedule, steps: Int) -> [Double] {
    var schedule = schedule
    return (0..<steps).map { _ in
      let rate = schedule.learningRate
      schedule.finishStep()
      #expect(schedule.latestLearningRate == rate)
      return rate
    }
  }

  @Test("A cosine by steps is PyTorch's CosineAnnealingLR, and ends at 0")
  func cosineBySteps() throws {
    let golden = try TrainingRuleGolden.load().cosineBySteps
    let found = rates(.cosineBySteps(try CosineBySteps(initial: 0.1, stepCount: 6)), steps: 7)
    #expect(relativeDistance(Array(found.prefix(6)), golden) < 1e-14)
    #expect(found[6] == 0)
  }

  @Test("A step decay is PyTorch's StepLR")
  func stepDecay() throws {
    let golden = try TrainingRuleGolden.load().stepDecay
    let schedule = LearningRateSchedule.step(try StepDecay(initial: 0.1, epochs: 2, factor: 0.3))
    let found = [schedule.learningRate] + rates(schedule, losses: [Double](repeating: 1, count: golden.count - 1))
    #expect(relativeDistance(found, golden) < 1e-14)
  }

  @Test("A warm-up and then a cosine are PyTorch's LinearLR and CosineAnnealingLR one after the other")
  func warmUpThenCosine() throws {
    let golden = try TrainingRuleGolden.load().warmUpThenCosine
    let cosine = LearningRateSchedule.cosineBySteps(try CosineBySteps(initial: 0.1, stepCount: 6))
    #expect(relativeDistance(rates(.warmUp(try WarmUp(stepCount: 4, then: cosine)), steps: 10), golden) < 1e-14)
  }

  @Test("Epochs with a step of the warm-up are not those of what follows")
  func warmUpByEpochs() throws {
    // Two steps an epoch, three of warm-up: the third epoch is the first of the decay, which lowers the rate after each.
    var schedule = LearningRateSchedule.warmUp(try WarmUp(stepCount: 3, then: .step(StepDecay(initial: 0.6, epochs: 1, factor: 0.5))))
    var found: [[Double]] = []
    for _ in 0..<5 {
      found.append(rates(schedule, steps: 2))
      for _ in 0..<2 { schedule.finishStep() }
      schedule.finishEpoch(validationLoss: 1)
    }
    #expect(relativeDistance(found.flatMap { $0 }, [0.2, 0.4, 0.6, 0.6, 0.6, 0.6, 0.3, 0.3, 0.15, 0.15]) < 1e-14)
  }

  @Test("Encoded in the middle and decoded, every schedule goes on as if it had not stopped")
  func resume() throws {
    let losses = [1.0, 1, 1, 0.5, 0.5, 0.5, 0.5]
    for schedule in try [
      LearningRateSchedule.constant(0.1), .cosine(DelayedCosine(initial: 0.1, epochCount: 7)),
      .cosineBySteps(CosineBySteps(initial: 0.1, stepCount: 14)), .step(StepDecay(initial: 0.1, epochs: 2, factor: 0.1)),
      .reduceOnPlateau(ReduceOnPlateau(initial: 0.1, patience: 1)),
      .warmUp(WarmUp(stepCount: 5, then: .reduceOnPlateau(ReduceOnPlateau(initial: 0.1, patience: 1)))),
    ] {
      // Two steps an epoch: every moment between two of them, and after an epoch.
      let moments = losses.flatMap { [nil, nil, $0] as [Double?] }
      func advanced(_ schedule: LearningRateSchedule, by moment: Double?) -> LearningRateSchedule {
        var schedule = schedule
        if let moment { schedule.finishEpoch(validationLoss: moment) } else { schedule.finishStep() }
        return schedule
      }
      var stopped = schedule
      for stop in 0...moments.count {
        var resumed = try JSONDecoder().decode(LearningRateSchedule.self, from: JSONEncoder().encode(stopped)), whole = stopped
        #expect(resumed == stopped)
        for moment in moments[stop...] {
          (resumed, whole) = (advanced(resumed, by: moment), advanced(whole, by: moment))
          #expect(resumed.learningRate == whole.learningRate && resumed.latestLearningRate == whole.latestLearningRate)
        }
        if stop < moments.count { stopped = advanced(stopped, by: moments[stop]) }
      }
    }
  }

  @Test("A factor that would raise the rate is refused")
  func factor() {
    let error = #expect(throws: NeuralNetworksError.self) { try ReduceOnPlateau(initial: 1, factor: 2) }
    #expect(error?.description == "The factor is 2.0. Choose a factor between 0 and 1.")
  }
}
