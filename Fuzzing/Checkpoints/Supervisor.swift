internal import Checkpoints
internal import Foundation

/// Runs batches in child processes, so that an input that kills its process is found, kept, and the rest goes on.
struct Supervisor {
  let options: Options
  let maker: InputMaker
  let container: ContainerKind

  struct Total {
    var result = BatchResult()
    /// One line an input that broke a promise.
    var failures: [String] = []
  }

  private static let batchCount = 5000
  /// An input that keeps its process busy for so long is stopped.
  private static let patience = 30.0
  /// The processor time that no small file should need.
  private static let timeLimit = 5.0

  func run() throws -> Total {
    var total = Total()
    var next = 0
    while next < options.inputCount {
      let end = min(options.inputCount, next + Self.batchCount)
      let (ended, result) = try batch(next..<end)
      if let result {
        add(result, to: &total)
        next = end
      } else {
        // The batch died of one input: keep it, count the inputs before it by running them again, and go on after it.
        let (number, reason) = ended
        try keep(number, reason, in: &total)
        if number > next, let before = try batch(next..<number).result { add(before, to: &total) }
        next = number + 1
      }
    }
    for (number, error) in total.result.surprises.sorted(by: { $0.key < $1.key }) { try keep(number, "gave \(error)", in: &total) }
    if total.result.slowest > Self.timeLimit { try keep(total.result.slowestInput, "took \(total.result.slowest) s", in: &total) }
    return total
  }

  private func add(_ result: BatchResult, to total: inout Total) {
    total.result.opened += result.opened
    total.result.refused += result.refused
    if result.slowest > total.result.slowest {
      (total.result.slowest, total.result.slowestInput) = (result.slowest, result.slowestInput)
    }
    total.result.peakMemory = max(total.result.peakMemory, result.peakMemory)
    total.result.surprises.merge(result.surprises) { $1 }
  }

  /// Runs a batch; when it did not end well, gives the input it was at and what happened.
  private func batch(_ numbers: Range<Int>) throws -> (ended: (number: Int, reason: String), result: BatchResult?) {
    let folder = options.scratch.appendingPathComponent("\(container.rawValue)-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let status = folder.appendingPathExtension("status"), answer = folder.appendingPathExtension("json")
    defer { for url in [status, answer] { try? FileManager.default.removeItem(at: url) } }
    try withUnsafeBytes(of: Int64(numbers.lowerBound)) { try Data($0).write(to: status) }

    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
    process.arguments =
      options.forWorker + maker.fixtures.flatMap { ["--fixture", $0.url.path] }
      + ["--worker", folder.path, "\(numbers.lowerBound)", "\(numbers.upperBound)"]
    process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    try process.run()
    var last = numbers.lowerBound, since = Date(), reason: String?
    while process.isRunning {
      Thread.sleep(forTimeInterval: 0.05)
      let current = Self.number(in: status) ?? last
      if current != last { (last, since) = (current, Date()) }
      if -since.timeIntervalSinceNow > Self.patience {
        reason = "did not end in \(Int(Self.patience)) s"
        kill(process.processIdentifier, SIGKILL)
        break
      }
    }
    process.waitUntilExit()
    if process.terminationReason == .exit, process.terminationStatus == 0, let data = try? Data(contentsOf: answer) {
      return ((0, ""), try JSONDecoder().decode(BatchResult.self, from: data))
    }
    let how = process.terminationReason == .exit ? "exit status" : "signal"
    return ((Self.number(in: status) ?? last, reason ?? "ended its process (\(how) \(process.terminationStatus))"), nil)
  }

  private static func number(in status: URL) -> Int? {
    guard let data = try? Data(contentsOf: status), data.count == 8 else { return nil }
    return Int(data.withUnsafeBytes { $0.loadUnaligned(as: Int64.self) })
  }

  /// Keeps an input that broke a promise, all its files, under a name that says how to make it again.
  private func keep(_ number: Int, _ reason: String, in total: inout Total) throws {
    let input = maker.input(number)
    let name = "\(container.rawValue)-\(options.seed)-\(number)"
    let folder = input.parts.count == 1 ? options.crashes : options.crashes.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for part in input.parts {
      let file = input.parts.count == 1 ? "\(name).\((part.name as NSString).pathExtension)" : part.name
      try Data(part.bytes).write(to: folder.appendingPathComponent(file))
    }
    total.failures.append("\(container.rawValue) input \(number) of seed \(options.seed) \(reason); kept as \(name)")
  }
}
