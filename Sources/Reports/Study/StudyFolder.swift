public import Figures
public import Foundation
internal import Foundations
internal import Metrics
public import RunStore
internal import Statistics
public import Studies

/// A study's report: what is printed, and the folder with the page, tables, figures and numbers.
public struct StudyFolder: Sendable {
  public let report: StudyReport
  public let numbers: StudyNumbers
  private let histories: [LearningHistory]
  private let images: [Figure]
  /// Names in the order of their looks in every figure.
  private let order: [String]
  private let quarantined: [String]
  /// Finished runs with seeds that the verdicts did not ask for.
  private let beyond: Int
  private let maker: String
  /// The papers' values beside the study's, where that is asked for.
  public var published: PublishedComparison?
  /// Those that are filled from the report and written beside it.
  public var checklists: [ReportingChecklist] = []

  /// Reads the runs of a plan, each once.
  ///
  /// - Parameters:
  ///   - seals: how closely the seals of finished runs are looked at.
  ///   - maker: the program and its version, for the page's end.
  public init(_ plan: Plan, settings: StudySettings = StudySettings(), seals: SealCheck = .quick, maker: String) throws {
    let plan = plan.asNeeded().plan
    let outline = StudyOutline(plan), source = RunFolderSource(plan.study.outputDirectory), configurations = plan.configurations
    let reading = StudyReading(outline, from: source, depth: .everything(settings), seals: seals, planned: { configurations[$0] })
    let (report, numbers) = try atOnce({ try StudyReport(plan, reading) }, { try StudyNumbers(outline, reading, settings, from: source) })
    self.report = report
    self.numbers = numbers
    order = numbers.lookOrder
    self.maker = maker
    let finished = reading.runs.filter { $0.metrics != nil }
    let runs = Dictionary(grouping: finished) { CellGroup.Key($0.cell) }
    let wanted = outline.tasks.flatMap { task in
      numbers.drawn(task).names.map { name in
        let key = CellGroup.Key(task: task.name, initialization: name, fraction: task.largestFraction)
        return (key: key, cells: (runs[key] ?? []).flatMap(\.runCells), metric: task.kind.tableMetrics[0])
      }
    }
    histories = LearningHistory.read(wanted, from: source)
    // The same images for all, where they were drawn; else what each run shows.
    images = outline.tasks.compactMap { task in
      let names = numbers.drawn(task).names
      return TaskImages(task, names: names, runs: runs, from: source)?.figure ?? ExampleImages(task, names: names, runs: runs, from: source)?.figure
    }
    beyond = plan.notNeeded.count { RunReader(source, run: $0.relativePath).state(of: $0, planned: { configurations[$0] }) == .finished }
    quarantined = Quarantine.remarks(of: reading.allRuns.filter { $0.metrics != nil }.flatMap(\.runCells), in: source)
  }

  public struct File: Sendable, Equatable {
    /// Relative to the folder.
    public let path: String
    public let data: Data

    init(_ path: String, _ text: String) { (self.path, data) = (path, Data(text.utf8)) }
    init(_ path: String, _ data: Data) { (self.path, self.data) = (path, data) }
  }

  /// All but the page, which needs plotly.js.
  public func files() throws -> [File] {
    let files = try made(texts + tableFiles + figureFiles)
    return try files + checklistFiles(filled(files))
  }

  public func page(plotly: PlotlyLibrary) -> File { File("report.html", page.html(plotly: plotly)) }

  /// Writes everything; the page only where there is a plotly.js. Tables and figures of an earlier report that are no more are removed.
  ///
  /// - Returns: the checklists as they were filled.
  @discardableResult
  public func write(to folder: URL, plotly: PlotlyLibrary?) throws -> [FilledChecklist] {
    let pages: [Part] = plotly.map { library in [{ [page(plotly: library)] }] } ?? []
    // The largest first, so that no processor waits for them at the end.
    let report = try made(texts + pages + figureFiles + tableFiles)
    let filled = try filled(report), files = report + checklistFiles(filled)
    let paths = Set(files.map(\.path))
    try AtomicFile.makeFolder(folder)
    for name in try FolderListing.names(in: folder.path) where name.hasPrefix(Self.checklistPrefix) && !paths.contains(name) {
      try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
    }
    for part in ["tables", "figures"] {
      let url = folder.appendingPathComponent(part)
      try AtomicFile.makeFolder(url)
      for name in try FolderListing.names(in: url.path)
      where !paths.contains("\(part)/\(name)") && Self.endings.contains(where: name.hasSuffix) {
        try FileManager.default.removeItem(at: url.appendingPathComponent(name))
      }
    }
    _ = try concurrentMap(files.count) { index in
      Result { try AtomicFile.write(files[index].data, to: folder.appendingPathComponent(files[index].path)) }
    }.map { try $0.get() }
    return filled
  }

  private static let checklistPrefix = "checklist-"

  /// The checklists that are asked for, filled with what is in these files.
  private func filled(_ files: [File]) throws -> [FilledChecklist] {
    guard !checklists.isEmpty, let numbers = files.first(where: { $0.path == "numbers.json" })?.data else { return [] }
    return try checklists.map { try FilledChecklist($0, files: files.map(\.path), numbers: numbers) }
  }

