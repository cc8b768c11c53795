import Foundation
import Testing

@Suite("medtransfer statistics")
struct StatisticsCommandTests {
  private static let published = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("ReportsTests/Goldens/published-2021-domain-adaptation.csv")

  @Test("The published table of 2021: its bold cells are found, and its shading is checked at ten runs and at five")
  func publishedTable() throws {
    let result = try StudyFixture().run("statistics", Self.published.path)
    #expect(result.status == 0, "\(result.errors)")
    for cell in ["87.40 ± 0.26 *", "98.47 ± 0.26 *", "69.52 ± 0.38 *", "82.25 ± 0.18 *", "98.31 ± 0.05 *"] {
      #expect(result.output.contains(cell), "\(cell)")
    }
    let words = result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("The best mean is the one marked best on all 5 tasks."))
    #expect(words.contains("With n = 10 (as stated), a two-sided Student's t-test at 0.05 agrees with 17 of 21 marks; it contradicts"))
    #expect(words.contains("With n = 5, a two-sided Student's t-test at 0.05 agrees with 21 of 21 marks."))
    #expect(!result.output.contains("…"))
  }

  @Test("The denominator of printed deviations is one setting of statistics and of --against, said by both; marks that hang on it or on rounding are told")
  func printedDeviations() throws {
    let fixture = try StudyFixture()
    func words(_ arguments: String...) throws -> String {
      let result = try Command.run(["statistics"] + arguments, in: fixture.folder)
      #expect(result.status == 0, "\(result.errors)")
      return result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    let standard = try words("published-2021"), other = try words("published-2021", "--printed-deviations", "n")
    let marks =
      "2 are contradicted (ImageNet on LXS and CheXpert on LXS); 17 are not; 2 depend on the denominator and on rounding (ImageNet on DXC5 and ImageNet->ChestX-ray14 on LXS)."
    #expect(standard.contains("agrees with 17 of 21 marks") && standard.contains("agrees with 21 of 21 marks") && standard.contains(marks), "\(standard)")
    #expect(standard.contains("Of all numbers of runs from 2 to 10, only 5 agrees with every mark; with n in the denominator only 6 agrees with every mark."))
    #expect(other.contains("With n = 10 (as stated), a two-sided Student's t-test at 0.05 agrees with 19 of 21 marks") && other.contains(marks), "\(other)")
    #expect(other.contains("Of all numbers of runs from 2 to 10, only 6 agrees with every mark"))
    #expect(
      standard.contains("taken as made with n − 1 in the denominator (--printed-deviations n-1).")
        && other.contains("taken as made with n in the denominator (--printed-deviations n)"))

    try fixture.write("task,initialization,run,value\nDXC14,Scratch,1,80.30\nDXC14,Scratch,2,80.36\nDXC14,Scratch,3,80.27\n", to: "r.csv")
    for (word, text) in [("n", "n in the denominator (--printed-deviations n)"), ("n-1", "n − 1 in the denominator (--printed-deviations n-1).")] {
      #expect(try words("r.csv", "--against", "published-2021", "--printed-deviations", word).contains(text))
    }
    let alone = try fixture.run("statistics", "r.csv", "--printed-deviations", "n")
    #expect(alone.status != 0 && alone.errors.contains("--printed-deviations is for numbers that were printed, and here are the runs themselves"), "\(alone.errors)")
  }

  @Test("A table of means that says on how many images it rests says how probable it is that a claim is false")
  func claims() throws {
    let fixture = try StudyFixture()
    try fixture.write(
      "task,initialization,mean,std,n,images,accuracy,congruence\nTXC,a,0.91,0.01,5,100,0.85,\nTXC,b,0.90,0.01,5,100,0.83,0.80\nTXC,c,0.85,0.02,5,100,0.78,\n", to: "r.csv")
    let result = try fixture.run("statistics", "r.csv", "--output", "out")
    let words = result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(result.status == 0 && words.contains("P(false)"), "\(result.errors)")
    #expect(words.contains("1 with more: a over b on TXC (0.25); of 1 it cannot be told without the congruence or correlation: a over c on TXC ("), "\(result.output)")
    #expect(try fixture.text("out/tables/comparisons.csv").contains("P(false)") && fixture.text("out/methods.txt").contains("Christodoulou et al. (2025)"))
  }

  @Test("--json is one decodable value, and --output writes tables, figures and numbers")
  func files() throws {
    let fixture = try StudyFixture()
    let result = try fixture.run("statistics", Self.published.path, "--json", "--as-n", "5", "--baseline", "ImageNet", "--output", "out")
    #expect(result.status == 0, "\(result.errors)")
    let printed = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect((printed["tasks"] as? [Any])?.count == 5)
    #expect(try fixture.text("out/numbers.json") == result.output)
    #expect(try fixture.text("out/tables/results.tex").contains("n = 5 runs each"))
    #expect(try fixture.text("out/figures/means.tex").contains("\\begin{axis}"))
  }

  @Test("Fractions are written in percent where that is asked for")
  func percent() throws {
    let fixture = try StudyFixture()
    try fixture.write("task,initialization,run,value\nTXC,a,1,0.91\nTXC,a,2,0.93\nTXC,b,1,0.81\nTXC,b,2,0.82\n", to: "r.csv")
    let result = try fixture.run("statistics", "r.csv", "--percent", "--test", "welch")
    #expect(result.output.contains("92.00 ± 1.41 *") && result.output.contains("Welch's t-test"), "\(result.output)")
  }

  @Test(
    "What cannot be used ends in one sentence and status 1",
    arguments: [
      (["--baseline", "ImagNet"], "There is no initialization “ImagNet”. Did you mean “ImageNet”?"),
      (["--test", "studnt"], "There is no test “studnt”. Did you mean “student”?"),
      (["--alpha", "5"], "The level 5.0 is not between 0 and 1. Give one such as 0.05."),
      (["--alternative", "worse"], "The alternative “worse” needs a baseline: nothing can be tested for being worse than the best. Name one with --baseline."),
      (["--lower-is-better", "HD95"], "There is no task or metric “HD95”. Choose one of: DXC14, DXC5, LXS, PXS, TXC."),
    ])
  func refused(arguments: [String], words: String) throws {
    let fixture = try StudyFixture()
    let result = try Command.run(["statistics", Self.published.path] + arguments, in: fixture.folder)
    #expect(result.status == 1 && result.output.isEmpty)
    #expect(result.errors == "medtransfer: \(words)\n")
  }
}

