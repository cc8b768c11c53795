import Figures
import Foundation
import Foundations

// Draws every figure of both papers from the published numbers, and one of each other kind from made-up ones, into a page and
// LaTeX files: what `make figures-check` looks at.
//
//   figure-gallery OUTPUT

guard CommandLine.arguments.count == 2 else {
  FileHandle.standardError.write(Data("usage: figure-gallery OUTPUT\n".utf8))
  exit(2)
}
do {
  let output = URL(fileURLWithPath: CommandLine.arguments[1])
  let latex = output.appendingPathComponent("latex")
  try FileManager.default.createDirectory(at: latex, withIntermediateDirectories: true)
  let papers = PaperFigures(published: Published())
  let madeUp = MadeUpFigures()
  let figures = papers.all + madeUp.all
  let report = HTMLReport(
    title: "Gallery of figures", subtitle: "Both papers' figures from the published numbers; the other kinds from made-up ones",
    sections: [
      .init(
        "Verdict",
        [
          .verdict([
            .init(
              task: "TXC", standing: .decided, statement: "ImageNet→ChestX-ray14 is best: 98.47 ± 0.26 % AUC.",
              details: ["Nothing else is equivalent."]),
            .init(
              task: "PXS", standing: .open, statement: "Four initializations cannot be told apart.",
              details: ["4 more seeds would settle ImageNet→ChestX-ray14 against CheXpert."]),
            .init(
              task: "ECC", standing: .insufficient, statement: "Too few runs to say anything.",
              details: ["Two runs of each are needed at least."]),
          ]), .remark("A remark: one run directory is broken and is left out."),
        ]),
      .init("Tables", [.table(papers.table1), .table(papers.table2)]),
      .init("Figures of the papers", papers.all.map { .figure($0) }),
      .init("Other kinds", madeUp.all.map { .figure($0) }),
      .init("Methods", [.paragraph("Means of the runs with their standard deviations (n − 1).")]),
    ], footer: "Made by figure-gallery.")
  let start = ContinuousClock.now
  let page = report.html(plotly: try PlotlyLibrary.installed())
  let seconds = (ContinuousClock.now - start) / .seconds(1)
  try AtomicFile.write(Data(page.utf8), to: output.appendingPathComponent("gallery.html"))
  for figure in figures {
    let source = figure.pgfplots()
    try AtomicFile.write(Data(source.standalone.utf8), to: latex.appendingPathComponent("\(figure.id).tex"))
    for file in source.files { try AtomicFile.write(file.bytes, to: latex.appendingPathComponent(file.name)) }
  }
  let document =
    "\\documentclass{article}\n\(ReportTable.latexRequirements)\\begin{document}\n\(papers.table1.latex())\(papers.table2.latex())"
    + madeUp.hostileNames[0].data.latex() + "\\end{document}\n"
  try AtomicFile.write(Data(document.utf8), to: latex.appendingPathComponent("tables.tex"))
  print("\(figures.count) figures, page written in \((seconds * 1000).rounded()) ms")
} catch {
  FileHandle.standardError.write(Data((sentence(for: error) + "\n").utf8))
  exit(1)
}
