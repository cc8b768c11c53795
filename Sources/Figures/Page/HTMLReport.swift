internal import Foundation

/// A page that says what a study found: one file that works alone, with no network.
///
/// Everything in it is text until it is written, and every text is escaped; there is no way to pass HTML in.
public struct HTMLReport: Sendable, Equatable {
  public struct Section: Sendable, Equatable {
    public let title: String
    public let blocks: [Block]

    public init(_ title: String, _ blocks: [Block]) {
      self.title = title
      self.blocks = blocks
    }
  }

  public enum Block: Sendable, Equatable {
    case verdict([Verdict])
    /// The answer in one or two sentences, above everything else.
    case headline(String)
    case paragraph(String)
    case heading(String)
    case list([String])
    /// Something to be aware of before the numbers are used.
    case remark(String)
    case table(ReportTable)
    case figure(Figure)
    /// Text to be copied as it is.
    case source(title: String, text: String)
  }

  /// What a study says on one task.
  public struct Verdict: Sendable, Equatable {
    public enum Standing: String, Sendable {
      /// One is best; several cannot be told apart; the runs are too few to say; the best does no better than a constant answer.
      case decided, open, insufficient, nothingLearned

      /// The same in words, since a color alone says nothing to some.
      var words: String {
        switch self {
        case .decided: "decided"
        case .open: "open"
        case .insufficient: "nothing to test"
        case .nothingLearned: "nothing learned"
        }
      }
    }

    public let task: String
    public let standing: Standing
    public let statement: String
    /// The set that cannot be told from the best, what would settle it.
    public let details: [String]

    public init(task: String, standing: Standing, statement: String, details: [String] = []) {
      self.task = task
      self.standing = standing
      self.statement = statement
      self.details = details
    }
  }

  public var title: String
  public var subtitle: String
  public var sections: [Section]
  /// What made it and from what, at its end.
  public var footer: String
  /// Whether each figure's pgfplots source is in the page.
  public var includesLaTeX: Bool

  public init(title: String, subtitle: String = "", sections: [Section], footer: String = "", includesLaTeX: Bool = true) {
    self.title = title
    self.subtitle = subtitle
    self.sections = sections
    self.footer = footer
    self.includesLaTeX = includesLaTeX
  }

  /// The whole page.
  public func html(plotly: PlotlyLibrary) -> String {
    html(plotlyScript: plotly.script)
  }

  func html(plotlyScript: String) -> String {
    let hasFigures = sections.contains { $0.blocks.contains { if case .figure = $0 { true } else { false } } }
    // The policy keeps the browser from asking for anything that is not in the page.
    let policy = "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
    var text = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <title>\(htmlText(title))</title>
      <style>
      \(PageStyle.css)</style>
      </head>
      <body>
      <a class="skip" href="#main">To the content</a>
      <header><div><h1>\(htmlText(title))</h1>

      """
    if !subtitle.isEmpty { text += "<p>\(htmlText(subtitle))</p>\n" }
    text += "</div><button id=\"theme\" type=\"button\">Light or dark</button></header>\n"
    let ids = sectionIDs
    if sections.count > 1 {
      text += "<nav aria-label=\"Contents\"><ul>"
      for (section, id) in zip(sections, ids) { text += "<li><a href=\"#\(id)\">\(htmlText(section.title))</a></li>" }
      text += "</ul></nav>\n"
    }
    text += "<main id=\"main\">\n"
    if hasFigures {
      text +=
        "<noscript><p class=\"remark\">The figures are drawn by a script, which is switched off here. "
        + "The numbers of each are in the table under it.</p></noscript>\n"
    }
    var figures = FigureNames()
    for (section, id) in zip(sections, ids) {
      text += "<section aria-labelledby=\"\(id)\">\n<h2 id=\"\(id)\">\(htmlText(section.title))</h2>\n"
      for block in section.blocks { text += html(block, &figures) }
      text += "</section>\n"
    }
    text += "</main>\n"
    if !footer.isEmpty { text += "<footer><p>\(htmlText(footer))</p></footer>\n" }
    text += "<script type=\"application/json\" id=\"palettes\">\(PageStyle.palettes)</script>\n"
    if hasFigures { text += "<script>\n\(plotlyScript)\n</script>\n" }
    text += "<script>\n\(PageScript.code)</script>\n</body>\n</html>\n"
    return text
  }

  private func html(_ block: Block, _ figures: inout FigureNames) -> String {
    switch block {
    case .verdict(let verdicts):
      return "<div class=\"verdicts\">\n"
        + verdicts.map { verdict in
          let details =
            verdict.details.isEmpty ? "" : "<ul>" + verdict.details.map { "<li>\(Self.unbroken($0))</li>" }.joined() + "</ul>"
          return "<article class=\"verdict \(verdict.standing.rawValue)\"><h3>\(htmlText(verdict.task)) <span class=\"standing\">\(verdict.standing.words)</span></h3>"
            + "<p>\(Self.unbroken(verdict.statement))</p>\(details)</article>\n"
        }.joined() + "</div>\n"
    case .headline(let words): return "<p class=\"headline\">\(htmlText(words))</p>\n"
    case .paragraph(let words): return "<p>\(htmlText(words))</p>\n"
    case .heading(let words): return "<h3>\(htmlText(words))</h3>\n"
    case .list(let items): return "<ul>" + items.map { "<li>\(htmlText($0))</li>" }.joined() + "</ul>\n"
    case .remark(let words): return "<p class=\"remark\" role=\"note\">\(htmlText(words))</p>\n"
    case .table(let table): return table.html()
    case .figure(let figure): return figure.html(id: figures.next(figure.id), includesLaTeX: includesLaTeX)
    case .source(let title, let words):
      return "<details><summary>\(htmlText(title))</summary><pre>\(htmlText(words))</pre></details>\n"
    }
  }

  /// No line begins with a percent sign.
  private static func unbroken(_ words: String) -> String { htmlText(words.replacingOccurrences(of: " %", with: "\u{A0}%")) }

  /// Each different, also where titles are alike, and none like the page's own.
  private var sectionIDs: [String] {
    sections.indices.map { "section-\($0 + 1)-\(identifier(sections[$0].title))" }
  }
}

/// Identifiers of figures in a page: two figures of one name get different ones.
private struct FigureNames {
  private var counts = [String: Int]()

  mutating func next(_ id: String) -> String {
    counts[id, default: 0] += 1
    let count = counts[id] ?? 1
    return count == 1 ? "figure-\(id)" : "figure-\(id)--\(count)"
  }
}
