internal import Foundation

/// What happened to a batch of inputs.
struct BatchResult: Codable {
  var opened = 0
  var refused = 0
  /// Processor time of the slowest input, in seconds, and its number.
  var slowest = 0.0
  var slowestInput = 0
  /// The most memory that the process ever held, in bytes.
  var peakMemory = 0
  /// Inputs that gave another error than the reader promises, and what it was.
  var surprises: [Int: String] = [:]

  /// Adds what another batch of the same format gave.
  mutating func add(_ other: BatchResult) {
    opened += other.opened
    refused += other.refused
    if other.slowest > slowest { (slowest, slowestInput) = (other.slowest, other.slowestInput) }
    peakMemory = max(peakMemory, other.peakMemory)
    surprises.merge(other.surprises) { $1 }
  }
}

/// Reads a batch of inputs. It may die of any: it notes the number of each before it starts on it.
struct Worker {
  let format: any FuzzedFormat
  let seed: Int
  let places: BatchPlaces

  func run(_ numbers: Range<Int>) throws -> BatchResult {
    var result = BatchResult()
    let notes = try FileHandle(forWritingTo: places.status)
    for number in numbers {
      try notes.seek(toOffset: 0)
      try notes.write(contentsOf: withUnsafeBytes(of: Int64(number)) { Data($0) })
      let input = format.input(number, seed: seed)
      try write(input)
      let start = processorTime()
      do {
        try format.exercise(input, in: places.folder)
        result.opened += 1
      } catch  where format.isRefusal(error) {
        result.refused += 1
      } catch {
        result.surprises[number] = "\(error)"
      }
      let taken = processorTime() - start
      if taken > result.slowest { (result.slowest, result.slowestInput) = (taken, number) }
    }
    var usage = rusage()
    getrusage(ownProcess, &usage)
    result.peakMemory = Int(usage.ru_maxrss) * memoryUnit
    return result
  }

  /// Writes the input's files into the folder, which holds nothing else then.
  private func write(_ input: FuzzInput) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: places.folder.path) {
      try FileManager.default.removeItem(at: places.folder.appendingPathComponent(name))
    }
    try input.write(below: places.folder)
  }

  private func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// Where a batch and its supervisor meet.
struct BatchPlaces {
  /// The files of the input that is being read.
  let folder: URL
  /// The number of that input, as eight bytes.
  var status: URL { folder.appendingPathExtension("status") }
  /// The result of the whole batch.
  var answer: URL { folder.appendingPathExtension("json") }
}

extension FuzzInput {
  func write(below folder: URL) throws {
    for file in files {
      let url = folder.appendingPathComponent(file.name)
      if file.name.contains("/") {
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      }
      try Data(file.bytes).write(to: url)
    }
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
