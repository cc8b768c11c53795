import Dispatch
import Foundation
import RunStore
import Training

/// How long a cell is at work in this process, for `timing.json`.
struct CellClock {
  private let start = DispatchTime.now().uptimeNanoseconds
  private let began = Date()

  func timing(trainedImages: Int, resumedAfterStep: Int?) -> RunTiming {
    RunTiming(
      seconds: Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9, trainedImages: trainedImages, resumedAfterStep: resumedAfterStep,
      // Universal time, so that runs of two machines can be put in order.
      began: began.formatted(.iso8601), ended: Date().formatted(.iso8601))
  }
}

extension RunDirectory {
  /// Makes an attempt at a cell, and a second one from nothing where its saved state is none of this run.
  func startingAnewIfNeeded(_ attempt: () throws -> CellRun.Outcome) throws -> CellRun.Outcome {
    do {
      return try attempt()
    } catch let error as TrainingError where error.kind == .snapshotMismatch {
      // A whole state of another program, or of another build of libtorch: nobody can go on from it.
      try removeUnfinished()
      var outcome = try attempt()
      outcome.remarks.insert("it was started anew, since its saved state is none of this run (\(error.problem))", at: 0)
      return outcome
    }
  }
}
