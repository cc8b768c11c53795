import Datasets
import Dispatch
import Foundation
import Foundations
import Imaging
import Inspection
import Loading
import Studies
import Synchronization

/// What the look at all data before training costs, on made-up copies of the largest sets' sizes.
///
///     check-benchmark [images] [side] [slices] [folder]
///
/// First pictures of `side` × `side` pixels with a table as ChestX-ray14's (112,120 images of 30,805 patients): decoding alone, the cache
/// alone, the cache with the look on the way, the look by itself, and a second start when nothing changed. Then slices as of RSNA-STR PE,
/// of which the look reads the first and last bytes: time and memory for half of them and for all. A folder that is given is kept, and what
/// is in it is used again.
@main struct CheckingBenchmark {
  static func main() {
    do {
      try run()
    } catch {
      FileHandle.standardError.write(Data("check-benchmark: \(error)\n".utf8))
      exit(1)
    }
  }

  static func run() throws {
    let arguments = CommandLine.arguments.dropFirst().map { $0 }
    func number(_ place: Int, or usual: Int) -> Int { arguments.count > place ? Int(arguments[place]) ?? usual : usual }
    let (images, side, slices) = (number(0, or: 112_120), number(1, or: 128), number(2, or: 600_000))
    let own = FileManager.default.temporaryDirectory.appendingPathComponent("check-benchmark-\(getpid())", isDirectory: true)
    let folder = arguments.count > 3 ? URL(fileURLWithPath: arguments[3], isDirectory: true) : own
    defer { if arguments.count <= 3 { try? FileManager.default.removeItem(at: own) } }
    try AtomicFile.makeFolder(folder)
    if images > 0 { try pictures(images, side: side, in: folder) }
    if slices > 0 { for count in [slices / 2, slices] { try headers(count, in: folder) } }
  }

  // MARK: Pictures

  static func pictures(_ count: Int, side: Int, in folder: URL) throws {
    print("\(count) pictures of \(side) × \(side) pixels")
    var watch = Watch()
    let source = try MadeUpImages.pictures(count, side: side, in: folder)
    watch.tell("made", "")
    let splits = try DatasetResolver.resolve(source, kind: .binaryClassification)
    let samples = DatasetPart.allCases.flatMap { splits[$0] }
    let task = TaskSpecification(name: "a", kind: .binaryClassification, data: source)
    let inspection = DataInspection(task, splits: .success(splits))
    watch.tell("listing", "\(samples.count) images")
    let pixels = Mutex(0)
    concurrentPerform(samples.count) { index in
      let read = (try? samples[index].image.read()).map { $0.width * $0.height } ?? 0
      pixels.withLock { $0 += read }
    }
    watch.tell("decoding alone", "\(pixels.withLock { $0 } / 1_000_000) megapixels")
    let threads = ProcessInfo.processInfo.activeProcessorCount
    func cache(_ name: String, _ seen: SeenPictures?) throws -> SampleCache {
      try ImageCache(folder: folder.appendingPathComponent(name)).prepare(samples, recipe: task.recipe, threads: threads, decoded: seen?.watcher)
    }
    _ = try cache("cache-alone", nil)
    watch.tell("cache alone", "")
    try FileManager.default.removeItem(at: folder.appendingPathComponent("cache-alone"))
    watch.skip()
    let seen = inspection.watch(), prepared = try cache("cache", seen)
    watch.tell("cache, seen on the way", "\(prepared.count) images")
    let opened = Opened()
    let shared = try inspection.check(masks: [:], opensPictures: true, cache: prepared, seen: seen)
    watch.tell("look after it", "\(findings(shared)); \(opened.since) files' bytes read again")
    let plain = try inspection.check(masks: [:], opensPictures: true)
    watch.tell("look without a cache", findings(plain))
    let later = try inspection.check(masks: [:], opensPictures: true, cache: prepared)
    watch.tell("look from the cache", findings(later))
    // All that is done where nothing changed: what the pixels told is kept in a file.
    let again = DataInspection(task, splits: Result { try DatasetResolver.resolve(source, kind: .binaryClassification) })
    let check = try again.check(masks: [:], opensPictures: false)
    watch.tell("second start", "\(check.listingFindings.count) findings by names; key \(again.key().prefix(12))")
  }

  static func findings(_ check: DataCheck) -> String {
    let found = check.listingFindings + (check.pictures?.findings ?? [])
    return "\(found.count) findings (\(Set(found.map(\.code)).sorted().joined(separator: ", ")))"
  }

  // MARK: Slices

  static func headers(_ count: Int, in folder: URL) throws {
    print("\(count) slices by their first and last bytes")
    var watch = Watch()
    let source = try MadeUpImages.slices(count, in: folder)
    watch.tell("made", "")
    let splits = Result { try DatasetResolver.resolve(source, kind: .binaryClassification) as DatasetSplits }
    let inspection = DataInspection(TaskSpecification(name: "a", kind: .binaryClassification, data: source), splits: splits.mapError { $0 as any Error })
    watch.tell("listing", "")
    let check = try inspection.check(masks: [:], opensPictures: true)
    watch.tell("look", findings(check))
    let again = DataInspection(
      TaskSpecification(name: "a", kind: .binaryClassification, data: source),
      splits: Result { try DatasetResolver.resolve(source, kind: .binaryClassification) })
    watch.tell("second start", "key \(again.key().prefix(12))")
  }
}

/// Times steps, in seconds by the clock and of a processor, with the memory of the process.
struct Watch {
  private var clock = DispatchTime.now().uptimeNanoseconds
  private var processor = Self.processorSeconds()

  mutating func tell(_ step: String, _ result: String) {
    let wall = Double(DispatchTime.now().uptimeNanoseconds - clock) / 1e9, used = Self.processorSeconds() - processor
    let times = String(format: "%8.2f s  %8.2f s of a processor", wall, used)
    print("  \(step.padding(toLength: 24, withPad: " ", startingAt: 0))\(times)  \(Self.memory)  \(result)")
    skip()
  }

  mutating func skip() { (clock, processor) = (DispatchTime.now().uptimeNanoseconds, Self.processorSeconds()) }

  private static func processorSeconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
  }

  private static var memory: String {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    func megabytes(_ key: String) -> Int {
      let line = text.split(separator: "\n").first { $0.hasPrefix(key) } ?? ""
      return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) / 1000
    }
    return String(format: "resident %5d MB, peak %5d MB", megabytes("VmRSS:"), megabytes("VmHWM:"))
  }
}

/// How many bytes the process read from files since, to see whether images are opened again.
struct Opened {
  private let before = Self.bytes

  var since: String { "\((Self.bytes - before) / 1_000_000) MB of" }

  private static var bytes: Int {
    let text = (try? String(contentsOfFile: "/proc/self/io", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").first.flatMap { $0.split(separator: " ").last }.flatMap { Int($0) } ?? 0
  }
}
