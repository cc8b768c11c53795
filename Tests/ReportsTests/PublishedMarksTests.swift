import Figures
import Foundation
import Foundations
import Testing

@testable import Reports

/// The domain-adaptation table of the 2021 paper as it was printed: mean ± standard deviation in percent of ten runs a cell; its
/// bold cells are marked best, its shaded ones equivalent (the shading is read from the color of the slides' table).
@Suite("The published table of 2021, read as a file of results")
struct PublishedMarksTests {
  static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Goldens/published-2021-domain-adaptation.csv")

  private func analysis() throws -> Analysis { try Analysis(ResultTable.read(Self.file)) }

  @Test("The bold cells are the best of their tasks")
  func bold() throws {
    let analysis = try analysis()
    #expect(
      Dictionary(uniqueKeysWithValues: analysis.tasks.map { ($0.title, $0.best.known ?? "") }) == [
        "DXC14": "ImageNet->CheXpert", "DXC5": "ChestX-ray14", "TXC": "ImageNet->ChestX-ray14", "PXS": "ImageNet->ChestX-ray14",
        "LXS": "ImageNet->CheXpert",
      ])
    let bold = analysis.resultsTable.rows.flatMap { $0 }.filter(\.isBold).map(\.text)
    #expect(bold == ["87.40 ± 0.26", "98.47 ± 0.26", "69.52 ± 0.38", "82.25 ± 0.18", "98.31 ± 0.05"])
  }

  @Test("The shading agrees with a two-sided Student's t-test at five runs in every cell, and at the stated ten not in four")
  func shading() throws {
    let marks = try #require(try analysis().marks)
    #expect(marks.shown.map(\.runs) == [10, 5])
    #expect(marks.atCount(5)?.contradicted.isEmpty == true && marks.atCount(5)?.agreeing == 21)
    #expect(
      marks.atCount(10)?.contradicted.map { "\($0.task) \($0.initialization)" } == [
        "DXC5 ImageNet", "LXS ImageNet", "LXS CheXpert", "LXS ImageNet->ChestX-ray14",
      ])
    #expect(marks.consistentRuns == [5])
    #expect(
      marks.sentences == [
        "The best mean is the one marked best on all 5 tasks.",
        "With n = 10 (as stated), a two-sided Student's t-test at 0.05 agrees with 17 of 21 marks; it contradicts ImageNet on DXC5 (shaded, p = 0.047), ImageNet on LXS (shaded, p = 0.014), CheXpert on LXS (shaded, p = 0.0083) and ImageNet->ChestX-ray14 on LXS (shaded, p = 0.044).",
        "With n = 5, a two-sided Student's t-test at 0.05 agrees with 21 of 21 marks.",
        "Of all numbers of runs from 2 to 10, only 5 agrees with every mark.",
      ])
  }

  @Test("Without marks nothing is checked; a mark that is none is refused")
  func withoutMarks() throws {
    #expect(try Analysis(ResultTable(csv: "task,initialization,mean,std,n\nt,a,1,1,3\n", source: "x")).marks == nil)
    do {
      _ = try ResultTable(csv: "task,initialization,mean,std,n,mark\nt,a,1,1,3,bets\n", source: "x")
      Issue.record("read")
    } catch {
      #expect(sentence(for: error) == "x has a problem:\n  line 2: the mark is “bets”. Did you mean “best”?")
    }
  }
}
