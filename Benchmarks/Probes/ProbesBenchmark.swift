import Dispatch
import Execution
import Foundation
import Foundations
import Phantoms
import Studies
import Torch
import Training

/// Compares checkpoints on tasks over the same images by linear probe and nearest neighbors, at four fractions of the training images, and
/// counts how often a network was asked for features and what the heads cost beside that.
///
///     probes-benchmark [images] [checkpoints] [architecture] [input size]
///
/// The images are drawn, and the checkpoints hold random weights: neither changes the time. What is wanted: one pass a checkpoint, and heads
/// that take less than a tenth of the passes. Exit status 1 where either does not hold.
@main struct ProbesBenchmark {
  static func main() {
    do {
      exit(try run() ? 0 : 1)
    } catch {
      FileHandle.standardError.write(Data("probes-benchmark: \(sentence(for: error))\n".utf8))
      exit(1)
    }
  }

  static func run() throws -> Bool {
    let arguments = Array(CommandLine.arguments.dropFirst())
    func number(_ place: Int, or standard: Int) -> Int { place < arguments.count ? Int(arguments[place]) ?? standard : standard }
    let images = number(0, or: 1000), checkpoints = number(1, or: 10), architecture = arguments.count > 2 ? arguments[2] : "resnet50"
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("probes-benchmark-\(getpid())", isDirectory: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try AtomicFile.makeFolder(folder)
    _ = TorchRuntime.configureAllocator()
    let study = try made(in: folder, images: images, checkpoints: checkpoints, architecture: architecture, inputSize: number(3, or: 224))
    let data = StudyData(study), plan = try data.plan(), clock = Clock()
    let heads = plan.cells.count
    let summary = try StudyRunner(plan: plan, data: data) { clock.note($0) }.run()
    let all = clock.seconds
    let rest = all.cells - all.passes, share = rest / max(all.passes, 1e-9)
    print("\(checkpoints) checkpoints (\(architecture)), 3 tasks, 4 fractions of \(images) images, 2 heads each: \(heads) heads, \(summary.finishedNow) made")
    print(
      "feature passes: \(summary.featurePasses), over \(summary.featureImages) images, in \(fixed(all.passes, 1)) s (\(fixed(Double(summary.featureImages) / max(all.passes, 1e-9), 1)) images/s)"
    )
    print("heads and their files: \(fixed(rest, 1)) s, \(fixed(1000 * rest / Double(max(heads, 1)), 0)) ms each, \(fixed(100 * share, 1)) % of the passes")
    let isOnce = summary.featurePasses == checkpoints && summary.finishedNow == heads, isCheap = share < 0.1
    print("wanted: one pass a checkpoint (\(isOnce ? "yes" : "no")), heads below a tenth of the passes (\(isCheap ? "yes" : "no"))")
    return isOnce && isCheap
  }

  /// 70 % training, 10 % validation and 20 % test images.
  private static func made(in folder: URL, images: Int, checkpoints: Int, architecture: String, inputSize: Int) throws -> Study {
    let counts = PhantomCounts(training: images * 7 / 10, validation: images / 10, test: images - images * 7 / 10 - images / 10)
    try PhantomWriter.write(kind: .findings, counts: counts, size: inputSize, seed: SeedPath(0), to: folder.appendingPathComponent("findings"))
    var recipe = Recipe.standard(for: .multiLabelClassification)
    recipe.architecture = architecture
    let names = (1...max(checkpoints, 1)).map { "checkpoint\($0)" }
    for (index, name) in names.enumerated() {
      let network = try recipe.makeNetwork(
        kind: .multiLabelClassification, outputs: 2, seed: SeedPath(index), numerics: NumericSetting(device: .cpu, precision: .float32))
      try WeightLoading.save(network, metadata: [:], to: folder.appendingPathComponent("\(name).safetensors"))
    }
    func task(_ name: String, _ kind: String, _ columns: String) -> String {
      """
        \(name):
          kind: \(kind)
          data: {manifest: {file: findings/manifest.csv, imageRoot: findings, labelColumns: [\(columns)], patientColumn: patient, splitColumn: split}}
      """
    }
    let text = """
      name: probes
      seeds: 1
      examples: false
      fraction: [0.1, 0.25, 0.5, 1]
      recipe: {architecture: \(architecture), inputSize: \(inputSize), mode: [linearProbe, kNN]}
      initializations:
      \(names.map { "  \($0): {weights: \($0).safetensors}" }.joined(separator: "\n"))
      tasks:
      \(task("effusion", "binaryClassification", "Effusion"))
      \(task("nodule", "binaryClassification", "Nodule"))
      \(task("findings", "multiLabelClassification", "Effusion, Nodule"))
      """
    return try Study.decode(text, file: folder.appendingPathComponent("study.yaml"))
  }

  private static func fixed(_ number: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", number) }
}

/// How long cells took, and how much of that passed while a network was asked for features.
private final class Clock {
  private(set) var seconds = (cells: 0.0, passes: 0.0)
  private var cellBegan = 0.0, passBegan = 0.0

  private var now: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

  func note(_ event: ExecutionEvent) {
    switch event {
    case .started: cellBegan = now
    case .features(_, done: 0, count: _): passBegan = now
    case .features(_, let done, let count) where done == count: seconds.passes += now - passBegan
    case .finished: seconds.cells += now - cellBegan
    case .failed(let cell, _, let problem): FileHandle.standardError.write(Data("\(cell) failed: \(problem)\n".utf8))
    default: break
    }
  }
}
