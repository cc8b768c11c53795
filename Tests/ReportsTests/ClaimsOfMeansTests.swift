import Figures
import Foundation
import Foundations
import Statistics
import Testing

@testable import Reports

@Suite("Claims of superiority in a table of means")
struct ClaimsOfMeansTests {
  private func analysis(_ rows: String, columns: String = "images,accuracy,congruence,imageStd,correlation", deviations: PrintedDeviations = .standard) throws -> Analysis {
    var reading = ResultTable.Reading()
    reading.printedDeviations = deviations
    return try Analysis(ResultTable(csv: "task,initialization,mean,std,n,\(columns)\n\(rows)", source: "x", reading))
  }

  private struct Golden: Decodable {
    struct Claim: Decodable {
      let images: Int
      let accuracy: [Double]?
      let mean: [[Double]]?
      let agreement: Double?
      let p: [Double]
    }

    let claims: [Claim]
  }

  @Test("P(false) equals SciPy's for accuracies and for means over images, and has the ends of all that is possible where the agreement is not stated")
  func golden() throws {
    let file = PublishedMarksTests.file.deletingLastPathComponent().appendingPathComponent("printed-tables.json")
    for claim in try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file)).claims {
      let agreement = claim.agreement.map { "\($0)" } ?? ""
      let rows: [String]
      if let accuracy = claim.accuracy {
        rows = ["t,a,0.9,0.01,3,\(claim.images),\(accuracy[0]),,,", "t,b,0.8,0.01,3,\(claim.images),\(accuracy[1]),\(agreement),,"]
      } else {
        let mean = try #require(claim.mean)
        rows = ["t,a,\(mean[0][0]),0.01,3,\(claim.images),,,\(mean[0][1]),", "t,b,\(mean[1][0]),0.01,3,\(claim.images),,,\(mean[1][1]),\(agreement)"]
      }
      let bounds = try #require(try analysis(rows.joined(separator: "\n") + "\n").tasks[0].againstBest?.comparisons.first?.falseClaim?.known)
      for (value, wanted) in zip([bounds.lower, bounds.upper], claim.p) { #expect(abs(value - wanted) <= 1e-9, "\(rows)") }
    }
  }

  @Test("The column, the sentences and Methods say what may be claimed, and tables without these columns have neither")
  func shown() throws {
    let found = try analysis(
      "t,a,0.9,0.01,3,100,0.85,,,\nt,b,0.8,0.01,3,100,0.83,0.80,,\nt,c,0.7,0.01,3,100,0.60,,,\nt,d,0.7,0.01,3,90,0.70,,,\nt,e,0.6,0.01,3,,,,,\n")
    let table = found.comparisonsTable, column = try #require(table.columns.firstIndex { $0.title == "P(false)" })
    #expect(table.rows.map { $0[column].text } == ["0.25", "1.5e-08 to 0.00034", "n/a", ""])
    #expect(table.rows[2][column].note == "Probability of a false claim on a and d: not available, a was tested on 100 images and d on 90.")
    #expect(found.claimSentences.count == 2 && found.claimSentences[1] == "P(false) n/a: a was tested on 100 images and d on 90.")
    #expect(
      found.claimSentences[0]
        == "Of 2 claims that the best of a task is better than another on other images of the kind, 1 is false with a probability of 5 % or less; 1 with more: a over b on t (0.25)."
    )
    #expect(found.methods.contains("P(false), the probability that the best is in truth no better than another") && found.methods.contains("correlations from 0 to 1"))
    #expect(found.terminalText(width: 200).contains("P(false)") && found.terminalText(width: 200).contains("Claims of superiority"))
    let plain = try Analysis(ResultTable(csv: "task,initialization,mean,std,n\nt,a,0.9,0.01,3\nt,b,0.8,0.01,3\n", source: "x"))
    #expect(
      plain.claimSentences
        == [
          "The probability that a claim of superiority is false, P(false), is not available: nothing is said of the test images behind the means (columns images and accuracy, or images and imageStd, of a file of means)."
        ])
    #expect(!plain.hasClaims && !plain.methods.contains("P(false)") && !plain.comparisonsTable.columns.contains { $0.title == "P(false)" })
  }

  @Test("Of a metric of which lower is better the claim is about the lower mean; the spread over images follows the setting of printed deviations")
  func directions() throws {
    var reading = ResultTable.Reading()
    reading.lowerIsBetter = ["all"]
    let text = "task,initialization,mean,std,n,images,imageStd,correlation\nt,a,10,1,3,25,4,\nt,b,8,1,3,25,5,0.5\n"
    func p(_ reading: ResultTable.Reading) throws -> Double {
      let comparison = try #require(try Analysis(ResultTable(csv: text, source: "x", reading)).tasks[0].againstBest?.comparisons.first)
      #expect(comparison.first == "b")
      return try #require(comparison.falseClaim?.known).lower
    }
    let expected = try #require(
      FalseClaim.ofMeans(
        Summary(count: 25, mean: -8, standardDeviation: 5), Summary(count: 25, mean: -10, standardDeviation: 4), correlation: 0.5
      ).known)
    let plain = try p(reading)
    #expect(plain == expected && plain < 0.5)
    reading.printedDeviations = .n
    #expect(try p(reading) > plain)
  }

  @Test(
    "Rows that cannot be meant are refused, each with what is wrong",
    arguments: [
      ("t,a,1,1,3,,0.9,,,", "it says how it did on single images, and not on how many: “images” is empty or missing"),
      ("t,a,1,1,3,9.5,0.9,,,", "images is “9.5”, which is no number of images"),
      ("t,a,1,1,3,90,85,,,", "the accuracy is “85”, which is not between 0 and 1"),
      ("t,a,1,1,3,90,0.8,,0.1,", "it has an accuracy and an imageStd, and a claim is of one of them. Keep the one that is claimed"),
      ("t,a,1,1,3,90,,0.8,,", "it has a congruence and no accuracy"),
      ("t,a,1,1,3,90,,,,0.8", "it has a correlation and no imageStd"),
      ("t,a,1,1,3,90,,,0.1,-1.2", "the correlation is “-1.2”, which is not between −1 and 1"),
      ("t,a,1,1,3,90,,,-0.1,", "imageStd, -0.1, is below 0"),
    ])
  func refused(row: String, words: String) {
    do {
      _ = try analysis(row + "\n")
      Issue.record("read")
    } catch {
      #expect(sentence(for: error) == "x has a problem:\n  line 2: \(words)")
    }
  }

  @Test("A misspelled column is named, and in a file of runs these columns are said to be not used")
  func columns() throws {
    do {
      _ = try analysis("t,a,1,1,3,9\n", columns: "imagestdd")
      Issue.record("read")
    } catch {
      #expect(sentence(for: error) == "x has a problem:\n  line 1: there is no column “imagestdd”. Did you mean “imagestd”?")
    }
    let runs = try ResultTable(csv: "task,initialization,run,value,images\nt,a,1,0.5,9\n", source: "x")
    #expect(runs.remarks == ["The column “images” of x is not used."] && runs.printedDeviations == nil)
  }
}
