import Figures
import Foundation
import Foundations
import Metrics
import RunStore
import Statistics
import Studies
import Testing

@testable import Reports

@Suite("Confusion tables, calibration and decision curves of a study")
struct ClassificationSectionTests {
  private func section<Section: StudySection>(_ numbers: StudyNumbers, _ type: Section.Type) throws -> Section {
    try #require(numbers.sections.all.compactMap { $0 as? Section }.first)
  }

  private func predictions(
    _ fixture: ClinicFixture, _ task: String, _ start: String, _ seed: Int
  ) throws -> (test: ClassificationPredictions, validation: ClassificationPredictions) {
    let cell = try fixture.cell(task, start, seed)
    return (ClinicFixture.answers(cell, part: "test"), ClinicFixture.answers(cell, part: "validation"))
  }

  @Test("Counts are those of the median run at its thresholds from the validation set, and add up to the test set; grades have a table of all classes")
  func confusion() throws {
    let fixture = try ClinicFixture(), numbers = try fixture.numbers(), section = try section(numbers, ConfusionTables.self)
    #expect(section.tasks.map(\.task) == ["findings", "sick", "grades"])
    for task in section.tasks {
      #expect(task.runs.map(\.initialization) == ["imagenet", "chest", "random"])
      for run in task.runs {
        let values = try [1, 2, 3].map { seed in
          (seed, try predictions(fixture, task.task, run.initialization, seed).test.auroc.macro.number)
        }
        #expect(MedianRun.index(values.map { (seed: $0.0, value: $0.1) }).map { values[$0].0 } == run.seed)
        let (test, validation) = try predictions(fixture, task.task, run.initialization, run.seed)
        let thresholds = DecisionThresholds(validation: validation)
        for (column, one) in run.classes.enumerated() {
          let threshold = try #require(thresholds.threshold(of: one.name).number), counts = try #require(one.counts.known)
          let scores = test.columns[column].probabilities, targets = test.columns[column].targets
          #expect(one.threshold == .value(threshold) && counts == BinaryConfusion(scores: scores, targets: targets, threshold: threshold))
          #expect(counts.count == targets.count { !$0.isNaN })
          #expect(one.sensitivity.value == counts.sensitivity && one.negativePredictiveValue.value == counts.negativePredictiveValue)
          let positives = targets.indices.filter { targets[$0] == 1 }, patients = Predictions.classification(test).patients
          #expect(
            one.sensitivity.interval
              == Proportion.interval(positives.map { scores[$0] >= threshold }, patients: positives.map { patients[$0] }))
        }
        #expect((run.table != nil) == (task.task == "grades") && run.table.map { $0.counts.flatMap(\.self).reduce(0, +) } ?? 120 == 120)
      }
    }
    #expect(section.tables.map(\.label) == ["decisions-findings", "shares-findings", "decisions-sick", "shares-sick", "decisions-grades", "shares-grades", "confusion-grades"])
    #expect(section.tables[0].rows.count == 6 && section.tables[6].rows.count == 9)
  }

  @Test("Calibration is that of the median run; the temperature is fitted on its validation set alone, of the softmax where classes exclude each other")
  func calibration() throws {
    let fixture = try ClinicFixture(), section = try section(fixture.numbers(), CalibrationSection.self)
    for task in section.tasks {
      for run in task.runs {
        let (test, validation) = try predictions(fixture, task.task, run.initialization, run.seed)
        let patients = Predictions.classification(test).patients
        for (column, one) in run.classes.enumerated() {
          let (targets, probabilities) = test.columns[column]
          #expect(one.recalibration == Recalibration.make(probabilities: probabilities, targets: targets, patients: patients))
          #expect(one.brier == BrierDecomposition.make(probabilities: probabilities, targets: targets))
        }
        let expected =
          task.task == "grades"
          ? Temperature.ofSoftmax(
            probabilities: validation.rows.map(\.probabilities), truths: validation.rows.map { $0.targets.firstIndex(of: 1) ?? 0 })
          : Temperature.ofSigmoid(probabilities: validation.rows.flatMap(\.probabilities), targets: validation.rows.flatMap(\.targets))
        #expect(run.temperature == expected)
        let temperature = try #require(run.temperature.known)
        #expect(temperature.logLossAfter <= temperature.logLossBefore)
        // One class by hand: after scaling, the log loss of the test set is that of the scaled probabilities.
        if task.task == "sick" {
          let scaled = test.rows.map { temperature.applied(to: $0.probabilities[0]) }
          let loss = try #require(binaryCrossEntropy(probabilities: scaled, targets: test.rows.map { $0.targets[0] }).number)
          #expect(abs(try #require(run.after.known?.logLoss.number) - loss) < 1e-12)
        }
        #expect(run.bins.count == 10 && run.bins.reduce(0) { $0 + $1.count } == test.columns.reduce(0) { $0 + $1.targets.count { !$0.isNaN } })
        for bin in run.bins where bin.count > 1 {
          let interval = try #require(bin.interval.known)
          #expect(interval.contains(try #require(bin.positiveShare.number)) && interval.lower >= 0 && interval.upper <= 1)
        }
      }
    }
    #expect(section.figures.map(\.id) == ["calibration-findings", "calibration-sick", "calibration-grades"])
    let sick = try #require(section.tasks.first { $0.task == "sick" }), chest = try #require(sick.runs.first { $0.initialization == "chest" })
    let slope = try #require(chest.classes[0].recalibration.known?.slope), value = try #require(slope.value.known), bounds = try #require(slope.interval.known)
    let old = try #require(chest.before.calibrationError.number), new = try #require(chest.after.known?.calibrationError.number)
    let words = bounds.upper < 1 ? "are too extreme" : "are not shown to be too extreme or too near to each other"
    #expect(
      section.sentences[1]
        == "On sick, the probabilities of chest (seed \(chest.seed)) \(words): slope \(fixed(value, 2)) (95 % interval \(fixed(bounds.lower, 2)) to \(fixed(bounds.upper, 2)), "
        + "1 is best). The temperature \(fixed(try #require(chest.temperature.known?.value), 2)), fitted on the validation set, takes the expected calibration error of "
        + "the test set from \(fixed(old * 100, 2)) to \(fixed(new * 100, 2)) %.")
  }

  @Test("Net benefit is the mean over seeds, and the difference of the best from the baseline has the interval of seeds and patients at each threshold")
  func decisions() throws {
    let fixture = try ClinicFixture(), section = try section(fixture.numbers(), DecisionCurvesSection.self)
    let task = try #require(section.tasks.first { $0.task == "findings" }), difference = try #require(task.difference.known)
    #expect(difference.first == "chest" && difference.second == "imagenet")
    let place = 24, threshold = 0.25
    #expect(section.thresholds[place] == threshold)
    var levels: [SeedsAndPatients] = []
    for start in ["chest", "imagenet"] {
      var values: [Double] = [], deviations: [PatientDeviations] = []
      for seed in 1...3 {
        let test = try predictions(fixture, "findings", start, seed).test, patients = Predictions.classification(test).patients
        let ofClasses = test.columns.map { column -> (Double, PatientDeviations?) in
          let rows = column.targets.indices.filter { !column.targets[$0].isNaN }
          let gains = column.targets.indices.map { row in
            column.probabilities[row] >= threshold ? (column.targets[row] == 1 ? 1 : -1.0 / 3) : 0
          }
          return (rows.reduce(0) { $0 + gains[$1] } / Double(rows.count), PatientDeviations.ofMean(gains, patients: patients, rows: rows).known)
        }
        values.append(ofClasses.reduce(0) { $0 + $1.0 } / 2)
        deviations.append(try #require(PatientDeviations.mean(of: ofClasses.compactMap(\.1)).known))
      }
      let found = try #require(task.initializations.first { $0.initialization == start })
      #expect(abs(found.netBenefits[place] - values.reduce(0, +) / 3) < 1e-12 && found.seedCount == 3)
      levels.append(try #require(SeedsAndPatients.make(values: values, deviations: deviations).known))
    }
    let expected = try #require(TwoLevelDifference.make(levels[0], levels[1]).known).test().effect
    let bounds = try #require(difference.intervals[place].known), interval = try #require(expected.interval.known)
    #expect(abs(difference.values[place] - (try #require(expected.value.known))) < 1e-12)
    #expect(abs(bounds.lower - interval.lower) < 1e-12 && abs(bounds.upper - interval.upper) < 1e-12)
    // Acting on all: the mean over the classes of π − (1 − π)/3.
    let classes = task.initializations[0].classes
    #expect(abs(task.treatAll[place] - classes.reduce(0) { $0 + $1.prevalence - (1 - $1.prevalence) / 3 } / 2) < 1e-12)
    #expect(section.figures.map(\.id) == ["decisions-findings", "decisions-sick", "decisions-grades"])
    let rows = section.tables[0].rows.map { $0.map(\.text) }
    #expect(rows.map { $0[0] } == ["imagenet", "chest", "random", "act on all", "chest less imagenet"])
  }

  @Test("Numbers of the sections are read again as they were written, and the same runs give the same bytes")
  func roundTrip() throws {
    let fixture = try ClinicFixture(), numbers = try fixture.numbers()
    let bytes = try numbers.json()
    #expect(try JSONDecoder().decode(StudyNumbers.self, from: bytes).sections == numbers.sections)
    #expect(try fixture.numbers().json() == bytes)
    #expect(numbers.methods.contains("Net benefit (Vickers and Elkin 2006)") && numbers.methods.contains("One temperature a network"))
  }

  @Test("Without validation predictions and with one seed each number that cannot be had says why")
  func unavailable() throws {
    let fixture = try ClinicFixture(seeds: "1", hasValidation: false), numbers = try fixture.numbers()
    let confusion = try section(numbers, ConfusionTables.self), calibration = try section(numbers, CalibrationSection.self)
    let curves = try section(numbers, DecisionCurvesSection.self)
    // Of grades the table of all classes needs no threshold.
    #expect(confusion.tasks.map(\.task) == ["grades"] && confusion.tables.map(\.label) == ["confusion-grades"])
    #expect(
      confusion.tasks[0].runs[0].classes[0].counts.reason == "there are no validation predictions, on which a threshold could be fixed")
    #expect(
      calibration.tasks[0].runs[0].temperature.reason == "there are no validation predictions, on which a temperature could be fitted")
    #expect(calibration.tasks[0].runs[0].classes[0].recalibration.known != nil)
    #expect(curves.tasks[0].difference.known?.intervals[9].reason == "one seed says nothing about other seeds")
    #expect(
      try #require(curves.sentences.dropFirst().first).hasSuffix(
        "; how far it and imagenet are apart for other seeds and patients is not available (one seed says nothing about other seeds)."))
  }

  @Test("Of many initializations the best seven and the baseline are shown, and it is said")
  func many() throws {
    let fixture = try ClinicFixture(seeds: "[1, 2]", starts: ["random"] + (1...10).map { "w\($0)" }, images: 40)
    let numbers = try fixture.numbers(), section = try section(numbers, CalibrationSection.self)
    let shown = section.tasks[0].runs.map(\.initialization)
    #expect(shown.count == 8 && shown.contains("random") && section.tasks[0].note == ["The best 8 of 11 initializations, with the baseline."])
    #expect(numbers.drawn(numbers.outline.tasks[0]).names == shown)
  }
}
