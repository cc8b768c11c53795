internal import Checkpoints
internal import Foundation

// Opens mutated checkpoints by the ten thousand and demands a value or a CheckpointsError of each, in little time and
// memory. A table says what came of them; an input that broke the promise is kept.
//
//     fuzz-checkpoints [--inputs N] [--container NAME] [--seed S] [--fixtures FOLDER] [--no-memory-limit]

struct Options {
  var inputCount = 100_000
  var container: ContainerKind?
  var seed: UInt64 = 1
  var fixtures = URL(fileURLWithPath: "Tests/CheckpointsTests/Goldens")
  var limitsMemory = true
  /// For a child: what its inputs are made from, its folder and which inputs.
  var files: [URL] = []
  var worker: (folder: URL, numbers: Range<Int>)?

  /// In memory where there is such a place.
  let scratch = URL(
    fileURLWithPath: FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory())
  static let memoryLimit = 1 << 30

  var crashes: URL { fixtures.appendingPathComponent("Crashes") }
  var forWorker: [String] {
    ["--seed", "\(seed)"] + (limitsMemory ? [] : ["--no-memory-limit"])
  }

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    func value(_ name: String) throws -> String {
      guard let value = rest.popFirst() else { throw Misuse("\(name) needs a value") }
      return value
    }
    func number<Number: LosslessStringConvertible>(_ name: String) throws -> Number {
      let text = try value(name)
      guard let number = Number(text) else { throw Misuse("\(name) needs a number, not “\(text)”") }
      return number
    }
    while let name = rest.popFirst() {
      switch name {
      case "--inputs": inputCount = try number(name)
      case "--seed": seed = try number(name)
      case "--fixtures": fixtures = URL(fileURLWithPath: try value(name))
      case "--fixture": files.append(URL(fileURLWithPath: try value(name)))
      case "--no-memory-limit": limitsMemory = false
      case "--container":
        let text = try value(name)
        guard let kind = ContainerKind(rawValue: text) else {
          let names = ContainerKind.allCases.map(\.rawValue).joined(separator: ", ")
          throw Misuse("there is no container “\(text)”; there are \(names)")
        }
        container = kind
      case "--worker":
        let folder = URL(fileURLWithPath: try value(name))
        let first: Int = try number(name), end: Int = try number(name)
        guard first <= end else { throw Misuse("the inputs \(first) to \(end) are none") }
        worker = (folder, first..<end)
      default: throw Misuse("“\(name)” is no option")
      }
    }
  }
}

struct Misuse: Error {
  let problem: String
  init(_ problem: String) { self.problem = problem }
}

func supervise(_ options: Options) throws -> Bool {
  let all = Dictionary(grouping: Fixture.all(below: options.fixtures), by: \.container)
  guard !all.isEmpty else { throw Misuse("\(options.fixtures.path) holds no checkpoints; run from the repository's root") }
  func padded(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
  // Written at once, so that a long run shows how far it is.
  func write(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
  func row(_ cells: [String]) {
    write(cells[0] + String(repeating: " ", count: max(0, 20 - cells[0].count)) + cells[1...].map { padded($0, 12) }.joined())
  }
  row(["container", "fixtures", "inputs", "opened", "refused", "slowest ms", "peak MiB", "failures"])
  var failures: [String] = []
  for kind in ContainerKind.allCases where options.container == nil || options.container == kind {
    guard let fixtures = all[kind] else { continue }
    let maker = InputMaker(fixtures: fixtures, seed: options.seed)
    let total = try Supervisor(options: options, maker: maker, container: kind).run()
    let result = total.result
    row([
      kind.rawValue, "\(fixtures.count)", "\(options.inputCount)", "\(result.opened)", "\(result.refused)",
      String(format: "%.1f", result.slowest * 1000), "\(result.peakMemory >> 20)", "\(total.failures.count)",
    ])
    failures += total.failures
  }
  for failure in failures { write(failure) }
  return failures.isEmpty
}

do {
  let options = try Options(Array(CommandLine.arguments.dropFirst()))
  if let (folder, numbers) = options.worker {
    if options.limitsMemory { limitMemory(to: Options.memoryLimit) }
    let fixtures = options.files.compactMap { Fixture($0) }
    let worker = Worker(
      maker: InputMaker(fixtures: fixtures, seed: options.seed), folder: folder, status: folder.appendingPathExtension("status"))
    try JSONEncoder().encode(worker.run(numbers)).write(to: folder.appendingPathExtension("json"))
  } else if try !supervise(options) {
    exit(1)
  }
} catch let misuse as Misuse {
  FileHandle.standardError.write(Data("fuzz-checkpoints: \(misuse.problem).\n".utf8))
  exit(2)
}
