public import Foundation
import Foundations
import RunStore
import Studies
import Torch
import Training

/// What a step's cost follows from: the machine, the versions, and what of a task it computes.
struct StepTimingKey: Codable, Hashable, Sendable {
  let numericsRevision: Int
  let libtorch: String
  let processor: String
  /// That this process may keep busy.
  let processors: Int
  let device: String
  let threads: Int
  let kind: TaskKind
  let outputs: Int
  let architecture: String
  let inputSize: Int
  let inputChannels: Int
  let batchSize: Int
  let evaluationViews: Int
  let mode: FineTuningMode
  let optimizer: OptimizerSpecification
  let precision: Precision

  /// Of this process, with its number of threads.
  init(_ task: TaskSpecification, outputs: Int, device: Device) {
    let recipe = task.recipe, machine = RunEnvironment.machine
    (numericsRevision, libtorch) = (NumericsRevision.current, TorchRuntime.version)
    (processor, processors) = (machine.processor, ProcessorLimit.current().count)
    (self.device, threads) = (device.description, device == .cpu ? TorchRuntime.threadCount : 0)
    (kind, self.outputs, architecture) = (task.kind, outputs, recipe.architecture)
    (inputSize, inputChannels, batchSize) = (recipe.inputSize, recipe.inputChannels, recipe.batchSize)
    evaluationViews = recipe.evaluationBatchSize * (recipe.testTimeAugmentation == .tenCrop ? 10 : 1)
    (mode, optimizer, precision) = (recipe.mode, recipe.optimizer, recipe.precision)
  }
}

/// What steps cost on this machine, measured once and kept in a file of the person's cache folder, so that a plan need not measure again.
///
/// `MEDTRANSFER_TIMINGS` names another file. It saves time and no more: a file that cannot be read or written is said and done without.
public final class StepTimings {
  struct Entry: Codable {
    let key: StepTimingKey
    let cost: StepCost
    /// Days since 1970: a driver or another compiler's library may have come since.
    let day: Int
  }

  private struct File: Codable {
    let format: String
    var entries: [Entry]
  }

  private static let format = "medtransfer.timings/1", mostEntries = 2000

  let file: URL
  private var entries: [StepTimingKey: Entry] = [:]
  /// What keeps them from being kept, one sentence each.
  public private(set) var remarks: [String] = []
  /// How many were measured by this process.
  public private(set) var measured = 0

  public init(file: URL = StepTimings.standardFile) {
    self.file = file
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    do {
      let read = try JSONDecoder().decode(File.self, from: Data(contentsOf: file))
      if read.format == Self.format { entries = Dictionary(read.entries.map { ($0.key, $0) }) { $1 } }
    } catch {
      remarks.append("What steps cost is measured anew: \(file.path), where it was kept, cannot be read.")
    }
  }

  public static var standardFile: URL {
    if let named = ProcessInfo.processInfo.environment["MEDTRANSFER_TIMINGS"], !named.isEmpty { return URL(fileURLWithPath: named) }
    return UserCache.file("timings.json")
  }

  private static var today: Int { Int(Date().timeIntervalSince1970 / 86400) }

  /// The kept cost of a task's steps; nil where none is, or an old one of more than 90 days.
  func known(_ key: StepTimingKey) -> StepCost? {
    entries[key].flatMap { Self.today - $0.day <= 90 ? $0.cost : nil }
  }

  /// The cost of a task's steps: the kept one, or measured now.
  ///
  /// - Parameters:
  ///   - seconds: how long measuring may take; nil for whole batches.
  ///   - anew: whether what is kept does not count.
  func cost(of task: TaskSpecification, outputs: Int, device: Device, seconds: Double?, anew: Bool = false) throws -> (cost: StepCost, isKept: Bool) {
    let key = StepTimingKey(task, outputs: outputs, device: device)
    if !anew, let known = known(key) { return (known, true) }
    let cost = try StepProbe.measure(task, outputs: outputs, device: device, seconds: seconds)
    entries[key] = Entry(key: key, cost: cost, day: Self.today)
    measured += 1
    return (cost, false)
  }

  /// Writes what was measured, beside what other processes have written meanwhile.
  public func keep() {
    guard measured > 0 else { return }
    do {
      try AtomicFile.makeFolder(file.deletingLastPathComponent())
      let others = StepTimings(file: file).entries
      let all = entries.merging(others) { own, _ in own }.values.sorted { $0.day > $1.day }
      try AtomicFile.write(CanonicalJSON.encode(File(format: Self.format, entries: Array(all.prefix(Self.mostEntries)))), to: file)
    } catch {
      remarks.append("What steps cost was measured and could not be kept in \(file.path): the next plan measures it again. MEDTRANSFER_TIMINGS names another file.")
    }
  }
}
