internal import Foundation

/// Runs batches in child processes, so that an input that kills its process is found, kept, and the rest goes on.
struct Supervisor {
  let options: FuzzOptions
  let format: any FuzzedFormat
  /// Where inputs that broke a promise are kept.
  let crashes: URL

  struct Total {
    var result = BatchResult()
    /// One line an input that broke a promise.
    var failures: [String] = []
  }

  private static let batchCount = 5000
  /// An input whose process does not end for so many seconds is stopped; for longer where other programs keep the processors busy.
  private static var patience: Double {
    var load = 0.0
    guard getloadavg(&load, 1) == 1 else { return 30 }
    return 30 * max(1, load / Double(ProcessInfo.processInfo.activeProcessorCount))
  }
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
        total.result.add(result)
        next = end
      } else {
        // The batch died of one input: keep it, count the inputs before it by running them again, and go on after it.
        try keep(ended.number, ended.reason, in: &total)
        if ended.number > next, let before = try batch(next..<ended.number).result { total.result.add(before) }
        next = ended.number + 1
      }
    }
    for (number, error) in total.result.surprises.sorted(by: { $0.key < $1.key }) { try keep(number, "gave \(error)", in: &total) }
    if total.result.slowest > Self.timeLimit { try keep(total.result.slowestInput, "took \(total.result.slowest) s", in: &total) }
    return total
  }

  /// Runs a batch; when it did not end well, gives the input it was at and what happened.
  private func batch(_ numbers: Range<Int>) throws -> (ended: (number: Int, reason: String), result: BatchResult?) {
    let places = BatchPlaces(folder: options.scratch.appendingPathComponent("fuzz-\(format.name)-\(getpid())"))
    try FileManager.default.createDirectory(at: places.folder, withIntermediateDirectories: true)
    defer { for url in [places.folder, places.status, places.answer] { try? FileManager.default.removeItem(at: url) } }
    try withUnsafeBytes(of: Int64(numbers.lowerBound)) { try Data($0).write(to: places.status) }

    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
    process.arguments =
      options.forWorker + ["--worker", format.name, places.folder.path, "\(numbers.lowerBound)", "\(numbers.upperBound)"]
    process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    // Libraries that print say nothing that is not in an error too.
    process.standardError = FileHandle.nullDevice
    try process.run()
    var last = numbers.lowerBound, since = Date(), reason: String?
    while process.isRunning {
      Thread.sleep(forTimeInterval: 0.05)
      let current = Self.number(in: places.status) ?? last
      if current != last { (last, since) = (current, Date()) }
      let waited = -since.timeIntervalSinceNow
      if waited > Self.patience {
        reason = "did not end in \(Int(waited)) s"
        kill(process.processIdentifier, SIGKILL)
        break
      }
    }
    process.waitUntilExit()
    if process.terminationReason == .exit, process.terminationStatus == 0, let data = try? Data(contentsOf: places.answer) {
      return ((0, ""), try JSONDecoder().decode(BatchResult.self, from: data))
    }
    let how = process.terminationReason == .exit ? "exit status" : "signal"
    return ((Self.number(in: places.status) ?? last, reason ?? "ended its process (\(how) \(process.terminationStatus))"), nil)
  }

  private static func number(in status: URL) -> Int? {
    guard let data = try? Data(contentsOf: status), data.count == 8 else { return nil }
    return Int(data.withUnsafeBytes { $0.loadUnaligned(as: Int64.self) })
  }

  /// Keeps all files of an input that broke a promise, in a folder whose name says how to make them again.
  private func keep(_ number: Int, _ reason: String, in total: inout Total) throws {
    let name = "\(format.name)-\(options.seed)-\(number)", folder = crashes.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try format.input(number, seed: options.seed).write(below: folder)
    total.failures.append("\(format.name) input \(number) of seed \(options.seed) \(reason); kept in \(folder.relativePath)")
  }
}
