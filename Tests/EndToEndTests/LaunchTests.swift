import Foundations
import Testing
import Torch

@testable import Execution

@Suite("What a launcher told a process")
struct LaunchTests {
  @Test("mpirun's processes speak through MPI, torchrun's and srun's meet at a store, and srun's through MPI where Slurm speaks PMIx")
  func announced() throws {
    #expect(try Launch.announced([:]) == nil)
    // A batch script of Slurm is no step of srun.
    #expect(try Launch.announced(["SLURM_JOB_ID": "7", "SLURM_PROCID": "0", "SLURM_NTASKS": "4"]) == nil)
    let open = try #require(
      try Launch.announced([
        "OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "3", "OMPI_COMM_WORLD_LOCAL_RANK": "1", "OMPI_COMM_WORLD_LOCAL_SIZE": "2", "SLURM_STEP_NUM_TASKS": "2",
        "SLURM_PROCID": "1",
      ]))
    #expect(open.launcher == "mpirun" && open.size == 4 && open.meeting == .mpi && open.place == .init(rank: 1, size: 2))
    let torchrun = ["RANK": "5", "WORLD_SIZE": "8", "LOCAL_RANK": "1", "LOCAL_WORLD_SIZE": "4", "MASTER_ADDR": "gpu1", "MASTER_PORT": "29500"]
    let own = try #require(try Launch.announced(torchrun))
    #expect(own.launcher == "torchrun" && own.rank == 5 && own.size == 8 && own.place == .init(rank: 1, size: 4))
    #expect(own.meeting == .store(.init(host: "gpu1", port: 29500, isServedElsewhere: false, attempt: "/0")))
    let served = ["TORCHELASTIC_USE_AGENT_STORE": "True", "TORCHELASTIC_RUN_ID": "none", "TORCHELASTIC_RESTART_COUNT": "2"]
    #expect(
      try Launch.announced(torchrun.merging(served) { $1 })?.meeting == .store(.init(host: "gpu1", port: 29500, isServedElsewhere: true, attempt: "none/2")))
    let step = [
      "SLURM_STEP_NUM_TASKS": "7", "SLURM_PROCID": "5", "SLURM_LOCALID": "1", "SLURM_NODEID": "1", "SLURM_STEP_TASKS_PER_NODE": "4,3", "SLURM_STEP_NODELIST": "gpu[07,09]",
      "SLURM_JOB_ID": "1000", "SLURM_STEP_ID": "2",
    ]
    let steps = try #require(try Launch.announced(step))
    #expect(steps.launcher == "srun" && steps.rank == 5 && steps.size == 7 && steps.place == .init(rank: 1, size: 3))
    #expect(steps.meeting == .store(.init(host: "gpu07", port: 20_000 + 16_002 % 12_000, attempt: "1000.2")))
    #expect(try Launch.announced(step.merging(["PMIX_RANK": "5"]) { $1 })?.meeting == .mpi)
    let error = #expect(throws: ExecutionError.self) { try Launch.announced(["RANK": "0", "WORLD_SIZE": "2", "MASTER_ADDR": "gpu1"]) }
    #expect(
      error?.description
        == "RANK and WORLD_SIZE say that torchrun started this process, and MASTER_ADDR and MASTER_PORT do not say where the others are. Start them with torchrun --no-python medtransfer run …, or set all four variables."
    )
  }

  @Test("Slurm's lists of nodes and of tasks are read")
  func lists() {
    let nodes = ["gpu07": "gpu[07-09,12],login1", "a1-n003x": "a1-n[003-004]x,b", "single": "single", "r1c2": "r[1-2]c[2-3]"]
    for (first, list) in nodes { #expect(Launch.firstNode(list) == first, "\(list)") }
    #expect(Launch.tasksPerNode("4(x2),3") == [4, 4, 3] && Launch.tasksPerNode("1") == [1])
  }
}
