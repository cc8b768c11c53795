public import Foundation
import Foundations
import Phantoms
internal import Synchronization

/// Tries on this machine and its file system what happens when a disk fails under a study, or the study is killed.
///
/// A tiny study is run once undisturbed, while the library that is preloaded counts its writes, syncs and renames. Then it is run again
/// and again, each time with one of these calls failing, cut short, or its last; after each it is run once more, undisturbed. It must not
/// crash and not hang, must end well or with a sentence, and in the end every result file must have the bytes of the first run.
///
/// Faults are tried side by side, one a processor, each in an output of its own.
public struct FaultProof: Sendable {
  /// What is done to a call.
  public struct Fault: Codable, Hashable, Sendable {
    public let operation: String
    public let effect: String

    var isKill: Bool { effect.hasPrefix("kill") }
  }

  /// What became of the study under one kind of fault.
  public struct Line: Codable, Sendable {
    public let fault: Fault
    /// Calls of this operation in an undisturbed run.
    public let calls: Int
    public var tried = 0
    /// The run ended well and with the same bytes, as if nothing had been.
    public var unharmed = 0
    /// It ended with a sentence, or was killed, and the same bytes came when it was run again.
    public var repaired = 0
    /// What else happened: each a defect.
    public var defects: [String] = []

    fileprivate mutating func add(_ outcome: Outcome) {
      tried += 1
      switch outcome {
      case .unharmed: unharmed += 1
      case .repaired: repaired += 1
      case .defect(let sentence): defects.append(sentence)
      }
    }
  }

  public struct Verdict: Codable, Sendable {
    public let folder: String
    public let files: Int
    public let lines: [Line]

    public var isProof: Bool { lines.contains { $0.tried > 0 } && lines.allSatisfy(\.defects.isEmpty) }
  }

  /// Every fault that is tried.
  public static let faults: [Fault] =
    ["write", "fsync", "rename"].flatMap { operation in ["ENOSPC", "EIO", "EINTR"].map { Fault(operation: operation, effect: $0) } }
    + [Fault(operation: "write", effect: "short")]
    + ["write", "fsync", "rename"].flatMap { operation in ["kill", "kill-after"].map { Fault(operation: operation, effect: $0) } }

  /// How long a run may take before it counts as one that hangs.
  static let patience = 120.0

  let study: ProofStudy
  let library: URL
  let injections: Int
  let killsEvery: Bool
  let say: @Sendable (String) -> Void

  /// - Parameters:
  ///   - executable: this program.
  ///   - library: the one that is preloaded.
  ///   - folder: empty, on the file system that is tried.
  ///   - injections: how many calls are disturbed in all, without the kills of `killsEvery`.
  ///   - killsEvery: whether the study is killed before and after every sync and every rename.
  public init(executable: URL, library: URL, folder: URL, injections: Int, killsEvery: Bool, say: @escaping @Sendable (String) -> Void) {
    study = ProofStudy(executable: executable, folder: folder, threads: 1)
    self.library = library
    self.injections = injections
    self.killsEvery = killsEvery
    self.say = say
  }

  /// The library that is preloaded: the build puts it beside the program.
  ///
  /// - Throws: `ExecutionError` where it is not there.
  public static func library(beside executable: URL) throws -> URL {
    let library = executable.deletingLastPathComponent().appendingPathComponent("libMedTransferFaults.so")
    guard FileManager.default.fileExists(atPath: library.path) else { throw ExecutionError.noFaultLibrary(library) }
    return library
  }

  public func run() throws -> Verdict {
    try study.write(
      .init(pixels: 28, architecture: "resnet20", epochs: 2, images: PhantomCounts(training: 12, validation: 6, test: 6), hasSegmentation: false))
    let counts = try count()
    let expected = try study.results(of: "undisturbed").map { "\($0.file) \($0.sha256)" }
    if expected.isEmpty { throw ExecutionError.childFailed(status: 0, log: study.log(of: "undisturbed")) }
    let lines = Self.faults.map { Line(fault: $0, calls: counts[$0.operation] ?? 0) }
    var random = SeedPath(Int(getpid())).generator()
    let planned = plan(lines, &random), tried = Mutex(0)
    let outcomes = concurrentMap(planned.count) { number in
      let (index, call) = planned[number]
      let outcome = Result { try attempt(call, lines[index].fault, output: "tried-\(number + 1)", expected: expected) }
      let count = tried.withLock { count in
        count += 1
        return count
      }
      if count % 20 == 0 { say("\(count) of \(planned.count) faults tried") }
      return outcome
    }
    var counted = lines
    for (place, outcome) in zip(planned, outcomes) { counted[place.line].add(try outcome.get()) }
    return Verdict(folder: study.folder.deletingLastPathComponent().path, files: expected.count, lines: counted)
  }

