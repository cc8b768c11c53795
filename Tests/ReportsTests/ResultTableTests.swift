import Foundations
import Statistics
import Testing

@testable import Reports

@Suite("A file of results")
struct ResultTableTests {
  private func read(_ text: String, _ reading: ResultTable.Reading = .init()) throws -> ResultTable {
    try ResultTable(csv: text, source: "results.csv", reading)
  }

  /// The sentences of the error that a text is refused with.
  private func refusal(_ text: String, _ reading: ResultTable.Reading = .init()) -> String {
    do {
      _ = try read(text, reading)
      return "not refused"
    } catch {
      return sentence(for: error)
    }
  }

  @Test("One row a run becomes cells with their runs, in the order of the file")
  func runs() throws {
    let table = try read(
      "task,initialization,run,value\r\nTXC,random,1,0.5\r\n\r\nTXC,\"Image,Net\",1,0.9\r\nTXC,random,2,0.7\r\nPXS,random,1,\r\n")
    #expect(table.initializations == ["random", "Image,Net"])
    #expect(table.tasks.map(\.title) == ["TXC", "PXS"])
    let cell = try #require(table.tasks[0].cell(of: "random"))
    #expect(cell.runs == [.init("1", 0.5), .init("2", 0.7)])
    #expect(cell.summary == Summary([0.5, 0.7]))
    #expect(table.tasks[1].cells[0].gapCount == 1 && table.tasks[1].cells[0].summary.mean.known == nil)
    #expect(table.remarks == ["1 run of random on PXS has no value."])
    #expect(table.scale == ResultTable.Scale(decimals: 4))
  }

  @Test("Means become summaries; an empty mean is a cell without result; a metric makes a row of its own")
  func means() throws {
    var reading = ResultTable.Reading()
    reading.lowerIsBetter = ["HD95"]
    let table = try read(
      "Task,Initialization,Mean,STD,n,metric\nLXS,a,98.1,0.2,5,Dice\nLXS,a,3.5,,5,HD95\nLXS,b,,,,Dice\nLXS,b,4,1e-1,5,HD95\n", reading)
    #expect(table.tasks.map(\.title) == ["LXS, Dice", "LXS, HD95"])
    #expect(table.tasks.map(\.higherIsBetter) == [true, false])
    #expect(table.tasks[0].cells.map(\.initialization) == ["a"])
    #expect(table.tasks[1].cell(of: "b")?.summary == Summary(count: 5, mean: 4, standardDeviation: 0.1))
    #expect(table.tasks[1].cell(of: "a")?.summary.standardDeviation.known == nil)
  }

  @Test("A number of runs given beside the file takes the place of its own, or of one that is missing")
  func asN() throws {
    var reading = ResultTable.Reading()
    reading.runs = 5
    #expect(try read("task,initialization,mean,std,n\nt,a,1,1,10\n", reading).tasks[0].cells[0].summary.count == 5)
    #expect(try read("task,initialization,mean,std\nt,a,1,1\n", reading).tasks[0].cells[0].summary.count == 5)
    #expect(
      refusal("task,initialization,run,value\nt,a,1,1\n", reading)
        == "results.csv has the runs themselves, so their number is known. Leave --as-n out; it is for tables of means.")
  }

  @Test("Every bad row is named with its line, also behind blank lines and quoted line breaks")
  func badRows() {
    let text =
      "task,initialization,run,value\n\nt,a,1,0.5\nt,a,1,0.6\nt,\"b\nc\",1,1\nt,a,2,nan\nt,a,3,\"1,5\"\nt,a\nt,a,4,0x1p3\n,a,5,1\nt,a,6,\"1\"x\n"
    #expect(
      refusal(text) == """
        results.csv has 8 problems:
          line 4: run 1 of a on t is on line 3 already
          line 5: the initialization has a line break or another control character
          line 7: the value is “nan”, which is no number with a decimal point
          line 8: the value is “1,5”, which is no number with a decimal point
          line 9: it has 2 fields and the header has 4
          line 10: the value is “0x1p3”, which is no number with a decimal point
          line 11: the task is empty
          line 12: its quotes are wrong: one is never closed, or text follows a closing one
        """)
  }

  @Test(
    "Bad summaries are refused",
    arguments: [
      ("t,a,1,-0.5,3", "the standard deviation -0.5 is below 0"), ("t,a,1,0.5,0", "n is “0”, which is no number of runs"),
      ("t,a,1,0.5,2.5", "n is “2.5”, which is no number of runs"), ("t,a,,0.5,3", "it has a standard deviation and no mean"),
      ("t,a,1,1e308,3", "the std is “1e308”, which is beyond 1e100"),
      ("t,a,1e999,0.5,3", "the mean is “1e999”, which is no number with a decimal point"),
      ("t,a,1 ± 2,0.5,3", "the mean is “1 ± 2”, which is no number with a decimal point"),
    ])
  func badSummaries(row: String, words: String) {
    #expect(refusal("task,initialization,mean,std,n\n\(row)\n") == "results.csv has a problem:\n  line 2: \(words)")
  }

  @Test("A missing column is named, with the one that was probably meant")
  func columns() {
    #expect(
      refusal("task,initialisation,run,value\nt,a,1,1\n")
        == "results.csv has a problem:\n  line 1: the column “initialization” is missing. Is it the one called “initialisation”?")
    #expect(
      refusal("task,initialization,mean,std\nt,a,1,1\n")
        == "results.csv has a problem:\n  line 1: the column “n” is missing. Add it, or give --as-n with the number of runs behind every mean.")
    #expect(
      refusal("task,initialization,run,value,metrik\nt,a,1,1,x\n")
        == "results.csv has a problem:\n  line 1: there is no column “metrik”. Did you mean “metric”?")
    #expect(
      refusal("task,task,initialization,run,value\n").contains("line 1: there are two columns “task”"))
    #expect(refusal("task,initialization,run,value\n") == "results.csv has a problem:\n  it has a header and no rows")
    #expect(refusal("") == "results.csv has a problem:\n  it is empty")
  }

  @Test("A column that means nothing here is passed over, and that is said")
  func unused() throws {
    #expect(
      try read("task,initialization,run,value,scanner\nt,a,1,1,x\n").remarks
        == ["The column “scanner” of results.csv is not used."])
  }

  @Test("A difference is written with its sign, a rounded zero without")
  func signs() {
    let scale = ResultTable.Scale.percent
    #expect([0.0123, -0.0123, -0.000001].map(scale.signed) == ["+1.23", "−1.23", "0.00"])
  }
}
