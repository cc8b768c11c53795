import Foundations
import Studies
import Torch
import Training

/// Where a study computes and with how many threads.
enum ComputeSetting {
  /// How many threads libtorch would take by itself: kept, since this may be asked again once they are divided.
  private static let unsharedCount = TorchRuntime.threadCount

  /// Takes the study's number of threads, else no more than this process may keep busy: in a container with half of a machine's processor
  /// time, threads for all of it only take turns and wait for one another. Where the study is spread over several processes, each takes its part
  /// of them, whether the others have work or not: what a run computes depends on the number of its threads.
  ///
  /// - Returns: the device.
  static func apply(_ execution: ExecutionOptions) throws -> Device {
    if let threads = execution.threads {
      try TorchRuntime.setThreadCount(threads)
    } else {
      let most = ProcessorLimit.current().count, processes = execution.processCount
      if processes > 1 {
        try TorchRuntime.setThreadCount(max(1, min(unsharedCount, most) / processes))
      } else if TorchRuntime.threadCount > most {
        try TorchRuntime.setThreadCount(most)
      }
    }
    return try NumericSetting.device(named: execution.device)
  }
}
