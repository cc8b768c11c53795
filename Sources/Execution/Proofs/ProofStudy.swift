import Foundation
import Foundations
import Phantoms
import RunStore

/// A tiny study of made-up images that proofs run in processes of their own, and the comparison of what comes out.
struct ProofStudy {
  let executable: URL
  /// For the study and its runs.
  let folder: URL
  let threads: Int?

  /// How large it is.
  struct Size {
    var pixels: Int
    var architecture: String
    var epochs: Int
    var images: PhantomCounts
    /// Whether a segmentation is run beside the classification.
    var hasSegmentation: Bool
  }

  /// Draws the images and writes the study.
  func write(_ size: Size) throws {
    let kinds = size.hasSegmentation ? [PhantomKind.effusion, .lungs] : [.effusion]
    for kind in kinds {
      let images = folder.appendingPathComponent(kind.rawValue)
      if FileManager.default.fileExists(atPath: images.path) { continue }
      try PhantomWriter.write(kind: kind, counts: size.images, size: size.pixels, seed: SeedPath(0), to: images)
    }
    let lungs = """
        lungs:
          kind: binarySegmentation
          data: {manifest: {file: lungs/manifest.csv, imageRoot: lungs, maskColumn: mask, patientColumn: patient, splitColumn: split}}
      """
    let text = """
      name: proof
      seeds: 1
      device: cpu
      checkpointSeconds: 0
      \(threads.map { "threads: \($0)" } ?? "")
      recipe: {architecture: \(size.architecture), inputSize: \(size.pixels), batchSize: 6, epochs: \(size.epochs)}
      initializations:
        random: random
      tasks:
        effusion:
          kind: binaryClassification
          data: {manifest: {file: effusion/manifest.csv, imageRoot: effusion, labelColumns: [Effusion], patientColumn: patient, splitColumn: split}}
      \(size.hasSegmentation ? lungs : "")

      """
    try AtomicFile.write(text, to: folder.appendingPathComponent("study.yaml"))
  }

  func output(_ name: String) -> URL { folder.appendingPathComponent(name) }

  /// Starts the study; what it says goes to `NAME.log`.
  ///
  /// - Parameter environment: added to this process's.
  func launch(output: String, environment: [String: String] = [:]) throws -> Process {
    let process = Process()
    process.executableURL = executable
    process.arguments = ["run", folder.appendingPathComponent("study.yaml").path, "output=\(output)"]
    // It must not outlive this process, however that ends.
    let bound = ["MEDTRANSFER_ENDS_WITH": "\(ProcessInfo.processInfo.processIdentifier)"]
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }.merging(bound) { $1 }
    let log = log(at: output)
    try AtomicFile.write(Data(), to: log)
    process.standardError = try FileHandle(forWritingTo: log)
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// What a start says goes there.
  func log(at output: String) -> URL { folder.appendingPathComponent("\(output).log") }

  func log(of output: String) -> String {
    (try? String(contentsOf: log(at: output), encoding: .utf8)) ?? ""
  }

  /// Runs the study to its end, undisturbed.
  ///
  /// - Throws: `ExecutionError` where it ends badly.
  func runWhole(output: String, environment: [String: String] = [:]) throws {
    let child = try launch(output: output, environment: environment)
    try wait(for: child)
    guard child.terminationReason == .exit, child.terminationStatus == 0 else {
      throw ExecutionError.childFailed(status: child.terminationStatus, log: log(of: output))
    }
  }

  /// Waits until a start has ended.
  ///
  /// - Throws: `ExecutionError` of kind `stopped` where this process is asked to stop, and then the start is ended too.
  func wait(for child: Process, until deadline: Date = .distantFuture) throws {
    while child.isRunning, Date() < deadline {
      if let signal = StopRequest.current {
        kill(child.processIdentifier, SIGKILL)
        child.waitUntilExit()
        throw ExecutionError.stoppedProof(signal)
      }
      usleep(5_000)
    }
  }

  /// The result files of all runs of an output, relative to it, with their SHA-256.
  func results(of output: String) throws -> [(file: String, sha256: String)] {
    let folder = self.output(output)
    return try RunCatalog.scan(folder).runs.flatMap { run in
      try run.directory.reproducibleFiles().map { name in
        let path = "\(run.relativePath)/\(name)"
        return (path, try Digest.sha256Hex(ofFile: folder.appendingPathComponent(path)))
      }
    }
  }
}
