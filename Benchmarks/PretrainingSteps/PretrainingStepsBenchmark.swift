import Datasets
import Dispatch
import Execution
import Foundation
import Foundations
import Loading
import Models
import NeuralNetworks
import Phantoms
import Pretraining
import Studies
import Torch
import Training

/// The MedTransfer side of `make benchmark-pretraining`: answers lines of “method network side batch what count” with the seconds of each turn.
///
///     pretraining-steps-benchmark THREADS FOLDER [SIDES]
///
/// It draws images of twice each side into the folder first. What is asked for: `step` (a step of the optimizer on given views), `views` (a batch's views from files), `read`
/// (the same files read and brought to a square, of which views are cut). Heads, queue and prototypes are those of Benchmarks/pretraining_steps.py. Each turn is answered in
/// seconds of the clock and of the processor.
@main
struct PretrainingStepsBenchmark {
  static func main() {
    do {
      try run()
    } catch {
      FileHandle.standardError.write(Data("pretraining-steps-benchmark: \(sentence(for: error))\n".utf8))
      exit(1)
    }
  }

  private static func run() throws {
    _ = TorchRuntime.configureAllocator()
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count > 2, let threads = Int(arguments[0]) else {
      throw CocoaError(.featureUnsupported)
    }
    try TorchRuntime.setThreadCount(threads)
    let folder = URL(fileURLWithPath: arguments[1], isDirectory: true)
    for side in arguments[2].split(separator: ",").compactMap({ Int($0) }) {
      for kind in [PhantomKind.objects, .findings] {
        try PhantomWriter.write(
          kind: kind, counts: PhantomCounts(training: 128, validation: 1, test: 1), size: 2 * side, seed: SeedPath(0),
          to: folder.appendingPathComponent("\(kind.rawValue)-\(side)"))
      }
    }
    answer(["ready": "\(TorchRuntime.version)"])
    var turn: (name: String, run: () throws -> Turn)?
    while let line = readLine() {
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 6, let side = Int(words[2]), let batch = Int(words[3]), let count = Int(words[5]) else { continue }
      let name = words.dropLast().joined(separator: " ")
      if turn?.name != name {
        turn = nil
        turn = (name, try make(words[0], network: words[1], side: side, batch: batch, what: words[4], folder: folder))
      }
      let turns = try (0..<count).compactMap { _ in try turn?.run() }
      answer(["seconds": turns.map(\.seconds), "cpu": turns.map(\.processorSeconds)])
    }
  }

  private static func answer(_ values: some Encodable) {
    let text = (try? JSONEncoder().encode(values)) ?? Data()
    FileHandle.standardOutput.write(text + Data("\n".utf8))
  }

  /// How long something took.
  private struct Turn {
    let seconds: Double
    /// Of all threads.
    let processorSeconds: Double

    init(_ work: () throws -> Void) rethrows {
      let start = DispatchTime.now().uptimeNanoseconds, before = Self.processorSeconds
      try work()
      seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      processorSeconds = Self.processorSeconds - before
    }

    private static var processorSeconds: Double {
      var time = timespec()
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
  }

  private static func make(_ method: String, network: String, side: Int, batch: Int, what: String, folder: URL) throws -> () throws -> Turn {
    let method = try MethodCatalog.named(method), numerics = NumericSetting(device: .cpu, precision: .float32)
    var recipe = Recipe.standard(for: .multiLabelClassification)
    (recipe.architecture, recipe.inputSize, recipe.batchSize, recipe.precision) = (network, side, batch, .float32)
    switch what {
    case "step": return try step(method, recipe, numerics)
    default:
      let kind = what.hasSuffix("gray") ? PhantomKind.findings : .objects
      return try views(method, recipe, numerics, images: folder.appendingPathComponent("\(kind.rawValue)-\(side)"), readsOnly: what.hasPrefix("read"), isGray: kind == .findings)
    }
  }

