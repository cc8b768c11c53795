internal import Foundation
internal import Foundations

/// Runs batches in child processes, so that an input that kills its process is found, kept, and the rest goes on.
struct Supervisor {
  let options: Options
  let corpus: Corpus
  let format: String

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
  /// Further inputs that break promises are not gone after: the first tell enough.
  private static let failureLimit = 50

  func run() throws -> Total {
    var total = Total()
    var next = 0
    while next < options.inputCount, total.failures.count < Self.failureLimit {
      let end = min(options.inputCount, next + Self.batchCount)
      let (ended, result) = try batch(next..<end)
      if let result {
        add(result, to: &total)
        next = end
      } else {
        try keep(ended.number, ended.reason, in: &total)
        if ended.number > next, let before = try batch(next..<ended.number).result { add(before, to: &total) }
        next = ended.number + 1
      }
    }
    for (number, error) in total.result.surprises.sorted(by: { $0.key < $1.key }) { try keep(number, "gave \(error)", in: &total) }
    if total.result.slowest > Self.timeLimit { try keep(total.result.slowestInput, "took \(total.result.slowest) s", in: &total) }
    return total
  }

  private func add(_ result: BatchResult, to total: inout Total) {
    total.result.decoded += result.decoded
    total.result.refused += result.refused
    if result.slowest > total.result.slowest {
      (total.result.slowest, total.result.slowestInput) = (result.slowest, result.slowestInput)
    }
    total.result.peakMemory = max(total.result.peakMemory, result.peakMemory)
    total.result.surprises.merge(result.surprises) { $1 }
  }

  /// Runs a batch; when it did not end well, gives the input it was at and what happened.
  private func batch(_ numbers: Range<Int>) throws -> (ended: (number: Int, reason: String), result: BatchResult?) {
    let scratch = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    let status = URL(fileURLWithPath: scratch).appendingPathComponent("fuzz-images-\(format)-\(getpid())")
    let answer = status.appendingPathExtension("json")
    defer { for url in [status, answer, status.appendingPathExtension(format)] { try? FileManager.default.removeItem(at: url) } }
    try withUnsafeBytes(of: Int64(numbers.lowerBound)) { try Data($0).write(to: status) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
    process.arguments = options.forWorker + ["--worker", format, status.path, "\(numbers.lowerBound)", "\(numbers.upperBound)"]
    process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    // Libraries that print say nothing that is not in an error too.
    process.standardError = FileHandle.nullDevice
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

  /// Keeps an input that broke a promise under a name that says how to make it again.
  private func keep(_ number: Int, _ reason: String, in total: inout Total) throws {
    let input = corpus.input(number, of: format, seed: options.seed)
    try AtomicFile.makeFolder(Options.crashes)
    let file = Options.crashes.appendingPathComponent("\(format)-\(options.seed)-\(number)-\(input.name)")
    try Data(input.bytes).write(to: file)
    total.failures.append("\(format) input \(number) of seed \(options.seed) \(reason); kept as \(file.path)")
  }
}
