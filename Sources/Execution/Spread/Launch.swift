import Foundation
public import Torch

/// What the launcher of several processes told this one, in its environment.
public struct Launch: Sendable, Equatable {
  /// How they find each other.
  public enum Meeting: Sendable, Equatable {
    /// By the launcher's own means, which the MPI library knows.
    case mpi
    case store(StoreTransport.Address)
  }

  public let launcher: String
  /// Which of the processes this one is; where they speak through MPI, it says so itself.
  let rank: Int
  let size: Int
  public let meeting: Meeting
  /// Which process of its machine this one is, and how many there are on it.
  let place: Place

  struct Place: Sendable, Equatable {
    let rank: Int
    let size: Int
  }

  /// - Returns: nil where no launcher started this process.
  /// - Throws: `ExecutionError` for the environment of `torchrun` without all that it says.
  static func announced(_ environment: [String: String]) throws -> Launch? {
    func number(_ names: String...) -> Int? { names.lazy.compactMap { environment[$0].flatMap { Int($0) } }.first }
    func launch(_ launcher: String, rank: Int, size: Int, localRank: Int?, localSize: Int?, _ meeting: Meeting) -> Launch {
      // As if all were on one machine where nothing says so.
      Launch(launcher: launcher, rank: rank, size: size, meeting: meeting, place: Place(rank: localRank ?? rank, size: max(1, localSize ?? size)))
    }
    if let size = number("OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MV2_COMM_WORLD_SIZE"), size > 0 {
      return launch(
        "mpirun", rank: number("OMPI_COMM_WORLD_RANK", "PMI_RANK", "MV2_COMM_WORLD_RANK") ?? 0, size: size,
        localRank: number("OMPI_COMM_WORLD_LOCAL_RANK", "MPI_LOCALRANKID", "MV2_COMM_WORLD_LOCAL_RANK", "SLURM_LOCALID"),
        localSize: number("OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS", "MV2_COMM_WORLD_LOCAL_SIZE"), .mpi)
    }
    if let size = number("WORLD_SIZE"), let rank = number("RANK") {
      guard let host = environment["MASTER_ADDR"], !host.isEmpty, let port = number("MASTER_PORT"), (1...65_535).contains(port), (0..<size).contains(rank) else {
        throw ExecutionError.incompleteLaunch()
      }
      let address = StoreTransport.Address(
        host: host, port: port, isServedElsewhere: environment["TORCHELASTIC_USE_AGENT_STORE"] == "True",
        attempt: "\(environment["TORCHELASTIC_RUN_ID"] ?? "")/\(number("TORCHELASTIC_RESTART_COUNT") ?? 0)")
      return launch("torchrun", rank: rank, size: size, localRank: number("LOCAL_RANK"), localSize: number("LOCAL_WORLD_SIZE"), .store(address))
    }
    // The first is Slurm's own word for a step of srun; what a batch script sees is of the job.
    guard let size = number("SLURM_STEP_NUM_TASKS"), size > 0, let rank = number("SLURM_PROCID") else { return nil }
    let node = number("SLURM_NODEID") ?? 0, sizes = environment["SLURM_STEP_TASKS_PER_NODE"].map(tasksPerNode) ?? []
    let meeting: Meeting =
      environment["PMIX_RANK"] != nil
      ? .mpi
      : .store(
        StoreTransport.Address(
          host: environment["MASTER_ADDR"] ?? firstNode(environment["SLURM_STEP_NODELIST"] ?? "localhost"),
          // Other steps of other jobs have other ports, below those that systems hand out by themselves.
          port: number("MASTER_PORT") ?? 20_000 + ((number("SLURM_JOB_ID") ?? 0) * 16 + (number("SLURM_STEP_ID") ?? 0)) % 12_000,
          attempt: "\(environment["SLURM_JOB_ID"] ?? "").\(environment["SLURM_STEP_ID"] ?? "")"))
    return launch(
      "srun", rank: rank, size: size, localRank: number("SLURM_LOCALID"), localSize: sizes.indices.contains(node) ? sizes[node] : nil, meeting)
  }

  /// The first of Slurm's list of nodes: `gpu07` of `gpu[07-09,12],login1`.
  static func firstNode(_ list: String) -> String {
    var name = "", rest = Substring(list)
    while let next = rest.first, next != "," {
      if next == "[" {
        let inside = rest.dropFirst().prefix { $0 != "]" }
        name += inside.prefix { $0 != "," && $0 != "-" }
        rest = rest.dropFirst(inside.count + 2)
      } else {
        name.append(next)
        rest = rest.dropFirst()
      }
    }
    return name
  }

  /// The processes on each node: 4, 4 and 3 of `4(x2),3`.
  static func tasksPerNode(_ list: String) -> [Int] {
    list.split(separator: ",").flatMap { part -> [Int] in
      let words = part.split { "(x)".contains($0) }.compactMap { Int($0) }
      return words.isEmpty ? [] : Array(repeating: words[0], count: words.count > 1 ? words[1] : 1)
    }
  }
}

extension ExecutionError {
  static func incompleteLaunch() -> ExecutionError {
    ExecutionError(
      kind: .noLauncher, problem: "RANK and WORLD_SIZE say that torchrun started this process, and MASTER_ADDR and MASTER_PORT do not say where the others are.",
      remedy: "Start them with torchrun --no-python medtransfer run …, or set all four variables.")
  }
}
