import Foundation
import Testing

/// What `submit` promises, on a real Slurm: its quick part in `make test` wherever a Slurm can be started, all of it in `make test-cluster`.
@Suite(
  "Clusters: submit brings a study to Slurm", .serialized,
  .enabled(if: SlurmHere.isInstalled, "No Slurm can be started here: install slurm-wlm and munge, and be root. What submit promises was not tried."))
struct ClusterTests {
  private static let environment = ProcessInfo.processInfo.environment
  static let isWhole = environment["MEDTRANSFER_CLUSTER_TESTS"] == "whole"
  /// Of the study that is stopped again and again.
  private static var cells: Int { environment["CLUSTER_CELLS"].flatMap(Int.init) ?? 40 }

  private func study(seeds: Int, epochs: Int, cluster: String, initializations: [String] = ["random: random"]) throws -> StudyFixture {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    let settings = """
      checkpointSeconds: 1
      examples: false
      cluster: \(cluster)
      recipe: {architecture: resnet20, inputSize: 28, batchSize: 4, epochs: \(epochs), testTimeAugmentation: none, earlyStoppingPatience: null}
      """
    try fixture.write(
      SmallStudy.text(seeds: "\(seeds)", initializations: initializations, tasks: [SmallStudy.effusion, FaultStudy.findings], settings: settings)
        .replacingOccurrences(of: SmallStudy.recipe + "\n", with: ""),
      to: "study.yaml")
    return fixture
  }

  private func command(_ slurm: SlurmHere, _ fixture: StudyFixture, _ words: String...) throws -> SlurmHere.Result {
    try slurm.run("bash", "-c", "exec \"$0\" \(words.joined(separator: " "))", Command.executable.path, in: fixture.folder)
  }

  private func expectSameBytes(_ fixture: StudyFixture, _ one: String, _ other: String) throws {
    let runs = try fixture.runs(in: one), others = try fixture.runs(in: other)
    #expect(runs == others && !runs.isEmpty)
    for run in runs {
      #expect(try promised(allFiles(in: fixture.url("\(one)/\(run)"))) == promised(allFiles(in: fixture.url("\(other)/\(run)"))), "\(run)")
    }
  }

  /// How often the training of each run began from nothing.
  private func beginnings(_ fixture: StudyFixture, _ output: String) throws -> [Int] {
    struct Sessions: Decodable {
      struct Session: Decodable { let afterStep: Int }
      let sessions: [Session]
    }
    return try fixture.runs(in: output).map {
      try JSONDecoder().decode(Sessions.self, from: Data(contentsOf: fixture.url("\(output)/\($0)/environment.json"))).sessions.count { $0.afterStep == 0 }
    }
  }

  @Test("--print writes nothing and passes sbatch --test-only; arrays come in waves and chunks; all is finished with the bytes of a local run; again, nothing is left")
  func quick() throws {
    let fixture = try study(
      seeds: 2, epochs: 1, cluster: "{time: 10, memory: 500M, cores: 1}", initializations: ["random: random", "adapted: {trainedOn: effusion, from: random}"])
    let slurm = try SlurmHere(largestArray: 3)
    let before = try FileManager.default.subpathsOfDirectory(atPath: fixture.folder.path).filter { !$0.hasPrefix("runs/data") }
    let script = try slurm.run(
      "bash", "-c", "\"$0\" submit study.yaml --minutes-per-task 0 --print 2> lines.txt", Command.executable.path, in: fixture.folder)
    let lines = try fixture.text("lines.txt")
    try FileManager.default.removeItem(at: fixture.url("lines.txt"))
    #expect(try FileManager.default.subpathsOfDirectory(atPath: fixture.folder.path).filter { !$0.hasPrefix("runs/data") }.sorted() == before.sorted())
    #expect(script.status == 0 && lines.contains("6 cells to submit in 6 tasks of") && lines.contains("--dependency=afterany:JOB1"), "\(lines) \(script.output)")
    let tested = try slurm.run("sbatch", "--test-only", in: fixture.folder, input: script.output)
    #expect(tested.status == 0 && tested.output.contains("to start at"), "\(tested.output)")

    try #require(try fixture.run("run", "study.yaml", "output=local").status == 0)
    let submitted = try command(slurm, fixture, "submit", "study.yaml", "--minutes-per-task", "0", "--max-parallel", "4")
    #expect(submitted.status == 0 && submitted.output.contains("Submitted as jobs "), "\(submitted.output)")
    let status = try command(slurm, fixture, "status", "study.yaml")
    // Why a task waits Slurm finds out in its own time: a dependency, or nothing yet.
    #expect(status.output.contains("Slurm says") && ["pending", "running"].contains { status.output.contains($0) }, "\(status.output)")
    let twice = try command(slurm, fixture, "submit", "study.yaml", "--print")
    #expect(twice.output.contains("in the queue or at work already") && !twice.output.contains("#SBATCH"), "\(twice.output)")
    try slurm.waitForAll(seconds: 240)
    try expectSameBytes(fixture, "local", "runs")
    #expect(try beginnings(fixture, "runs").allSatisfy { $0 == 1 })
    let again = try command(slurm, fixture, "submit", "study.yaml", "--wait")
    #expect(again.status == 0 && again.output.contains("0 cells to submit, 6 finished"), "\(again.output)")
  }

