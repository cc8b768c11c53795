import Foundation
import Foundations
import Phantoms

/// A study in two processes of one thread each beside one process of two threads and of one, on the processors of this machine.
@main
struct SideBySideBenchmark {
  /// A network and how large its images are.
  struct Size {
    let name: String
    let recipe: String
    let pixels: Int
    let seeds: Int
  }

  static let sizes = [
    Size(name: "ResNet-20, 28 px", recipe: "{architecture: resnet20, inputSize: 28, batchSize: 12, epochs: 30, testTimeAugmentation: none}", pixels: 28, seeds: 6),
    Size(name: "ResNet-18, 128 px", recipe: "{architecture: resnet18, inputSize: 128, batchSize: 16, epochs: 3, testTimeAugmentation: none}", pixels: 128, seeds: 4),
  ]

  static let arms: [(name: String, changes: [String])] = [
    ("one process, two threads", ["threads=2"]), ("one process, one thread", ["threads=1"]),
    ("two processes, one thread each", ["threads=1", "processes=2"]),
  ]

  static func main() throws {
    guard CommandLine.arguments.count >= 2, let rounds = Int(CommandLine.arguments.dropFirst(2).first ?? "2"), rounds > 0 else {
      print("Give the command's path, and how often each is run.")
      exit(1)
    }
    let command = URL(fileURLWithPath: CommandLine.arguments[1])
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("side-by-side-\(getpid())")
    defer { try? FileManager.default.removeItem(at: folder) }
    print("\(ProcessorLimit.current().count) processors")
    for size in sizes {
      let place = folder.appendingPathComponent("\(size.pixels)")
      let counts = PhantomCounts(training: 48, validation: 24, test: 48)
      try PhantomWriter.write(kind: .effusion, counts: counts, size: size.pixels, seed: SeedPath(0), to: place.appendingPathComponent("data"))
      try Data(study(size).utf8).write(to: place.appendingPathComponent("study.yaml"))
      // What each took: seconds of the clock, and of the processors.
      var taken = [[(wall: Double, processors: Double)]](repeating: [], count: arms.count)
      for round in 0..<rounds {
        for (index, arm) in arms.enumerated() {
          taken[index].append(try run(command, arm.changes + ["output=runs-\(index)-\(round)"], in: place))
        }
      }
      print("\n\(size.name), \(size.seeds) runs; the least of \(rounds): seconds of the clock, of the processors")
      let best = taken.map { $0.map(\.wall).min() ?? .nan }
      for (index, arm) in arms.enumerated() {
        let least = taken[index].map(\.processors).min() ?? .nan
        print("  \(arm.name.padding(toLength: 32, withPad: " ", startingAt: 0))\(best[index].fixed(1))  \(least.fixed(1))")
      }
      print("  two processes take \((best[2] / best[0]).fixed(2)) × one process with two threads, which is to be at most 1.1")
    }
  }

  static func study(_ size: Size) -> String {
    """
    name: benchmark
    output: runs
    device: cpu
    loaderThreads: 1
    examples: false
    seeds: \(size.seeds)
    recipe: \(size.recipe)
    initializations: {random: random}
    tasks:
      effusion:
        kind: binaryClassification
        data: {manifest: {file: data/manifest.csv, imageRoot: data, labelColumns: [Effusion], patientColumn: patient, splitColumn: split}}

    """
  }

  static func run(_ command: URL, _ changes: [String], in folder: URL) throws -> (wall: Double, processors: Double) {
    let process = Process(), begin = DispatchTime.now().uptimeNanoseconds, before = processorSeconds()
    process.executableURL = command
    process.arguments = ["run", "study.yaml", "--quiet"] + changes
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
    return (Double(DispatchTime.now().uptimeNanoseconds - begin) / 1e9, processorSeconds() - before)
  }

  struct Failure: Error { let status: Int32 }

  /// Of all processes that this one has started and that have ended, and of theirs.
  static func processorSeconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }
}
