public import Foundation

/// A command that reads damaged files by the ten thousand and demands a value or a typed error of each, in little time and memory.
/// A table says what came of them; an input that broke the promise is kept.
///
///     NAME [--inputs N] [--format NAME] [--seed S] [--fixtures FOLDER]… [--no-memory-limit]
///
/// Inputs run in child processes, batch by batch, which may die of them: the parent keeps the input and goes on behind it.
public struct FuzzCommand {
  let name: String
  let fixtures: [URL]
  let crashes: URL
  let memoryLimit: Int
  let formats: (_ fixtures: [URL]) -> [any FuzzedFormat]

  /// - Parameters:
  ///   - fixtures: the folders to make inputs from, below the repository's root.
  ///   - crashes: the folder that keeps inputs, there too.
  ///   - memoryLimit: the address space of a child, in bytes.
  ///   - formats: those that files of some folders give.
  public init(
    name: String, fixtures: [String], crashes: String, memoryLimit: Int, formats: @escaping (_ fixtures: [URL]) -> [any FuzzedFormat]
  ) {
    self.name = name
    self.fixtures = fixtures.map { URL(fileURLWithPath: $0) }
    self.crashes = URL(fileURLWithPath: crashes)
    self.memoryLimit = memoryLimit
    self.formats = formats
  }

  /// - Returns: the exit status: 1 where a promise was broken, 2 for options that are none.
  public func run(_ arguments: [String]) throws -> Int32 {
    do {
      let options = try FuzzOptions(arguments, fixtures: fixtures)
      guard let worker = options.worker else { return try supervise(options) ? 0 : 1 }
      if options.limitsMemory { limitMemory(to: memoryLimit) }
      guard let format = formats(options.fixtures).first(where: { $0.name == worker.format }) else {
        throw FuzzOptions.Misuse("there is no format “\(worker.format)”")
      }
      let result = try Worker(format: format, seed: options.seed, places: worker.places).run(worker.numbers)
      try JSONEncoder().encode(result).write(to: worker.places.answer)
      return 0
    } catch let misuse as FuzzOptions.Misuse {
      FileHandle.standardError.write(Data("\(name): \(misuse.problem).\n".utf8))
      return 2
    }
  }

  private func supervise(_ options: FuzzOptions) throws -> Bool {
    let formats = formats(options.fixtures)
    guard !formats.isEmpty else {
      throw FuzzOptions.Misuse("there are no files to start from in \(options.fixtures.map(\.path).joined(separator: ", ")); run from the repository's root")
    }
    if let format = options.format, !formats.contains(where: { $0.name == format }) {
      throw FuzzOptions.Misuse("there is no format “\(format)”; there are \(formats.map(\.name).joined(separator: ", "))")
    }
    let chosen = formats.filter { options.format == nil || options.format == $0.name }
    write(["format", "fixtures", "whole", "inputs", "opened", "refused", "slowest ms", "peak MiB", "failures"])
    var failures: [String] = []
    for format in chosen {
      let whole = try wholeFixtures(of: format, scratch: options.scratch)
      let total = try Supervisor(options: options, format: format, crashes: crashes).run()
      let result = total.result
      write([
        format.name, "\(format.fixtureCount)", "\(whole)", "\(options.inputCount)", "\(result.opened)", "\(result.refused)",
        String(format: "%.1f", result.slowest * 1000), "\(result.peakMemory >> 20)", "\(total.failures.count)",
      ])
      failures += total.failures
    }
    for failure in failures { write([failure]) }
    return failures.isEmpty
  }

  /// How many fixtures are read before any damage. Were it none, every input would be refused for the same reason.
  private func wholeFixtures(of format: any FuzzedFormat, scratch: URL) throws -> Int {
    let folder = scratch.appendingPathComponent("fuzz-whole-\(getpid())")
    defer { try? FileManager.default.removeItem(at: folder) }
    var count = 0, refusal = ""
    for fixture in 0..<format.fixtureCount {
      let place = folder.appendingPathComponent("\(format.name)-\(fixture)")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      let input = format.whole(fixture)
      try input.write(below: place)
      do {
        try format.exercise(input, in: place)
        count += 1
      } catch {
        refusal = "\(error)"
      }
    }
    if count == 0 { throw FuzzOptions.Misuse("every fixture of \(format.name) is refused as it is, the last one so: \(refusal)") }
    return count
  }

  /// Written at once, so that a long run shows how far it is.
  private func write(_ cells: [String]) {
    func blanks(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) }
    let rest = cells.dropFirst().map { blanks($0, 12) + $0 }.joined()
    let line = cells.count == 1 ? cells[0] : cells[0] + blanks(cells[0], 20) + rest
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }
}
