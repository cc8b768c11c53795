import Foundations
import NeuralNetworks
import Torch

@testable import Training

/// A small procedure of another kind than the supervised one: a student is trained on a few labeled points and, on noise, towards a
/// teacher, whose weights are the exponential moving average of the student's (Tarvainen and Valpola, 2017, equation 3).
///
/// It has no images, two networks, a memory that no optimizer knows, a batch of its own, and chooses by a score that is to be high.
final class MeanTeacher: Procedure {
  struct Batch: TrainingBatch {
    let number: Int
    let indices: [Int]
    var unusable: [BrokenSample] = []

    var sampleCount: Int { indices.count }
  }

  struct Progress: Codable, Equatable {
    var selection = EpochSelection()
    /// Steps of the teacher, whose memory grows with them.
    var averages = 0
  }

  /// The batches of an epoch, from an array.
  final class Batches: BatchSource {
    private var rest: ArraySlice<Batch>

    init(_ batches: [Batch]) { rest = batches[...] }

    func next() -> Batch? { rest.popFirst() }
  }

  var extent = TrainingExtent(epochs: 4, sampleCount: 10, batchSize: 3, batchesPerStep: 2, brokenFileLimit: 0.3)
  var patience: Int? = nil
  /// The step from whose loss on everything is lost.
  var divergesAtStep: Int? = nil
  /// The sample that cannot be read, from an epoch on.
  var broken: (index: Int, fromEpoch: Int)? = nil
  var progress = Progress()
  private let student: ParameterStore
  private let teacher: ParameterStore
  private let answer: Linear
  private let taught: Linear
  private let optimizer: Adam
  private var best: BestState
  private let points: Tensor
  private let values: Tensor

  init(seed: Int = 1) throws {
    let generator = try Generator(seed: SeedPath(seed).seed)
    student = ParameterStore(generator: generator)
    teacher = ParameterStore(generator: generator)
    best = BestState(of: teacher)
    answer = try Linear(ParameterScope(student) / "answer", inputCount: 2, outputCount: 1)
    taught = try Linear(ParameterScope(teacher) / "answer", inputCount: 2, outputCount: 1)
    optimizer = try Adam(student.trainableParameters, learningRate: 0.05)
    var random = SeedPath(0).generator()
    let drawn = (0..<10).map { _ in (Float(random.uniform(in: -1...1)), Float(random.uniform(in: -1...1))) }
    points = try Tensor(drawn.flatMap { [$0.0, $0.1] }, shape: [10, 2])
    values = try Tensor(drawn.map { 2 * $0.0 - $0.1 }, shape: [10, 1])
  }

  func batches(ofEpoch epoch: Int, after done: Int) throws -> any BatchSource<Batch> {
    let order = BatchOrderOfPoints(epoch: epoch).batches.enumerated().map { number, indices in
      let lost = indices.filter { $0 == broken?.index && epoch >= broken?.fromEpoch ?? 0 }
      return Batch(
        number: number, indices: indices.filter { !lost.contains($0) }, unusable: lost.map { BrokenSample(id: "\($0)", reason: "lost") })
    }
    return Batches(Array(order.dropFirst(done)))
  }

  func step(on batches: [Batch], at position: TrainingPosition) throws -> Tensor {
    let loss = try optimizer.step(on: batches, sampleCount: \.sampleCount) { batch in
      let indices = try Tensor(batch.indices.map(Int64.init))
      let x = try points.indexSelect(along: 0, indices), y = try values.indexSelect(along: 0, indices)
      let noise = try Tensor.randn(x.shape, generator: Generator(seed: (SeedPath(3) / position.epoch / batch.number).seed))
      let target = try withoutGradient { try taught(x + noise * 0.1) }
      let loss = try mseLoss(answer(x), targets: y) + mseLoss(answer(x + noise * 0.2), targets: target)
      return position.step >= divergesAtStep ?? .max ? try loss * Double.nan : loss
    }
    progress.averages += 1
    // The average forgets its random beginning sooner than a fixed memory would.
    let memory = min(1 - 1 / Double(progress.averages + 1), 0.9)
    try withoutGradient {
      try Foreach.lerpInPlace(teacher.state.map(\.tensor), student.state.map(\.tensor), weight: 1 - memory)
    }
    return loss
  }

  var learningRate: Double { optimizer.learningRate }

  func closeEpoch(at position: TrainingPosition, watcher: EvaluationWatcher) throws -> EpochVerdict {
    let score = try withoutGradient { try -mseLoss(taught(points), targets: values).item() }
    try watcher(10, 10)
    if progress.selection.isBest(score, ofEpoch: position.epoch, preferring: .higher) {
      try best.keep()
    }
    return EpochVerdict(validation: nil, endsTraining: progress.selection.exceeds(patience: patience))
  }

  func finish() throws { try best.putBack() }

  static let partNames = ["student", "teacher", "optimizer", BestState.partName]

  var state: [StatePart] {
    [StatePart("student", student.state), StatePart("teacher", teacher.state), StatePart("optimizer", optimizer.state)] + best.parts
  }

  func restore(_ parts: [String: [String: Tensor]]) throws {
    try best.restore(parts)
    try student.load(parts["student", default: [:]])
    try teacher.load(parts["teacher", default: [:]])
    try optimizer.restore(parts["optimizer", default: [:]])
  }
}

/// Ten points in batches of three, in an order drawn for each epoch.
private struct BatchOrderOfPoints {
  let batches: [[Int]]

  init(epoch: Int) {
    var random = (SeedPath(2) / epoch).generator()
    let order = random.permutation(of: 10)
    batches = stride(from: 0, to: 10, by: 3).map { Array(order[$0..<min($0 + 3, 10)]) }
  }
}
