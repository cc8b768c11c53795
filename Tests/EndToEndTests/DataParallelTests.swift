import Containers
import Foundation
import Foundations
import Phantoms
import Testing

/// `make test` holds the equality; `make test-data-parallel` all of it (`MEDTRANSFER_DATA_PARALLEL_TESTS=whole`).
@Suite("One training in several processes that a launcher starts", .serialized)
struct DataParallelTests {
  static let mpirun = ["/usr/bin/mpirun", "/usr/local/bin/mpirun", "/opt/homebrew/bin/mpirun"].first { FileManager.default.isExecutableFile(atPath: $0) }
  static let isWhole = ProcessInfo.processInfo.environment["MEDTRANSFER_DATA_PARALLEL_TESTS"] == "whole"

  /// Images of 28 px, and a network that trains on whole batches of 16 of them.
  private func fixture(_ recipe: String, epochs: Int = 2) throws -> StudyFixture {
    let fixture = try StudyFixture(), counts = PhantomCounts(training: 40, validation: 8, test: 8)
    try PhantomWriter.write(kind: .effusion, counts: counts, size: 32, seed: SeedPath(0), to: fixture.url("effusion"))
    let text = SmallStudy.text(seeds: "[1]", tasks: [SmallStudy.effusion], settings: "examples: false").replacingOccurrences(
      of: SmallStudy.recipe,
      with: "recipe: {architecture: resnet20, inputSize: 28, batchSize: 16, epochs: \(epochs), testTimeAugmentation: none, precision: float64, learningRate: 0.001, \(recipe)}")
    try fixture.write(text, to: "study.yaml")
    return fixture
  }

  /// A pre-training on images without labels, judged by neighbors, and what is fine-tuned from it.
  private func pretrainingFixture(_ method: String, epochs: Int = 2) throws -> StudyFixture {
    let fixture = try fixture("mode: frozenBackbone", epochs: 1)
    let study = try fixture.text("study.yaml").replacingOccurrences(
      of: "  random: random\n",
      with: "  random: random\n  chest: {pretrain: \(method), images: [effusion], from: random, epochs: \(epochs), batchSize: 16, probe: {tasks: [effusion], everyEpochs: 1}}\n")
    try fixture.write(study, to: "study.yaml")
    return fixture
  }

  /// What a process said, for where an expectation fails.
  private func said(_ fixture: StudyFixture, _ log: String) -> String { (try? fixture.text(log)) ?? "" }

  private func start(_ fixture: StudyFixture, processes: Int, _ arguments: [String], log: String) throws -> Process {
    let process = Process(), launcher = try #require(Self.mpirun)
    process.executableURL = URL(fileURLWithPath: launcher)
    process.arguments =
      ["-np", "\(processes)"] + (getuid() == 0 ? ["--allow-run-as-root"] : []) + ["--oversubscribe", Command.executable.path, "run", "study.yaml", "--quiet", "--data-parallel"]
      + arguments
    process.currentDirectoryURL = fixture.folder
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    try Data().write(to: fixture.url(log))
    process.standardError = try FileHandle(forWritingTo: fixture.url(log))
    try process.run()
    return process
  }

  private func run(_ fixture: StudyFixture, processes: Int = 2, _ arguments: String...) throws -> (status: Int32, said: String) {
    let process = try start(fixture, processes: processes, arguments, log: "mpirun.log")
    process.waitUntilExit()
    return (process.terminationStatus, try fixture.text("mpirun.log"))
  }

  /// The same in processes that meet at a store, as torchrun's variables say.
  private func meet(_ fixture: StudyFixture, processes: Int, _ arguments: String...) throws -> (statuses: [Int32], said: String) {
    let port = 20_000 + Int(getpid()) % 10_000, log = fixture.url("meeting.log")
    try Data().write(to: log)
    let all = try (0..<processes).map { rank in
      let process = Process(), handle = try FileHandle(forWritingTo: log)
      try handle.seekToEnd()
      process.executableURL = Command.executable
      process.arguments = ["run", "study.yaml", "--quiet", "--data-parallel"] + arguments
      process.currentDirectoryURL = fixture.folder
      process.environment = ProcessInfo.processInfo.environment.merging([
        "OMP_NUM_THREADS": "1", "RANK": "\(rank)", "WORLD_SIZE": "\(processes)", "LOCAL_RANK": "\(rank)", "LOCAL_WORLD_SIZE": "\(processes)",
        "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "\(port)",
      ]) { $1 }
      process.standardOutput = FileHandle.nullDevice
      process.standardError = handle
      try process.run()
      return process
    }
    for process in all { process.waitUntilExit() }
    return (all.map(\.terminationStatus), try fixture.text("meeting.log"))
  }

