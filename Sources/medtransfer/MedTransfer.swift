import ArgumentParser
import Foundation
import Execution
import Foundations
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
      DemoCommand.self, RunCommand.self, PlanCommand.self, CheckCommand.self, CacheCommand.self, StatusCommand.self, ReportCommand.self,
      StatisticsCommand.self, PublishedCommand.self, PackCommand.self, WeightsCommand.self, FeaturesCommand.self, TasksCommand.self,
      ImagesCommand.self, VerifyCommand.self, EvaluateCommand.self,
    ])

  /// ArgumentParser prints its own errors; ours are sentences of their own, without a prefix that shouts.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as any RemediedError {
      Terminal().clearLine()
      Terminal().note("medtransfer: \(error.description)")
      Foundation.exit(error.code == "execution.refusedData" ? ExitStatus.refused : ExitStatus.failure)
    } catch {
      exit(withError: error)
    }
  }
}

/// What the exit code says.
enum ExitStatus {
  /// Something is wrong with the input, or a cell failed.
  static let failure: Int32 = 1
  /// The data cannot be used as they are; nothing was started.
  static let refused: Int32 = 2
  /// Stopped on request with its state saved, or cells are in work elsewhere: the same command goes on (EX_TEMPFAIL).
  static let runAgain: Int32 = 75
}
