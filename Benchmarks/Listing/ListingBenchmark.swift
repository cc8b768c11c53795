import Datasets
import Dispatch
import Foundation
import Foundations
import Inspection
import Studies

/// Lists made-up copies of the largest data sets, and times what is done with the list before anything is trained: carving and
/// fingerprint, audit of patients, subset, table of the split. Files are there and empty, since none of this opens one.
///
///     listing-benchmark [slices] [images] [folder]
///
/// The first copy is of RSNA-STR PE (1,790,594 slices of 7,279 studies), the second of ChestX-ray14's table (112,120 images of
/// 30,805 patients). A folder that is given is kept, and a copy that is in it is used again.
@main struct ListingBenchmark {
  static func main() {
    do {
      try run()
    } catch {
      FileHandle.standardError.write(Data("listing-benchmark: \(error)\n".utf8))
      exit(1)
    }
  }

  static func run() throws {
    let arguments = CommandLine.arguments.dropFirst().map { $0 }
    let slices = arguments.count > 0 ? Int(arguments[0]) ?? 1_790_594 : 1_790_594
    let images = arguments.count > 1 ? Int(arguments[1]) ?? 112_120 : 112_120
    let own = FileManager.default.temporaryDirectory.appendingPathComponent("listing-benchmark-\(getpid())", isDirectory: true)
    let folder = arguments.count > 2 ? URL(fileURLWithPath: arguments[2], isDirectory: true) : own
    defer { if arguments.count <= 2 { try? FileManager.default.removeItem(at: own) } }
    try AtomicFile.makeFolder(folder)
    print("resident before: \(memory())")
    // The smaller first: the peak is of the process.
    try measure("ChestX-ray14", try MadeUpCopy.chestXray14(images: images, in: folder), kind: .multiLabelClassification)
    try measure("RSNA-STR PE", try MadeUpCopy.pulmonaryEmbolism(slices: slices, in: folder), kind: .binaryClassification)
  }

  static func measure(_ name: String, _ source: DataSource, kind: TaskKind) throws {
    var before = DispatchTime.now().uptimeNanoseconds, beforeProcessor = processorSeconds()
    func tell(_ step: String, _ result: String) {
      let wall = Double(DispatchTime.now().uptimeNanoseconds - before) / 1e9, processor = processorSeconds() - beforeProcessor
      let times = String(format: "%8.2f s  %8.2f s of a processor", wall, processor)
      print("  \(step.padding(toLength: 22, withPad: " ", startingAt: 0))\(times)  \(memory())  \(result)")
      (before, beforeProcessor) = (DispatchTime.now().uptimeNanoseconds, processorSeconds())
    }
    print(name)
    let splits = try DatasetResolver.resolve(source, kind: kind)
    let count = DatasetPart.allCases.reduce(0) { $0 + splits[$1].count }
    tell("listing", "\(count) images; data \(splits.fingerprint.prefix(12))")
    // What a second start of a study costs, when nothing has changed since images were opened.
    let inspection = DataInspection(TaskSpecification(name: "a", kind: kind, data: source), splits: .success(splits))
    let check = try inspection.check(masks: [:], opensPictures: false)
    tell("look at names", "\(check.listingFindings.count) findings, \(check.filesUsed) files used; key \(inspection.key().prefix(12))")
    let audit = try PatientAudit(source, kind: kind)
    tell("audit of patients", "\(audit.patientCount.map(String.init) ?? "?") patients, \(audit.sharedPatients.count) in two parts")
    guard let tenth = TrainingFraction(0.1) else { return }
    let subset = try splits.keeping(tenth, seed: 0)
    tell("subset of 10 %", "\(subset.training.count) images; data \(subset.fingerprint.prefix(12))")
    let table = SplitTable(splits, seed: 0)
    tell("table of the split", "\(table.csv.utf8.count / 1_000_000) MB; SHA-256 \(table.sha256.prefix(12))")
  }

  static func memory() -> String {
    let memory = Memory.now
    return String(format: "resident %5d MB, peak %5d MB", memory.resident / 1_000_000, memory.peak / 1_000_000)
  }

  static func processorSeconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
  }
}

/// What the process holds of the machine's memory, in bytes.
struct Memory {
  let resident: Int
  let peak: Int

  static var now: Memory {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    func value(_ key: String) -> Int {
      let line = text.split(separator: "\n").first { $0.hasPrefix(key) } ?? ""
      return 1024 * (line.split(separator: " ").compactMap { Int($0) }.first ?? 0)
    }
    return Memory(resident: value("VmRSS:"), peak: value("VmHWM:"))
  }
}