  @Test("With a time limit shorter than a cell, all cells end with the bytes of a local run, four at a time, each begun once", .enabled(if: isWhole))
  func timeLimits() throws {
    let fixture = try study(seeds: Self.cells / 2, epochs: 120, cluster: "{time: 1, warning: 45, memory: 500M, cores: 1}")
    let slurm = try SlurmHere()
    #expect(try command(slurm, fixture, "submit", "study.yaml", "--minutes-per-task", "0", "--max-parallel", "4").status == 0)
    try slurm.waitForAll(seconds: 7200)
    // The study says how many threads, so two runs at a time are the bytes of one after another.
    try #require(try fixture.run("run", "study.yaml", "output=local", "--processes", "2").status == 0)
    try expectSameBytes(fixture, "local", "runs")
    #expect(try beginnings(fixture, "runs").allSatisfy { $0 == 1 })
    let logs = try allFiles(in: fixture.url("runs/cluster")).filter { $0.key.hasSuffix(".out") }.values.map { String(decoding: $0, as: UTF8.self) }.joined()
    #expect(logs.components(separatedBy: "goes on later").count - 1 >= Self.cells / 2, "\(logs)")
  }

  @Test("Tasks that were canceled leave holes, and submitting again fills these and no others", .enabled(if: isWhole))
  func holes() throws {
    let fixture = try study(seeds: 6, epochs: 20, cluster: "{memory: 500M, cores: 1}")
    let slurm = try SlurmHere()
    let submitted = try command(slurm, fixture, "submit", "study.yaml", "--minutes-per-task", "0", "--max-parallel", "2")
    let job = try #require(submitted.output.split(separator: "\n").last { $0.hasPrefix("Submitted as job") }?.split { " ,".contains($0) }[3])
    for index in [3, 5, 7, 8, 10] { try slurm.run("scancel", "\(job)_\(index)", in: fixture.folder) }
    try slurm.waitForAll(seconds: 900)
    let again = try command(slurm, fixture, "submit", "study.yaml", "--minutes-per-task", "0")
    #expect(again.output.contains("5 cells to submit") && again.output.contains("7 finished"), "\(again.output)")
    try slurm.waitForAll(seconds: 900)
    #expect(try command(slurm, fixture, "submit", "study.yaml", "--wait").status == 0)
    #expect(try beginnings(fixture, "runs").allSatisfy { $0 == 1 })
  }

  @Test(
    "A preempted task is requeued by Slurm, or left as a hole where Slurm cancels it, and goes on with the same bytes", .enabled(if: isWhole), arguments: ["REQUEUE", "CANCEL"])
  func preemption(mode: String) throws {
    let fixture = try study(seeds: 1, epochs: 120, cluster: "{memory: 500M, cores: 1, partition: main}")
    try #require(try fixture.run("run", "study.yaml", "output=local").status == 0)
    let slurm = try SlurmHere(cpus: 2, preempt: mode)
    #expect(try command(slurm, fixture, "submit", "study.yaml", "--minutes-per-task", "0").status == 0)
    // Both are at work.
    for _ in 0..<600 {
      let begun = try fixture.runs().filter { run in
        ((try? FileManager.default.contentsOfDirectory(atPath: fixture.url("runs/\(run)").path)) ?? []).contains { $0.hasPrefix("checkpoint-") }
      }
      if begun.count == 2 { break }
      usleep(100_000)
    }
    try slurm.run("sbatch", "--partition=urgent", "--ntasks=2", "--mem=100M", "--output=/dev/null", "--wrap=sleep 2", in: fixture.folder)
    try slurm.waitForAll(seconds: 900)
    if mode == "CANCEL" {
      let again = try command(slurm, fixture, "submit", "study.yaml", "--minutes-per-task", "0")
      #expect(again.output.contains("cells to submit") && !again.output.contains(" 0 cells"), "\(again.output)")
      try slurm.waitForAll(seconds: 900)
    }
    try expectSameBytes(fixture, "local", "runs")
    #expect(try beginnings(fixture, "runs").allSatisfy { $0 == 1 })
  }

