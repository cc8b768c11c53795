import Foundations
import Models
import NeuralNetworks
import Studies
import Testing
import Torch
import Training

@testable import Pretraining

@Suite("Parts of self-supervised methods")
struct PartTests {
  private let golden: SelfSupervisedGolden

  init() throws {
    golden = try .load()
    // The first tensor, before any other thread makes one.
    _ = try Formula.uniform("first", [1])
  }

  private func memory() throws -> Memory {
    Memory(ParameterStore(type: .float64, generator: try Generator(seed: 1)), seed: SeedPath(1))
  }

  @Test("Sinkhorn's codes are SwAV's own to 1e-12, and use all prototypes alike")
  func sinkhorn() throws {
    let scores = try Formula.uniform("score0", [6, 5])
    #expect(relativeDistance(try sinkhornCodes(scores, epsilon: 0.05, iterations: 3).doubles(), golden.sinkhorn) < 1e-12)
    let many = try sinkhornCodes(scores, epsilon: 0.05, iterations: 2000)
    #expect(try many.sum(over: [0]).isClose(to: Tensor.full([5], value: 1.2, type: .float64), relativeTolerance: 1e-3))
  }

  @Test("Sinkhorn's codes are finite where the plain exponential overflows")
  func sinkhornOverflow() throws {
    let codes = try sinkhornCodes(Tensor([100, -100, 3, 90] as [Float], shape: [2, 2]), epsilon: 0.05, iterations: 3)
    #expect(try codes.floats().allSatisfy(\.isFinite))
  }

  @Test("Balanced labels are those of self-label's solver, and of nearly one size")
  func selfLabel() throws {
    let found = try balancedLabels(4.0 * Formula.uniform("self label", [40, 5]), sharpness: 3)
    #expect(try found.labels.integers() == golden.selfLabel)
    #expect(found.rounds == 31)
    let sizes = try found.labels.binCount(minimumCount: 5).integers()
    #expect(sizes.allSatisfy { (4...12).contains($0) }, "\(sizes)")
  }

  @Test("Spherical k-means from given rows is DeepCluster-v2's own to 1e-12")
  func kMeans() throws {
    let rows = try Formula.uniform("k-means", [40, 8]).unitRows()
    let found = try sphericalKMeans(rows, initial: rows.indexSelect(along: 0, Tensor(golden.kMeans.first)), iterations: 3)
    #expect(relativeDistance(try found.centroids.doubles(), golden.kMeans.centroids) < 1e-12)
    #expect(try found.assignments.integers() == golden.kMeans.assignments)
  }

  @Test("k-means never gets worse with another iteration, and keeps a cluster that nobody is near")
  func plainKMeans() throws {
    let rows = try Formula.uniform("k-means", [40, 8])
    let far = try Tensor.full([1, 8], value: 100, type: .float64)
    let first = try cat([rows.narrow(along: 0, start: 0, count: 3), far])
    let inertias = try (0..<5).map { try Pretraining.kMeans(rows, initial: first, iterations: $0).inertia.item() }
    #expect(zip(inertias, inertias.dropFirst()).allSatisfy { $0 >= $1 } && inertias[0] > inertias[4])
    let found = try Pretraining.kMeans(rows, initial: first, iterations: 3).clustering
    #expect(try found.centroids.select(along: 0, index: 3).isEqual(to: far.select(along: 0, index: 0)))
  }

  @Test("Concentrations of clusters are PCL's, with a cluster of one image and one of none")
  func concentrations() throws {
    let sample = golden.concentrations
    let found = clusterConcentrations(distances: sample.squares.map { $0.squareRoot() }, clusters: sample.clusters, count: 7, mean: 0.2)
    #expect(relativeDistance(found, sample.values) < 1e-12)
  }

  @Test("A bank's rows move as PyContrast's")
  func bank() throws {
    let memory = try memory(), bank = try MemoryBank(memory, count: 14, size: 8)
    _ = try bank.rows.copy(from: Formula.uniform("bank", [14, 8]).unitRows())
    try bank.update(Tensor([3, 0, 13, 7, 5, 1] as [Int64]), with: Formula.uniform("image", [6, 8]).unitRows(), momentum: 0.5)
    #expect(relativeDistance(try bank.rows.doubles(), golden.instance.updatedBank) < 1e-12)
  }

