import Foundations
import Metrics
import Statistics
import Testing

@testable import Reports

@Suite("Several classes' masks in a report")
struct ClassMaskReportTests {
  private func masks(_ counts: [[(Int, Int, Int)]], patients: [String]) -> Predictions {
    .classMasks(
      ClassMaskPredictions(
        classNames: (0..<counts.count).map { "class \($0)" },
        classes: counts.map { column in
          SegmentationPredictions(
            rows: column.enumerated().map { place, found in
              .init(
                id: "\(place)", patient: patients[place],
                counts: PixelConfusion(truePositives: found.0, falsePositives: found.1, falseNegatives: found.2, trueNegatives: 100 - found.0 - found.1 - found.2),
                isOfClass: true)
            })
        }))
  }

  private let patients = ["a", "a", "b", "c", "d"]
  private var two: Predictions {
    masks([[(9, 1, 2), (8, 0, 3), (5, 5, 0), (7, 1, 1), (6, 2, 2)], [(3, 1, 0), (0, 0, 0), (2, 2, 1), (4, 0, 4), (0, 0, 0)]], patients: patients)
  }

  @Test("How patients move the mean over classes is the mean of how they move each class, images without a class left out of it")
  func deviations() throws {
    guard case .classMasks(let all) = two else { return }
    let places = PatientPlaces(patients)
    for metric in [MetricName.dicePooled, .dicePerImage] {
      let mean = try #require(two.deviations(of: metric).known)
      let classes = try all.classNames.map { try #require(two.deviations(of: metric, className: $0).known) }
      for patient in mean.values.indices {
        #expect(abs(mean.values[patient] - classes.reduce(0) { $0 + $1.values[patient] } / 2) < 1e-12)
      }
    }
    let rows = all.classes[1].rows, known = [0, 2, 3]
    let expected = try #require(PatientDeviations.ofMean(rows.map(\.counts.dice), among: places, rows: known).known)
    #expect(two.deviations(of: .dicePerImage, className: "class 1").known?.values == expected.values)
  }

  @Test("Deviations of one class are those of the only mask of a task with the same counts")
  func asOneMask() throws {
    guard case .classMasks(let all) = two else { return }
    let one = Predictions.segmentation(SegmentationPredictions(rows: all.classes[0].rows.map { .init(id: $0.id, patient: $0.patient, counts: $0.counts) }))
    for metric in [MetricName.dicePooled, .dicePerImage] {
      let own = try #require(two.deviations(of: metric, className: "class 0").known), known = try #require(one.deviations(of: metric).known)
      #expect(zip(own.values, known.values).allSatisfy { abs($0 - $1) < 1e-12 } && own.values.count == known.values.count)
    }
  }

  @Test("A constant answer of exclusive classes is one class everywhere; of others all of them")
  func constant() throws {
    // Each class is 10 of 100 pixels: everywhere it has a Dice of 20 / 110.
    let predictions = masks([[(10, 0, 0)], [(10, 0, 0)]], patients: ["a"]), full = 20.0 / 110
    let all = try #require(predictions.constantAnswer(of: .dicePooled)), one = try #require(predictions.constantAnswer(of: .dicePooled, areExclusive: true))
    let ofImages = try #require(predictions.constantAnswer(of: .dicePerImage, areExclusive: true))
    #expect(abs(all - full) < 1e-12 && abs(one - full / 2) < 1e-12 && abs(ofImages - full / 2) < 1e-12)
  }

  @Test("Test sets with another truth of any class are not the same, whatever was answered")
  func testSets() {
    let first = masks([[(9, 1, 2)], [(3, 1, 0)]], patients: ["a"])
    #expect(first.testSet == masks([[(1, 7, 10)], [(0, 0, 3)]], patients: ["a"]).testSet)
    #expect(first.testSet != masks([[(9, 1, 2)], [(3, 1, 1)]], patients: ["a"]).testSet)
  }

  @Test("Strata are compared over the classes that are drawn in all of them, by the mean of their pooled Dice")
  func subgroups() throws {
    let names = (0..<24).map { "\($0)" }
    let predictions = masks(
      [
        names.map { _ in (8, 2, 2) }, names.enumerated().map { place, _ in place < 12 ? (4, 0, 4) : (2, 2, 0) },
        names.enumerated().map { place, _ in place < 12 ? (0, 0, 0) : (5, 0, 0) },
      ],
      patients: names)
    let facts = TestFacts(predictions), strata = TestStrata(facts, stratumOfRow: names.enumerated().map { $0.offset < 12 ? "old" : "young" })
    #expect(strata.classes == [0, 1] && strata.compared.count == 2 && strata.strata.allSatisfy { $0.tooFew == nil })
    #expect(facts.classNames == ["class 0", "class 1", "class 2"] && facts.isSegmentation)
  }
}
