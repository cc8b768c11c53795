import Foundation
import Foundations
import Testing

@testable import Figures

@Suite("Tables as they are published")
struct ReportTableTests {
  private var table: ReportTable {
    var table = ReportTable(
      title: "Results", caption: "Welch's t-test, two-sided, n = 10.", label: "tab_results & more",
      columns: [.init("Init"), .init("A_1 & <2>", .right), .init("B|C", .center)], notes: ["5 % of the images."])
    table.append(["ImageNet", .init("81.70 ± 0.15", isBold: true, isShaded: true), .init("–", note: "Trained on it.")])
    table.append([.init("[x] <script>"), .init("80_1", isShaded: true, note: "Trained on it."), .init("*y*", note: "Other.")])
    return table
  }

  @Test("HTML: a real table with headings for rows and columns, best bold, equivalent shaded and said")
  func html() {
    let html = table.html()
    #expect(html.contains("<caption><span><b>Results</b> Welch&#39;s t-test, two-sided, n = 10.</span></caption>"))
    #expect(html.contains("<th scope=\"col\" class=\"right\">A_1 &amp; &lt;2&gt;</th>"))
    #expect(html.contains("<th scope=\"row\" class=\"left whole\">[x] &lt;script&gt;</th>"))
    #expect(
      html.contains(
        "<td class=\"right shaded\"><strong>81.70 ± 0.15</strong><span class=\"heard\"> (best, statistically equivalent to the best)</span></td>"
      ))
    #expect(
      html.contains("<sup>a</sup> Trained on it.") && html.contains("<sup>b</sup> Other.") && html.contains("5 % of the images."))
    #expect(!html.contains("<script"))
  }

  @Test("On paper a wide table is made smaller by how wide it is, and a short one is not parted")
  func paper() {
    var wide = ReportTable(columns: [.init("Initialization")] + (0..<12).map { .init("task \($0), AUROC (macro)", .right) })
    wide.append([.init("x")] + (0..<12).map { _ in .init("81.70 ± 0.15 (n = 10)", note: "A note.") })
    // The name of the first column, and in the others 21 characters and the note's letter; 2 blanks behind each.
    #expect(wide.widthInCharacters == 14 + 2 + 12 * (22 + 2))
    #expect(wide.html().hasPrefix("<div class=\"table short vast\" style=\"--chars:304\">"))
    var long = ReportTable(columns: [.init("A"), .init("B")])
    for _ in 0..<15 { long.append(["words that go on and on and on until they are wrapped", "1"]) }
    #expect(long.html().hasPrefix("<div class=\"table\" style=\"--chars:35\">"))
    #expect(PageStyle.css.contains("100cqi/var(--chars)") && PageStyle.css.contains(".table{overflow:visible}"))
  }

  @Test("LaTeX: booktabs, caption and label, bold and shade, notes with one letter each")
  func latex() {
    let latex = table.latex()
    for part in [
      "\\toprule", "\\midrule", "\\bottomrule", "\\caption{Results. Welch\\textquotesingle{}s t-test, two-sided, n = 10.}",
      "\\label{tab:tab-results-more}",
      "\\begin{tabular}{lrc}", "Init & A\\_1 \\& \\textless{}2\\textgreater{} & B\\textbar{}C \\\\",
      "\\cellcolor{mtshade}\\textbf{81.70 \\ensuremath{\\pm} 0.15}", "--\\textsuperscript{a} \\\\", "5 \\% of the images.",
      "{}[x] \\textless{}script\\textgreater{}", "\\textsuperscript{b}\\,Other.",
    ] { #expect(latex.contains(part), "\(part)") }
  }

  @Test("LaTeX: a table longer than a page is several, long texts are wrapped, and no row is lost")
  func longLaTeX() {
    var long = ReportTable(title: "Runs", caption: "Of all.", label: "runs", columns: [.init("Run"), .init("What came of it"), .init("Value", .right)])
    for row in 1...90 { long.append([.init("run \(row)"), "words that go on and on until they have to be wrapped", .init("\(row)")]) }
    let latex = long.latex()
    #expect(latex.components(separatedBy: "\\begin{table}").count - 1 == 3 && latex.components(separatedBy: "\\label{").count - 1 == 1)
    #expect(latex.contains("\\caption{Runs. Of all. Part 1 of 3}") && latex.contains("\\caption{Runs. Part 3 of 3}"))
    #expect(latex.contains("\\begin{tabular}{lp{4.2cm}r}"))
    for row in 1...90 { #expect(latex.contains("run \(row) & ")) }
  }

  @Test("A table of many columns and few rows is set upright with every cell, its marks and notes; others stay as they are")
  func upright() {
    var wide = ReportTable(title: "Results", label: "results", columns: [.init("Initialization")] + (1...8).map { .init("task \($0)", .right) })
    wide.append([.init("A")] + (1...8).map { .init("a\($0)", isBold: $0 == 3) })
    wide.append([.init("B")] + (1...8).map { .init("b\($0)", isShaded: $0 == 2, note: $0 == 5 ? "Not tested." : nil) })
    let upright = wide.upright(heading: "Task")
    #expect(upright.columns == [.init("Task"), .init("A", .right), .init("B", .right)] && upright.rows.count == 8)
    for (place, row) in upright.rows.enumerated() {
      #expect(row == [.init("task \(place + 1)"), wide.rows[0][place + 1], wide.rows[1][place + 1]])
    }
    #expect(table.upright(heading: "Task") == table && upright.upright(heading: "Task") == upright)
  }

  @Test("Markdown: escaped, bold best, a sign where it cannot shade")
  func markdown() {
    let lines = table.markdown().split(separator: "\n").map(String.init)
    #expect(lines[0] == "**Results**")
    #expect(lines[1] == "| Init | A\\_1 &amp; &lt;2&gt; | B\\|C |")
    #expect(lines[2] == "|---|---:|:---:|")
    #expect(lines[3] == "| ImageNet | **81.70 ± 0.15** ≈ | – (a) |")
    #expect(lines[4] == "| \\[x\\] &lt;script&gt; | 80\\_1 ≈ (a) | \\*y\\* (b) |")
    #expect(lines.contains("Bold: best; ≈: statistically equivalent to the best."))
    #expect(lines.contains("(b) Other."))
  }

  @Test("CSV: the plain texts, which parse back")
  func csv() throws {
    let document = try CSV.parse(table.csv())
    #expect(document.header == ["Init", "A_1 & <2>", "B|C"])
    #expect(document.rows == [["ImageNet", "81.70 ± 0.15", "–"], ["[x] <script>", "80_1", "*y*"]])
  }

  @Test("A row has as many cells as there are columns, whatever is given")
  func widths() {
    var table = ReportTable(columns: [.init("a"), .init("b")])
    table.append(["1"])
    table.append(["1", "2", "3"])
    #expect(table.rows.map(\.count) == [2, 2])
  }

  @Test("Notes have letters beyond z")
  func letters() {
    var table = ReportTable(columns: [.init("a")])
    for index in 0..<28 { table.append([.init("x", note: "note \(index)")]) }
    #expect(table.lettered.suffix(3).map(\.letter) == ["z", "aa", "ab"])
  }
}
