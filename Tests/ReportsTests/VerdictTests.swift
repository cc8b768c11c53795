import Figures
import Foundation
import Foundations
import Metrics
import RunStore
import Statistics
import Studies
import Testing

@testable import Reports

/// What a report says of runs whose predictions are made up here: for other patients, and on these test images.
@Suite("The verdict of a study") struct VerdictTests {
  /// Masks of 10,000 pixels of which the structure is half, so that Dice is `dice` to the pixel.
  ///
  /// - Parameter imagesPerPatient: nil where no image's patient is known.
  private func masks(_ dice: [Double], imagesPerPatient: Int? = nil) -> Predictions {
    .segmentation(
      SegmentationPredictions(
        rows: dice.enumerated().map { index, value in
          let hits = Int((5000 * value).rounded())
          return .init(
            id: "\(index).png", patient: imagesPerPatient.map { "\(index / $0)" },
            counts: PixelConfusion(truePositives: hits, falsePositives: 5000 - hits, falseNegatives: 5000 - hits, trueNegatives: hits))
        }))
  }

  private func scores(_ values: [Double], positives: Int) -> Predictions {
    .classification(
      ClassificationPredictions(
        classNames: ["p"],
        rows: values.enumerated().map { .init(id: "\($0).png", patient: nil, targets: [$0 < positives ? 1 : 0], probabilities: [$1]) }))
  }

  private func numbers(
    seeds: String = "[1, 2]", generalization: Generalization = .patientsAndSeeds, power: Double = 0.8, _ predictions: (Cell) -> Predictions?
  ) throws -> StudyNumbers {
    let fixture = try ReportFixture(seeds: seeds)
    for cell in fixture.plan.cells { if let found = predictions(cell) { try fixture.finish(cell, found) } }
    var settings = StudySettings(bootstrap: .never)
    settings.analysis.generalization = generalization
    settings.analysis.power = power
    return try StudyNumbers(StudyOutline(fixture.plan), from: RunFolderSource(fixture.study.outputDirectory), settings: settings)
  }

  private func verdict(_ numbers: StudyNumbers, _ title: String = "vessels, Dice (pooled)") throws -> (text: String, details: [String], index: Int) {
    let index = try #require(numbers.analysis.tasks.firstIndex { $0.title == title })
    let verdict = numbers.analysis.verdicts[index]
    return (verdict.statement, verdict.details, index)
  }

  /// Five images, two seeds, all alike but for one image that `adapted` finds entirely; seeds differ by a pixel.
  private func ofOneImage(_ cell: Cell) -> Predictions? {
    guard cell.task == "vessels" else { return nil }
    let seed = 0.0002 * Double(cell.seed)
    return masks([0.9, 0.9, 0.9, 0.9, cell.initialization == "adapted" ? 0.9998 - seed : 0.9].map { $0 + seed })
  }

