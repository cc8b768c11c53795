internal import Foundations
internal import Metrics
internal import Statistics
internal import Studies

/// What each figure of a study shows, in a few words that stand as its title.
extension StudyNumbers {
  /// Of dots by family: which family has the best mean where.
  func pointOfFamilies(_ drawn: [(task: TaskAnalysis, values: ResultTable.Task)]) -> String {
    let families = Dictionary(outline.initializations.map { ($0.name, $0.family) }, uniquingKeysWith: { first, _ in first })
    let best = drawn.compactMap { $0.task.namedBest.flatMap { families[$0] } }
    let counts = distinct(best).map { family in (family: family, count: best.count { $0 == family }) }
    guard let most = counts.max(by: { $0.count < $1.count }) else { return "By family of pre-training" }
    return "The best mean is of the family “\(most.family)” on \(most.count) of \(drawn.count) task\(drawn.count == 1 ? "" : "s")"
  }

  /// Of lines over the tasks: who is first most often.
  var pointOfTasks: String {
    let best = firstOfEachTask.compactMap(\.task.namedBest)
    let counts = distinct(best).map { name in (name: name, count: best.count { $0 == name }) }
    guard let most = counts.map(\.count).max() else { return "Every initialization over the tasks" }
    let names = counts.filter { $0.count == most }.map(\.name)
    return "\(firstFew(names)) \(names.count == 1 ? "has" : "each have") the best mean on \(most) of \(firstOfEachTask.count) tasks"
  }

  /// Of curves of one task: the range of a metric over the initializations that are drawn.
  func pointOfRange(_ task: StudyOutline.Task, _ names: [String], _ metric: MetricName, _ title: String, decimals: Int = 3) -> String? {
    let isCompared = marked(on: task).isCompared
    let values = names.filter(isCompared).compactMap { name in
      group(task: task.name, initialization: name)?.metric(metric)?.summary.mean.known.map { (name: name, value: $0) }
    }
    guard let high = values.max(by: { $0.value < $1.value }), let low = values.min(by: { $0.value < $1.value }) else { return nil }
    let best = metric.direction == .higher ? high : low, worst = metric.direction == .higher ? low : high
    return values.count == 1 || fixed(best.value, decimals) == fixed(worst.value, decimals)
      ? "\(task.name): \(title) \(fixed(best.value, decimals))\(values.count == 1 ? " (\(best.name))" : " for all")"
      : "\(task.name): \(title) from \(fixed(worst.value, decimals)) (\(worst.name)) to \(fixed(best.value, decimals)) (\(best.name))"
  }

  /// Of learning curves: who reaches the best validation value, and when.
  func pointOfLearning(_ task: StudyOutline.Task, _ histories: [LearningHistory], _ metric: MetricName) -> String {
    let reached = histories.flatMap { history in
      history.metric.compactMap { point in point.summary.mean.known.map { (name: history.key.initialization, epoch: point.epoch, value: $0) } }
    }
    guard let best = reached.max(by: { (metric.direction.merit($0.value), -$0.epoch) < (metric.direction.merit($1.value), -$1.epoch) }) else {
      return "\(task.name): learning curves"
    }
    let scale = task.scale(of: metric)
    return
      "\(task.name): best validation \(task.kind.title(of: metric)) \(scale.text(best.value))\(scale.suffix), \(best.name) after \(best.epoch) epoch\(best.epoch == 1 ? "" : "s")"
  }

  /// Of differences from the baseline by amount of images: with which amounts some initialization is told from it.
  func pointOfDifferences(_ task: StudyOutline.Task, _ fractions: [TrainingFraction], _ comparisons: [[Comparison]], _ baseline: String) -> String {
    let told = zip(fractions, comparisons).map { fraction, all in (fraction: fraction, names: all.filter { $0.isToldApart == true }.map(\.first)) }
    guard told.contains(where: { !$0.names.isEmpty }) else { return "\(task.name): none is told from \(baseline) with any amount of training images" }
    let words = told.map { "\($0.names.isEmpty ? "none" : firstFew($0.names, atMost: 2)) with \($0.fraction.percentText)" }
    return "\(task.name): told from \(baseline) are \(words.joined(separator: ", "))"
  }

  /// Of lines by architecture: which pair has the best mean most often.
  ///
  /// - Parameter directions: in which a value is better, one a set of images.
  func pointOfArchitectures(_ lines: [(name: String, values: [Double?])], _ directions: [MetricName.Direction]) -> String {
    let places = 0..<(lines.first?.values.count ?? 0)
    let best = places.compactMap { place -> String? in
      let known = lines.compactMap { line -> (name: String, value: Double)? in line.values[place].map { (name: line.name, value: $0) } }
      return known.max { directions[place].merit($0.value) < directions[place].merit($1.value) }?.name
    }
    let counts = distinct(best).map { name in (name: name, count: best.count { $0 == name }) }
    guard let most = counts.map(\.count).max() else { return "Every architecture over the tasks" }
    let names = counts.filter { $0.count == most }.map(\.name)
    return "\(firstFew(names)) \(names.count == 1 ? "has" : "each have") the best mean on \(most) of \(best.count) sets of images"
  }

  /// Of lines by amount of images: whether one leads with every amount.
  func pointOfSizes(_ task: StudyOutline.Task, _ leaders: [String]) -> String {
    guard let last = leaders.last else { return "\(task.name) by the amount of training images" }
    return Set(leaders).count == 1
      ? "\(task.name): \(last) has the best mean with every amount of training images"
      : "\(task.name): the best mean changes with the amount of training images, from \(leaders[0]) to \(last)"
  }
}
