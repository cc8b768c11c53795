public import Foundations
public import Models
import NeuralNetworks
import Studies
public import Torch
public import Training
import Vocabulary

/// Trains a backbone by a self-supervised method: one procedure for all of them.
///
/// What is computed depends on the backbone's first weights, the method with its settings, the views, the seed and the number format
/// alone. Every tensor that the next step depends on lies in one of the stores below, so the state is complete whatever the method.
public final class SelfSupervised: Procedure {
  public typealias Batch = ViewBatch

  /// f, trained in place.
  public let backbone: BackboneNetwork
  public let settings: MethodSettings
  public let extent: TrainingExtent
  public var progress = Progress()
  public var isInMixedPrecision: Bool { materials.numerics.precision == .bfloat16 }
  let method: any SelfSupervisedMethod
  private let description: PretrainingMethod
  private let materials: MethodMaterials
  private let source: any ViewSource
  private let seed: SeedPath
  private let optimizers: [ScheduledOptimizer]
  private let probe: (any PretrainingProbe)?
  private let monitor: CollapseMonitor?
  /// The processes that train it together; nil where this one is alone.
  private let spread: Spread?
  /// The result with the best probe so far; nothing without a probe.
  private var best: BestState

  /// - Parameters:
  ///   - backbone: its first weights, drawn or loaded.
  ///   - settings: of this method, usually `method.settings(for:)`.
  ///   - source: batches of the method's views.
  ///   - seed: the path that heads, memories and the steps' random numbers follow from.
  ///   - batchesPerStep: batches whose gradients are one step's. Losses that compare images compare those of one batch alone.
  ///   - probe: what decides which epoch's state is kept; nil keeps the last.
  ///   - monitor: what looks for collapse; nil for nothing.
  ///   - spread: the processes that train it together, each of which is given all of every batch; the first one's probe judges.
  public init(
    _ method: PretrainingMethod, backbone: BackboneNetwork, settings: MethodSettings, source: any ViewSource, epochs: Int, maximumSteps: Int? = nil,
    batchesPerStep: Int = 1, brokenFileLimit: Double = 0, seed: SeedPath, numerics: NumericSetting, probe: (any PretrainingProbe)? = nil,
    monitor: CollapseMonitor? = nil, spread: Spread? = nil
  ) throws {
    guard source.imagesPerEpoch >= source.batchSize, source.batchSize >= 2 else {
      throw PretrainingError.tooFewSamples(source.imagesPerEpoch, needed: max(source.batchSize, 2), reason: "a batch of \(source.batchSize)")
    }
    if let spread, !spread.canDivide(source.batchSize) { throw PretrainingError.tooManyProcesses(spread.group.size, batchSize: source.batchSize) }
    (self.backbone, self.settings, self.source, self.seed, self.probe, self.monitor) = (backbone, settings, source, seed, probe, monitor)
    self.spread = spread
    description = method
    // Whole batches only, so these are the images of an epoch.
    let used = source.imagesPerEpoch / source.batchSize * source.batchSize
    extent = TrainingExtent(
      epochs: epochs, maximumSteps: maximumSteps, sampleCount: used, batchSize: source.batchSize, batchesPerStep: batchesPerStep,
      brokenFileLimit: brokenFileLimit)
    materials = try MethodMaterials(
      settings: settings, backbone: backbone, sampleCount: source.sampleCount, views: method.views, numerics: numerics, seed: seed / "first values",
      spread: spread)
    self.method = try method.assemble(materials)
    optimizers = try ScheduledOptimizer.make(
      method.optimization, settings: settings, backbone: backbone.store, heads: materials.heads, stepsPerEpoch: extent.stepsPerEpoch,
      stepCount: extent.stepCount)
    best = BestState(of: self.method.result.store)
  }

  /// The backbone that is the result: the best by the probe once the training has finished.
  public var result: BackboneNetwork { method.result }

  public func begin(watcher: EvaluationWatcher) throws {
    var start: [String: Double] = [:]
    func look() throws -> Double {
      start = try probe?.look(atStart: method.result, watcher: watcher) ?? [:]
      return 0
    }
    // The first process looks, and where it fails or is asked to stop, so do all.
    _ = try spread?.fromFirst(step: 0, look) ?? look()
    if !start.isEmpty { progress.start = start }
  }

  /// The bytes of what the method remembers between steps and no optimizer changes.
  public var memoryBytes: Int { materials.memory.byteCount }

  // MARK: - A step