  @Test("The momentum of an average rises by BYOL's cosine, and rates by SwAV's and DINO's")
  func schedules() {
    let taus = (1...5).map { risingMomentum(from: 0.99, step: $0, of: 10) }
    #expect(relativeDistance(taus, golden.momentum.taus) < 1e-12)
    let schedule = RateSchedule(peak: 0.3, shape: .cosine, floor: 0.01, warmUpStart: 0.05, warmUpSteps: 8, stepsPerEpoch: 4, stepCount: 20)
    #expect(relativeDistance((1...20).map(schedule.rate(ofStep:)), golden.momentum.rates) < 1e-12)
  }

  @Test("A rate falls to a tenth at the published epochs, and by whole epochs where the code does")
  func rateShapes() {
    func schedule(_ shape: RateShape, warmUp: Int = 0) -> RateSchedule {
      RateSchedule(peak: 1, shape: shape, floor: 0, warmUpStart: nil, warmUpSteps: warmUp, stepsPerEpoch: 2, stepCount: 20)
    }
    let steps = schedule(.steps([0.6, 0.8]))
    #expect([1, 12, 13, 16, 17].map { (steps.rate(ofStep: $0) * 1000).rounded() } == [1000, 1000, 100, 100, 10])
    let epochs = schedule(.cosineByEpochs)
    #expect(epochs.rate(ofStep: 1) == 1 && epochs.rate(ofStep: 2) == 1 && abs(epochs.rate(ofStep: 11) - 0.5) < 1e-12)
    // The first step of a warm-up from nothing is of no rate.
    let warm = schedule(.cosine, warmUp: 4)
    #expect([1, 2, 5].map(warm.rate(ofStep:)) == [0, 0.25, 1])
  }

  @Test("A queue holds the latest keys, also across its end, in batches that do not divide it, and knows when it is full")
  func queue() throws {
    let memory = try memory(), queue = try FeatureQueue(memory, count: 5, size: 1, beginsRandom: false)
    func enqueue(_ values: [Double]) throws { try queue.enqueue(Tensor(values, shape: [values.count, 1])) }
    try enqueue([1, 2, 3])
    #expect(!queue.isFull)
    try enqueue([4, 5, 6])
    #expect(try queue.rows.doubles() == [6, 2, 3, 4, 5])
    #expect(queue.isFull)
    // A saved queue goes on where it was.
    let saved = try Dictionary(uniqueKeysWithValues: memory.store.state.map { ($0.name, try $0.tensor.clone()) })
    let second = try self.memory(), other = try FeatureQueue(second, count: 5, size: 1)
    try second.load(saved)
    #expect(other.isFull)
    for queue in [queue, other] { try queue.enqueue(Tensor([7, 8] as [Double], shape: [2, 1])) }
    #expect(try other.rows.doubles() == [6, 7, 8, 4, 5])
    #expect(try queue.rows.isEqual(to: other.rows))
    try enqueue([1, 2, 3, 4, 5, 6, 7])
    #expect(Set(try queue.rows.doubles()) == [3, 4, 5, 6, 7])
  }

  private func encoder(_ design: HeadDesign) throws -> (online: Encoder, momentum: MomentumEncoder, materials: MethodMaterials) {
    let numerics = NumericSetting(device: .cpu, precision: .float64)
    let backbone = try makeBackboneNetwork(
      architecture: ArchitectureCatalog.named("resnet20"),
      store: ParameterStore(type: .float64, memoryFormat: .contiguous, generator: try Generator(seed: 3)))
    let materials = try MethodMaterials(
      settings: MethodSettings(method: "none", rows: []), backbone: backbone, sampleCount: 8, views: ViewRecipe([]), numerics: numerics,
      seed: SeedPath(3))
    let online = try materials.encoder(projector: design)
    return (online, try materials.momentumEncoder(of: online, projector: design), materials)
  }

  @Test("A momentum encoder begins as a copy, follows by θ ← mθ + (1 − m)θ′, and gets no gradient")
  func momentumEncoder() throws {
    let (online, momentum, materials) = try encoder(.linear(4))
    let x = try Formula.uniform("x", [4, 3, 12, 12])
    #expect(try momentum(x).isEqual(to: online(x)))
    let name = "projector.0.weight"
    let own = try #require(materials.momentumHeads[name]), leading = try #require(materials.heads[name])
    try withoutGradient { _ = try leading.addInPlace(1.0) }
    let before = try own.doubles()
    try momentum.follow(momentum: 0.75)
    #expect(relativeDistance(try own.doubles(), before.map { $0 + 0.25 }) < 1e-12)
    #expect(materials.momentumHeads.trainableParameters.isEmpty)
    #expect(try #require(materials.momentumBackbone).store.trainableParameters.isEmpty)
  }

