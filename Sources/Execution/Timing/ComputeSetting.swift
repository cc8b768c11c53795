import Foundations
import Studies
import Torch
import Training

/// Where a study computes and with how many threads.
enum ComputeSetting {
  /// Takes the study's number of threads, else no more than this process may keep busy: in a container with half of a machine's processor
  /// time, threads for all of it only take turns and wait for one another.
  ///
  /// - Returns: the device.
  static func apply(_ execution: ExecutionOptions) throws -> Device {
    if let threads = execution.threads {
      try TorchRuntime.setThreadCount(threads)
    } else {
      let most = ProcessorLimit.current().count
      if TorchRuntime.threadCount > most { try TorchRuntime.setThreadCount(most) }
    }
    return try NumericSetting.device(named: execution.device)
  }
}