  public var seesWholeBatches: Bool { true }

  public func batches(ofEpoch epoch: Int, after done: Int) throws -> any BatchSource<ViewBatch> {
    // What an epoch's beginning computes with running statistics is to be of one network, and the same after a stop.
    if done == 0, let spread, !spread.synchronizesStatistics { try spread.copyFromFirst(backboneBuffers) }
    if done == 0 { try method.beginEpoch(EpochBeginning(epoch: epoch, source: source, seed: seed / "epoch" / epoch)) }
    return try source.batches(ofEpoch: epoch, after: done)
  }

  public func step(on batches: [ViewBatch], at position: TrainingPosition) throws -> Tensor {
    for batch in batches { try check(batch, at: position) }
    for scheduled in optimizers {
      scheduled.optimizer.learningRate = scheduled.schedule.rate(ofStep: position.step)
      try scheduled.optimizer.zeroGradients()
    }
    try method.beginStep(at: moment(position, part: 0))
    let total = Double(batches.reduce(0) { $0 + $1.sampleCount })
    let parts = try batches.enumerated().map { part, batch in
      let loss = try method.loss(of: batch, at: moment(position, part: part))
      let share = batches.count == 1 ? loss : try loss * (Double(batch.sampleCount) / total)
      try share.backward()
      return try share.detach()
    }
    try spread?.average(gradientsOf: trainableParameters.map(\.tensor))
    let last = moment(position, part: batches.count - 1)
    try method.finishBackward(at: last)
    // Before the optimizer, which may change gradients.
    let slope = try isLookedAt(position) ? gradientNorm() : nil
    for scheduled in optimizers { try scheduled.optimizer.step() }
    try withoutGradient { try method.finishStep(at: last) }
    progress.step = position.step
    try look(at: position, gradientNorm: slope)
    return parts.count == 1 ? parts[0] : try stack(parts).sum()
  }

  /// Refuses a batch that cannot be learned from, by its shapes alone.
  private func check(_ batch: ViewBatch, at position: TrainingPosition) throws {
    if batch.sampleCount < 2 { throw PretrainingError.singleImageBatch(epoch: position.epoch, step: position.step) }
    if batch.views.count != description.views.views.count {
      throw PretrainingError.wrongViews(batch.views.count, expected: description.views.views.count, method: description.title)
    }
    guard isInMixedPrecision, materials.numerics.device == .cpu else { return }
    for size in Set(batch.views.compactMap(\.shape.last)).sorted() where halvesOnePixel(size) {
      throw PretrainingError.viewTooSmall(size, architecture: backbone.architecture.title)
    }
  }

  /// Whether a stage of the backbone halves a map that is one pixel already. In bfloat16 on a CPU, libtorch 2.13 leaves the gradient of
  /// such a convolution's weight as the memory happened to be.
  private func halvesOnePixel(_ size: Int) -> Bool {
    let stages = backbone.architecture.stages, sizes = backbone.architecture.record.mapSizes(ofImage: size)
    return stages.indices.dropFirst().contains { sizes[$0 - 1] == 1 && stages[$0].stride > stages[$0 - 1].stride }
  }

  private func moment(_ position: TrainingPosition, part: Int) -> Moment {
    Moment(
      epoch: position.epoch, step: position.step, stepsPerEpoch: extent.stepsPerEpoch, stepCount: extent.stepCount, epochCount: extent.epochs,
      seed: seed / "step" / position.step / part)
  }

  private func isLookedAt(_ position: TrainingPosition) -> Bool { monitor.map { position.step % $0.interval == 0 } ?? false }

  /// What the optimizers may change.
  var trainableParameters: [(name: String, tensor: Tensor)] { backbone.store.trainableParameters + materials.heads.trainableParameters }

  /// The norm of all gradients together, a scalar.
  private func gradientNorm() throws -> Tensor? {
    let gradients = trainableParameters.compactMap(\.tensor.gradient)
    return gradients.isEmpty ? nil : try stack(Foreach.norm(gradients)).norm()
  }

  /// Looks for collapse when it is time to. This alone waits for the device, once in `monitor.interval` steps.
  private func look(at position: TrainingPosition, gradientNorm: Tensor?) throws {
    guard let monitor, isLookedAt(position) else { return }
    let stores = [backbone.store, materials.heads, materials.momentumHeads] + (materials.momentumBackbone.map { [$0.store] } ?? [])
    let measures = try monitor.measure(method, buffersOf: stores, gradientNorm: gradientNorm)
    let bounds = monitor.bounds ?? description.bounds
    if let collapse = progress.watch.note(measures, bounds: bounds) {
      throw PretrainingError.collapsed(collapse, method: description, measures: measures, step: position.step, checks: bounds.checks)
    }
  }

