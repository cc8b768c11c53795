internal import Foundation
internal import Foundations
internal import Imaging
internal import Mutations

// Reads mutated images by the ten thousand and demands pixels or an ImagingError of each, in little time and memory. A table says
// what came of them; an input that broke the promise is kept in Tests/ImagingTests/Crashes.
//
//     fuzz-images [--inputs N] [--format NAME] [--seed S] [--fixtures FOLDER]…
//
// Each input is a function of the seed, the format and its number. Inputs run in child processes, batch by batch, which may die
// of them: the parent keeps the input and goes on behind it.

struct Options {
  var inputCount = 100_000
  var format: String?
  var seed: UInt64 = 1
  var fixtures: [URL] = []
  var worker: (format: String, numbers: Range<Int>, status: URL)?
  static let memoryLimit = 2 << 30
  static let crashes = URL(fileURLWithPath: "Tests/ImagingTests/Crashes")

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    func value(_ name: String) throws -> String {
      guard let value = rest.popFirst() else { throw Misuse(problem: "\(name) needs a value") }
      return value
    }
    func number<Number: LosslessStringConvertible>(_ name: String) throws -> Number {
      let text = try value(name)
      guard let number = Number(text) else { throw Misuse(problem: "\(name) needs a number, not “\(text)”") }
      return number
    }
    while let name = rest.popFirst() {
      switch name {
      case "--inputs": inputCount = try number(name)
      case "--seed": seed = try number(name)
      case "--format": format = try value(name)
      case "--fixtures": fixtures.append(URL(fileURLWithPath: try value(name)))
      case "--worker":
        let format = try value(name), status = URL(fileURLWithPath: try value(name))
        let first: Int = try number(name), end: Int = try number(name)
        guard first <= end else { throw Misuse(problem: "the inputs \(first) to \(end) are none") }
        worker = (format, first..<end, status)
      default: throw Misuse(problem: "“\(name)” is no option")
      }
    }
    if fixtures.isEmpty {
      fixtures = ["Tests/ImagingTests/Goldens/images", "Tests/ImagingTests/Goldens/medical"].map { URL(fileURLWithPath: $0) }
    }
  }

  var forWorker: [String] { ["--seed", "\(seed)"] + fixtures.flatMap { ["--fixtures", $0.path] } }
}

struct Misuse: Error { let problem: String }

func supervise(_ options: Options) throws -> Bool {
  let corpus = Corpus(options.fixtures)
  guard !corpus.formats.isEmpty else { throw Misuse(problem: "there are no images to start from; run from the repository's root") }
  if let format = options.format, !corpus.formats.contains(format) {
    throw Misuse(problem: "there is no format “\(format)”; there are \(corpus.formats.joined(separator: ", "))")
  }
  func write(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
  func row(_ cells: [String]) {
    write(cells.enumerated().map { $0 == 0 ? $1 + String(repeating: " ", count: max(0, 10 - $1.count)) : String(repeating: " ", count: max(0, 12 - $1.count)) + $1 }.joined())
  }
  row(["format", "fixtures", "inputs", "decoded", "refused", "slowest ms", "peak MiB", "failures"])
  var failures: [String] = []
  for format in corpus.formats where options.format == nil || options.format == format {
    let total = try Supervisor(options: options, corpus: corpus, format: format).run()
    row([
      format, "\(corpus.files(format).count)", "\(options.inputCount)", "\(total.result.decoded)", "\(total.result.refused)",
      String(format: "%.1f", total.result.slowest * 1000), "\(total.result.peakMemory >> 20)", "\(total.failures.count)",
    ])
    failures += total.failures
  }
  failures.forEach(write)
  return failures.isEmpty
}

do {
  let options = try Options(Array(CommandLine.arguments.dropFirst()))
  if let worker = options.worker {
    limitMemory(to: Options.memoryLimit)
    let corpus = Corpus(options.fixtures)
    let result = try Worker(corpus: corpus, format: worker.format, seed: options.seed, status: worker.status).run(worker.numbers)
    try JSONEncoder().encode(result).write(to: worker.status.appendingPathExtension("json"))
  } else if try !supervise(options) {
    exit(1)
  }
} catch let misuse as Misuse {
  FileHandle.standardError.write(Data("fuzz-images: \(misuse.problem).\n".utf8))
  exit(2)
}