  @Test("Keys in shuffled sub-batches are each normalized with their sub-batch, and come back in the images' order")
  func shuffling() throws {
    let (_, momentum, _) = try encoder(.linear(4))
    let x = try Formula.uniform("x", [4, 3, 12, 12]), generator = try Generator(seed: 9)
    let found = try momentum.shuffled(x, groups: 2, generator: generator)
    let order = try Tensor.randperm(4, generator: Generator(seed: 9)).integers().map(Int.init)
    for half in 0..<2 {
      let members = Array(order[half * 2..<half * 2 + 2])
      let alone = try momentum(stack(members.map { try x.select(along: 0, index: $0) }))
      for (place, member) in members.enumerated() {
        #expect(try found.select(along: 0, index: member).isClose(to: alone.select(along: 0, index: place), relativeTolerance: 1e-9))
      }
    }
    #expect(try !found.isClose(to: momentum(x), relativeTolerance: 1e-3))
  }

  @Test("Heads are called as a Sequential of their modules, each with the bias and normalization of its design")
  func heads() throws {
    let store = ParameterStore(generator: try Generator(seed: 1))
    _ = try Head(
      ParameterScope(store) / "p", inputCount: 3, design: .multilayer(hidden: [4], hiddenBias: false, output: 2, outputNorm: .scaleOnly))
    #expect(
      store.state.map(\.name) == [
        "p.0.weight", "p.1.weight", "p.1.bias", "p.1.running_mean", "p.1.running_var", "p.1.num_batches_tracked", "p.3.weight", "p.3.bias",
        "p.4.weight", "p.4.running_mean", "p.4.running_var", "p.4.num_batches_tracked",
      ])
  }

  /// Parameters by the formula under their names in the head.
  private func fill(_ store: ParameterStore, without prefix: String) throws {
    try withoutGradient {
      for (name, tensor) in store.parameters { _ = try tensor.copy(from: Formula.uniform(String(name.dropFirst(prefix.count)), tensor.shape)) }
    }
  }

  @Test("A head with normalizations computes what PyTorch's Sequential does, running statistics included")
  func plainHead() throws {
    let store = ParameterStore(type: .float64, generator: try Generator(seed: 1))
    let head = try Head(
      ParameterScope(store) / "p", inputCount: 8,
      design: .multilayer(hidden: [7], hiddenBias: false, output: 5, outputNorm: BatchNorm1d.Affine.none))
    try fill(store, without: "p.")
    let x = try Formula.uniform("first", [6, 8]).setRequiresGradient(true), probe = try Formula.uniform("probe", [6, 5])
    let loss = try (head(x, mode: .training) * probe).sum()
    try loss.backward()
    let golden = golden.heads.plain
    // The output's normalization takes the sum nearly to 0, so the loss is held to the size of its terms.
    #expect(abs(try loss.item() - golden.loss) < 1e-9)
    #expect(relativeDistance(try #require(x.gradient).doubles(), golden.gradients[0]) < 1e-9)
    #expect(relativeDistance(try #require(store["p.1.running_mean"]).doubles(), golden.runningMeans) < 1e-12)
    #expect(relativeDistance(try #require(store["p.1.running_var"]).doubles(), golden.runningVariances) < 1e-12)
    // In evaluation an image's answer does not depend on the others.
    let alone = try head(x.narrow(along: 0, start: 2, count: 1), mode: .evaluation)
    #expect(try alone.isClose(to: head(x, mode: .evaluation).narrow(along: 0, start: 2, count: 1)))
  }

  @Test("DINO's head, with its unit bottleneck and unit outputs, computes what the official one does")
  func dinoHead() throws {
    let store = ParameterStore(type: .float64, generator: try Generator(seed: 1))
    let outputs = ParameterStore(type: .float64, generator: try Generator(seed: 1))
    let hidden = HeadDesign.Layer(width: 7, activation: .gelu)
    let head = try Head(ParameterScope(store) / "p", inputCount: 8, design: HeadDesign([hidden, hidden, .init(width: 4)]))
    let last = try UnitRowMap(ParameterScope(outputs) / "last", inputCount: 4, outputCount: 5)
    try fill(store, without: "p.")
    try fill(outputs, without: "last.")
    let x = try Formula.uniform("first", [6, 8]).setRequiresGradient(true), probe = try Formula.uniform("probe", [6, 5])
    let loss = try (last(head(x, mode: .training).unitRows()) * probe).sum()
    try loss.backward()
    #expect(relativeDistance([try loss.item()], [golden.heads.dino.loss]) < 1e-9)
    #expect(relativeDistance(try #require(x.gradient).doubles(), golden.heads.dino.gradients[0]) < 1e-9)
  }
}
