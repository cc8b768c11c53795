internal import Figures
internal import Foundation
internal import Foundations
internal import Metrics
internal import Statistics
internal import Studies

extension LabelPrices {
  var sentences: [String] {
    tasks.map(\.sentence) + tasks.flatMap(\.leftOutSentences)
      + withoutPrice.sorted { $0.key < $1.key }.map { "On \($0.key) labels have no price: \($0.value)." }
  }

  var tables: [ReportTable] { tasks.isEmpty ? [] : [table] }

  private var table: ReportTable {
    let baselines = distinct(tasks.map(\.baseline)), baseline = baselines.count == 1 ? baselines[0] : "the baseline"
    var table = ReportTable(
      title: "What labels are worth",
      caption: "The share of the training images with which \(baseline) does as well as another initialization with its own share: on the nearest never-falling curve through "
        + "the means of \(baseline), straight in the logarithm of the share. The 95 % interval holds the shares at which the two cannot be told apart for other seeds and other "
        + "patients. Not reached: the probability that \(baseline) does not do as well with the most training images.",
      label: "label-price",
      columns: [
        .init("Task"), .init("Initialization"), .init("With", .right), .init("Mean, %", .right), .init("\(baseline) needs", .right),
        .init("95 % interval", .right), .init("Not reached", .right),
      ], headingColumns: 2)
    for task in tasks {
      for result in task.results {
        table.append([
          .init(task.task), .init(result.initialization), .init(task.words(result.fraction)), .init(ResultTable.Scale.percent.text(result.mean)),
          .init(task.wordsWithImages(result.price.price)),
          .init(
            result.price.interval.known.map(task.wordsWithImages) ?? "n/a",
            note: result.price.interval.reason.map { "\($0)." }),
          .init(result.price.notReached.known.map(probabilityText) ?? "n/a", note: result.price.notReached.reason.map { "\($0)." }),
        ])
      }
    }
    return table
  }

  func figures(order: [String]) -> [Figure] {
    guard !tasks.isEmpty else { return [] }
    return [
      AmountCurves(
        labels: .init(
          id: "label-price", title: point,
          caption: "Means over seeds by the share of the training images, with the nearest never-falling curve of the baseline.", order: order),
        tasks: tasks.map(\.panel), errorMeaning: "95 % intervals for other seeds and other patients"
      ).figure()
    ]
  }

  /// The first price that was measured, else what is known of one.
  private var point: String {
    let told = tasks.compactMap { task in task.told.map { (task: task, result: $0) } }
    guard let one = told.first(where: { $0.task.isMeasured($0.result) }) ?? told.first else {
      return "No initialization does better than the baseline with as many labels"
    }
    let needs = one.task.words(one.result.price.price)
    let more = tasks.count > 1 ? " on \(one.task.task)" : ""
    return "\(one.task.baseline) needs \(needs) of the labels for what \(one.result.initialization) does with \(one.result.fraction.percentText)\(more)"
  }

  var methods: String {
    guard let task = tasks.first else { return "" }
    return "Label price: the means of \(task.baseline) by the share of the training images were fitted by isotonic regression, with straight lines in the logarithm of the "
      + "share between them; the price of another initialization's mean is the least share at which that curve is there, and nothing is extrapolated. Its 95 % "
      + "interval holds the shares at which a t-test of the difference over seeds and patients does not reject (Fieller's method; all amounts of training images are tested on the same patients)."
  }
}

extension LabelPrices.Task {
  /// `57 %`, `less than 1 %`, `more than 100 %`.
  func words(_ reach: MonotoneCurve.Reach) -> String {
    switch reach {
    case .at(let fraction): Self.percent(fraction)
    case .below(let fraction): "less than \(Self.percent(fraction))"
    case .notReached: "more than \(Self.percent(curve.fractions.last ?? 1))"
    }
  }

  /// The same with the images: `57 % (1,234 images)`.
  func wordsWithImages(_ reach: MonotoneCurve.Reach) -> String { words(reach) + (images(of: reach).map { " (\($0))" } ?? "") }

  /// `20 % (433 images)`.
  func words(_ fraction: TrainingFraction) -> String { fraction.percentText + (images(at: fraction.value).map { " (\($0))" } ?? "") }

  private func images(of reach: MonotoneCurve.Reach) -> String? {
    switch reach {
    case .at(let fraction), .below(let fraction): images(at: fraction)
    case .notReached: images(at: curve.fractions.last ?? 1)
    }
  }

  /// `1,234 images`; nil where it is not known.
  private func images(at share: Double) -> String? { trainingImages.map { counted($0.images(at: share), "image") } }

  /// Two digits, or three above ten.
  private static func percent(_ fraction: Double) -> String {
    let percent = 100 * fraction
    return String(format: percent < 10 ? "%.2g %%" : "%.3g %%", percent)
  }