  /// Runs the study undisturbed and counts its calls.
  private func count() throws -> [String: Int] {
    let file = study.folder.appendingPathComponent("counts")
    var environment = preloaded(output: "undisturbed")
    environment["MEDTRANSFER_FAULT_COUNTS"] = file.path
    say("running the study undisturbed")
    try study.runWhole(output: "undisturbed", environment: environment)
    let bytes = (try? Data(contentsOf: file)) ?? Data()
    guard bytes.count >= 24 else { throw ExecutionError.notPreloaded(library) }
    let numbers = bytes.withUnsafeBytes { buffer in (0..<3).map { Int(buffer.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self)) } }
    guard numbers.allSatisfy({ $0 > 0 }) else { throw ExecutionError.notPreloaded(library) }
    say("it has \(numbers[0]) writes, \(numbers[1]) syncs and \(numbers[2]) renames")
    return ["write": numbers[0], "fsync": numbers[1], "rename": numbers[2]]
  }

  /// Which calls are disturbed how: as many of each fault, spread over its calls.
  private func plan(_ lines: [Line], _ random: inout SeededGenerator) -> [(line: Int, call: Int)] {
    let sampled = lines.indices.filter { !(killsEvery && lines[$0].fault.isKill && lines[$0].fault.operation != "write") }
    var planned: [(Int, Int)] = []
    for (place, index) in sampled.enumerated() {
      let share = injections / sampled.count + (place < injections % sampled.count ? 1 : 0), calls = lines[index].calls
      // One of each part of the calls, so that the beginning and the end have their turn too.
      for part in 0..<share {
        let first = part * calls / share, last = max(first + 1, (part + 1) * calls / share)
        planned.append((index, first + random.integer(below: last - first) + 1))
      }
    }
    for index in lines.indices where !sampled.contains(index) { planned += (1...lines[index].calls).map { (index, $0) } }
    return planned
  }

  /// What is preloaded, and for which files.
  private func preloaded(output: String) -> [String: String] {
    let folder = study.output(output)
    try? AtomicFile.makeFolder(folder)
    return ["LD_PRELOAD": library.path, "MEDTRANSFER_FAULT_FOLDER": folder.path, "OMP_NUM_THREADS": "1"]
  }

  /// What became of the study under one fault.
  fileprivate enum Outcome { case unharmed, repaired, defect(String) }

  private func attempt(_ call: Int, _ fault: Fault, output: String, expected: [String]) throws -> Outcome {
    let name = "\(fault.operation):\(call):\(fault.effect)"
    var environment = preloaded(output: output)
    environment["MEDTRANSFER_FAULT"] = name
    func isSame() -> Bool { (try? study.results(of: output).map { "\($0.file) \($0.sha256)" }) == expected }
    // What shows a defect is left for who keeps the folder.
    func well(_ outcome: Outcome) -> Outcome {
      for file in [study.output(output), study.log(at: output)] { try? FileManager.default.removeItem(at: file) }
      return outcome
    }

    let first = try end(of: try study.launch(output: output, environment: environment)), said = lastLine(of: output)
    switch first {
    case .hung: return .defect("\(name): the run hung")
    case .exited(0): return isSame() ? well(.unharmed) : .defect("\(name): exit 0, and other bytes")
    case .exited(1), .exited(75):
      guard said.contains("medtransfer: ") || study.log(of: output).contains(" failed: ") else {
        return .defect("\(name): ended without a sentence: \(said)")
      }
    case .signaled(SIGKILL) where fault.isKill: break
    case .exited(let status): return .defect("\(name): exit \(status): \(said)")
    case .signaled(let signal): return .defect("\(name): crashed with signal \(signal): \(said)")
    }
    switch try end(of: try study.launch(output: output, environment: ["OMP_NUM_THREADS": "1"])) {
    case .exited(0): return isSame() ? well(.repaired) : .defect("\(name): other bytes after it was run again")
    case .hung: return .defect("\(name): hung when it was run again")
    case .exited, .signaled: return .defect("\(name): stuck when it was run again: \(lastLine(of: output))")
    }
  }

  private enum End: Equatable {
    case exited(Int32), signaled(Int32), hung
  }

  private func end(of child: Process) throws -> End {
    let deadline = Date(timeIntervalSinceNow: Self.patience)
    try study.wait(for: child, until: deadline)
    if child.isRunning {
      kill(child.processIdentifier, SIGKILL)
      child.waitUntilExit()
      return .hung
    }
    return child.terminationReason == .exit ? .exited(child.terminationStatus) : .signaled(child.terminationStatus)
  }

  private func lastLine(of output: String) -> String {
    study.log(of: output).split(separator: "\n").last.map(String.init) ?? "nothing was said"
  }
}

extension ExecutionError {
  static func noFaultLibrary(_ library: URL) -> ExecutionError {
    ExecutionError(
      kind: .noFaultLibrary, problem: "The library that disturbs calls is not there: \(library.path).",
      remedy: "Build it with `make build`, or `swift build --product MedTransferFaults`. It is for Linux only.")
  }

  static func notPreloaded(_ library: URL) -> ExecutionError {
    ExecutionError(
      kind: .noFaultLibrary, problem: "The library \(library.path) was not loaded into the study’s process.",
      remedy: "Build it for this machine with `make`, and use a Linux whose loader honors LD_PRELOAD.")
  }
}
