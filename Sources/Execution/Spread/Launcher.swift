public import Foundation
import Foundations
public import Studies
public import Torch

/// The processes that a launcher started to make each training together: `mpirun`, `srun` or `torchrun`.
public struct Launcher: Sendable {
  public let group: ProcessGroup
  public let launch: Launch

  /// Joins them.
  ///
  /// - Throws: `ExecutionError` where no launcher started this process, or there is nothing that they could speak through.
  public static func join(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> Launcher {
    guard let launch = try Launch.announced(environment) else { throw ExecutionError.noLauncher() }
    func named(_ variable: String) -> String? { environment[variable].flatMap { $0.isEmpty ? nil : $0 } }
    let sums = named("MEDTRANSFER_NCCL") == "off" ? nil : DeviceSums(library: named("MEDTRANSFER_NCCL"))
    switch launch.meeting {
    case .mpi:
      let joined = try MPITransport.join(library: named("MEDTRANSFER_MPI"))
      if joined.size != launch.size { throw ExecutionError.launcherWithoutMPI(launch.launcher, said: launch.size, joined: joined.size) }
      return Launcher(group: ProcessGroup(rank: joined.rank, size: joined.size, transport: joined.transport, deviceSums: sums), launch: launch)
    case .store(let address):
      let transport = try StoreTransport(address, rank: launch.rank, size: launch.size)
      return Launcher(group: ProcessGroup(rank: launch.rank, size: launch.size, transport: transport, deviceSums: sums), launch: launch)
    }
  }

  /// The study as this process computes it: on a device and with threads of its own.
  public func placed(_ study: Study) throws -> Study {
    guard study.execution.processes ?? 1 == 1 else { throw ExecutionError.spreadAndSideBySide() }
    var placed = study
    let named = study.execution.devices
    if named.count > 1 {
      placed.execution.devices = [named[launch.place.rank % named.count]]
    } else if named == ["auto"], Device.cudaIsAvailable {
      placed.execution.devices = ["cuda:\(launch.place.rank % Device.cudaDeviceCount)"]
    }
    if study.execution.threads == nil {
      placed.execution.threads = Self.threads(ProcessorLimit.current(), processors: ProcessInfo.processInfo.processorCount, sharers: launch.place.size)
    }
    return placed
  }

  /// The threads of one of several processes of a machine. A launcher may have bound each to processors of its own; else they share them all.
  static func threads(_ limit: ProcessorLimit, processors: Int, sharers: Int) -> Int {
    limit.source == .controlGroup ? max(1, limit.count / sharers) : min(limit.count, max(1, processors / sharers))
  }
}

extension ExecutionError {
  static func noLauncher() -> ExecutionError {
    ExecutionError(
      kind: .noLauncher, problem: "--data-parallel is for processes that a launcher started together, and none did.",
      remedy: "Start them with mpirun -np N medtransfer run …, with srun, or with torchrun --no-python.")
  }

  static func launcherWithoutMPI(_ name: String, said: Int, joined: Int) -> ExecutionError {
    ExecutionError(
      kind: .noLauncher, problem: "\(name) says that it started \(said) process\(said == 1 ? "" : "es"), and MPI knows of \(joined).",
      remedy: name == "srun"
        ? "Take an MPI library that Slurm knows (srun --mpi=list says by what), or start them with srun --mpi=none: they meet without MPI then."
        : "Take the mpirun of the MPI library that is loaded, or name its library in MEDTRANSFER_MPI.")
  }

  static func spreadAndSideBySide() -> ExecutionError {
    ExecutionError(
      kind: .noLauncher, problem: "The study makes several runs at the same time (processes), and --data-parallel makes each run in several processes.",
      remedy: "Add processes=1 to the command.")
  }
}
