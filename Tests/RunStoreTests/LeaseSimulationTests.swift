import Foundation
import Foundations
import RunStore
import Testing

@Suite(.serialized) struct LeaseSimulationTests {
  private func simulate(cells: Int, workers: Int, dying: Double = 0, stopped: Double = 0) -> SimulatedOutcome {
    let time = VirtualTime(), files = SimulatedFiles(time, cells: cells, latency: 0.05), outcome = SimulatedOutcome(cells: cells)
    let seed = SeedPath(17)
    var random = (seed / "fates").generator()
    let everyone = (0..<workers).map { SimulatedWorker($0, files, outcome, seed: seed) }
    // About as long as the study takes.
    let length = 900.0 * Double(cells) / Double(workers)
    for (index, worker) in everyone.enumerated() {
      let share = Double(index) / Double(workers)
      if share < dying { worker.death = random.uniform(in: 0...length) }
      if share >= dying, share < dying + stopped { worker.stop = random.uniform(in: 0...length) }
    }
    time.run(everyone.map { worker in { worker.work() } })
    return outcome
  }

  @Test("10,000 cells on 500 workers at 50 ms a file operation: every cell is trained once, and under 1 % of the time goes to files while a cell is free")
  func everyone() {
    let outcome = simulate(cells: 10_000, workers: 500)
    #expect(outcome.trained.allSatisfy { $0 == 1 } && outcome.finished.allSatisfy { $0 == 1 })
    #expect(outcome.overlaps == 0 && outcome.lost == 0)
    // What the last to be free cost; then, of the looks of those that find nothing any more.
    let share = outcome.fileSecondsWhileFree / outcome.trainingSeconds, all = outcome.fileSeconds / outcome.trainingSeconds
    #expect(share < 0.01 && all < 0.05, "\(share), in all \(all)")
  }

  @Test("With 5 % of the workers dying, and 2 % stopped for an hour, no cell is finished twice, and none is at work in two places")
  func dying() {
    let outcome = simulate(cells: 10_000, workers: 500, dying: 0.05, stopped: 0.02)
    #expect(outcome.finished.allSatisfy { $0 == 1 })
    #expect(outcome.writtenAfterLoss == 0)
    // Those of the dead and of the stopped were begun again, and no other.
    let again = outcome.trained.reduce(0) { $0 + $1 - 1 }
    #expect((1...35).contains(again), "\(again)")
    #expect(outcome.overlaps <= 10, "\(outcome.overlaps)")
    let share = outcome.fileSecondsWhileFree / outcome.trainingSeconds
    #expect(share < 0.01, "\(share)")
  }
}