  @Test("A difference that rests on one of five images is none for other patients; on these images alone it is, and both are said")
  func oneImage() throws {
    let numbers = try numbers(ofOneImage)
    let found = try verdict(numbers)
    #expect(
      found.text == "adapted (92.02 ± 0.01 %, n = 2) has the best mean, but it and random cannot be told apart for other patients.")
    #expect(found.details[0] == "The test set has 5 patients: with fewer than 20 it is not known how often such a comparison is false.")
    #expect(found.details[1] == "On these test images alone (Student's t-test over seeds, as in 2021): adapted differs from random.")
    #expect(found.details[2] == "The probability that adapted is the best for other patients is 0.81.")
    #expect(
      found.details[3]
        == "About 31 more test patients would show the difference of +1.99 points between adapted and random, if it is the true one (power 80 %); no number of seeds would.")
    #expect(found.details.count == 4)
    let comparison = try #require(numbers.analysis.tasks[found.index].againstBest?.comparisons.first), parts = try #require(comparison.parts)
    // One image of five differs by 0.1: t = 1 with the four degrees of freedom of five patients.
    #expect(abs(parts.value / parts.standardError - 1) < 0.01 && abs(parts.degreesOfFreedom - 4) < 0.01)
    #expect(abs(try #require(comparison.p.known) - 0.374) < 0.001)
    #expect(numbers.analysis.onTheseImages[found.index].againstBest?.comparisons.first?.isToldApart == true)
    #expect(numbers.equivalence.first?.generalization == .patientsAndSeeds)
    #expect(
      numbers.methods.contains("by the two-sided t-test over seeds and patients at α = 0.05.")
        && numbers.methods.contains("Differences hold for other seeds and other patients of the same kind"))
    #expect(
      numbers.methods.contains("by the noncentral t distribution, corrected to the first order for how a difference and its standard error move together over patients"))
    // What is written is what is read.
    #expect(try JSONDecoder().decode(StudyNumbers.self, from: numbers.json()) == numbers)
  }

  /// Twelve images and three seeds: how far seeds move all images alike, and what is the matter with single images of `adapted`, of which every
  /// other is better and every other worse.
  private func planned(difference: Double, seeds: Double, images: Double, power: Double = 0.8) throws -> (details: [String], advice: Remedy.Advice?) {
    let numbers = try numbers(seeds: "[1, 2, 3]", power: power) { cell in
      guard cell.task == "vessels" else { return nil }
      let isAdapted = cell.initialization == "adapted", place: Int = (cell.seed + (isAdapted ? 1 : 0)) % 3
      let start: Double = 0.7 + seeds * Double(place - 1) + (isAdapted ? difference : 0), own: Double = isAdapted ? images : 0
      return masks(
        (0..<12).map { (image: Int) -> Double in
          let sign: Double = image % 2 == 0 ? 1 : -1
          return start + 0.01 * Double(image) + sign * own
        })
    }
    let found = try verdict(numbers)
    return (found.details, numbers.analysis.tasks[found.index].againstBest?.comparisons.first?.toSettle?.known?.advice)
  }

  @Test("The planner names the remedy: seeds where they are the larger part, else patients and that no number of seeds would do, and neither where neither would")
  func remedies() throws {
    let seeds = try planned(difference: 0.02, seeds: 0.03, images: 0)
    #expect(
      seeds.advice == .seeds
        && seeds.details.contains { $0.hasPrefix("About ") && $0.contains(" more seeds each of adapted and random would show the difference of +2.00 points") }, "\(seeds)")
    #expect(!seeds.details.contains { $0.contains("more test patients") })
    let patients = try planned(difference: 0.02, seeds: 0.001, images: 0.06)
    #expect(
      patients.advice == .patients
        && patients.details.contains { $0.contains(" more test patients would show the difference of +2.00 points") && $0.hasSuffix("; no number of seeds would.") }, "\(patients)")
    // Either alone would do: the larger part is the cheaper one.
    let moreSeeds = try planned(difference: 0.04, seeds: 0.0168, images: 0.0442, power: 0.5),
      morePatients = try planned(difference: 0.04, seeds: 0.0155, images: 0.0501, power: 0.5)
    #expect(
      moreSeeds.advice == .seeds && moreSeeds.details.contains { $0.contains(" more seed each of adapted and random would show the difference of +4.00 points") }, "\(moreSeeds)")
    #expect(
      morePatients.advice == .patients
        && morePatients.details.contains { $0.contains(" more test patients would show the difference of +4.00 points") && !$0.contains("no number of seeds") }, "\(morePatients)")
    let neither = try planned(difference: 0.0005, seeds: 0.03, images: 0.06)
    #expect(
      neither.advice == nil
        && neither.details.contains(
          "What would settle adapted and random: not available (no number of seeds up to 1,000 and no number of test patients up to 100,000 would, one without the other)."),
      "\(neither)")
  }

  @Test("Asked for seeds alone, the report is of the 2021 protocol and says that it speaks of these test images")
  func seedsAlone() throws {
    let numbers = try numbers(generalization: .seeds, ofOneImage), found = try verdict(numbers)
    #expect(found.text == "adapted (92.02 ± 0.01 %, n = 2) is best on these test images: it differs from the other.")
    #expect(!found.details.contains { $0.hasPrefix("On these test images alone") || $0.contains("patients") })
    #expect(numbers.analysis.onTheseImages == numbers.analysis.tasks && numbers.equivalence.first?.generalization == .seeds)
    #expect(numbers.methods.contains("Differences hold for other seeds on these very test images and say nothing about other patients."))
  }

  @Test("Where the runs were tested on other images the task speaks of these test images, with the reason")
  func otherImages() throws {
    let numbers = try numbers { cell in
      guard cell.task == "vessels" else { return nil }
      let values = [0.9, 0.8, 0.85, 0.87].map { $0 + 0.001 * Double(cell.seed) + (cell.initialization == "adapted" ? 0.05 : 0) }
      return masks(cell.initialization == "adapted" ? values : values + [0.9])
    }
    let found = try verdict(numbers)
    #expect(found.text.contains("is best on these test images"))
    #expect(found.details.first == "Nothing can be said for other patients: random: it was not tested on the same images as adapted.")
    #expect(numbers.analysis.tasks[found.index].generalization == .seeds)
  }

  @Test(
    "Of one or two patients, however many images they have, nothing is said for others: the task speaks of these test images and says why; of three it does",
    arguments: [1, 2, 3])
  func fewestPatients(count: Int) throws {
    let numbers = try numbers(seeds: "[1, 2, 3]") { cell in
      guard cell.task == "vessels" else { return nil }
      let start: Double = 0.8 + 0.001 * Double(cell.seed) + (cell.initialization == "adapted" ? 0.05 : 0)
      let values = (0..<4 * count).map { (image: Int) -> Double in start + 0.01 * Double(image % 4) + 0.002 * Double(image / 4) }
      return masks(values, imagesPerPatient: 4)
    }
    let found = try verdict(numbers), task = numbers.analysis.tasks[found.index]
    let comparison = try #require(task.againstBest?.comparisons.first)
    let isRefused = count < 3
    #expect(task.generalization == (isRefused ? .seeds : .patientsAndSeeds) && (comparison.parts == nil) == isRefused)
    #expect(
      found.text.hasSuffix(isRefused ? "is best on these test images: it differs from the other." : "is best for other patients: it differs from the other."), "\(found.text)")
    let refusal =
      "Nothing can be said for other patients: \(count == 1 ? "adapted: one patient says nothing about other patients" : "the test set has 2 patients, too few to speak of others")."
    #expect(
      found.details.first == (isRefused ? refusal : "The test set has 3 patients: with fewer than 20 it is not known how often such a comparison is false."), "\(found.details)")
    #expect(!isRefused || found.details.dropFirst().allSatisfy { !$0.contains("patients") }, "\(found.details)")
    // Nothing else speaks of other patients either: what is equivalent, further metrics, and whom the page speaks of.
    #expect(numbers.equivalence.first { $0.task == "vessels" }?.generalization == (isRefused ? .seeds : .patientsAndSeeds))
    #expect((numbers.sections.all.contains { $0 is FurtherComparisons }) == !isRefused)
  }

  @Test("What fewer than three patients say settles no round of seeds and asks for no more of them; what three say is looked at", arguments: [2, 3])
  func roundsOfFewPatients(count: Int) throws {
    let fixture = try ReportFixture(seeds: "{atMost: 6}")
    for cell in fixture.plan.cells where cell.task == "vessels" && cell.seed <= 3 {
      let start: Double = 0.8 + 0.001 * Double(cell.seed) + (cell.initialization == "adapted" ? 0.05 : 0)
      try fixture.finish(cell, masks((0..<4 * count).map { (image: Int) -> Double in start + 0.01 * Double(image % 4) + 0.002 * Double(image / 4) }, imagesPerPatient: 4))
    }
    let question = try #require(RoundsReader(fixture.plan).rounds()?.questions.first { $0.task == "vessels" })
    #expect(question.rounds.arms.map(\.seedCount) == [3, 3])
    let reason = "the test set has 2 patients, too few to speak of others"
    #expect(question.rounds.arms.allSatisfy { ($0.standing == .undefined && $0.look == nil && $0.reason == reason) == (count == 2) }, "\(question.rounds.arms)")
    #expect(question.rounds.isSettled || count == 3)
    let numbers = try StudyNumbers(StudyOutline(fixture.plan), from: RunFolderSource(fixture.study.outputDirectory), settings: StudySettings(bootstrap: .never))
    let found = try verdict(numbers)
    #expect(numbers.analysis.tasks[found.index].generalization == (count == 2 ? .seeds : .patientsAndSeeds))
    #expect(found.details.contains("Nothing can be said for other patients: \(reason).") == (count == 2) && !found.text.contains("rounds") == (count == 2), "\(found)")
  }

  @Test("A task that could not be tested is named in the headline, with the reason where it is one, beside those that were")
  func untestedInHeadline() throws {
    let numbers = try numbers(seeds: "[1, 2, 3]") { cell in
      let isAdapted = cell.initialization == "adapted"
      switch cell.task {
      case "vessels":
        let start: Double = 0.7 + 0.001 * Double(cell.seed) + (isAdapted ? 0.05 : 0)
        return masks((0..<6).map { (image: Int) -> Double in start + 0.01 * Double(image) })
      case "sick" where cell.seed == 1:
        return scores((0..<40).map { (image: Int) -> Double in (image < 20 ? 0.4 : 0.1) + Double(image * 7 % 20) / (isAdapted ? 60 : 40) }, positives: 20)
      default: return nil
      }
    }
    let index = try verdict(numbers, "sick, AUROC").index
    #expect(numbers.analysis.verdicts[index].standing == .insufficient)
    let headline = try #require(numbers.analysis.headline(numbers.verdictTasks))
    #expect(headline.hasPrefix("One initialization is shown to be best for other patients on 1 of 1 task: adapted on vessels."), "\(headline)")
    // Nobody has a result on findings, which is another reason.
    #expect(headline.hasSuffix("Nothing could be tested on findings and sick."), "\(headline)")
    #expect(numbers.analysis.headline([index, try verdict(numbers).index])?.hasSuffix("Nothing could be tested on sick (one value has no spread).") == true)
  }

  @Test("One seed has nothing to test by, for other patients or on these images")
  func oneSeed() throws {
    let numbers = try numbers(seeds: "[1]") { $0.task == "vessels" ? masks([0.9, $0.initialization == "random" ? 0.8 : 0.85]) : nil }
    let found = try verdict(numbers)
    #expect(found.text == "adapted (87.50 %, n = 1) has the highest mean on these test images, but nothing could be tested: adapted: one value has no spread.")
    #expect(found.details == ["Nothing can be said for other patients: adapted: one seed says nothing about other seeds."])
    #expect(numbers.analysis.tasks[found.index].generalizationReason == "adapted: one seed says nothing about other seeds")
  }

  @Test("With one seed a tie is a tie, and what learned nothing is said to have, tied or not")
  func oneSeedFirst() throws {
    let tied = try numbers(seeds: "[1]") { $0.task == "vessels" ? masks([0.9, 0.8, 0.85]) : nil }
    let found = try verdict(tied)
    #expect(
      found.text
        == "random (85.00 %, n = 1) and adapted (85.00 %, n = 1) are tied: their means are equal on these test images; nothing could be tested: random: one value has no spread.",
      "\(found.text)")
    // Marking all of each image gives 2/3.
    let untrained = try numbers(seeds: "[1]") { $0.task == "vessels" ? masks([0.4, $0.initialization == "random" ? 0.3 : 0.35]) : nil }
    #expect(try verdict(untrained).text == "adapted (37.50 %, n = 1) has the best mean, but did not train: a mask that is everywhere the same reaches 66.67 %.")
    let both = try numbers { cell in cell.task == "vessels" ? masks([0.4, 0.3].map { $0 + 0.001 * Double(cell.seed) }) : nil }
    let text = try verdict(both).text
    #expect(both.analysis.tasks[try verdict(both).index].tied == ["adapted"])
    #expect(text.contains("are tied: their means are equal, and random did not train: a mask that is everywhere the same reaches 66.67 %."), "\(text)")
  }

  @Test("Equal means are a tie: both are named, neither is best, neither is bold, and nothing is to settle")
  func ties() throws {
    let numbers = try numbers { cell in
      cell.task == "vessels" ? masks([0.9, 0.8, 0.85, 0.7].map { $0 + 0.01 * Double(cell.seed) }) : nil
    }
    let found = try verdict(numbers), task = numbers.analysis.tasks[found.index]
    #expect(
      found.text
        == "random (82.75 ± 0.71 %, n = 2) and adapted (82.75 ± 0.71 %, n = 2) are tied: their means are equal, and no other is better.")
    #expect(task.tied == ["adapted"] && !found.details.contains { $0.contains("would show") || $0.contains("settle") })
    let chances = try #require(found.details.last)
    #expect(chances.hasPrefix("The probability of being the best for other patients is 0.") && chances.contains("(random) and 0."))
    let cells = numbers.analysis.resultsTable.rows.map { $0[1 + found.index] }
    #expect(cells.allSatisfy { !$0.isBold && $0.isShaded && $0.note == "Tied for the best mean." })
    #expect(!numbers.analysis.comparisonsTable.rows.contains { $0[1].text.contains("(best)") })
  }

  @Test("An AUROC whose interval over patients holds 0.5 is at chance: no best, nothing to settle, said at the top")
  func chance() throws {
    let numbers = try numbers(seeds: "[1, 2, 3]") { cell in
      guard cell.task == "sick" else { return nil }
      var generator = (SeedPath(4) / "images").generator()
      let shared = (0..<62).map { _ in generator.uniform() }
      var own = (SeedPath(cell.seed) / cell.initialization).generator()
      // Both order the images by noise; `adapted` puts the first positives a little higher.
      return scores(
        shared.enumerated().map { index, value in value + 0.001 * own.uniform() + (index < 2 && cell.initialization == "adapted" ? 0.5 : 0) }, positives: 20)
    }
    let found = try verdict(numbers, "sick, AUROC"), flaws = numbers.analysis.tasks[found.index].nothingLearned
    #expect(flaws["adapted"]?.kind == .atChance && flaws["random"]?.kind == .atChance)
    #expect(found.text.contains("has the best mean, but is at chance: its 95 % interval for other patients, ") && found.text.hasSuffix(", holds 50.00 %."))
    #expect(numbers.analysis.verdicts[found.index].standing == .nothingLearned)
    #expect(!found.details.contains { $0.contains("would show") || $0.contains("settle") || $0.hasPrefix("The probability") })
    #expect(numbers.learningRemarks.count == 2 && numbers.learningRemarks[0].hasPrefix("random on sick (AUROC, "))
  }

  @Test("A segmentation below what all-structure gives did not train; one above it did")
  func didNotTrain() throws {
    let numbers = try numbers { cell in
      guard cell.task == "vessels" else { return nil }
      // The structure is half of each image: marking all gives 2/3.
      return masks((0..<6).map { (cell.initialization == "random" ? 0.4 : 0.8) + 0.01 * Double($0) + 0.002 * Double(cell.seed) })
    }
    let found = try verdict(numbers), flaws = numbers.analysis.tasks[found.index].nothingLearned
    #expect(flaws["random"]?.kind == .didNotTrain && flaws["adapted"] == nil)
    #expect(abs(try #require(flaws["random"]?.constant) - 2.0 / 3) < 1e-12)
    #expect(found.details.contains("random did not train: a mask that is everywhere the same reaches 66.67 %."))
    #expect(
      numbers.learningRemarks
        == ["random on vessels (Dice (pooled), 42.80 ± 0.14 %) did not train: a mask that is everywhere the same reaches 66.67 %."])
  }

  @Test("No interval and no error bar leaves the metric's range")
  func ranges() throws {
    let numbers = try numbers { cell in
      cell.task == "vessels" ? masks([0.05, 0.9, 0.02, 0.99].map { min(1, $0 * (cell.seed == 1 ? 1 : 0.1)) }) : nil
    }
    let index = try verdict(numbers).index
    let difference = try #require(numbers.analysis.tasks[index].againstBest?.comparisons.first?.difference.interval)
    #expect(difference.known.map { $0.lower >= -1 && $0.upper <= 1 } ?? true)
    for group in numbers.groups where group.task == "vessels" {
      for metric in group.metrics {
        if let interval = metric.interval.known { #expect(interval.lower >= metric.metric.range.lowerBound && interval.upper <= metric.metric.range.upperBound) }
      }
      if let interval = group.seedsAndPatients.estimate.interval.known { #expect(interval.lower >= 0 && interval.upper <= 1) }
    }
    let dice = try #require(numbers.group(task: "vessels", initialization: "random")?.metric(.dicePooled)?.interval.known)
    #expect(dice.upper == 1 && dice.lower == 0 && dice.method == "t interval of the mean, cut to the metric's range")
    for panel in numbers.figures.first(where: { $0.id == "means" })?.panels ?? [] { #expect(panel.y.lower >= 0) }
  }

  @Test("The ranks have intervals over tasks, patients and seeds, which hold the average ranks")
  func ranks() throws {
    let numbers = try numbers { cell in
      let gain = cell.initialization == "adapted" ? 0.1 : 0
      switch cell.task {
      case "vessels": return masks([0.6, 0.7, 0.65, 0.62].map { $0 + gain + 0.01 * Double(cell.seed) })
      case "sick":
        var own = (SeedPath(cell.seed) / cell.initialization).generator()
        return scores((0..<40).map { (Double($0 < 20 ? 0.3 : 0) + 3 * gain * Double($0 < 20 ? 1 : 0) + own.uniform()) / 2 }, positives: 20)
      default: return nil
      }
    }
    let ranking = numbers.analysis.ranking
    let intervals = try #require(ranking.intervals.known), averages = try #require(ranking.averageRanks.known)
    #expect(ranking.isOverPatients && zip(intervals, averages).allSatisfy { $0.lower <= $1 && $1 <= $0.upper && $0.lower >= 1 && $0.upper <= 2 })
    let table = try #require(numbers.tables.first { $0.label == "ranks" })
    #expect(table.rows.first?[0].text == "adapted")
    #expect(
      table.caption == "Rank 1 is best; over sick and vessels. Intervals, for the average rank that such studies find on other tasks, by 2,000 resamples of tasks, "
        + "patients and seeds. With fewer than 5 tasks they are too short.")
  }
}
