import Datasets
import Foundations
import Metrics
import Models
import Pretraining
import Probes
import Studies
import Training

/// Judges a backbone by what the nearest training images of labeled tasks say of their validation images. Nothing of it is fitted, so nothing of it can
/// flatter a state. The test images are never looked at.
final class NeighborProbe: PretrainingProbe {
  struct Task {
    let name: String
    let kind: TaskKind
    let recipe: Recipe
    /// With labels as the recipe's policy makes them.
    let splits: DatasetSplits
    let scoredClasses: [String]?
    let loaders: LoaderSetting
  }

  /// k, and the most images of each part that are asked: enough for two digits, and a pass of minutes at most.
  static let neighbors = NearestNeighbors.standardCount, mostTraining = 5000, mostValidation = 2000

  private let tasks: [Task]
  private let everyEpochs: Int
  private let numerics: NumericSetting

  init(_ tasks: [Task], everyEpochs: Int, numerics: NumericSetting) {
    (self.tasks, self.everyEpochs, self.numerics) = (tasks, everyEpochs, numerics)
  }

  func judge(_ backbone: BackboneNetwork, at position: TrainingPosition, isLast: Bool, watcher: EvaluationWatcher) throws -> ProbeVerdict? {
    guard isLast || position.epoch % everyEpochs == 0 else { return nil }
    let chosen = tasks.map { (training: Self.some($0.splits.training, Self.mostTraining), validation: Self.some($0.splits.validation, Self.mostValidation)) }
    let count = chosen.reduce(0) { $0 + $1.training.count + $1.validation.count }
    var done = 0, metrics: [String: MetricValue] = [:], scores: [Double] = []
    for (task, images) in zip(tasks, chosen) {
      let pass = try FeaturePass(backbone, recipe: task.recipe, kind: task.kind, numerics: numerics, loaders: task.loaders)
      func look(_ samples: [Sample]) throws -> (features: FeatureMatrix, samples: [Sample]) {
        var values: [Float] = [], seen: [Sample] = []
        try pass.run(samples) { rows in
          values += rows.values[FeaturePass.pooled] ?? []
          seen += rows.indices.map { samples[$0] }
          done += rows.indices.count + rows.broken.count
          try watcher(done, count)
        }
        return (try FeatureMatrix(values, width: backbone.architecture.featureCount), seen)
      }
      let trained = try look(images.training), asked = try look(images.validation)
      let score = try Self.auroc(of: task, trained, asked)
      metrics["kNN \(task.name)"] = score
      if let number = score.number { scores.append(number) }
    }
    guard !scores.isEmpty else { return nil }
    let mean = scores.reduce(0, +) / Double(scores.count)
    // The history's records have a loss, the lower the better.
    return ProbeVerdict(score: mean, record: ValidationRecord(loss: 1 - mean, metrics: metrics))
  }

  private static func auroc(
    of task: Task, _ trained: (features: FeatureMatrix, samples: [Sample]), _ asked: (features: FeatureMatrix, samples: [Sample])
  ) throws -> MetricValue {
    // What is uncertain by its label is not known here.
    func labels(_ samples: [Sample]) -> [[Float]] { samples.map { $0.labels.map { (0...1).contains($0) ? $0 : .nan } } }
    let neighbors = try NearestNeighbors(
      trained.features,
      labels: ProbeLabels(
        labels(trained.samples), classNames: task.splits.classNames, relation: task.kind.isOfExactlyOneClass ? .exclusive : .independent))
    let probabilities = try neighbors.probabilities(of: asked.features)
    let predictions = ClassificationPredictions(
      classNames: task.splits.classNames, scoredClasses: task.scoredClasses,
      rows: zip(zip(asked.samples, labels(asked.samples)), probabilities).map { pair, probabilities in
        ClassificationPredictions.Row(id: pair.0.id, patient: pair.0.patient, targets: pair.1, probabilities: probabilities)
      })
    return Predictions.classification(predictions).headline["auroc"] ?? .undefined(reason: "there is no class to score")
  }

  /// At most so many samples, the same each time: those whose ids come first by their seed.
  private static func some(_ samples: [Sample], _ most: Int) -> [Sample] {
    if samples.count <= most { return samples }
    let path = SeedPath(0) / "probe"
    let chosen = samples.indices.map { ((path / samples[$0].id).seed, $0) }.sorted { $0 < $1 }.prefix(most).map(\.1).sorted()
    return chosen.map { samples[$0] }
  }
}
