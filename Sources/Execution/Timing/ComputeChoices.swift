import Foundations
import RunStore
public import Studies
import Torch
public import Training

/// What a task's steps cost in each precision, and with each number of threads, that makes sense on this machine.
public struct ComputeChoices: Codable, Sendable {
  public struct Choice: Codable, Sendable {
    public let precision: Precision
    public let threads: Int
    public let cost: StepCost
    /// Of one run on all training images, at most; reading images is not in it.
    public let secondsPerRun: Double
  }

  public let task: String
  /// What the study says, first; then the others.
  public let choices: [Choice]

  /// - Parameter anew: measures with whole batches, whatever is kept.
  init(
    _ task: TaskSpecification, work: StepWork, outputs: Int, execution: ExecutionOptions, device: Device, timings: StepTimings, seconds: Double?,
    anew: Bool = false
  ) throws {
    self.task = task.name
    let threadsAreSaid = execution.threads != nil || device != .cpu
    let before = TorchRuntime.threadCount
    defer { try? TorchRuntime.setThreadCount(before) }
    var found: [Choice] = []
    for precision in Self.precisions(of: task, on: device) {
      for threads in threadsAreSaid ? [before] : Self.threads(upTo: before) {
        try TorchRuntime.setThreadCount(threads)
        var asked = task
        asked.recipe.precision = precision
        let cost = try timings.cost(of: asked, outputs: outputs, device: device, seconds: seconds, anew: anew).cost
        found.append(Choice(precision: precision, threads: threads, cost: cost, secondsPerRun: work.seconds(cost)))
      }
    }
    choices = found
  }

  var fastest: Choice? { choices.min { $0.secondsPerRun < $1.secondsPerRun } }

  /// The recipe's own first. float64 is asked for its digits, and nothing stands in for it.
  private static func precisions(of task: TaskSpecification, on device: Device) -> [Precision] {
    let own = task.recipe.precision
    if own == .float64 { return [own] }
    let others: [Precision] = device == .cpu && !TorchRuntime.cpuHasBFloat16 ? [.float32] : [.float32, .bfloat16]
    return [own] + others.filter { $0 != own }
  }

  /// All, and half of them: the other half are often the same cores a second time.
  private static func threads(upTo most: Int) -> [Int] { most >= 4 ? [most, most / 2] : [most] }

  /// Where something else is faster by more than a tenth, which is more than what measuring twice differs by.
  var sentence: String? {
    guard let own = choices.first, let best = fastest, best.secondsPerRun * 1.1 < own.secondsPerRun else { return nil }
    var changes: [String] = []
    if best.precision != own.precision { changes.append("recipe.precision=\(best.precision.rawValue)") }
    if best.threads != own.threads { changes.append("threads=\(best.threads)") }
    let ratio = (own.secondsPerRun / best.secondsPerRun).fixed(1)
    return "\(task) is \(ratio) times as fast with \(changes.joined(separator: " and ")) on this machine, by steps that were measured here"
      + (best.precision == own.precision ? "." : "; such runs are other runs. precision: fastest takes what is fastest where a study begins.")
  }
}

/// How many images a run trains on and answers, at most.
struct StepWork: Equatable {
  let trained: Int
  let answered: Int

  func seconds(_ cost: StepCost) -> Double {
    Double(trained) / cost.trainingImagesPerSecond + Double(answered) / cost.evaluationImagesPerSecond
  }
}
