import Foundation
import Foundations
import Testing

@testable import Statistics

@Suite("Summary of values over seeds")
struct SummaryTests {
  struct Golden: Decodable {
    let values: [Double]
    let mean: Double
    let standardDeviation: Double
  }

  @Test("Mean and standard deviation are numpy's with ddof = 1, a small spread around a large mean included")
  func agreesWithNumPy() throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/summaries.json")
    let goldens = try JSONDecoder().decode([Golden].self, from: Data(contentsOf: url))
    #expect(goldens.count == 4)
    for golden in goldens {
      let summary = Summary(golden.values)
      #expect(summary.count == golden.values.count)
      #expect(abs(try #require(summary.mean.number) - golden.mean) <= 1e-15 * max(1, abs(golden.mean)))
      let deviation = try #require(summary.standardDeviation.number)
      #expect(abs(deviation - golden.standardDeviation) <= 1e-8 * golden.standardDeviation)
    }
  }

  @Test("One value has a mean and no spread; no value has neither; both say why")
  func tooFew() {
    let one = Summary([0.25])
    #expect(one.mean == .value(0.25))
    #expect(one.standardDeviation == .notAvailable(reason: "one value has no spread"))
    let none = Summary([])
    #expect(none.mean == .notAvailable(reason: "there is no value"))
    #expect(none.standardDeviation.number == nil)
    #expect(none.count == 0)
  }

  @Test("A value that is not finite makes the summary not available, and is named")
  func notFinite() {
    #expect(Summary([1, .nan, 3]).mean == .notAvailable(reason: "value 2 of 3 is nan"))
    #expect(Summary([1, 2, .infinity]).standardDeviation == .notAvailable(reason: "value 3 of 3 is inf"))
  }

  @Test("As JSON it is bare numbers, or the reason")
  func json() throws {
    let text = try CanonicalJSON.encodeText(Summary([2]))
    #expect(text == #"{"count":1,"mean":2,"standardDeviation":{"notAvailable":"one value has no spread"}}"#)
    #expect(try JSONDecoder().decode(Summary.self, from: Data(text.utf8)) == Summary([2]))
  }
}
