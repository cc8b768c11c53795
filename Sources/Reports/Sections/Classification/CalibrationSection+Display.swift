internal import Figures
internal import Foundations
internal import Metrics
internal import Statistics
internal import Studies

extension CalibrationSection {
  var sentences: [String] { tasks.compactMap(sentence) }

  /// What the best initialization's probabilities are like, by the interval of the slope, and what a temperature changes.
  private func sentence(_ task: OfTask) -> String? {
    guard let run = shownFirst(task) else { return nil }
    let extremes = Extremes(run)
    let name = "the probabilities of \(run.initialization) (seed \(run.seed))"
    let standing: String
    if let slope = extremes.only {
      standing =
        "\(name) \(extremes.words): slope \(fixed(slope.value, 2).replacingMinus) (95 % interval \(fixed(slope.interval.lower, 2).replacingMinus) to "
        + "\(fixed(slope.interval.upper, 2).replacingMinus), 1 is best)"
    } else if extremes.judgedCount == 0 {
      standing = "the calibration slope of \(run.initialization) is not available (\(extremes.reason ?? "there is no class"))"
    } else {
      standing = "\(name) \(extremes.words) (95 % intervals of the slope without 1)"
    }
    let warning = extremes.only == nil ? nil : run.classes[0].warning.map { " " + IntervalWarning.ofTheInterval($0) }
    return "On \(task.task), \(standing).\(warning ?? "") \(temperatureWords(run))"
  }

  /// The run of the best initialization; where that has none, the first.
  private func shownFirst(_ task: OfTask) -> OfRun? { task.runs.first { $0.initialization == task.best } ?? task.runs.first }

  private func temperatureWords(_ run: OfRun) -> String {
    guard let temperature = run.temperature.known, let after = run.after.known, let old = run.before.calibrationError.number, let new = after.calibrationError.number
    else { return "A temperature is not available: \(run.temperature.reason ?? run.before.calibrationError.reason ?? "")." }
    let scale = ResultTable.Scale.percent
    return
      "The temperature \(fixed(temperature.value, 2)), fitted on the validation set, takes the expected calibration error of the test set from \(scale.text(old)) to \(scale.text(new)) %."
  }

  var tables: [ReportTable] { tasks.flatMap { [calibrationTable($0), temperatureTable($0)] } }

  private func calibrationTable(_ task: OfTask) -> ReportTable {
    let names = task.runs[0].classes.map(\.name), several = names.count > 1
    var table = ReportTable(
      title: "Calibration of \(task.task)",
      caption:
        "Of \(medianRunWords([task.metric])), with 95 % intervals for other patients. Slope: 1 is best, below 1 probabilities are too extreme. Intercept: 0 is best, above 0 they are too "
        + "low on the whole. O:E: 1 is best. Brier score = miscalibration − discrimination + uncertainty, in points of %.",
      label: "calibration-\(task.task)",
      columns: (several ? [.init("Class")] : []) + [
        .init("Initialization"), .init("Slope", .right), .init("Intercept", .right), .init("O:E", .right), .init("Brier score, %", .right),
        .init("Miscalibration", .right), .init("Discrimination", .right), .init("Uncertainty", .right),
      ], headingColumns: several ? 2 : 1, notes: task.note)
    for name in names {
      for run in task.runs {
        guard let one = run.classes.first(where: { $0.name == name }) else { continue }
        let brier = one.brier.known
        func estimate(_ value: (Recalibration) -> IntervalEstimate) -> ReportTable.Cell {
          guard let estimate = one.recalibration.known.map(value), let number = estimate.value.known else {
            return .init("n/a", note: (one.recalibration.reason ?? one.recalibration.known.map(value)?.value.reason).map { "Not available: \($0)." })
          }
          let bounds = estimate.interval.known.map { " (\(fixed($0.lower, 2).replacingMinus) to \(fixed($0.upper, 2).replacingMinus))" } ?? ""
          return .init(fixed(number, 2).replacingMinus + bounds, note: bounds.isEmpty ? nil : one.warning)
        }
        func points(_ value: (BrierDecomposition) -> Double) -> ReportTable.Cell {
          .init(brier.map { ResultTable.Scale.percent.text(value($0)) } ?? "n/a", note: one.brier.reason.map { "Not available: \($0)." })
        }
        table.append(
          (several ? [.init(name)] : []) + [
            .init("\(run.initialization), seed \(run.seed)"), estimate(\.slope), estimate(\.intercept), estimate(\.observedToExpected),
            points(\.score), points(\.miscalibration), points(\.discrimination), points(\.uncertainty),
          ])
      }
    }
    return table
  }

