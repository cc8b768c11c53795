import Foundations
import Testing

@testable import Metrics

@Suite("Area under the ROC curve")
struct AreaUnderROCTests {
  @Test("It is scikit-learn's roc_auc_score to the last bits, ties included")
  func agreesWithScikitLearn() throws {
    let cases = try MetricsGolden.read().auroc
    #expect(cases.count == 7)
    for golden in cases {
      let value = try #require(areaUnderROC(scores: golden.scores, targets: golden.targets).number)
      #expect(abs(value - golden.auroc) <= 4e-16, "\(golden.name): \(value) instead of \(golden.auroc)")
    }
  }

  @Test("It is the share of positive–negative pairs in the right order, a tie counting one half")
  func countsPairs() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<50 {
      let count = 2 + generator.integer(below: 30)
      let scores = (0..<count).map { _ in Double(generator.integer(below: 6)) }
      var targets = (0..<count).map { _ in Float(generator.integer(below: 2)) }
      (targets[0], targets[1]) = (0, 1)
      var wins = 0.0
      var pairs = 0.0
      for positive in 0..<count where targets[positive] == 1 {
        for negative in 0..<count where targets[negative] == 0 {
          pairs += 1
          wins += scores[positive] > scores[negative] ? 1 : scores[positive] == scores[negative] ? 0.5 : 0
        }
      }
      #expect(areaUnderROC(scores: scores, targets: targets) == .value(wins / pairs))
    }
  }

  @Test("Order, scale and negation act as they must: none, none, and 1 − AUROC")
  func laws() throws {
    var generator = SeededGenerator(seed: 6)
    let scores = (0..<200).map { _ in Double(generator.integer(below: 40)) }
    let targets = (0..<200).map { _ in Float(generator.integer(below: 2)) }
    let value = try #require(areaUnderROC(scores: scores, targets: targets).number)
    let order = generator.permutation(of: 200)
    #expect(areaUnderROC(scores: order.map { scores[$0] }, targets: order.map { targets[$0] }) == .value(value))
    #expect(areaUnderROC(scores: scores.map { 3 * $0 - 7 }, targets: targets) == .value(value))
    let negated = try #require(areaUnderROC(scores: scores.map { -$0 }, targets: targets).number)
    #expect(abs(negated - (1 - value)) < 1e-15)
  }

  @Test("A perfect order is 1, a reversed one 0, a constant score one half")
  func extremes() {
    #expect(areaUnderROC(scores: [1, 2, 3, 4], targets: [0, 0, 1, 1]) == .value(1))
    #expect(areaUnderROC(scores: [4, 3, 2, 1], targets: [0, 0, 1, 1]) == .value(0))
    #expect(areaUnderROC(scores: [7, 7, 7], targets: [0, 1, 1]) == .value(0.5))
    #expect(areaUnderROC(scores: [-.infinity, 0, .infinity], targets: [0, 0, 1]) == .value(1))
  }

  @Test("A class without positives, negatives or known labels is undefined and says so; it is not 0")
  func undefined() {
    #expect(areaUnderROC(scores: [1, 2], targets: [0, 0]) == .undefined(reason: "no positive sample"))
    #expect(areaUnderROC(scores: [1, 2], targets: [1, 1]) == .undefined(reason: "no negative sample"))
    #expect(areaUnderROC(scores: [1, 2], targets: [.nan, .nan]) == .undefined(reason: "no sample has a known label"))
    #expect(areaUnderROC(scores: [], targets: []) == .undefined(reason: "no sample has a known label"))
  }

  @Test("Scores and labels that mean nothing are undefined and say which")
  func meaningless() {
    #expect(areaUnderROC(scores: [1, .nan], targets: [0, 1]) == .undefined(reason: "the score of sample 1 is not a number"))
    #expect(
      areaUnderROC(scores: [1, 2], targets: [0, 0.5]) == .undefined(reason: "the label of sample 1 is 0.5, neither 0 nor 1"))
    #expect(areaUnderROC(scores: [1], targets: [0, 1]) == .undefined(reason: "there are 1 scores but 2 labels"))
  }

  @Test("A sample whose label is not known is left out, whatever its score")
  func unknownLabels() {
    #expect(areaUnderROC(scores: [1, .nan, 2, 9], targets: [0, .nan, 1, .nan]) == .value(1))
  }
}

@Suite("AUROC of many classes")
struct MultiLabelAUROCTests {
  @Test("Classes and their mean are scikit-learn's; a class without positives is left out of the mean and counted")
  func agreesWithScikitLearn() throws {
    let golden = try MetricsGolden.read().multiLabel
    let result = MultiLabelAUROC(scores: golden.scores, targets: golden.targets, classNames: ["a", "b", "c", "d"])
    for (scored, value) in zip(result.classes, golden.classes) {
      #expect(abs(try #require(scored.value.number) - value) <= 4e-16)
      #expect(scored.positiveCount + scored.negativeCount == 80)
    }
    #expect(result.classes[3].value == .undefined(reason: "no positive sample"))
    #expect(result.classes[3].negativeCount == 80)
    #expect(abs(try #require(result.macro.number) - golden.macro) <= 4e-16)
    #expect((result.definedCount, result.classCount) == (3, 4))
  }

  @Test("Labels that are not known are left out per class and counted")
  func unknownLabels() {
    let result = MultiLabelAUROC(
      scores: [1, 1, 2, 2, 3, 3], targets: [0, 0, 1, .nan, 1, 1], classNames: ["a", "b"])
    #expect(result.classes.map(\.unknownCount) == [0, 1])
    #expect(result.classes.map(\.value) == [.value(1), .value(1)])
  }

  @Test("No defined class gives an undefined mean; counts that do not fit give a reason")
  func undefined() {
    let none = MultiLabelAUROC(scores: [1, 2], targets: [0, 0], classNames: ["a"])
    #expect(none.macro == .undefined(reason: "the AUROC is undefined for every class"))
    let misfit = MultiLabelAUROC(scores: [1, 2, 3], targets: [0, 0, 1], classNames: ["a", "b"])
    #expect(misfit.classes[1].value == .undefined(reason: "3 scores and 3 labels do not fit 2 classes"))
    #expect(misfit.macro.number == nil)
  }

  @Test("Counts stay right when a score is not a number")
  func countsWithABadScore() {
    let result = MultiLabelAUROC(scores: [1, .nan, 3], targets: [0, 1, .nan], classNames: ["a"]).classes[0]
    #expect(result.value == .undefined(reason: "the score of sample 1 is not a number"))
    #expect([result.positiveCount, result.negativeCount, result.unknownCount] == [1, 1, 1])
  }
}
