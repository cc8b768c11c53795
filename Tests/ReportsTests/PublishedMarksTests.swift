import Figures
import Foundation
import Foundations
import Statistics
import Testing

@testable import Reports

/// The domain-adaptation table of the 2021 paper as it was printed: mean ± standard deviation in percent of ten runs a cell; its
/// bold cells are marked best, its shaded ones equivalent (the shading is read from the color of the slides' table).
@Suite("The published table of 2021, read as a file of results")
struct PublishedMarksTests {
  static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Goldens/published-2021-domain-adaptation.csv")

  private func analysis(_ deviations: PrintedDeviations = .standard) throws -> Analysis {
    var reading = ResultTable.Reading()
    reading.printedDeviations = deviations
    return try Analysis(ResultTable.read(Self.file, reading))
  }

  private func marks(_ deviations: PrintedDeviations = .standard) throws -> MarksCheck { try #require(try analysis(deviations).marks) }

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

  @Test("With n − 1 the shading agrees at five runs in every cell and at the stated ten not in four, two of which no denominator and no rounding explains")
  func shading() throws {
    let marks = try marks()
    #expect(marks.shown.map(\.runs) == [10, 5])
    #expect(marks.atCount(5)?.contradicted.isEmpty == true && marks.atCount(5)?.agreeing == 21)
    #expect(
      marks.atCount(10)?.contradicted.map { "\($0.task) \($0.initialization)" } == [
        "DXC5 ImageNet", "LXS ImageNet", "LXS CheXpert", "LXS ImageNet->ChestX-ray14",
      ])
    #expect(marks.atCount(10)?.cells(.contradicted).map { "\($0.task) \($0.initialization)" } == ["LXS ImageNet", "LXS CheXpert"])
    #expect(
      marks.sentences == [
        "The best mean is the one marked best on all 5 tasks.",
        "Printed standard deviations were taken as made with n − 1 in the denominator (--printed-deviations n-1).",
        "With n = 10 (as stated), a two-sided Student's t-test at 0.05 agrees with 17 of 21 marks; it contradicts ImageNet on DXC5 (shaded, p = 0.047), ImageNet on LXS (shaded, p = 0.014), CheXpert on LXS (shaded, p = 0.0083) and ImageNet->ChestX-ray14 on LXS (shaded, p = 0.044).",
        "At n = 10, with n − 1 or n in the denominator of the printed deviations and for every number that is rounded to the printed one: 2 are contradicted (ImageNet on LXS and CheXpert on LXS); 17 are not; 2 depend on the denominator and on rounding (ImageNet on DXC5 and ImageNet->ChestX-ray14 on LXS).",
        "With n = 5, a two-sided Student's t-test at 0.05 agrees with 21 of 21 marks.",
        "At n = 5, with n − 1 or n in the denominator of the printed deviations and for every number that is rounded to the printed one: 0 are contradicted; 19 are not; 1 depends on the denominator (ImageNet on PXS); 1 depends on rounding (CheXpert on LXS).",
        "Of all numbers of runs from 2 to 10, only 5 agrees with every mark; with n in the denominator only 6 agrees with every mark. No mark is contradicted whatever the denominator and the rounding at 5, 6, 7 and 8.",
      ])
  }

  @Test("Another number of runs than the paper's is said to be asked for, nowhere to be stated, and takes the place of the paper's")
  func asN() throws {
    var reading = ResultTable.Reading()
    reading.runs = 5
    let file = try ResultTable.read(Self.file, reading), set = try ResultTable(PublishedSet.named("published-2021"), runs: 5)
    for table in [file, set] {
      let analysis = try Analysis(table, AnalysisSettings()), marks = try #require(analysis.marks)
      #expect(marks.statedRuns == 5 && marks.isAssumed == true)
      #expect(marks.sentences[2] == "With n = 5 (as --as-n asks), a two-sided Student's t-test at 0.05 agrees with 21 of 21 marks.")
      #expect(analysis.methods.contains("of 5 runs a cell, as many as --as-n says, whatever their source states.") && !analysis.methods.contains("taken as stated"))
      #expect(table.remarks.last == "Every mean is taken to be of 5 runs, as --as-n asks, whatever its source says.")
      #expect(!analysis.terminalText(width: nil).contains("(as stated)"))
      #expect(try JSONDecoder().decode(Analysis.self, from: JSONEncoder().encode(analysis)) == analysis)
    }
    // What the file says is believed without it, and no word of a setting is lost.
    let plain = try ResultTable.read(Self.file)
    #expect(try plain.assumedRuns == nil && !plain.remarks.contains { $0.contains("--as-n") } && marks().isAssumed == nil)
  }

  @Test("With n in the denominator 19 of 21 marks agree at the stated ten runs, and only six runs fit all")
  func denominator() throws {
    let analysis = try analysis(.n), marks = try marks(.n)
    #expect(marks.atCount(10)?.agreeing == 19 && marks.consistentRuns(.n) == [6] && marks.consistentRuns(.nMinusOne) == [5])
    #expect(marks.shown.map(\.runs) == [10, 6] && marks.sentences[1].hasSuffix("(--printed-deviations n) and multiplied by √(n / (n − 1))."))
    #expect(analysis.methods.contains(marks.sentences[1]))
    // What does not depend on the setting is the same by either.
    let other = try self.marks()
    #expect(marks.atCount(10)?.cells.map(\.standing) == other.atCount(10)?.cells.map(\.standing))
    let cell = try #require(analysis.table.tasks[0].cells.first)
    #expect(abs((cell.summary.standardDeviation.known ?? 0) - 0.10 * (10.0 / 9).squareRoot()) < 1e-15 && cell.printed?.standardDeviation == 0.10)
  }

  private struct Golden: Decodable {
    struct Mark: Decodable {
      let runs: Int
      let task: String
      let initialization: String
      let ofNMinusOne: [Double]
      let ofN: [Double]

      private enum CodingKeys: String, CodingKey {
        case runs, task, initialization
        case ofNMinusOne = "n-1"
        case ofN = "n"
      }
    }

    let marks: [Mark]
  }

  @Test("p-values equal SciPy's for both denominators, and their ends those of a grid of all that is rounded to the printed numbers")
  func golden() throws {
    let file = Self.file.deletingLastPathComponent().appendingPathComponent("printed-tables.json")
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file)), marks = try marks()
    #expect(golden.marks.count == 42)
    for mark in golden.marks {
      let cell = try #require(marks.atCount(mark.runs)?.cells.first { $0.task == mark.task && $0.initialization == mark.initialization })
      for (range, expected) in [(cell.ofNMinusOne, mark.ofNMinusOne), (cell.ofN, mark.ofN)] {
        for (p, wanted) in zip([range.printed, range.least, range.greatest], expected) {
          #expect(abs((p.known ?? -1) - wanted) <= 1e-7 * wanted, "\(mark.task), \(mark.initialization), n = \(mark.runs)")
        }
      }
    }
  }

  @Test("A best mean that rounding may have made is said to depend on it; zeros that a program dropped at the end are no coarser rounding")
  func rounding() throws {
    func marks(_ rows: String) throws -> MarksCheck {
      try #require(try Analysis(ResultTable(csv: "task,initialization,mean,std,n,mark\n" + rows, source: "x")).marks)
    }
    let near = try marks("t,a,81.71,0.10,10,best\nt,b,81.70,0.1,10,equivalent\nu,a,81.72,0.10,10,best\nu,b,81.70,0.10,10,equivalent\n")
    #expect(near.sentences[0] == "The best mean is the one marked best on all 2 tasks.")
    let equal = try marks("t,a,81.7,0.10,10,best\nt,b,81.70,0.1,10,equivalent\nu,a,81.72,0.10,10,best\nu,b,81.7,0.10,10,\n")
    #expect(equal.sentences[0] == "The best mean is the one marked best on all 2 tasks; on t that depends on rounding.")
    #expect(abs((equal.counts[0].cells[0].ofN.greatest.known ?? 0) - 1) < 1e-12)
    let behind = try marks("t,a,81.7,0.1,10,best\nt,b,81.8,0.1,10,equivalent\nu,a,81.7,0.1,10,best\nu,b,81.9,0.1,10,equivalent\n")
    #expect(behind.sentences[0] == "The best mean is the one marked best on 0 of 2 tasks, not on t and u.")
    func read(_ name: String, _ mean: Double, _ mark: ResultTable.Mark) -> ResultTable.Cell {
      .init(
        name, summary: Summary(count: 10, mean: mean, standardDeviation: 0.1), mark: mark,
        printed: .init(standardDeviation: 0.1, meanRounding: 0.05, deviationRounding: 0.05))
    }
    let figure = ResultTable(initializations: ["a", "b"], tasks: [.init("t", cells: [read("a", 81.70, .best), read("b", 81.75, .other)])])
    #expect(try Analysis(figure).marks?.sentences[0] == "The best mean is the one marked best on 0 of 1 tasks, not on t; on t that depends on rounding.")
    // Without any spread within the rounding nothing is less probable, and with none at all nothing can be tested.
    let bare = try marks("t,a,81.8,0.0,10,best\nt,b,81.7,0.0,10,\nu,a,3,,10,best\nu,b,2,,10,\n").counts[0].cells
    #expect(bare[0].ofN.least.known == 0 && bare[1].standing == nil && bare[1].standingText == "n/a")
  }

  @Test("Without marks nothing is checked; a mark that is none is refused, and so is a denominator that is none")
  func withoutMarks() throws {
    #expect(try Analysis(ResultTable(csv: "task,initialization,mean,std,n\nt,a,1,1,3\n", source: "x")).marks == nil)
    do {
      _ = try ResultTable(csv: "task,initialization,mean,std,n,mark\nt,a,1,1,3,bets\n", source: "x")
      Issue.record("read")
    } catch {
      #expect(sentence(for: error) == "x has a problem:\n  line 2: the mark is “bets”. Did you mean “best”?")
    }
    do {
      _ = try PrintedDeviations(parsing: "n-2")
      Issue.record("read")
    } catch {
      #expect(sentence(for: error) == "There is no denominator of printed standard deviations “n-2”. Did you mean “n-1”?")
    }
    #expect(try PrintedDeviations(parsing: "N−1") == .nMinusOne)
  }
}