@Suite("Published numbers beside others")
struct PublishedCommandTests {
  @Test("The sets are listed, a set is analyzed as a file is, and results are put beside it")
  func against() throws {
    let fixture = try StudyFixture()
    let list = try fixture.run("published")
    #expect(list.status == 0 && list.output.contains("published-2021 ") && list.output.contains("published-2025-architectures"))
    let whole = try fixture.run("statistics", "published-2021")
    #expect(whole.status == 0 && whole.output.contains("The best mean is the one marked best on all 5 tasks."), "\(whole.errors)")
    // What is written to a file or another program is not cut.
    #expect(!whole.output.contains("…") && whole.output.contains("ImageNet->ChestX-ray14"))
    try fixture.write("task,initialization,run,value\nchests,random,1,0.8030\nchests,random,2,0.8036\nchests,random,3,0.8027\n", to: "r.csv")
    let result = try fixture.run(
      "statistics", "r.csv", "--percent", "--against", "published-2021", "--match", "chests=DXC14", "--output", "out")
    #expect(result.status == 0 && result.output.contains("Of 1 value that published-2021 has too, 1 agrees, 0 do not"), "\(result.output)")
    for path in ["tables/published-comparison.tex", "tables/published-comparison.csv", "tables/published-comparison.md", "figures/published-comparison.tex", "published.json"] {
      #expect(FileManager.default.fileExists(atPath: fixture.url("out/\(path)").path), "\(path)")
    }
    let unknown = try fixture.run("statistics", "published-2022")
    #expect(unknown.errors == "medtransfer: There is no set of published numbers “published-2022”. Did you mean “published-2021”?\n")
  }
}
