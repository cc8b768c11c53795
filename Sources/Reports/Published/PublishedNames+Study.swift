internal import Foundations
public import Studies

extension PublishedNames {
  /// What a study's names are known to mean: the catalog entry behind weights, random values, and for a training on a task of the
  /// study its start and that task; a task that is a built-in one, its code.
  public init(_ study: Study) {
    var meanings: [String: String] = [:]
    for initialization in study.initializations { meanings[initialization.name] = Self.meaning(of: initialization.name, in: study) }
    for task in study.tasks { if let code = task.builtIn { meanings[task.name] = code } }
    self.init(meanings: meanings, architectures: distinct(study.tasks.filter(\.isTarget).map(\.recipe.architecture)))
  }

  /// `ImageNet->CheXpert` for a training on CheXpert that starts from the catalog's ImageNet. Only one step is told.
  private static func meaning(of name: String, in study: Study) -> String? {
    switch study.initialization(named: name)?.source {
    case .random: return "random"
    case .weights(let source): return source.entry
    case .training(let task, let start, _):
      guard let task = study.task(named: task), let dataset = task.dataset else { return nil }
      switch study.initialization(named: start)?.source {
      case .random: return dataset
      case .weights(let source): return source.entry.map { "\($0)->\(dataset)" }
      default: return nil
      }
    // Nothing that is published was made so.
    case .pretraining, nil: return nil
    }
  }
}