  /// The initialization that is the best but for the baseline, at each fraction where it is better than the baseline.
  var betterOnes: [LabelPrices.Result] {
    let fractions = Set(results.map(\.fraction)).sorted { $0.value < $1.value }
    return fractions.compactMap { fraction in
      results.filter { $0.fraction == fraction && $0.isBetter == true }.max { $0.mean < $1.mean }
    }
  }

  func isMeasured(_ result: LabelPrices.Result) -> Bool { if case .at = result.price.price { true } else { false } }

  /// The result whose price is told: one that was measured, if there is one.
  var told: LabelPrices.Result? { betterOnes.first(where: isMeasured) ?? betterOnes.first }

  /// `41 to 80 %`; where both ends are beyond what was measured, on the same side, it is said once.
  func words(_ bounds: LabelPrice.Bounds) -> String {
    let (lower, upper) = (words(bounds.lower), words(bounds.upper))
    return lower == upper ? lower : "\(lower) to \(upper)"
  }

  /// The same with the images.
  func wordsWithImages(_ bounds: LabelPrice.Bounds) -> String {
    let (lower, upper) = (wordsWithImages(bounds.lower), wordsWithImages(bounds.upper))
    return lower == upper ? lower : "\(lower) to \(upper)"
  }

  /// `On pneumonia, ImageNet with 57 % of the labels (1,234 images; 95 % interval 41 % to 80 %) does what CheXpert does with 20 % (433 images).`
  var sentence: String {
    guard let told else {
      return "On \(task), no initialization does better than \(baseline) with as many labels, so none is worth any."
    }
    let whose = "what \(told.initialization) does with \(words(told.fraction))"
    let interval = told.price.interval.known.map { "95 % interval \(words($0))" }
    let without = told.price.interval.reason.map { "; without interval: \($0)" } ?? ""
    guard isMeasured(told) else {
      let chance = told.price.notReached.known.map { "; the probability that it does not is \(probabilityText($0))" } ?? ""
      let most = curve.fractions.last ?? 1
      return "On \(task), \(baseline) with \(Self.percent(most)) of the labels\(images(at: most).map { " (\($0))" } ?? "") is not seen to reach \(whose)\(chance)\(without)."
    }
    let isOpen = told.price.interval.known.map { $0.contains(told.fraction.value) } ?? false
    let beside = [images(of: told.price.price), interval].compactMap(\.self).joined(separator: "; ")
    return "On \(task), \(baseline) with \(words(told.price.price)) of the labels\(beside.isEmpty ? "" : " (\(beside))") does \(whose)"
      + (isOpen ? "; that it needs more than \(told.fraction.percentText) is not shown" : "") + "\(without)."
  }

  /// `On pneumonia, seen has no price: …`
  var leftOutSentences: [String] { (leftOut ?? [:]).sorted { $0.key < $1.key }.map { "On \(task), \($0.key)\(Analysis.leftOutMark) has no price: \($0.value)." } }

  var panel: AmountCurves.Task {
    let starts = distinct(results.map(\.initialization)), drawn = Set(betterOnes.map(\.initialization))
    // A few lines can be read; the best ones are always among them.
    let shown = starts.count <= 5 ? starts : starts.filter(drawn.contains)
    let reference = AmountCurves.Curve(
      baseline, fractions: fractions.map(\.value), values: zip(means, intervals).map { Self.estimate($0, $1) }, fitted: curve.fitted.map { 100 * $0 })
    let others = shown.map { name in
      let own = results.filter { $0.initialization == name }
      return AmountCurves.Curve(name, fractions: own.map(\.fraction.value), values: own.map { Self.estimate($0.mean, $0.interval) })
    }
    let ways = betterOnes.compactMap { result -> AmountCurves.Way? in
      switch result.price.price {
      case .below: nil
      case .at(let fraction):
        .init(result.initialization, value: 100 * result.mean, from: result.fraction.value, to: fraction, label: words(result.price.price))
      case .notReached: .init(result.initialization, value: 100 * result.mean, from: result.fraction.value, to: nil, label: words(.notReached))
      }
    }
    return .init(title: task, axisTitle: "\(metricTitle), %", curves: [reference] + others, ways: ways)
  }

  private static func estimate(_ mean: Double, _ interval: Available<Interval>) -> Estimate {
    interval.known.map { Estimate(100 * mean, lower: 100 * $0.lower, upper: 100 * $0.upper) } ?? Estimate(100 * mean)
  }
}

extension LabelPrice.Bounds {
  /// Whether a fraction lies between the ends.
  func contains(_ fraction: Double) -> Bool {
    let isAbove =
      switch lower {
      case .at(let least): least <= fraction
      case .below: true
      case .notReached: false
      }
    let isBelow =
      switch upper {
      case .at(let most): fraction <= most
      case .below: false
      case .notReached: true
      }
    return isAbove && isBelow
  }
}
