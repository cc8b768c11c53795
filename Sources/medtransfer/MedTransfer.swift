import ArgumentParser
import Execution
import Foundation
import Foundations
import Synchronization
import Torch

/// The command. Its parts parse, compose and print; what they do is in the modules below.
@main
struct MedTransfer: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "medtransfer",
    abstract: "Tells which pre-trained model to fine-tune on medical images, and how sure that is.",
    discussion: """
      A study file names tasks, initializations and seeds; every initialization is fine-tuned on every task with every \
      seed, and the report compares them. Start with: medtransfer demo
      """,
    version: "medtransfer \(ProgramVersion.number), libtorch \(TorchRuntime.version)",
    subcommands: [
      DemoCommand.self, PaperCommand.self, RunCommand.self, PretrainCommand.self, SubmitCommand.self, PlanCommand.self, CheckCommand.self, CacheCommand.self, StatusCommand.self,
      ReportCommand.self,
      StatisticsCommand.self, PublishedCommand.self, PackCommand.self, WeightsCommand.self, FeaturesCommand.self, TasksCommand.self,
      ImagesCommand.self, VerifyCommand.self, EvaluateCommand.self,
    ])

  /// Errors that say that the process stopped as it was asked to.
  private static let stops: Set = ["training.interrupted", "execution.stopped"]

  /// The exit status that a process ends with for an error.
  static func status(of error: any Error) -> Int32 {
    if let code = error as? ArgumentParser.ExitCode { return code.rawValue }
    guard let error = error as? any RemediedError else { return ExitStatus.failure }
    return stops.contains(error.code) ? ExitStatus.runAgain : error.code == "execution.refusedData" ? ExitStatus.refused : ExitStatus.failure
  }

  /// ArgumentParser prints its own errors; ours are sentences of their own, without a prefix that shouts.
  static func main() {
    do {
      var command = try parseAsRoot()
      if command is any StoppableCommand { StopRequest.listen() } else { StopRequest.leaveToSystem() }
      try command.run()
      ProcessEnd.end(0)
    } catch let error as any RemediedError {
      Terminal().clearLine()
      Terminal().note("medtransfer: \(error.description)")
      ProcessEnd.end(status(of: error))
    } catch let code as ArgumentParser.ExitCode {
      ProcessEnd.end(status(of: code))
    } catch {
      let status = exitCode(for: error), message = fullMessage(for: error)
      if status.isSuccess { Terminal.show(message) } else { Terminal().note(message) }
      ProcessEnd.end(status.rawValue)
    }
  }
}

/// A command that can be stopped with exit status 75 and goes on, or begins again, when it is given again: every file that it writes is whole or not
/// there.
protocol StoppableCommand: ParsableCommand {}

/// How the process ends.
private enum ProcessEnd {
  /// Nothing of libraries is torn down: threads of theirs may still run, and there is nothing in them to be kept.
  static func end(_ status: Int32) -> Never {
    switch Terminal.lostOutput.withLock({ $0 }) {
    case .failed(let number)?:
      Terminal().note("medtransfer: \(FoundationsError.lostOutput(errno: number).description)")
      leave(status == 0 ? ExitStatus.failure : status)
    // As a process that SIGPIPE ends: quietly.
    case .readerIsGone?: leave(status == 0 ? 128 + SIGPIPE : status)
    case .written?, nil: leave(status)
    }
  }

  private static func leave(_ status: Int32) -> Never {
    fflush(nil)
    _exit(status)
  }
}

/// What the exit code says.
enum ExitStatus {
  /// Something is wrong with the input, or a cell failed.
  static let failure: Int32 = 1
  /// The data cannot be used as they are; nothing was started.
  static let refused: Int32 = 2
  /// Stopped on request with its state saved, or cells are in work elsewhere: the same command goes on (EX_TEMPFAIL).
  static let runAgain = StopRequest.exitStatus
}
