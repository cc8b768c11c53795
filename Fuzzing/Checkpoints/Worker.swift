internal import Checkpoints
internal import Foundation

/// What happened to a batch of inputs.
struct BatchResult: Codable {
  var opened = 0
  var refused = 0
  /// Processor time of the slowest input, in seconds, and its number.
  var slowest = 0.0
  var slowestInput = 0
  /// The most memory that the process ever held.
  var peakMemory = 0
  /// Inputs that gave another error than a CheckpointsError, and what it was.
  var surprises: [Int: String] = [:]
}

/// Opens a batch of inputs. It may die of any of them: it notes the number of each before it starts on it.
struct Worker {
  let maker: InputMaker
  let folder: URL
  let status: URL

  /// Arrays of up to this many bytes are read and looked at.
  private static let arrayLimit = 1 << 16
  private static let arrayCountLimit = 64

  func run(_ numbers: Range<Int>) throws -> BatchResult {
    var result = BatchResult()
    let notes = try FileHandle(forWritingTo: status)
    for number in numbers {
      try notes.seek(toOffset: 0)
      try notes.write(contentsOf: withUnsafeBytes(of: Int64(number)) { Data($0) })
      let input = maker.input(number)
      let url = try place(input)
      let start = Self.processorTime()
      do {
        try Self.exercise(url)
        result.opened += 1
      } catch is CheckpointsError {
        result.refused += 1
      } catch {
        result.surprises[number] = "\(error)"
      }
      let taken = Self.processorTime() - start
      if taken > result.slowest { (result.slowest, result.slowestInput) = (taken, number) }
    }
    var usage = rusage()
    getrusage(ownProcess, &usage)
    result.peakMemory = Int(usage.ru_maxrss) * memoryUnit
    return result
  }

  /// Writes the input's files and gives the one to open.
  private func place(_ input: InputMaker.Input) throws -> URL {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      unlink(folder.appendingPathComponent(name).path)
    }
    for part in input.parts { try Data(part.bytes).write(to: folder.appendingPathComponent(part.name)) }
    return folder.appendingPathComponent(input.parts[0].name)
  }

  /// All that a program does with a checkpoint.
  private static func exercise(_ url: URL) throws {
    let arrays = try CheckpointFile.open(url).arrays()
    for array in arrays.prefix(arrayCountLimit) where array.byteCount <= arrayLimit {
      _ = try array.bytes()
      _ = try array.statistics()
    }
  }

  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// RUSAGE_SELF; the platforms import it as different types.
private let ownProcess: Int32 = 0
#if canImport(Darwin)
  private let memoryUnit = 1
#else
  private let memoryUnit = 1024
#endif

/// Lets the process have no more memory, so that an input that asks for much kills it and is found.
func limitMemory(to byteCount: Int) {
  #if os(Linux)
    var limit = rlimit(rlim_cur: rlim_t(byteCount), rlim_max: rlim_t(byteCount))
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
  #endif
}
