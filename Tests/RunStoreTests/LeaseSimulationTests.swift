import Foundation
import Foundations
import RunStore
import Testing

/// A fifth of the cells and workers in `make test`, all of them in `make test-cluster`.
@Suite(.serialized) struct LeaseSimulationTests {
  private static let isWhole = ProcessInfo.processInfo.environment["MEDTRANSFER_CLUSTER_TESTS"] == "whole"
  private static let cells = isWhole ? 10_000 : 2_000, workers = isWhole ? 500 : 100

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

  @Test("Thousands of cells on hundreds of workers at 50 ms a file operation: every cell is trained once, and under 1 % of the time goes to files while a cell is free")
  func everyone() {
    let outcome = simulate(cells: Self.cells, workers: Self.workers)
    #expect(outcome.trained.allSatisfy { $0 == 1 } && outcome.finished.allSatisfy { $0 == 1 })
    #expect(outcome.overlaps == 0 && outcome.lost == 0)
    // What the last to be free cost; then, of the looks of those that find nothing any more.
    let share = outcome.fileSecondsWhileFree / outcome.trainingSeconds, all = outcome.fileSeconds / outcome.trainingSeconds
    #expect(share < 0.01 && all < 0.05, "\(share), in all \(all)")
  }

  @Test("With 5 % of the workers dying, and 2 % stopped for an hour, no cell is finished twice, and none is at work in two places")
  func dying() {
    let outcome = simulate(cells: Self.cells, workers: Self.workers, dying: 0.05, stopped: 0.02)
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
