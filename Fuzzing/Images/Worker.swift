internal import Foundation
internal import Foundations
internal import Imaging

/// What happened to a batch of inputs.
struct BatchResult: Codable {
  var decoded = 0
  var refused = 0
  /// Processor time of the slowest input, in seconds, and its number.
  var slowest = 0.0
  var slowestInput = 0
  /// The most memory that the process ever held.
  var peakMemory = 0
  /// Inputs that gave another error than an ImagingError, and what it was.
  var surprises: [Int: String] = [:]
}

/// Reads a batch of inputs. It may die of any: it notes the number of each before it starts on it.
struct Worker {
  let corpus: Corpus
  let format: String
  let seed: UInt64
  let status: URL

  private static let pixelLimit = 1 << 22

  func run(_ numbers: Range<Int>) throws -> BatchResult {
    var result = BatchResult()
    let notes = try FileHandle(forWritingTo: status)
    for number in numbers {
      try notes.seek(toOffset: 0)
      try notes.write(contentsOf: withUnsafeBytes(of: Int64(number)) { Data($0) })
      let input = corpus.input(number, of: format, seed: seed)
      let start = processorTime()
      do {
        try exercise(input.bytes)
        result.decoded += 1
      } catch is ImagingError {
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

  /// All that a program does with an image.
  private func exercise(_ input: [UInt8]) throws {
    let file = status.appendingPathExtension(format)
    try Data(input).write(to: file)
    defer { unlink(file.path) }
    if format == "raw" {
      _ = try Self.geometry(input).read(file)
      return
    }
    let buffer = try ImageFile.read(file, pixelLimit: Self.pixelLimit)
    _ = try buffer.withView { try FloatImage($0, resizedTo: (32, 32)) }
    _ = Mask(buffer).foregroundCount
    if format == "dicom" {
      let opened = try DICOMFile.open(file, pixelLimit: Self.pixelLimit)
      for index in 0..<min(opened.header.frames, 3) { _ = try opened.rescaled(index) }
    }
    if format == "nifti" {
      let opened = try NIfTIFile.open(file)
      for plane in AnatomicalPlane.allCases { _ = try opened.slice(opened.sliceCount(plane) / 2, plane: plane) }
    }
  }

  /// The geometry that the first bytes say; half of the time one that fits.
  private static func geometry(_ input: [UInt8]) -> RawImage {
    func byte(_ index: Int) -> Int { index < input.count ? Int(input[index]) : 0 }
    if byte(7) % 2 == 0 {
      return RawImage(width: 1, height: input.count, bitDepth: 8, isBigEndian: false, isWhiteZero: byte(5) % 2 == 0)
    }
    return RawImage(
      width: byte(0) * (byte(6) % 3 == 0 ? 1 << 40 : 1), height: byte(1), bitDepth: byte(2) % 20, isBigEndian: byte(3) % 2 == 0,
      offset: byte(4) % 2 == 0 ? 0 : byte(4) - 100, isWhiteZero: byte(5) % 2 == 0)
  }

  private func processorTime() -> Double {
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

func limitMemory(to byteCount: Int) {
  #if os(Linux)
    var limit = rlimit(rlim_cur: rlim_t(byteCount), rlim_max: rlim_t(byteCount))
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
  #endif
}