  private func temperatureTable(_ task: OfTask) -> ReportTable {
    let several = task.runs[0].classes.count > 1
    var table = ReportTable(
      title: "Temperature scaling of \(task.task)",
      caption:
        "The temperature is fitted on the validation set of \(medianRunWords([task.metric])); above 1 it makes probabilities less extreme. It changes no order, and no AUROC. Test set, before → after"
        + (several ? "; means over the classes" : "") + ".",
      label: "temperature-\(task.task)",
      columns: [
        .init("Initialization"), .init("Temperature", .right), .init("Log loss", .right), .init("Expected calibration error, %", .right),
        .init("Brier score, %", .right),
      ], notes: task.note)
    for run in task.runs {
      func change(_ value: (Errors) -> MetricValue, _ scale: ResultTable.Scale) -> ReportTable.Cell {
        guard let old = value(run.before).number else { return .init("n/a", note: value(run.before).reason) }
        return .init(scale.text(old) + (run.after.known.flatMap { value($0).number }.map { " → \(scale.text($0))" } ?? " → n/a"))
      }
      table.append([
        .init("\(run.initialization), seed \(run.seed)"),
        .init(run.temperature.known.map { fixed($0.value, 3) } ?? "n/a", note: run.temperature.reason.map { "Not available: \($0)." }),
        change(\.logLoss, .init(decimals: 3)), change(\.calibrationError, .percent), change(\.brier, .percent),
      ])
    }
    return table
  }

  func figures(order: [String]) -> [Figure] {
    tasks.compactMap { task in
      let curves = task.runs.filter { !$0.bins.isEmpty }.map { run in
        Reliability.Curve(
          run.initialization,
          bins: run.bins.map { bin in
            .init(
              lower: bin.lower, upper: bin.upper, count: bin.count, predicted: bin.meanProbability.number,
              observed: bin.positiveShare.number.map { share in
                bin.interval.known.map { Estimate(share, lower: $0.lower, upper: $0.upper) } ?? Estimate(share)
              })
          })
      }
      guard !curves.isEmpty else { return nil }
      let classes = task.runs[0].classes.count > 1 ? ", all classes together" : ""
      return Reliability(
        labels: .init(
          id: "calibration-\(task.task)", title: "\(task.task): \(point(task))",
          caption: "Of \(medianRunWords([task.metric])). Ten bins of equal width\(classes); error bars are Wilson's 95 % intervals for other patients.", notes: task.note,
          order: order.isEmpty ? lookOrder : order), curves: curves
      ).figure()
    }
  }

  private func point(_ task: OfTask) -> String {
    guard let run = shownFirst(task), case let extremes = Extremes(run), extremes.judgedCount > 0 else { return "calibration" }
    return "the probabilities of \(run.initialization) \(extremes.words)"
  }
}

/// How many classes of a run have probabilities that are too extreme, or too near to each other.
private struct Extremes {
  let judgedCount: Int
  /// Of a run with one class.
  let only: (value: Double, interval: Interval)?
  let words: String
  /// Why no class has a slope with an interval.
  let reason: String?

  init(_ run: CalibrationSection.OfRun) {
    let slopes = run.classes.map { $0.recalibration.map(\.slope) }
    let judged = slopes.compactMap { $0.known?.interval.known }
    let extreme = judged.count { $0.upper < 1 }, timid = judged.count { $0.lower > 1 }
    judgedCount = judged.count
    reason = slopes.compactMap { $0.reason ?? $0.known?.value.reason }.first
    if run.classes.count == 1, let slope = slopes.first?.known, let value = slope.value.known, let interval = slope.interval.known {
      only = (value, interval)
      words = extreme > 0 ? "are too extreme" : timid > 0 ? "are too near to each other" : "are not shown to be too extreme or too near to each other"
    } else {
      only = nil
      let parts = [extreme > 0 ? "too extreme for \(extreme)" : nil, timid > 0 ? "too near to each other for \(timid)" : nil].compactMap(\.self)
      words =
        parts.isEmpty
        ? "are for none of \(judged.count) classes shown to be too extreme or too near to each other" : "are \(parts.joined(separator: " and ")) of \(judged.count) classes"
    }
  }
}