  /// The largest difference between the weights of two outputs' first run below a folder.
  private func difference(_ fixture: StudyFixture, _ one: String, _ other: String, below folder: String = "") throws -> Double {
    func weights(_ output: String) throws -> [String: [Double]] {
      let run = try #require(try fixture.runs(in: output).first { $0.hasPrefix(folder) })
      let arrays = try CheckpointFile.open(fixture.url("\(output)/\(run)/best.safetensors")).arrays().filter { $0.elementType.rawValue == "F64" }
      return Dictionary(uniqueKeysWithValues: try arrays.map { ($0.name, try $0.bytes().withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }) })
    }
    let first = try weights(one), second = try weights(other)
    #expect(first.count > 20 && first.keys == second.keys)
    return zip(first.sorted { $0.key < $1.key }, second.sorted { $0.key < $1.key }).reduce(0) { most, pair in
      zip(pair.0.value, pair.1.value).reduce(most) { max($0, abs($1.0 - $1.1)) }
    }
  }

  private func bytes(_ fixture: StudyFixture, _ output: String) throws -> [Data] {
    let run = try #require(try fixture.runs(in: output).first)
    return try InterruptionTests.promised.map { try Data(contentsOf: fixture.url("\(output)/\(run)/\($0)")) }
  }

  @Test(
    "Two processes at 8 images each equal one at 16: to 1e-9 without batch normalization, to 1e-7 with statistics of the whole batch",
    .enabled(if: DataParallelTests.mpirun != nil, "There is no mpirun on this machine: install openmpi-bin, or call make test-data-parallel."))
  func equalsOne() throws {
    let tried: [(recipe: String, tolerance: Double)] = [("mode: frozenBackbone", 1e-9), ("mode: fullFineTuning", 1e-7)]
    for (recipe, tolerance) in Self.isWhole ? tried : Array(tried.prefix(1)) {
      let fixture = try fixture(recipe)
      #expect(try fixture.run("run", "study.yaml", "--quiet", "output=one").status == 0)
      let two = try run(fixture, "output=two", "synchronizedBatchNorm=true")
      #expect(two.status == 0, "\(two.said)")
      #expect(two.said.contains("Each training is made by 2 processes, each with 1 thread."), "\(two.said)")
      // Said once, and not by both.
      #expect(two.said.components(separatedBy: "seed 1: AUROC").count == 2, "\(two.said)")
      let largest = try difference(fixture, "one", "two")
      #expect(largest < tolerance, "\(recipe): \(largest)")
      // The same run by its identity, which the folder bears; how it was made stands beside it.
      let place = try #require(try fixture.runs(in: "two").first)
      #expect(try fixture.runs(in: "one") == [place] && fixture.text("two/\(place)/environment.json").contains("\"ranks\" : 2"))
    }
  }

  @Test(
    "A stop saves and ends with 75, a process that dies ends all, and both go on to the same bytes; another number of processes is said or refused",
    .enabled(if: DataParallelTests.mpirun != nil && DataParallelTests.isWhole, "make test-data-parallel does it, where there is mpirun."))
  func stops() throws {
    let fixture = try fixture("mode: fullFineTuning", epochs: 60), shared = "synchronizedBatchNorm=true"
    #expect(try run(fixture, "output=whole", shared).status == 0)
    func wait(_ process: Process, _ output: String, lines: Int) {
      while process.isRunning {
        if let place = try? fixture.runs(in: output).first, let text = try? fixture.text("\(output)/\(place)/history.jsonl"), text.split(separator: "\n").count >= lines { return }
        usleep(2_000)
      }
    }
    // Asked to stop through the launcher, which hands SIGUSR1 to all.
    let stopped = try start(fixture, processes: 2, ["output=stopped", shared], log: "stopped.log")
    wait(stopped, "stopped", lines: 20)
    kill(stopped.processIdentifier, SIGUSR1)
    stopped.waitUntilExit()
    #expect(stopped.terminationStatus == 75, "\(said(fixture, "stopped.log"))")
    // One of them is killed.
    let killed = try start(fixture, processes: 2, ["output=stopped", shared, "checkpointSeconds=0"], log: "killed.log")
    wait(killed, "stopped", lines: 60)
    let path = "/proc/\(killed.processIdentifier)/task/\(killed.processIdentifier)/children"
    let children = ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: " ").compactMap { Int32($0) }
    kill(try #require(children.last), SIGKILL)
    killed.waitUntilExit()
    #expect(killed.terminationStatus != 0 && said(fixture, "killed.log").contains("exited on signal 9"), "\(said(fixture, "killed.log"))")
    let last = try run(fixture, "output=stopped", shared)
    #expect(last.status == 0 && last.said.contains("going on after step"), "\(last.said)")
    #expect(try bytes(fixture, "stopped") == bytes(fixture, "whole"))

    // Another number: said where it is the same training, refused where it is not.
    for (setting, isRefused) in [("synchronizedBatchNorm=true", false), ("synchronizedBatchNorm=false", true)] {
      let output = "other-\(isRefused)", begun = try start(fixture, processes: 2, ["output=\(output)", setting], log: "begun.log")
      wait(begun, output, lines: 20)
      kill(begun.processIdentifier, SIGUSR1)
      begun.waitUntilExit()
      #expect(begun.terminationStatus == 75, "\(said(fixture, "begun.log"))")
      let other = try fixture.run("run", "study.yaml", "--quiet", "output=\(output)")
      if isRefused {
        #expect(other.status == 1 && other.errors.contains("which is another training"), "\(other.errors)")
      } else {
        #expect(other.status == 0 && other.errors.contains("goes on with 1 process: the same training"), "\(other.errors)")
        #expect(try difference(fixture, "whole", output) < 1e-4)
      }
    }
  }

  @Test("A pre-training on images without labels is divided too, by processes that meet at a store: 8 images each equal 16; what starts from it follows")
  func pretraining() throws {
    let fixture = try pretrainingFixture("moco-v2")
    #expect(try fixture.run("run", "study.yaml", "--quiet", "output=one").status == 0)
    let two = try meet(fixture, processes: 2, "output=two", "synchronizedBatchNorm=true")
    #expect(two.statuses == [0, 0] && two.said.contains("They meet at 127.0.0.1:"), "\(two.said)")
    let difference = try difference(fixture, "one", "two", below: "pretraining")
    #expect(difference < 1e-7, "\(difference)")
    let runs = try fixture.runs(in: "two"), made = try #require(runs.first { $0.hasPrefix("pretraining") })
    #expect(try runs.count == 3 && runs == fixture.runs(in: "one"))
    #expect(try fixture.text("two/\(made)/environment.json").contains("\"ranks\" : 2"))
    // Judged after each epoch, by the first process.
    #expect(try fixture.text("two/\(made)/history.jsonl").components(separatedBy: "kNN effusion").count == 3)
    // Too many processes are refused in words, by a run that fails and not by one that hangs.
    let many = try meet(fixture, processes: 3, "output=three", "synchronizedBatchNorm=true", "initializations.chest.batchSize=4", "--initialization", "chest")
    #expect(many.statuses == [1, 1, 1] && many.said.contains("A batch of 4 images cannot be divided among 3 processes"), "\(many.said)")
  }

  @Test(
    "A pre-training that mpirun's processes make goes on after a stop to the bytes of one without, and with another number of processes says so or refuses",
    .enabled(if: DataParallelTests.mpirun != nil && DataParallelTests.isWhole, "make test-data-parallel does it, where there is mpirun."))
  func stoppedPretraining() throws {
    for setting in ["synchronizedBatchNorm=true", "synchronizedBatchNorm=false"] {
      let fixture = try pretrainingFixture("pcl-v2", epochs: 12)
      #expect(try run(fixture, "output=whole", setting).status == 0)
      for output in ["stopped", "other"] {
        let stopped = try start(fixture, processes: 2, ["output=\(output)", setting], log: "stopped.log")
        while stopped.isRunning {
          if let place = try? fixture.runs(in: output).first(where: { $0.hasPrefix("pretraining") }),
            let text = try? fixture.text("\(output)/\(place)/history.jsonl"), text.split(separator: "\n").count >= 11
          {
            break
          }
          usleep(2_000)
        }
        kill(stopped.processIdentifier, SIGUSR1)
        stopped.waitUntilExit()
        #expect(stopped.terminationStatus == 75, "\(said(fixture, "stopped.log"))")
      }
      let last = try run(fixture, "output=stopped", setting)
      #expect(last.status == 0 && last.said.contains("going on after step"), "\(last.said)")
      func bytes(_ output: String) throws -> [Data] {
        let place = try #require(try fixture.runs(in: output).first { $0.hasPrefix("pretraining") })
        return try ["best.safetensors", "history.jsonl"].map { try Data(contentsOf: fixture.url("\(output)/\(place)/\($0)")) }
      }
      #expect(try bytes("stopped") == bytes("whole"))
      let other = try fixture.run("run", "study.yaml", "--quiet", "output=other")
      if setting.hasSuffix("true") {
        #expect(other.status == 0 && other.errors.contains("goes on with 1 process: the same training"), "\(other.errors)")
        #expect(try difference(fixture, "whole", "other", below: "pretraining") < 1e-4)
      } else {
        #expect(other.status == 1 && other.errors.contains("which is another training"), "\(other.errors)")
      }
    }
  }

  @Test("Without a launcher, --data-parallel is an error with a sentence")
  func alone() throws {
    let fixture = try fixture("mode: frozenBackbone")
    let result = try fixture.run("run", "study.yaml", "--data-parallel")
    #expect(result.status == 1)
    #expect(
      result.errors.contains(
        "--data-parallel is for processes that a launcher started together, and none did. Start them with mpirun -np N medtransfer run …, with srun, or with torchrun --no-python."),
      "\(result.errors)")
  }
}