  private static func step(_ method: PretrainingMethod, _ recipe: Recipe, _ numerics: NumericSetting) throws -> () throws -> Turn {
    let store = ParameterStore(
      type: numerics.parameterType, device: .cpu, memoryFormat: numerics.memoryFormat, generator: try Generator(seed: 0))
    let backbone = try makeBackboneNetwork(architecture: ArchitectureCatalog.named(recipe.architecture), inputChannels: 3, store: store)
    let width = Double(backbone.architecture.featureCount), source = RandomViews(method.views, count: recipe.batchSize, recipe: recipe, numerics: numerics)
    // The same work on both sides: lightly has no shuffled batch normalization on one device.
    let wanted: [String: Double] = [
      "queue": 4096, "normalizationGroups": 1, "prototypes": 512, "projectorWidth": method.id == "byol" ? 2 * width : method.id == "barlow-twins" ? 2048 : width,
      "predictorWidth": 2 * width, "embeddingSize": method.id == "byol" ? 256 : method.id == "barlow-twins" ? 2048 : 128,
    ]
    let known = Set(method.settings.map(\.key.rawValue)), overrides = wanted.filter { known.contains($0.key) }
    let scale = TrainingScale(sampleCount: 50_000, batchSize: recipe.batchSize, epochs: 200, featureCount: Int(width))
    let procedure = try SelfSupervised(
      method, backbone: backbone, settings: method.settings(for: scale, overrides: overrides), source: source, epochs: 200, seed: SeedPath(0), numerics: numerics)
    guard let batch = try procedure.batches(ofEpoch: 1, after: 0).next() else { throw CocoaError(.featureUnsupported) }
    var number = 0
    return {
      number += 1
      return try Turn { _ = try procedure.step(on: [batch], at: TrainingPosition(epoch: 1, step: number)).item() }
    }
  }

  private static func views(
    _ method: PretrainingMethod, _ recipe: Recipe, _ numerics: NumericSetting, images: URL, readsOnly: Bool, isGray: Bool
  ) throws -> () throws -> Turn {
    let names = (FileManager.default.enumerator(atPath: images.path)?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".png") }.sorted()
    let samples = names.prefix(128).map { Sample(id: $0, image: ImageReference(images.appendingPathComponent($0)), labels: [], byteCount: 0) }
    let loaders = LoaderSetting(workers: 1, prefetch: 1, cache: nil), epoch = Counter()
    // Of all its images at once, so that a reader which is ahead at the end of a turn has read nothing for it.
    if readsOnly {
      var square = recipe
      (square.inputSize, square.resizeSize, square.normalization) = (2 * recipe.inputSize, 2 * recipe.inputSize, .none)
      let pipeline = try SamplePipeline(recipe: square, kind: .multiLabelClassification, stage: .validation, cache: nil, tellsPictures: true)
      let batches = BatchOrder(sampleCount: samples.count, batchSize: recipe.batchSize, shuffledBy: nil).batches
      return {
        try Turn {
          let loader = try BatchLoader(samples: samples, batches: batches, pipeline: pipeline, seed: SeedPath(0) / epoch.next(), workers: 1, prefetch: 1)
          while let batch = try loader.next() { if !batch.broken.isEmpty { throw CocoaError(.fileReadCorruptFile) } }
        }
      }
    }
    let source = try ImageViews(
      samples, views: method.views, recipe: recipe, sourceSize: 2 * recipe.inputSize, grayRule: isGray ? .on : .off, onePerPatient: false, seed: SeedPath(0),
      numerics: numerics, loaders: loaders)
    return {
      try Turn {
        let batches = try source.batches(ofEpoch: epoch.next(), after: 0)
        while let batch = try batches.next() { if batch.sampleCount != recipe.batchSize { throw CocoaError(.fileReadCorruptFile) } }
      }
    }
  }

  private final class Counter {
    private var value = 0

    func next() -> Int {
      value += 1
      return value
    }
  }
}
