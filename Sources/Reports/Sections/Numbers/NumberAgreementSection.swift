internal import Figures
internal import Foundations
internal import Metrics
internal import RunStore
internal import Statistics
internal import Studies

/// How the numbers of a regression agree with the true ones: bias and limits of agreement (Bland and Altman 1986) of the median run of
/// each shown initialization, and its numbers against the true ones.
struct NumberAgreementSection: StudySection {
  static let id = "numberAgreement"

  /// Where the run is whose first metric is the median of its seeds: its predictions are read again once it is known which are shown.
  struct Part: Sendable {
    let cell: Cell
    let imageCount: Int
  }

  struct OfNumber: Codable, Hashable, Sendable {
    let name: String
    let imageCount: Int
    /// Not available for fewer than two images with a known number.
    let bias: MetricValue
    let standardDeviation: MetricValue
    let lowerLimit: MetricValue
    let upperLimit: MetricValue
    /// What is drawn, of the best initialization and the baseline: at most `mostDrawn` images, evenly from all; nil for the others.
    let truths: [Double]?
    let values: [Double]?
  }

  struct OfRun: Codable, Hashable, Sendable {
    let initialization: String
    let seed: Int
    let numbers: [OfNumber]
  }

  struct OfTask: Codable, Hashable, Sendable {
    let task: String
    let unit: String?
    let metric: String
    let runs: [OfRun]
    let note: [String]
  }

  let tasks: [OfTask]

  /// More points than these are not told apart in a figure.
  static let mostDrawn = 1000

  static func part(of group: GroupContents) -> Part? {
    guard group.task.kind.answer == .numbers, group.task.folds == nil, group.key.fraction == group.task.largestFraction else { return nil }
    let metric = group.task.kind.tableMetrics[0]
    guard let median = MedianRun.index(group.runs.map { ($0.cell.seed, $0.metrics.value(of: metric)?.number) }) else { return nil }
    return Part(cell: group.runs[median].cell, imageCount: group.runs[median].metrics.imageCount)
  }

  static func make(_ parts: [CellGroup.Key: Part], _ context: SectionContext) throws -> NumberAgreementSection? {
    let tasks = try context.outline.tasks.compactMap { task -> OfTask? in
      let shown = context.shown(task), baseline = context.settings.analysis.baseline
      let drawn = Set([shown.best, baseline].compactMap(\.self))
      var unit: String?
      let runs = try shown.names.compactMap { name -> OfRun? in
        guard let part = parts[.init(task: task.name, initialization: name, fraction: task.largestFraction)] else { return nil }
        let found = try RunReader(context.source, run: part.cell.relativePath).predictions(imageCount: part.imageCount)
        guard case .numbers(let all) = found else { return nil }
        unit = all.unit
        return OfRun(
          initialization: name, seed: part.cell.seed,
          numbers: all.names.enumerated().map { OfNumber($1, all.pairs(of: $0), isDrawn: drawn.contains(name)) })
      }
      guard !runs.isEmpty else { return nil }
      return OfTask(
        task: task.name, unit: unit, metric: task.kind.title(of: task.kind.tableMetrics[0]), runs: runs, note: shown.note)
    }
    return tasks.isEmpty ? nil : NumberAgreementSection(tasks: tasks)
  }
}

extension NumberAgreementSection.OfNumber {
  fileprivate init(_ name: String, _ pairs: [NumberPair], isDrawn: Bool) {
    self.name = name
    imageCount = pairs.count
    let agreement = Agreement(pairs), few = MetricValue.undefined(reason: "fewer than two images have a known number")
    func value(_ part: (Agreement) -> Double) -> MetricValue { agreement.map { .value(part($0)) } ?? few }
    bias = value(\.bias)
    standardDeviation = value(\.standardDeviation)
    lowerLimit = value(\.lowerLimit)
    upperLimit = value(\.upperLimit)
    let step = max(1, (pairs.count + NumberAgreementSection.mostDrawn - 1) / NumberAgreementSection.mostDrawn)
    let chosen = isDrawn ? stride(from: 0, to: pairs.count, by: step).map { pairs[$0] } : nil
    truths = chosen?.map(\.truth)
    values = chosen?.map(\.value)
  }
}

extension NumberAgreementSection {
  var title: String { "Agreement of numbers" }

  var methods: String {
    "Agreement of predicted and true numbers is that of one run an initialization, \(medianRunWords(tasks.map(\.metric))): the mean difference, predicted minus true, "
      + "and the limits of agreement, mean ± 1.96 standard deviations of the differences (Bland and Altman 1986)."
  }

  var tables: [ReportTable] {
    tasks.map { task in
      let unit = task.unit.map { ", \($0)" } ?? "", scale = ResultTable.Scale(symbol: task.unit ?? "", decimals: 3)
      var table = ReportTable(
        title: "Agreement of \(task.task)",
        caption: "Predicted minus true\(unit), of the median run of each initialization; 95 % of differences lie between the limits if they are normal.",
        label: "agreement-\(task.task)",
        columns: [
          .init("Initialization"), .init("Number"), .init("Images", .right), .init("Bias", .right), .init("Standard deviation", .right),
          .init("Lower limit", .right), .init("Upper limit", .right),
        ], headingColumns: 2)
      for run in task.runs {
        for number in run.numbers {
          func cell(_ value: MetricValue) -> ReportTable.Cell { .init(value.number.map { scale.text($0).replacingMinus } ?? "n/a", note: value.reason) }
          table.append([
            .init("\(run.initialization), seed \(run.seed)"), .init(number.name), .init(grouped(number.imageCount)), cell(number.bias),
            cell(number.standardDeviation), cell(number.lowerLimit), cell(number.upperLimit),
          ])
        }
      }
      return table
    }
  }

  func figures(order: [String]) -> [Figure] {
    tasks.compactMap { task in
      let subjects = task.runs.flatMap { run in run.numbers.compactMap { subject(run, $0, task) } }
      guard let first = subjects.first else { return nil }
      let point = subjects.dropFirst().reduce(first) { $1.upperLimit - $1.lowerLimit < $0.upperLimit - $0.lowerLimit ? $1 : $0 }
      return NumberAgreement(
        labels: .init(
          id: "agreement-\(task.task)",
          title:
            "\(task.task): limits of agreement \(fixed(point.lowerLimit, 3).replacingMinus) to \(fixed(point.upperLimit, 3).replacingMinus)\(task.unit.map { " \($0)" } ?? ""), \(point.name)",
          caption: "Predicted against true, and Bland and Altman's plot, of the median run of the best initialization and of the baseline.",
          notes: task.note, order: order),
        subjects: subjects
      ).figure()
    }
  }

  private func subject(_ run: OfRun, _ number: OfNumber, _ task: OfTask) -> NumberAgreement.Subject? {
    guard let truths = number.truths, let values = number.values, let bias = number.bias.number, let lower = number.lowerLimit.number,
      let upper = number.upperLimit.number
    else { return nil }
    let name = run.numbers.count > 1 ? "\(run.initialization), \(number.name)" : run.initialization
    return .init(
      name, axisTitle: number.name + (task.unit.map { ", \($0)" } ?? ""), truths: truths, values: values, bias: bias, lowerLimit: lower,
      upperLimit: upper)
  }
}