  @Test(
    "A pre-training on images without labels goes first, and what starts from it waits for it", .enabled(if: isWhole))
  func pretraining() throws {
    let fixture = try study(
      seeds: 2, epochs: 1, cluster: "{memory: 500M, cores: 1}",
      initializations: ["random: random", "chest: {pretrain: moco-v2, images: [effusion], from: random, epochs: 2, batchSize: 4}"])
    let slurm = try SlurmHere()
    let submitted = try command(slurm, fixture, "submit", "study.yaml", "--minutes-per-task", "0")
    #expect(submitted.status == 0 && submitted.output.contains("cells to submit in"), "\(submitted.output)")
    try slurm.waitForAll(seconds: 300)
    try #require(try fixture.run("run", "study.yaml", "output=local").status == 0)
    try expectSameBytes(fixture, "local", "runs")
    #expect(try fixture.runs().contains { $0.hasPrefix("pretraining/chest/") } && beginnings(fixture, "runs").allSatisfy { $0 == 1 })
  }

  @Test(
    "srun's processes make one training together, by MPI where Slurm speaks PMIx and else at a store; on two nodes, one process at a time holds a lease", .enabled(if: isWhole))
  func steps() throws {
    let fixture = try study(seeds: 1, epochs: 2, cluster: "{memory: 500M}")
    let slurm = try SlurmHere(nodes: 2)
    try #require(
      try fixture.run("run", "study.yaml", "output=one", "recipe.mode=frozenBackbone", "recipe.precision=float64", "--task", "effusion").status == 0)
    let kinds = try slurm.run("srun", "--mpi=list", in: fixture.folder).output
    let hasMPI = kinds.contains("pmix") && DataParallelTests.mpirun != nil
    for kind in hasMPI ? ["none", "pmix"] : ["none"] {
      // Nobody but this machine knows the second node's name.
      let step = try slurm.run(
        "bash", "-c",
        "MASTER_ADDR=127.0.0.1 exec srun -N2 -n2 --mpi=\(kind) --kill-on-bad-exit \"$0\" run study.yaml output=\(kind) recipe.mode=frozenBackbone recipe.precision=float64 --task effusion --data-parallel",
        Command.executable.path, in: fixture.folder)
      #expect(step.status == 0 && step.output.contains("Each training is made by 2 processes"), "\(kind): \(step.output)")
      #expect(step.output.contains("They meet at") == (kind == "none"), "\(step.output)")
      let runs = try fixture.runs(in: kind), run = try #require(runs.first)
      #expect(try runs == fixture.runs(in: "one") && fixture.text("\(kind)/\(run)/environment.json").contains("\"ranks\" : 2"))
      let losses = try ["one", kind].map { output in
        try fixture.text("\(output)/\(run)/history.jsonl").split(separator: "\n").compactMap { $0.firstMatch(of: /"loss":([0-9.e-]+)/).flatMap { Double($0.1) } }
      }
      #expect(losses[0].count > 4 && losses[0].count == losses[1].count && zip(losses[0], losses[1]).allSatisfy { abs($0 - $1) < 1e-9 })
    }
    let lease = try slurm.run("srun", "-N2", "-n2", Command.executable.path, "verify", "lease", "shared", "--seconds", "3", "--json", in: fixture.folder)
    #expect(lease.status == 0, "\(lease.output)")
    // Both say what they saw, each of two machines.
    #expect(lease.output.components(separatedBy: "\"participants\"").count == 3 && lease.output.contains("other2-"), "\(lease.output)")
  }

  @Test("A cell that fails stops no other, and submit --wait ends with 1", .enabled(if: isWhole))
  func failing() throws {
    let fixture = try study(seeds: 2, epochs: 3, cluster: "{memory: 500M, cores: 1}")
    let slurm = try SlurmHere()
    // Its loss is no number after a step.
    let submitted = try command(slurm, fixture, "submit", "study.yaml", "tasks.effusion.recipe.learningRate=1e30", "--minutes-per-task", "0", "--wait")
    #expect(submitted.status == 1 && submitted.output.contains("Cells: 2 finished, 2 failed, 0 open."), "\(submitted.output)")
  }
}
