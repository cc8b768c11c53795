internal import Foundations
internal import Metrics
internal import Statistics
internal import Studies

extension StudyNumbers {
  /// What was computed, in sentences for a Methods section, a paragraph for each thing.
  public var methods: String { methodsParagraphs.text }

  /// The same with what each paragraph is about.
  public var methodsParagraphs: [MethodsParagraph] {
    let opening = sections.all.filter(\.opensMethods).map { MethodsParagraph("Data and training", [$0.methods]) }
    let comparisons = analysis.methodsParagraphs + [MethodsParagraph(Analysis.comparisonsTitle, [fractions, modes, equivalenceWords])]
    return
      (opening + [MethodsParagraph("Measures", [source, decisions, curves])] + comparisons
      + [MethodsParagraph("Intervals", [levels, patients, overSeeds])]
      + sections.all.filter { !$0.opensMethods }.map { MethodsParagraph($0.title, [$0.methods]) }).said
  }

  private var source: String {
    let multiple = outline.tasks.contains { $0.kind.isClassification && $0.kind.hasSeveralClasses }
    let classes = multiple ? " The AUROC of a task with several classes is their plain mean; a class without positive or negative images is left out." : ""
    let masks =
      outline.tasks.contains { $0.kind.isSegmentation }
      ? " Dice is taken at a probability above 0.5 at the network's resolution, of the pixels of all images together (pooled) and as the mean over images, where empty against empty is 1. HD95\(groups.contains { $0.metrics.contains { $0.metric == .clDice } } ? ", NSD and clDice" : " and NSD") compare the masks on the pixels of the image's own file, unless their unit says otherwise."
      : ""
    let classMasks =
      outline.tasks.contains(where: \.kind.hasSeveralMasks)
      ? " Of a segmentation of several classes each metric is computed for each class and given as the plain mean over the classes, the background being none of them; an image in which a class is neither drawn nor found has no value of that class, and a class that is in no image has no part in the mean."
      : ""
    let labelMaps = outline.tasks.contains { $0.kind.answer == .labelMap } ? " Of classes that exclude each other a pixel is of the most probable one." : ""
    let ordered =
      outline.tasks.contains(where: \.kind.hasOrderedClasses)
      ? " Grades are the most probable ones; Cohen's kappa has quadratic weights." : ""
    let numbers =
      outline.tasks.contains { $0.kind.answer == .numbers }
      ? " Errors of numbers are in the numbers' own unit, over the images whose number is known, and of several numbers the plain mean; R² is 1 − Σ(ŷ − y)²/Σ(y − ȳ)² of the test images, and the limits of agreement are Bland and Altman's, the mean difference ± 1.96 standard deviations."
      : ""
    return "Every number was computed from the predictions of the runs on the test set.\(classes)\(ordered)\(masks)\(classMasks)\(labelMaps)\(numbers)"
  }

  private var fractions: String {
    smallerFractions.isEmpty
      ? "" : "Runs with a part of the training images (\(listed(smallerFractions.map(\.fraction.percentText)))) were compared among themselves in the same way."
  }

  private var decisions: String {
    groups.contains { $0.metrics.contains { $0.metric.needsThreshold && $0.summary.mean.known != nil } }
      ? "\(listed(MetricName.allCases.filter(\.needsThreshold).map(\.title))) are of decisions at the threshold with the greatest Youden index on the validation set, chosen for each run and class and then held fixed."
      : ""
  }

  private var overSeeds: String {
    furtherTables.isEmpty ? "" : "The intervals of further metrics are t intervals of the mean over seeds, for other seeds on these test images."
  }

  private var levels: String {
    groups.contains { $0.seedsAndPatients.estimate.interval.known != nil }
      ? "Intervals for other seeds and other patients, and the variance components, are those of Obuchowski and Rockette with Satterthwaite's degrees of freedom, seeds standing for readers, the intervals of fractions on the logit scale; the covariance over patients is \(listed(covariances)). Images of no known patient count as patients of their own."
      : ""
  }

  /// Of the kinds of tasks that there are.
  private var covariances: [String] {
    let tasks = outline.tasks, metrics = Set(tasks.flatMap(\.kind.tableMetrics)), ways: [MetricName] = [.aurocMacro, .dicePooled, .dicePerImage, .meanAbsoluteError]
    return [
      metrics.contains(.aurocMacro) ? "DeLong's for an AUROC" : nil,
      tasks.contains { $0.kind.tableMetrics.contains(.aurocMacro) && $0.kind.hasSeveralClasses } ? "that of summed placements for a mean over classes" : nil,
      metrics.contains(.dicePooled) ? "the jackknife's for the pooled Dice" : nil,
      metrics.contains(.dicePerImage) ? "that of the images' own values for the Dice per image" : nil,
      metrics.contains(.meanAbsoluteError) ? "that of the images' own errors for the mean absolute error" : nil,
      metrics.subtracting(ways).isEmpty ? nil : "that of 500 paired bootstrap resamples of patients for the other metrics",
    ].compactMap(\.self)
  }

