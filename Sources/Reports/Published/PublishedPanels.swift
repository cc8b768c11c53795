public import Figures
internal import Foundations
internal import Statistics

/// A table or figure of a paper beside the same of this study: the tasks and initializations that both have, drawn and tested alike.
///
/// It answers another question than the pairs do: not whether values are reproduced, but whether the same is seen in both, such as which starts are
/// better than supervised ImageNet. So it says something of studies on other data too.
struct PublishedPanel {
  /// Of one of the two: what it is headed with, and what its files are called.
  private struct Side {
    let analysis: Analysis
    let heading: String
    let id: String

    var table: ReportTable {
      var table = analysis.resultsTable.upright(heading: "Task")
      table.title = heading
      table.label = id
      return table
    }

    var figures: [Figure] { analysis.meansFigures(id: id, heading: heading) }
  }

  /// `2021, figure 1`.
  let source: String
  private let sides: [Side]

  /// - Parameters:
  ///   - name: of its files: `published-2021-figure-1`.
  ///   - ours, theirs: tables of the same tasks and initializations.
  init(source: String, name: String, ours: ResultTable, theirs: ResultTable, settings: AnalysisSettings) {
    self.source = source
    sides = [
      Side(analysis: Analysis(known: ours, settings), heading: "\(source): this study", id: name + "-here"),
      Side(analysis: Analysis(known: theirs, settings), heading: "\(source): as published", id: name + "-published"),
    ]
  }

  var tables: [ReportTable] { sides.map(\.table) }
  var figures: [Figure] { sides.flatMap(\.figures) }
  /// What a page shows: both tables, then both figures, ours first.
  var blocks: [HTMLReport.Block] {
    [.heading("\(source), both")] + tables.map { .table($0) } + figures.map { .figure($0) }
      + [.paragraph(sides[0].analysis.methods)]
  }
}

extension PublishedComparison {
  /// One for each table or figure of the set that has two initializations or more in common with this study on a task. Tests are over runs, as the papers';
  /// the baseline is the papers', `ImageNet`, where both have it.
  var panels: [PublishedPanel] {
    let tables = PublishedSet.all.first { $0.name == set }?.tables ?? []
    return tables.compactMap { table in
      let published = PublishedSet(name: table.name, title: table.source, tables: [table])
      let shared = pairs.filter { published.entry($0.published.task, $0.published.initialization) != nil }
      // Of a task with two rows here, such as both means of Dice, the first is set beside the paper's one.
      let rows = distinct(shared.map(\.published.task)).compactMap { task -> [Pair]? in
        let ofTask = shared.filter { $0.published.task == task }
        let row = ofTask.filter { $0.title == ofTask[0].title }
        return row.count >= 2 ? row : nil
      }
      guard !rows.isEmpty else { return nil }
      let names = published.initializations.filter { name in rows.contains { $0.contains { $0.published.initialization == name } } }
      func results(_ summary: (Pair) -> Summary?) -> ResultTable {
        ResultTable(
          initializations: names,
          tasks: rows.map { row in
            ResultTable.Task(
              row[0].published.task, metric: PublishedMetric(task: row[0].published.task).title,
              cells: names.compactMap { name in
                row.first { $0.published.initialization == name }.flatMap { pair in summary(pair).map { .init(name, summary: $0) } }
              })
          }, scale: .init(symbol: "%", decimals: 2), printedDeviations: settings.printedDeviations)
      }
      var analysis = AnalysisSettings()
      analysis.generalization = .seeds
      analysis.significance = settings.significance
      analysis.baseline = names.contains("ImageNet") ? "ImageNet" : nil
      return PublishedPanel(
        source: table.source, name: table.name, ours: results(\.ours),
        theirs: results { published.entry($0.published.task, $0.published.initialization)?.summary(settings.printedDeviations) }, settings: analysis)
    }
  }
}
