import Datasets
import Foundations
import Metrics
import Models
import Pretraining
import Probes
import Studies
import Training

/// Judges a backbone by what heads that are made of labeled training images say of validation images. The network is not trained for it, and the test
/// images are never looked at.
final class BackboneProbe: PretrainingProbe {
  struct Task {
    let name: String
    let kind: TaskKind
    let recipe: Recipe
    /// With labels as the recipe's policy makes them.
    let splits: DatasetSplits
    let scoredClasses: [String]?
    let loaders: LoaderSetting
  }

  /// The most images of each part that are asked: enough for two digits, and a pass of minutes at most.
  static let mostTraining = 5000, mostValidation = 2000
  /// A thermometer is read often: C one a decade, and a minimum to four digits, where a run of its own looks for eight at two a decade.
  private static let strengths = LinearProbe.standardStrengths.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
  private static let search = LogisticRegression.Search(tolerance: 1e-4, maximumIterations: 200)

  private let targets: [Task]
  private let forgettable: [Task]
  private let everyEpochs: Int
  private let heads: [ProbeHead]
  private let numerics: NumericSetting

  /// - Parameters:
  ///   - targets: by whose mean a state is judged.
  ///   - forgettable: what is asked before the first step and each time, to tell what is forgotten; a target among them is asked once.
  init(_ targets: [Task], forgettable: [Task] = [], everyEpochs: Int, heads: [ProbeHead], numerics: NumericSetting) {
    (self.targets, self.forgettable, self.everyEpochs, self.heads, self.numerics) = (targets, forgettable, everyEpochs, heads, numerics)
  }

  /// What a number is called in the history, such as `kNN findings`.
  static func name(_ head: ProbeHead, _ task: String) -> String { "\(head.rawValue) \(task)" }

  func look(atStart backbone: BackboneNetwork, watcher: EvaluationWatcher) throws -> [String: Double] {
    if forgettable.isEmpty { return [:] }
    return try ask(backbone, about: forgettable, watcher: watcher).compactMapValues(\.number)
  }

  func judge(_ backbone: BackboneNetwork, at position: TrainingPosition, isLast: Bool, watcher: EvaluationWatcher) throws -> ProbeVerdict? {
    guard isLast || position.epoch % everyEpochs == 0 else { return nil }
    let names = Set(targets.map(\.name))
    let metrics = try ask(backbone, about: targets + forgettable.filter { !names.contains($0.name) }, watcher: watcher)
    // In the order of tasks, so that the sum is the same each time.
    let scores = targets.flatMap { task in heads.compactMap { metrics[Self.name($0, task.name)]?.number } }
    guard !scores.isEmpty else { return nil }
    let mean = scores.reduce(0, +) / Double(scores.count)
    // The history's records have a loss, the lower the better.
    return ProbeVerdict(score: mean, record: ValidationRecord(loss: 1 - mean, metrics: metrics))
  }

  /// The AUROC of each head on each task; the network looks at the images of a task once.
  private func ask(_ backbone: BackboneNetwork, about tasks: [Task], watcher: EvaluationWatcher) throws -> [String: MetricValue] {
    let chosen = tasks.map { (training: Self.some($0.splits.training, Self.mostTraining), validation: Self.some($0.splits.validation, Self.mostValidation)) }
    let count = chosen.reduce(0) { $0 + $1.training.count + $1.validation.count }
    var done = 0, metrics: [String: MetricValue] = [:]
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
      func labels(_ samples: [Sample]) throws -> ProbeLabels {
        try ProbeLabels(
          samples.map { Self.known($0.labels) }, classNames: task.splits.classNames, relation: task.kind.isOfExactlyOneClass ? .exclusive : .independent)
      }
      let question = HeadQuestion(
        training: trained.features, labels: try labels(trained.samples), validation: asked.features, validationLabels: try labels(asked.samples),
        test: asked.features.rows([Int]()), scoredClasses: task.scoredClasses, seed: SeedPath(0), strengths: Self.strengths, search: Self.search)
      for head in heads { metrics[Self.name(head, task.name)] = try Self.auroc(of: head, question, asked.samples) }
    }
    return metrics
  }

  private static func auroc(of head: ProbeHead, _ question: HeadQuestion, _ asked: [Sample]) throws -> MetricValue {
    let probabilities: [[Double]]
    do {
      guard let answer = try FeatureHeadCatalog.head(of: head.mode)?.answer(question) else { return .undefined(reason: "\(head.rawValue) is no head") }
      probabilities = answer.validation
    } catch let error as ProbesError where error.kind == .nothingToChooseBy {
      return .undefined(reason: error.problem)
    }
    return auroc(of: probabilities, asked, labels: question.validationLabels.rows, classNames: question.labels.classNames, scored: question.scoredClasses)
  }

  private static func auroc(of probabilities: [[Double]], _ asked: [Sample], labels: [[Float]], classNames: [String], scored: [String]?) -> MetricValue {
    let predictions = ClassificationPredictions(
      classNames: classNames, scoredClasses: scored,
      rows: zip(zip(asked, labels), probabilities).map { pair, probabilities in
        ClassificationPredictions.Row(id: pair.0.id, patient: pair.0.patient, targets: pair.1, probabilities: probabilities)
      })
    return Predictions.classification(predictions).headline["auroc"] ?? .undefined(reason: "there is no class to score")
  }

  /// Checks that the targets' validation images tell one state from another at all: else the last state would be kept, and nobody would know why.
  ///
  /// - Throws: `ExecutionError` of kind `nothingToJudgeBy`.
  func requireJudgment(of name: String) throws {
    let reasons = targets.compactMap { task -> String? in
      let asked = Self.some(task.splits.validation, Self.mostValidation), labels = asked.map { Self.known($0.labels) }
      let answers = labels.map { $0.map { _ in 0.5 } }
      return Self.auroc(of: answers, asked, labels: labels, classNames: task.splits.classNames, scored: task.scoredClasses).reason.map { "\(task.name): \($0)" }
    }
    if reasons.count == targets.count { throw ExecutionError.nothingToJudgeBy(name, reasons) }
  }

  /// What is uncertain by its label is not known here.
  private static func known(_ labels: [Float]) -> [Float] { labels.map { (0...1).contains($0) ? $0 : .nan } }

  /// At most so many samples, the same each time: those whose ids come first by their seed.
  private static func some(_ samples: [Sample], _ most: Int) -> [Sample] {
    if samples.count <= most { return samples }
    let path = SeedPath(0) / "probe"
    let chosen = samples.indices.map { ((path / samples[$0].id).seed, $0) }.sorted { $0 < $1 }.prefix(most).map(\.1).sorted()
    return chosen.map { samples[$0] }
  }
}

extension ExecutionError {
  static func nothingToJudgeBy(_ name: String, _ reasons: [String]) -> ExecutionError {
    ExecutionError(
      kind: .nothingToJudgeBy, problem: "The probe of “\(name)” cannot tell one state from another by the validation images of its tasks (\(reasons.joined(separator: "; "))).",
      remedy: "Name tasks whose validation images have both answers, or remove the probe and keep the last state.")
  }
}