  private var patients: String {
    let known = groups.compactMap(\.patients.known?.intervals).filter { $0.entries.contains { $0.interval.known != nil } }
    guard !known.isEmpty else { return "" }
    let areas =
      known.contains { $0.entries.contains { $0.metric == .auroc && $0.interval.known != nil } }
      ? " DeLong's on the logit scale with Brunner and Munzel's degrees of freedom for an AUROC, clustered by patient (of a mean over classes from its placements summed over classes);"
      : ""
    let shares =
      known.contains { $0.entries.contains { $0.metric.interval == .share && $0.interval.known != nil && !$0.isResampled } }
      ? " Wilson's for accuracy, sensitivity, specificity and predictive values, with as many independent rows as the patients' are worth, and for balanced accuracy and means over classes the one that these make together (Zou and Donner 2008; of three shares or more with the skewness of their mean);"
      : ""
    let means =
      known.contains { $0.entries.contains { [.mean, .ratio].contains($0.metric.interval) && $0.interval.known != nil && !$0.isResampled } }
      ? " Student's t over patients for means over images and, by the jackknife, for ratios of sums, on the logit scale (what has no upper end: log scale);" : ""
    let left =
      known.contains { $0.entries.contains { $0.metric.interval == .jackknife && $0.interval.known != nil } }
      ? " Student's t on the logit scale by the jackknife over patients for the average precision;" : ""
    let drawn =
      known.compactMap(\.bootstrap.known?.resampleCount).first.map {
        " BCa bootstrap intervals of \(grouped($0)) resamples of whole patients for the other metrics"
          + (outline.tasks.contains(where: \.kind.isClassification) ? ", percentile intervals for the sensitivity at a fixed specificity, thresholds held fixed;" : ";")
      } ?? ""
    let reasons = distinct(known.compactMap(\.bootstrap.reason))
    let remark = reasons.isEmpty ? "" : " Not every metric was resampled: \(firstFew(reasons, atMost: 2))."
    return "Intervals for other patients alone are those of one run a task and initialization, the one whose first metric is the median of "
      + "its seeds (the lower of two middle ones):" + (areas + shares + means + left + drawn).dropLast() + ".\(remark)"
  }

  private var curves: String {
    groups.contains { $0.receiverOperating.known != nil }
      ? "ROC curves are means over the seeds of the sensitivity at fixed false-positive rates." : ""
  }

  private var equivalenceWords: String {
    guard equivalence.contains(where: { $0.test.p.known != nil }) else { return "" }
    return "Equivalence with the best of each task was tested by two one-sided \(equivalenceTest) with a margin of "
      + "\(fixed(settings.equivalenceMargin * 100, 2)) percentage points at α = \(settings.analysis.significanceText), not corrected."
  }

  /// Which initializations did no better than a constant answer, on the metric that is first of its task.
  var learningRemarks: [String] {
    ([(nil, analysis)] + smallerFractions.map { ($0.fraction, $0.analysis) }).flatMap { fraction, analysis -> [String] in
      var seen: Set<String> = []
      return zip(analysis.table.tasks, analysis.tasks).filter { seen.insert($0.0.name).inserted }.flatMap { values, task in
        let place = values.name + (fraction.map { ", \($0.percentText) of the training images" } ?? "")
        let found = values.cells.compactMap { cell in task.nothingLearned[cell.initialization].map { (cell: cell, flaw: $0) } }
        guard found.count > 2 else {
          return found.map { cell, flaw in
            let scale = analysis.table.scale(of: values), described = "\(analysis.table.text(cell.summary, of: values))\(scale.suffix)"
            return "\(cell.initialization) on \(place) (\(values.metric ?? ""), \(described)) \(flaw.text(scale))."
          }
        }
        return NothingLearned.sentences(found.map { ($0.cell.initialization, $0.flaw) }, analysis.table.scale(of: values))
          .map { "On \(place) (\(values.metric ?? "")): \($0.prefix(1).lowercased())\($0.dropFirst())" }
      }
    }
  }

  /// One for each task, of its first metric.
  public var verdictTasks: [Int] {
    var seen: Set<String> = []
    return analysis.table.tasks.indices.filter { seen.insert(analysis.table.tasks[$0].name).inserted }
  }
}
