import Datasets
import Foundation
import Foundations
import Loading
import Models
import Probes
import RunStore
import Studies
import Training

/// The features of the images that the heads of a cell's task need: those that are kept, and those that the network is asked for now.
struct CellFeatures {
  let cell: Cell
  let configuration: CellConfiguration
  let plan: Plan
  let data: StudyData
  let numerics: NumericSetting

  /// Images of a shard, about.
  private static let shardSize = 512
  static let proofFile = "certificate.json"

  /// What was gathered.
  struct Gathered {
    let digest: String
    let proof: CellStart.Proof
    /// Images that the network was asked about now.
    let asked: Int
    /// What must be said, each a sentence.
    let remarks: [String]
    fileprivate let store: FeatureStore
    /// What of the network the cell's head sees.
    fileprivate let layer: String
    /// The name of each image by the id of its sample.
    fileprivate let names: [String: String]
    fileprivate let reasons: [String: String]

    /// What is wrong with samples that have no features.
    func broken(_ samples: [Sample]) -> [BrokenSample] {
      samples.compactMap { sample in reasons[sample.id].map { BrokenSample(id: sample.id, reason: $0) } }
    }

    /// Those samples that have features, and these.
    func features(_ samples: [Sample]) throws -> (features: FeatureMatrix, samples: [Sample]) {
      let usable = samples.filter { reasons[$0.id] == nil }, images = usable.compactMap { names[$0.id] }
      guard images.count == usable.count, let features = try store.matrix(of: images, layer: layer) else {
        throw ExecutionError.featuresLost(store.folder)
      }
      return (features, usable)
    }
  }

  /// - Parameters:
  ///   - samples: all that any cell of the plan with the same task needs, so that one pass is enough for all of them.
  ///   - watcher: told how many images of how many are done.
  /// - Throws: `ExecutionError` of kind `stopped` where the process was asked to stop; what was computed is kept.
  func gather(
    _ task: TaskSpecification, samples: [Sample], watcher: (_ done: Int, _ count: Int) -> Void, cacheWatcher: (CacheProgress) -> Void
  ) throws -> Gathered {
    let start = CellStart(cell: cell, plan: plan)
    let source = FeatureSource(configuration, startWeights: start.sourceDirectory?.sealedWeights())
    let store = try data.featureStore(source)
    var names: [String: String] = [:], reasons: [String: String] = [:]
    for (sample, name) in zip(samples, try data.imageContents().names(of: samples)) {
      switch name {
      case .success(let name): names[sample.id] = name
      case .failure(let error):
        // What the system does not give is no fault of the image's.
        if SystemFault.isFault(error) { throw error }
        reasons[sample.id] = sentence(for: error)
      }
    }
    let named = samples.filter { names[$0.id] != nil }, keys = named.compactMap { names[$0.id] }
    try store.confirmUnusable(of: keys) { _ = try named[$0].image.read() }
    var asked = 0, proof = keptProof(store, start)
    let layers = self.layers
    if !store.missing(of: keys, layers: layers).isEmpty || proof == nil {
      // Of two processes the second waits, and finds the work done.
      let lock = try FileLock(folder: store.folder)
      try withExtendedLifetime(lock) {
        try store.openShards()
        let missing = store.missing(of: keys, layers: layers)
        proof = keptProof(store, start)
        if missing.isEmpty, proof != nil { return }
        let (network, loaded) = try self.network(task, start: start)
        proof = loaded
        try AtomicFile.write(
          try CanonicalJSON.encodePretty(KeptProof(loaded, of: store)), to: store.folder.appendingPathComponent(Self.proofFile))
        if missing.isEmpty { return }
        let cache = try data.cache(of: task, recipe: configuration.recipe, watcher: cacheWatcher)
        try pass(network, missing.map { named[$0] }, names, cache: cache, into: store, watcher: watcher)
        asked = missing.count
      }
    }
    guard let proof else { throw ExecutionError.featuresLost(store.folder) }
    for (id, name) in names { if let reason = store.unusable[name] { reasons[id] = reason } }
    return Gathered(
      digest: try source.digest(), proof: proof, asked: asked, remarks: store.takeDamages() + data.featureRemarks, store: store, layer: configuration.recipe.featureLayer,
      names: names, reasons: reasons)
  }

  /// What heads of the plan see of this network, so that one pass is enough for them whichever comes first.
  private var layers: [String] {
    // Of a plan of thousands of heads each would be asked: not where all tasks say the same.
    if Set(plan.study.tasks.map(\.recipe.featureLayer)).count == 1 { return [configuration.recipe.featureLayer] }
    let source = FeatureSource(configuration)
    let others = plan.cells.filter(\.mode.isHeadOnFeatures).compactMap { plan.configurations[$0.identity] }.filter { FeatureSource($0) == source }
    return Set((others + [configuration]).map(\.recipe.featureLayer)).sorted()
  }

  /// A proof as it is kept, which vouches for itself: a run is sealed by what it says.
  private struct KeptProof: Codable {
    let source: String
    let proof: CellStart.Proof
    let sha256: String

    init(_ proof: CellStart.Proof, of store: FeatureStore) throws {
      (source, self.proof) = (store.sourceDigest, proof)
      sha256 = try Self.digest(proof, source)
    }

    func isWhole(in store: FeatureStore) -> Bool { source == store.sourceDigest && (try? Self.digest(proof, source)) == sha256 }

    private static func digest(_ proof: CellStart.Proof, _ source: String) throws -> String {
      Digest.sha256Hex(of: Data(source.utf8) + (try CanonicalJSON.encode(proof)))
    }
  }