  private func checklistFiles(_ filled: [FilledChecklist]) -> [File] {
    filled.flatMap { list in
      let table = list.table, name = Self.checklistPrefix + list.id
      return [File(name + ".md", table.markdown()), File(name + ".html", table.page()), File(name + ".csv", table.csv())]
    }
  }

  /// Some files, made when they are asked for.
  private typealias Part = @Sendable () throws -> [File]

  private func made(_ parts: [Part]) throws -> [File] {
    try concurrentMap(parts.count) { index in Result { try parts[index]() } }.flatMap { try $0.get() }
  }

  private var texts: [Part] {
    var parts: [Part] = [
      { [File("numbers.json", try numbers.json())] }, { [File("results.csv", report.csv)] },
      { [File("report.md", markdown)] },
      { [File("methods.txt", ([numbers.methods] + [published?.methods].compactMap(\.self)).joined(separator: "\n\n") + "\n")] },
    ]
    if let published { parts.append { [File("published.json", try CanonicalJSON.encodePretty(published))] } }
    return parts
  }

  private var tableFiles: [Part] {
    (numbers.tables + [originsTable] + (published?.tables ?? [])).map { table in
      {
        let name = "tables/\(fileName(table.label))"
        return [
          File(name + ".csv", table.csv()), File(name + ".md", table.markdown()), File(name + ".html", table.page()),
          File(name + ".tex", Self.needs(ReportTable.latexRequirements) + table.latex()),
        ]
      }
    }
  }

  private var figureFiles: [Part] {
    (figures + (published?.figures ?? [])).map { figure in
      {
        let latex = figure.pgfplots(), json = figure.panels.isEmpty ? nil : figure.plotlyJSON() + "\n"
        return [File("figures/\(figure.id).tex", Self.needs(LaTeXFigure.requirements) + latex.source)]
          + (json.map { [File("figures/\(figure.id).json", $0)] } ?? []) + latex.files.map { File("figures/\($0.name)", $0.bytes) }
      }
    }
  }

  private static let endings = [".csv", ".md", ".html", ".tex", ".json", ".png"]

  /// The verdicts, the table and what must be known beside it, for a terminal so many columns wide; nil cuts nothing.
  public func terminalText(width: Int?) -> String {
    (headline.map { flowed($0, proseWidth(width)) + "\n" } ?? "") + numbers.analysis.verdictText(verdicts, width: proseWidth(width)) + "\n"
      + numbers.modeVerdicts.map { flowed($0, proseWidth(width)) + "\n\n" }.joined() + report.terminalText(width: width)
      + (unfinished + numbers.learningRemarks + numbers.sections.all.flatMap(\.remarks) + quarantined).map { $0 + "\n" }.joined()
      + (published.map { "\n" + $0.terminalText(width: width) } ?? "")
  }

  /// What the runs answered on other test sets.
  ///
  /// - Throws: `ReportsError` where nothing was asked.
  public func external() throws -> ExternalMatrix {
    guard let external = numbers.sections.external else { throw ReportsError.nothingAskedElsewhere(report.study) }
    return external
  }

  var figures: [Figure] { pageFigures + numbers.sections.all.flatMap(sectionFigures) }

  /// Those that stand under “Figures”, not in a section of their own.
  private var pageFigures: [Figure] { numbers.figures + LearningHistory.figures(histories, of: numbers) + images }

  private func sectionFigures(_ section: any StudySection) -> [Figure] { section.figures(order: order) }

  var verdicts: [HTMLReport.Verdict] {
    let all = numbers.analysis.verdicts
    return numbers.verdictTasks.map { all[$0] }
  }

  private var headline: String? { numbers.analysis.headline(numbers.verdictTasks) }

  private var remarks: [String] { unfinished + numbers.learningRemarks + numbers.sections.all.flatMap(\.remarks) + report.remarks + quarantined }

  /// A verdict on half a study is no verdict yet.
  private var unfinished: [String] {
    let (finished, planned) = (numbers.allRunCount, numbers.outline.allCells.count)
    let rounds =
      numbers.rounds.map {
        $0.sentences
          + (beyond > 0
            ? ["\(grouped(beyond)) finished run\(beyond == 1 ? " has a seed" : "s have seeds") that no verdict asked for, and do\(beyond == 1 ? "es" : "") not count."] : [])
      } ?? []
    guard finished < planned else { return rounds }
    return rounds + ["\(grouped(planned - finished)) of \(grouped(planned)) planned runs do not count: they are not finished, or cannot be read."]
  }

  /// The certificates of what the runs started from.
  var originsTable: ReportTable {
    let plain = WeightsOrigin.table(report.origins)
    var table = ReportTable(
      title: "What the runs started from",
      caption: "Filled: arrays of the network that the file filled, each exactly once. Left out: arrays of the file that a rule drops.",
      label: "initializations", columns: plain.columns.map { .init($0.title, $0.alignment == .right ? .right : .left) })
    for row in plain.rows { table.append(row.map { .init($0) }) }
    return table
  }

