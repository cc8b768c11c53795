public import Foundation
import Foundations
public import Studies
public import Torch

/// The processes that a launcher started to make each training together: `mpirun`, `srun` or `torchrun`.
public struct Launcher: Sendable {
  public let group: ProcessGroup
  /// Which process of its machine this one is, and how many there are on it.
  let place: (rank: Int, size: Int)

  /// Joins them.
  ///
  /// - Throws: `ExecutionError` where no launcher started this process, or there is nothing that they could speak through.
  public static func join(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> Launcher {
    guard let said = announced(environment) else { throw ExecutionError.noLauncher() }
    let joined: (transport: MPITransport, rank: Int, size: Int)
    do {
      joined = try MPITransport.join(library: environment["MEDTRANSFER_MPI"].flatMap { $0.isEmpty ? nil : $0 })
    } catch let error as TorchError where said.name == "torchrun" {
      throw ExecutionError.torchrunNeedsMPI(error)
    }
    if joined.size != said.size { throw ExecutionError.launcherWithoutMPI(said.name, said: said.size, joined: joined.size) }
    return Launcher(
      group: ProcessGroup(rank: joined.rank, size: joined.size, transport: joined.transport), place: local(environment, rank: joined.rank, size: joined.size))
  }

  /// The launcher's name, and how many processes it says that it started.
  static func announced(_ environment: [String: String]) -> (name: String, size: Int)? {
    // The last is Slurm's own word for a step of srun; what a batch script sees is of the job.
    let words = [
      ("mpirun", "OMPI_COMM_WORLD_SIZE"), ("mpirun", "PMI_SIZE"), ("mpirun", "MV2_COMM_WORLD_SIZE"), ("torchrun", "WORLD_SIZE"), ("srun", "SLURM_STEP_NUM_TASKS"),
    ]
    for (name, word) in words { if let size = environment[word].flatMap({ Int($0) }), size > 0 { return (name, size) } }
    return nil
  }

  /// Where this process stands among those of its machine; as if all were on it where nothing says so.
  static func local(_ environment: [String: String], rank: Int, size: Int) -> (rank: Int, size: Int) {
    func number(_ names: [String]) -> Int? { names.lazy.compactMap { environment[$0].flatMap { Int($0) } }.first }
    return (
      number(["OMPI_COMM_WORLD_LOCAL_RANK", "MPI_LOCALRANKID", "MV2_COMM_WORLD_LOCAL_RANK", "LOCAL_RANK", "SLURM_LOCALID"]) ?? rank,
      max(1, number(["OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS", "MV2_COMM_WORLD_LOCAL_SIZE", "LOCAL_WORLD_SIZE"]) ?? size)
    )
  }

  /// The study as this process computes it: on a device and with threads of its own.
  public func placed(_ study: Study) throws -> Study {
    guard study.execution.processes ?? 1 == 1 else { throw ExecutionError.spreadAndSideBySide() }
    var placed = study
    let named = study.execution.devices
    if named.count > 1 {
      placed.execution.devices = [named[place.rank % named.count]]
    } else if named == ["auto"], Device.cudaIsAvailable {
      placed.execution.devices = ["cuda:\(place.rank % Device.cudaDeviceCount)"]
    }
    if study.execution.threads == nil { placed.execution.threads = Self.threads(ProcessorLimit.current(), processors: ProcessInfo.processInfo.processorCount, sharers: place.size) }
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
      remedy: "Start them with mpirun -np N medtransfer run …, or with srun --mpi=pmix.")
  }

  static func launcherWithoutMPI(_ name: String, said: Int, joined: Int) -> ExecutionError {
    ExecutionError(
      kind: .noLauncher, problem: "\(name) says that it started \(said) process\(said == 1 ? "" : "es"), and MPI knows of \(joined).",
      remedy: name == "srun"
        ? "Start them with srun --mpi=pmix (srun --mpi=list says what there is)." : "Take the mpirun of the MPI library that is loaded, or name its library in MEDTRANSFER_MPI.")
  }

  static func torchrunNeedsMPI(_ error: TorchError) -> ExecutionError {
    ExecutionError(
      kind: .noLauncher, problem: "torchrun's processes find each other through NCCL, which this program does not speak. \(error.problem)",
      remedy: "Start them with mpirun -np N, or with srun --mpi=pmix.")
  }

  static func spreadAndSideBySide() -> ExecutionError {
    ExecutionError(
      kind: .noLauncher, problem: "The study makes several runs at the same time (processes), and --data-parallel makes each run in several processes.",
      remedy: "Add processes=1 to the command.")
  }
}
