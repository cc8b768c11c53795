internal import Foundation

/// What a fuzzing command is asked for.
struct FuzzOptions {
  var inputCount = 100_000
  var format: String?
  var seed = 1
  var fixtures: [URL]
  var limitsMemory = true
  /// For a child: its format, where it meets its supervisor, and which inputs.
  var worker: (format: String, places: BatchPlaces, numbers: Range<Int>)?

  /// In memory where there is such a place.
  let scratch = URL(
    fileURLWithPath: FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory())

  struct Misuse: Error {
    let problem: String
    init(_ problem: String) { self.problem = problem }
  }

  /// - Parameter fixtures: the folders to make inputs from where none are named.
  init(_ arguments: [String], fixtures: [URL]) throws {
    var rest = arguments[...], named: [URL] = []
    func value(_ name: String) throws -> String {
      guard let value = rest.popFirst() else { throw Misuse("\(name) needs a value") }
      return value
    }
    func number(_ name: String) throws -> Int {
      let text = try value(name)
      guard let number = Int(text), number >= 0 else { throw Misuse("\(name) needs a whole number, not “\(text)”") }
      return number
    }
    self.fixtures = fixtures
    while let name = rest.popFirst() {
      switch name {
      case "--inputs": inputCount = try number(name)
      case "--seed": seed = try number(name)
      case "--format": format = try value(name)
      case "--fixtures": named.append(URL(fileURLWithPath: try value(name)))
      case "--no-memory-limit": limitsMemory = false
      case "--worker":
        let format = try value(name), folder = URL(fileURLWithPath: try value(name))
        let first = try number(name), end = try number(name)
        guard first <= end else { throw Misuse("the inputs \(first) to \(end) are none") }
        worker = (format, BatchPlaces(folder: folder), first..<end)
      default: throw Misuse("“\(name)” is no option; there are --inputs, --format, --seed, --fixtures and --no-memory-limit")
      }
    }
    if !named.isEmpty { self.fixtures = named }
  }

  var forWorker: [String] {
    ["--seed", "\(seed)"] + (limitsMemory ? [] : ["--no-memory-limit"]) + fixtures.flatMap { ["--fixtures", $0.path] }
  }
}