  /// What the network was filled with when its features were computed, as it is kept beside them; nil where that is not of this network or its
  /// source run has other weights now, and the network is loaded again.
  private func keptProof(_ store: FeatureStore, _ start: CellStart) -> CellStart.Proof? {
    let found = store.folders.lazy.compactMap { folder -> KeptProof? in
      guard let bytes = try? FileBytes.read(folder.appendingPathComponent(Self.proofFile).path) else { return nil }
      return (try? JSONDecoder().decode(KeptProof.self, from: bytes)).flatMap { $0.isWhole(in: store) ? $0 : nil }
    }
    guard let kept = found.first else { return nil }
    let directory = start.sourceDirectory
    guard kept.proof.isOfRun == (directory != nil), kept.proof.sourceWeights == directory?.sealedWeights() else { return nil }
    return kept.proof
  }

  /// The network as it starts, whose head is asked nothing.
  private func network(_ task: TaskSpecification, start: CellStart) throws -> (any Network, CellStart.Proof) {
    // Weights that bring a head fill one of the task's own size; all others share one network whatever the task.
    var outputs = 1
    if case .weights(_, .full, _) = configuration.start { outputs = max(1, try data.splits(of: task).classNames.count) }
    let network = try configuration.recipe.makeNetwork(
      kind: task.kind, outputs: outputs, arithmetic: configuration.arithmetic, seed: SeedPath(cell.seed) / "weights", numerics: numerics)
    return (network, try start.load(into: network))
  }

  private func pass(
    _ network: any Network, _ samples: [Sample], _ names: [String: String], cache: SampleCache?, into store: FeatureStore,
    watcher: (_ done: Int, _ count: Int) -> Void
  ) throws {
    let execution = plan.study.execution
    let pass = try FeaturePass(
      network, recipe: configuration.recipe, kind: configuration.kind, numerics: numerics,
      loaders: LoaderSetting(workers: execution.loaderThreads, prefetch: 4, cache: cache), layers: layers)
    var images: [String] = [], layers: [String: [Float]] = [:], unusable: [String: String] = [:], done = 0
    func keep() throws {
      try store.add(images, layers)
      try store.note(unusable: unusable)
      (images, layers, unusable) = ([], [:], [:])
    }
    watcher(0, samples.count)
    try StopRequest.deferring {
      try pass.run(samples) { rows in
        images += rows.indices.compactMap { names[samples[$0].id] }
        for (layer, values) in rows.values { layers[layer, default: []] += values }
        for broken in rows.broken { if let name = names[broken.id] { unusable[name] = broken.reason } }
        done += rows.indices.count + rows.broken.count
        if let signal = StopRequest.current {
          try keep()
          throw ExecutionError.stoppedFeatures(signal)
        }
        if images.count >= Self.shardSize { try keep() }
        watcher(done, samples.count)
      }
      try keep()
    }
  }
}

extension Recipe {
  /// The layer of a feature pass that heads see: a stage, or the vector that a classifier sees.
  var featureLayer: String { featureStage ?? FeaturePass.pooled }
}

extension StudyData {
  /// Where features are kept: in the study's cache of images, so that studies share them, else in its output. A cache that cannot be
  /// written to is read, and what it lacks is kept in the output.
  private var featureFolders: (own: URL, shared: URL?) {
    get throws {
      if let openFeatureFolders { return openFeatureFolders }
      let own = study.outputDirectory.appendingPathComponent(StudyFiles.features, isDirectory: true)
      var folders: (own: URL, shared: URL?) = (own, nil)
      if let cache = study.execution.cacheFolder {
        let shared = URL(fileURLWithPath: cache, isDirectory: true).appendingPathComponent(StudyFiles.features, isDirectory: true)
        do {
          try AtomicFile.makeFolder(shared)
          guard access(shared.path, W_OK) == 0 else { throw FoundationsError.unwritable(shared, errno: errno) }
          folders = (shared, nil)
        } catch let error as FoundationsError {
          folders = (own, shared)
          featureRemarks = ["features of networks are kept in the output, since \(shared.path) cannot be written to (\(systemMessage(error.systemNumber ?? 0)))"]
        }
      }
      openFeatureFolders = folders
      if folders.own == own { try AtomicFile.makePlace(for: .folder, at: own) }
      return folders
    }
  }

  /// The features of one network; those of the last one that was asked for are held in memory.
  func featureStore(_ source: FeatureSource) throws -> FeatureStore {
    if let openFeatures, openFeatures.source == source { return openFeatures }
    openFeatures = nil
    let folders = try featureFolders, store = try FeatureStore(source, in: folders.own, beside: folders.shared)
    openFeatures = store
    return store
  }

  func imageContents() throws -> ImageContents {
    if let openContents { return openContents }
    let contents = try ImageContents(folder: featureFolders.own)
    openContents = contents
    return contents
  }
}

extension ExecutionError {
  static func featuresLost(_ folder: URL) -> ExecutionError {
    ExecutionError(
      kind: .noFeatures, problem: "Features that were just kept in \(folder.path) are not there.",
      remedy: "See that nothing else writes to that folder, and run the same command again.")
  }

  static func stoppedFeatures(_ signal: Int32) -> ExecutionError {
    ExecutionError(
      kind: .stopped, problem: "Stopped while features were computed, as asked (signal \(signal)).",
      remedy: "Run the same command to go on; what was computed is kept.")
  }
}
