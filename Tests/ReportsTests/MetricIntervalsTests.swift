import Foundations
import Metrics
import Reports
import Statistics
import Testing

@Suite("Intervals of metrics over patients")
struct MetricIntervalsTests {
  /// Two images a patient, two classes; the first is learned, the second is chance.
  private func predictions(_ count: Int, seed: Int) -> Predictions {
    var random = SeedPath(seed).generator()
    let rows = (0..<count).map { index in
      let targets: [Float] = [index / 2 % 3 == 0 ? 1 : 0, index % 4 == 0 ? 1 : 0]
      let probabilities = [0.3 * Double(targets[0]) + 0.7 * random.uniform(), random.uniform()]
      return ClassificationPredictions.Row(id: "\(index)", patient: "\(index / 2)", targets: targets, probabilities: probabilities)
    }
    return .classification(ClassificationPredictions(classNames: ["learned", "chance"], rows: rows))
  }

  private let bootstrap = Bootstrap(method: .bca, resampleCount: 200, seed: 5)

  @Test("Every metric of every class and every mean has an interval around its value, the same in each call")
  func everyMetric() throws {
    let intervals = MetricIntervals(predictions(120, seed: 1), validation: predictions(80, seed: 2), bootstrap: .value(bootstrap))
    #expect(intervals.entries.count == 3 * MetricName.ofClassification.count && intervals.imageCount == 120 && intervals.patientCount == 60)
    #expect(intervals.thresholds?.rule == .maximumYouden)
    // That of the expected calibration error would not hold.
    #expect(intervals.entries.filter { $0.interval.known == nil }.map(\.metric) == [.calibrationError, .calibrationError, .calibrationError])
    for entry in intervals.entries where entry.metric != .calibrationError {
      let interval = try #require(entry.interval.known, "\(entry.metric) \(entry.className ?? "mean"): \(entry.interval.reason ?? "")")
      let value = try #require(entry.value.number)
      let range = entry.metric.range
      #expect(range.contains(interval.lower) && range.contains(interval.upper), "\(entry.metric): \(interval)")
      #expect(interval.contains(value) && interval.width > 0 && interval.level == 0.95, "\(entry.metric): \(interval)")
    }
    let again = MetricIntervals(predictions(120, seed: 1), validation: predictions(80, seed: 2), bootstrap: .value(bootstrap))
    #expect(again == intervals)
    let json = try CanonicalJSON.encode(intervals)
    #expect(String(decoding: json, as: UTF8.self).contains(#""method":"DeLong, clustered by patient, logit scale""#))
  }

  @Test("The AUROC of a class has DeLong's interval by patient, the mean over classes that of its placements by patient")
  func methods() throws {
    let all = predictions(120, seed: 1)
    guard case .classification(let test) = all else { return }
    let intervals = MetricIntervals(all, validation: nil, wanted: [.auroc], bootstrap: .value(bootstrap))
    #expect(intervals.entries.count == 3)
    let clusters = (0..<120).map { $0 / 2 }
    let learned = try #require(intervals.entry(of: .auroc, className: "learned")), area = try #require(learned.value.number)
    let direct = MacroAUROC.make(
      scores: [test.rows.map { $0.probabilities[0] }], targets: [test.rows.map { $0.targets[0] }], clusters: clusters.map(String.init), mean: area)
    let expected = try #require(direct.known?.interval)
    #expect(learned.interval == expected)
    // The mean over classes: the spread of a bootstrap of whole patients, which is another way to the same.
    let units = try #require(ResamplingUnits.make(rowCount: 120, clusters: clusters.map(String.init)).known)
    let macro = bootstrap.estimate("m", over: units) { resample in
      let rows = resample.rows.map { test.rows[$0] }
      return ClassificationPredictions(classNames: test.classNames, rows: rows).auroc.macro.number
    }
    let entry = try #require(intervals.entry(of: .aurocMacro)), found = try #require(entry.interval.known)
    #expect(found.method == "DeLong's placements summed over classes by patient, logit scale")
    let error = try #require(macro.standardError.known), value = try #require(entry.value.number)
    #expect(abs(found.width / (2 * 1.96 * error) - 1) < 0.15 && found.contains(value))
    // Of one class the mean is the class.
    let single = MetricIntervals(
      .classification(
        ClassificationPredictions(
          classNames: ["learned"],
          rows: test.rows.map { .init(id: $0.id, patient: $0.patient, targets: [$0.targets[0]], probabilities: [$0.probabilities[0]]) })),
      validation: nil, wanted: [.auroc])
    #expect(single.entry(of: .aurocMacro)?.interval == expected && single.entry(of: .auroc, className: "learned")?.interval == expected)
  }

  @Test("Without a bootstrap the formulas keep their intervals, and the reason stands once for all else")
  func bounded() throws {
    let all = predictions(120, seed: 1)
    let whole = MetricIntervals(all, validation: predictions(80, seed: 2), bootstrap: .value(bootstrap))
    let part = MetricIntervals(all, validation: predictions(80, seed: 2), bootstrap: .notAvailable(reason: "too large"))
    // AUROCs, shares and what is made of them, Brier score, log loss and O:E, of each class and over both; and what has none.
    #expect(part.entries == whole.entries.filter { !$0.metric.interval.isResampled })
    #expect(part.entries.count == 33 && part.entries.count { $0.interval.known == nil } == 3)
    #expect(part.bootstrap.reason == "too large" && whole.bootstrap.known == bootstrap)
  }

  @Test("Segmentations have intervals too, and what has no value has a reason instead")
  func segmentation() throws {
    var random = SeedPath(4).generator()
    let rows = (0..<40).map { index in
      SegmentationPredictions.Row(
        id: "\(index)", patient: nil,
        counts: PixelConfusion(
          truePositives: 20 + random.integer(below: 30), falsePositives: random.integer(below: 9),
          falseNegatives: random.integer(below: 9), trueNegatives: 40),
        outline: OutlineAgreement(hausdorff95: index == 0 ? nil : 1 + random.uniform(), normalizedSurfaceDistance: random.uniform()),
        centerline: CenterlineAgreement(
          predicted: 30, predictedInTarget: 10 + random.integer(below: 20), target: 30, targetInPredicted: 10 + random.integer(below: 20)))
    }
    let intervals = MetricIntervals(.segmentation(SegmentationPredictions(rows: rows)), validation: nil, bootstrap: .value(bootstrap))
    // Distances are in one unit.
    let others: Set<MetricName> = [
      .hausdorff95Millimeters, .hausdorff95, .normalizedSurfaceDistanceMillimeters, .normalizedSurfaceDistance,
    ]
    #expect(intervals.entries.map(\.metric) == MetricName.ofSegmentation.filter { !others.contains($0) })
    for entry in intervals.entries { #expect(entry.interval.known?.contains(entry.value.number ?? .nan) == true, "\(entry.metric)") }
    let old = SegmentationPredictions(rows: rows.map { .init(id: $0.id, patient: nil, counts: $0.counts) }, unit: .inputPixels)
    let missing = MetricIntervals(.segmentation(old), validation: nil, bootstrap: .value(bootstrap)).entry(of: .hausdorff95)
    #expect(missing?.interval.reason == "the predictions hold no distances of outlines, as those of older runs do not")
    let decided = MetricIntervals(predictions(20, seed: 1), validation: nil, wanted: [.f1], bootstrap: .value(bootstrap)).entry(of: .f1)
    #expect(decided?.interval.reason == "there are no validation predictions, on which a threshold could be fixed")
  }
}
