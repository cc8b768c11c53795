internal import Figures
internal import Foundations
internal import Statistics
internal import Studies

/// What 1, 2, 4, 8 and 16 images a class come to, where runs are of few shots.
extension StudyNumbers {
  private var fewShotGroups: [CellGroup] { (groups + (furtherModes ?? []).flatMap(\.groups)).filter { $0.fewShot != nil } }

  /// The tasks and fractions that have few shots, and their groups by initialization.
  private var fewShotPlaces: [(title: String, groups: [String: CellGroup])] {
    var order: [CellGroup.Key] = []
    for group in fewShotGroups {
      let key = CellGroup.Key(task: group.task, initialization: "", fraction: group.fraction)
      if !order.contains(key) { order.append(key) }
    }
    return order.map { key in
      let own = fewShotGroups.filter { $0.task == key.task && $0.fraction == key.fraction }
      let title = key.fraction.isWhole ? key.task : "\(key.task), \(key.fraction.percentText) of the training images"
      return (title, Dictionary(own.map { ($0.initialization, $0) }) { first, _ in first })
    }
  }

  private static func sizes(_ groups: [String: CellGroup]) -> [Int] { Set(groups.values.flatMap { ($0.fewShot ?? []).map(\.images) }).sorted() }

  /// AUROC and accuracy by images a class; nil where no run is of few shots.
  var fewShotTable: ReportTable? {
    let places = fewShotPlaces
    guard !places.isEmpty else { return nil }
    let names = outline.initializations.map(\.name).filter { name in places.contains { $0.groups[name] != nil } }
    var table = ReportTable(
      title: "Few shots by images a class",
      caption: "Mean ± standard deviation over supports, in %: each seed draws 100 of each size, and its predictions, of which the other tables are, are those of the first "
        + "of the largest size. Supports of one seed share images, so the spread over them says nothing of other training sets or patients.",
      label: "results-few-shots",
      columns: [.init("Task"), .init("Images a class", .right), .init("Measure")] + names.map { .init($0, .right) }, headingColumns: 3)
    for place in places {
      for images in Self.sizes(place.groups) {
        for (title, measure) in [("AUROC", \FewShotResult.auroc), ("Accuracy", \FewShotResult.accuracy)] {
          table.append(
            [.init(place.title), .init(grouped(images)), .init(title)]
              + names.map { name in
                guard let found = place.groups[name]?.fewShot?.first(where: { $0.images == images }) else { return .init("n/a") }
                return .init(ResultTable.Scale.percent.text(found[keyPath: measure]))
              })
        }
      }
    }
    return table
  }

  /// The AUROC by images a class, with its spread over supports.
  var fewShotFigure: Figure? {
    let places = fewShotPlaces
    guard !places.isEmpty else { return nil }
    let names = outline.initializations.map(\.name).filter { name in places.contains { $0.groups[name] != nil } }
    let blocks = places.map { place in
      ForestPlot.Block(
        title: place.title,
        rows: Self.sizes(place.groups).map { images in
          .init(
            "\(images) image\(images == 1 ? "" : "s") a class",
            values: names.map { name in
              guard let found = place.groups[name]?.fewShot?.first(where: { $0.images == images })?.auroc, let mean = found.mean.known else { return nil }
              let spread = found.standardDeviation.known ?? 0
              // A standard deviation may reach beyond what there can be.
              return Estimate(100 * mean, lower: 100 * max(0, mean - spread), upper: 100 * min(1, mean + spread))
            })
        })
    }
    return ForestPlot(
      labels: .init(
        id: "few-shots", title: "AUROC by images a class", caption: "The nearest centroid of so many training images a class, SimpleShot.", order: names),
      axisTitle: "AUROC, %", series: names, blocks: blocks, intervalMeaning: "± the standard deviation over supports"
    ).figure()
  }
}