  public var learningRate: Double { latestRates[0] }

  /// Of each optimizer in the latest step.
  var latestRates: [Double] { optimizers.map { $0.schedule.rate(ofStep: progress.step) } }

  // MARK: - An epoch's end

  public func closeEpoch(at position: TrainingPosition, watcher: EvaluationWatcher) throws -> EpochVerdict {
    var record: ValidationRecord?
    func score() throws -> Double {
      guard let verdict = try probe?.judge(method.result, at: position, isLast: isLast(position), watcher: watcher) else {
        try watcher(0, 0)
        return .nan
      }
      record = verdict.record.comparing(with: progress.start ?? [:])
      return verdict.score
    }
    try spread?.requireSame(sharedState, step: position.step)
    // One process asks, and all of them decide by it. No number is no verdict.
    let judged = try spread?.fromFirst(step: position.step, score) ?? score()
    if !judged.isNaN, progress.selection.isBest(judged, ofEpoch: position.epoch, preferring: .higher) { try best.keep() }
    return EpochVerdict(validation: record, endsTraining: false)
  }

  /// The running statistics of the networks whose work is divided: those of a process's own images, unless they are synchronized.
  private var backboneBuffers: [Tensor] {
    backbone.store.buffers.map(\.tensor) + (materials.momentumBackbone?.store.buffers.map(\.tensor) ?? [])
  }

  /// What is the same in all processes, bit for bit.
  private var sharedState: [(name: String, tensor: Tensor)] {
    let own = backbone.store.parameters + (materials.momentumBackbone?.store.parameters ?? [])
    let whole = materials.heads.state + materials.momentumHeads.state + materials.memory.store.state + optimizers.flatMap(\.optimizer.state)
    return own + whole
  }

  private func isLast(_ position: TrainingPosition) -> Bool { position.epoch == extent.epochs || position.step == extent.stepCount }

  public func finish() throws { try best.putBack() }

  // MARK: - State

  private enum Part: String, CaseIterable { case model, heads, momentumModel, momentumHeads, memory, optimizer }

  public static let partNames = Part.allCases.map(\.rawValue) + [BestState.partName]

  /// What each part is of; those without tensors are left out.
  private func tensors(of part: Part) -> [(name: String, tensor: Tensor)] {
    switch part {
    case .model: backbone.store.state
    case .heads: materials.heads.state
    case .momentumModel: materials.momentumBackbone?.store.state ?? []
    case .momentumHeads: materials.momentumHeads.state
    case .memory: materials.memory.store.state
    case .optimizer: optimizers.flatMap(\.optimizer.state)
    }
  }

  public var state: [StatePart] {
    Part.allCases.map { StatePart($0.rawValue, tensors(of: $0)) }.filter { !$0.tensors.isEmpty } + best.parts
  }

  public func restore(_ parts: [String: [String: Tensor]]) throws {
    try best.restore(parts)
    func saved(_ part: Part) -> [String: Tensor] { parts[part.rawValue, default: [:]] }
    try backbone.store.load(saved(.model))
    try materials.heads.load(saved(.heads))
    try materials.momentumBackbone?.store.load(saved(.momentumModel))
    try materials.momentumHeads.load(saved(.momentumHeads))
    try materials.memory.load(saved(.memory))
    var left = saved(.optimizer)
    for scheduled in optimizers.dropLast() {
      let own = Set(scheduled.optimizer.state.map(\.name))
      try scheduled.optimizer.restore(left.filter { own.contains($0.key) })
      left = left.filter { !own.contains($0.key) }
    }
    // What is left over is the last one's to refuse.
    try optimizers.last?.optimizer.restore(left)
  }

  /// Where a pre-training stands.
  public struct Progress: Codable, Equatable, Sendable {
    /// The latest step.
    public var step = 0
    /// By the probe's score.
    public var selection = EpochSelection()
    /// What the monitor saw in a row.
    public var watch = CollapseWatch()
    /// What the probe found before the first step; nil where it looked at nothing then.
    public var start: [String: Double]?

    private enum CodingKeys: String, CodingKey {
      case step = "pretrainingStep"
      case selection, watch
      case start = "probeAtStart"
    }
  }
}