  var page: HTMLReport {
    let tables = numbers.mainTables
    let finished = numbers.allRunCount, planned = numbers.outline.allCells.count
    var sections: [HTMLReport.Section] = [
      .init(
        "Answer",
        [headline.map { .headline($0) }, certainty.isEmpty ? nil : .list(certainty), .verdict(verdicts)].compactMap(\.self)
          + [numbers.analysis.unitSentence].compactMap { $0.map { .paragraph($0) } } + remarks.prefix(20).map { .remark($0) } + moreRemarks),
      .init("Results", [.table(tables[0])] + tables.filter { $0.label.hasPrefix("results-") && !$0.isOfFurtherMode(numbers) }.map { .table($0) }),
      .init("Figures", pageFigures.map { .figure($0) }),
      .init(
        "Comparisons",
        ([tables[1], tables[2]] + tables.filter { $0.label.hasPrefix("comparisons-") && !$0.isOfFurtherMode(numbers) } + [numbers.equivalenceTable]).map { .table($0) }),
      .init(
        "Ranks over the tasks",
        [numbers.analysis.ranksTable].compactMap { $0.map { .table($0) } } + numbers.analysis.rankingSentencesBesideTable.map { .paragraph($0) }),
      .init("Seeds and patients", [.table(numbers.seedsAndPatientsTable)]),
    ]
    if let modes = numbers.furtherModes { sections.insert(numbers.section(of: modes), at: 2) }
    if !numbers.classTables.isEmpty { sections.append(.init("Classes", numbers.classTables.map { .table($0) })) }
    if !numbers.furtherTables.isEmpty { sections.append(.init("Further metrics", numbers.furtherTables.map { .table($0) })) }
    if !numbers.patientTables.isEmpty { sections.append(.init("Patients", numbers.patientTables.map { .table($0) })) }
    sections += numbers.sections.all.map { section in
      .init(
        section.title,
        section.sentences.map { .paragraph($0) } + sectionFigures(section).map { .figure($0) } + section.tables.map { .table($0) })
    }
    if let published { sections.append(published.section) }
    sections.append(.init("Initializations", [.table(originsTable)]))
    sections.append(.init("Methods", numbers.methodsParagraphs.flatMap { [.heading($0.title), .paragraph($0.text)] }))
    let starts = numbers.outline.initializations.count, tasks = numbers.outline.tasks.count
    return HTMLReport(
      title: question,
      subtitle: "\(report.study): \(grouped(starts)) initializations, \(grouped(tasks)) task\(tasks == 1 ? "" : "s"), \(grouped(finished)) of \(grouped(planned)) runs finished",
      sections: sections, footer: maker, includesLaTeX: false)
  }

  private var moreRemarks: [HTMLReport.Block] {
    remarks.count > 20 ? [.remark("… and \(grouped(remarks.count - 20)) more remarks, in report.md.")] : []
  }

  var markdown: String {
    func paragraph(_ words: String) -> String { markdownText(words) + "\n\n" }
    func items(_ all: [String]) -> String { all.map { "- \(markdownText($0))\n" }.joined() }
    var text = "# \(markdownText(report.study))\n\n" + (headline.map(paragraph) ?? "")
    text += certainty.isEmpty ? "" : items(certainty) + "\n"
    for verdict in verdicts {
      text += "**\(markdownText(verdict.task))**: \(markdownText(verdict.statement))\n" + items(verdict.details) + "\n"
    }
    text += numbers.analysis.unitSentence.map(paragraph) ?? ""
    text += numbers.modeVerdicts.map(paragraph).joined()
    text += report.markdownBody(remarks: remarks)
    if let published {
      text += "\n## \(markdownText(published.section.title))\n\n" + published.sentences.map(paragraph).joined()
      if !published.pairs.isEmpty { text += published.reportTable.markdown() + "\n" + paragraph(published.methods) }
      text += published.tables.dropFirst().map { $0.markdown() + "\n" }.joined()
      text += items(published.remarks)
    }
    text += "\n## Methods\n" + numbers.methodsParagraphs.map { "\n### \(markdownText($0.title))\n\n\(markdownText($0.text))\n" }.joined()
    return text
  }

  private func fileName(_ label: String) -> String {
    String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "-" })
  }

  /// What a document that inputs the file must have in its preamble, as a comment.
  private static func needs(_ preamble: String) -> String { preamble.split(separator: "\n").map { "% needs \($0)\n" }.joined() }
}

/// Two values that do not need each other, made by two threads.
private func atOnce<First: Sendable, Second: Sendable>(
  _ first: @Sendable () throws -> First, _ second: @Sendable () throws -> Second
) throws -> (First, Second) {
  let made = concurrentMap(2) { place -> (Result<First, any Error>?, Result<Second, any Error>?) in
    place == 0 ? (Result { try first() }, nil) : (nil, Result { try second() })
  }
  guard let one = made.compactMap(\.0).first, let other = made.compactMap(\.1).first else { return (try first(), try second()) }
  return (try one.get(), try other.get())
}
