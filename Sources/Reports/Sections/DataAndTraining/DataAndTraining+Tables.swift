internal import Figures
internal import Foundations
internal import RunStore
internal import Statistics
internal import Studies

extension DataAndTraining {
  var tables: [ReportTable] {
    [imagesTable, classesTable, recipeTable, runsTable, machinesTable, leakFreeTable].filter { !$0.rows.isEmpty }
  }

  /// Images and patients of each part, and how many could not be read.
  private var imagesTable: ReportTable {
    var table = ReportTable(
      title: "Images and patients",
      caption: "Left out: images that runs could not read; each is named in quarantine.json of the runs. The parts are those of splits/<task>.csv.",
      label: "data",
      columns: [.init("Task"), .init("Part"), .init("Images", .right), .init("Patients", .right), .init("Left out", .right)], headingColumns: 2)
    for task in tasks {
      let leftOut = task.leftOut
      guard let split = task.split.known else {
        table.append([.init(task.task), .init("all"), .init("n/a", note: "\(task.task): \(task.split.reason ?? "")."), "n/a", "n/a"])
        continue
      }
      if let folds = task.folds {
        for row in Self.rows(of: folds, task: task.task, leftOut: leftOut.known) { table.append(row) }
        continue
      }
      for part in SplitRecord.partNames {
        let found = split.parts?[part]
        let patients: ReportTable.Cell =
          found.map { part in
            part.patients.map { .init(grouped($0)) } ?? .init("not known")
          } ?? .init("n/a", note: Self.olderSplit)
        table.append([
          .init(task.task), .init(part), .init(grouped(split.images[part] ?? 0)), patients,
          leftOut.known.map { .init(grouped($0[part] ?? 0)) } ?? .init("n/a", note: "\(task.task): \(leftOut.reason ?? "")."),
        ])
        // A fraction is of the training images alone.
        guard part == "training" else { continue }
        for (fraction, count) in Self.subsets(split) {
          table.append([.init(task.task), .init("training, \(fraction.percentText)"), .init(grouped(count)), "", ""])
        }
      }
    }
    return table
  }

  /// The test images of each fold, and from how many to how many images its networks are trained and chosen on.
  private static func rows(of folds: [SplitRecord], task: String, leftOut: [String: Int]?) -> [[ReportTable.Cell]] {
    let tested = folds.enumerated().map { place, fold -> [ReportTable.Cell] in
      let part = fold.parts?["test"]
      return [
        .init(task), .init("fold \(fold.fold?.number ?? place + 1), test"), .init(grouped(fold.images["test"] ?? 0)),
        .init(part?.patients.map(grouped) ?? "not known"), "",
      ]
    }
    let others = ["training", "validation"].map { part -> [ReportTable.Cell] in
      let images = folds.compactMap { $0.images[part] }, patients = folds.compactMap { $0.parts?[part]?.patients }
      return [
        .init(task), .init("\(part), of each fold"), .init(span(images)), .init(patients.count == folds.count ? span(patients) : "not known"),
        .init(leftOut?[part].map(grouped) ?? ""),
      ]
    }
    return others + tested + [
      [.init(task), "all folds, test", .init(grouped(folds.compactMap { $0.images["test"] }.reduce(0, +))), "", .init(leftOut?["test"].map(grouped) ?? "")]
    ]
  }

  private static func span(_ counts: [Int]) -> String {
    guard let least = counts.min(), let most = counts.max() else { return "n/a" }
    return least == most ? grouped(least) : "\(grouped(least)) to \(grouped(most))"
  }

  private static let olderSplit = "The split was written before its parts were counted; “medtransfer run” counts them, and makes no finished run anew."

  private static func subsets(_ split: SplitRecord) -> [(fraction: TrainingFraction, count: Int)] {
    (split.subsetImages ?? [:]).compactMap { name, count in Double(name).flatMap { TrainingFraction($0) }.map { ($0, count) } }
      .sorted { $0.0.value > $1.0.value }
  }

  /// How many images of each part have each class.
  private var classesTable: ReportTable {
    var table = ReportTable(
      title: "Images with each class",
      caption: "Images that have the class, and their share of the images whose label says yes or no.", label: "positives",
      columns: [.init("Task"), .init("Class")] + SplitRecord.partNames.map { .init($0.prefix(1).uppercased() + $0.dropFirst(), .right) }, headingColumns: 2)
    for task in tasks {
      guard let parts = task.split.known?.parts, let names = parts["training"]?.classes.map(\.name) else { continue }
      for name in names {
        if let folds = task.folds {
          table.append([.init(task.task), .init(name)] + SplitRecord.partNames.map { .init(Self.counts(of: name, part: $0, folds)) })
          continue
        }
        table.append(
          [.init(task.task), .init(name)]
            + SplitRecord.partNames.map { part in
              guard let count = parts[part]?.classes.first(where: { $0.name == name }) else { return .init("n/a") }
              let known = count.present + count.absent
              let share = known > 0 ? " (\(fixed(100 * Double(count.present) / Double(known), 1)) %)" : ""
              let open = [(count.uncertain, "uncertain"), (count.unknown, "not labeled")].filter { $0.0 > 0 }.map { "\(grouped($0.0)) \($0.1)" }
              return .init(grouped(count.present) + share, note: open.isEmpty ? nil : "\(task.task), \(name), \(part): \(open.joined(separator: ", ")).")
            })
      }
    }
    return table
  }

  /// Of test images those of all folds together; of the others from how many to how many.
  private static func counts(of name: String, part: String, _ folds: [SplitRecord]) -> String {
    let found = folds.compactMap { fold in fold.parts?[part]?.classes.first { $0.name == name } }
    guard part == "test" else { return span(found.map(\.present)) }
    let present = found.reduce(0) { $0 + $1.present }, known = found.reduce(0) { $0 + $1.present + $1.absent }
    return grouped(present) + (known > 0 ? " (\(fixed(100 * Double(present) / Double(known), 1)) %)" : "")
  }

  /// The keys of a recipe in the order in which they are told, with what they are called; others follow by their keys.
  private static let titles: [(key: String, title: String)] = [
    ("architecture", "Architecture"), ("mode", "Mode"), ("inputSize", "Input size, px"), ("resizeSize", "Resized to, px"), ("reducedSize", "Reduced to, px"),
    ("inputChannels", "Input channels"), ("normalization", "Normalization"), ("interpolation", "Interpolation"), ("augmentation", "Augmentation"),
    ("testTimeAugmentation", "Views of a test image"), ("loss", "Loss"), ("labelPolicy", "Uncertain labels as"), ("optimizer", "Optimizer"),
    ("learningRate", "Learning rate"), ("schedule", "Schedule"), ("batchSize", "Batch size"), ("epochs", "Epochs, at most"),
    ("maximumSteps", "Steps, at most"), ("earlyStoppingPatience", "Epochs without improvement borne"), ("precision", "Precision"),
    ("shuffle", "Shuffled each epoch"), ("evaluationBatchSize", "Batch size of evaluation"), ("brokenFileLimit", "Unreadable images borne, share"),
  ]

  /// Settings by tasks, as a study file spells them.
  private var recipeTable: ReportTable {
    let known = tasks.filter { !$0.recipes.isEmpty }
    var table = ReportTable(
      title: "How the networks were trained",
      caption: "As the runs' cell.json have it. The state with the lowest validation loss was tested.", label: "training",
      columns: [.init("Setting")] + known.map { .init($0.task) })
    let keys = Set(known.flatMap { $0.recipes.flatMap(\.recipe.values.keys) })
    let others = keys.subtracting(Self.titles.map(\.key)).sorted().map { (key: $0, title: $0) }
    for (key, title) in Self.titles + others where keys.contains(key) {
      table.append([.init(title)] + known.map { .init(Self.text($0.recipes) { $0.recipe.values[key] ?? "none" }) })
    }
    if known.contains(where: { $0.recipes.contains { $0.arithmetic != "torchvision" } }) {
      table.append([.init("Arithmetic")] + known.map { .init(Self.text($0.recipes, \.arithmetic)) })
    }
    return table
  }

  /// What all have, or each of what some have with their names.
  private static func text(_ recipes: [RecipeUse], _ value: (RecipeUse) -> String) -> String {
    let values = distinct(recipes.map(value))
    guard values.count > 1 else { return values.first ?? "" }
    return values.map { one in "\(one): \(firstFew(recipes.filter { value($0) == one }.flatMap(\.initializations)))" }.joined(separator: "; ")
  }

  /// What the runs of each group came to.
  private var runsTable: ReportTable {
    let hasFractions = tasks.contains { $0.groups.contains { !$0.fraction.isWhole } }, several = machines.count > 1
    var table = ReportTable(
      title: "The runs",
      caption: "Epochs: the last one, and the one whose weights were tested, least to most over the runs. Time: the median of a run, with its validation and test."
        + (several ? " Machine: as in the table of machines, with the runs made there." : ""),
      label: "training-runs",
      columns: [.init("Task"), .init("Initialization")] + (hasFractions ? [.init("Training images", .right)] : []) + [
        .init("Runs", .right), .init("Epochs", .right), .init("Best epoch", .right), .init("Time of a run", .right),
      ] + (several ? [.init("Machine")] : []), headingColumns: 2)
    for task in tasks {
      for group in task.groups {
        let partly =
          group.historiesRead > 0 && group.historiesRead < group.seeds.count
          ? "Of a study with more than \(GroupTraining.historyLimit) groups of runs, one history a group is read." : nil
        let interrupted =
          group.interruptedRuns > 0
          ? "\(group.interruptedRuns == 1 ? "One run was" : "\(grouped(group.interruptedRuns)) runs were") interrupted; of such runs the last start alone is timed." : nil
        table.append(
          [.init(task.task), .init(group.initialization)] + (hasFractions ? [.init(group.fraction.percentText)] : []) + [
            .init(Self.runsText(group, task)), Self.cell(group.epochs, note: partly), Self.cell(group.bestEpoch, note: partly),
            group.medianSeconds.known.map { .init(spoken(seconds: $0), note: interrupted) } ?? .init("n/a", note: group.medianSeconds.reason.map { "\($0)." }),
          ] + (several ? [.init(group.machines.map { "\(Self.letter($0.machine)) (\(grouped($0.runs)))" }.joined(separator: ", "))] : []))
      }
    }
    return table
  }

  /// `3 × 5 folds`: networks of folds are no further seeds.
  private static func runsText(_ group: Group, _ task: Task) -> String {
    guard task.folds != nil else { return grouped(group.seeds.count) }
    let repeats = max(1, Set(group.seeds).count)
    return "\(grouped(repeats)) × \(grouped(group.seeds.count / repeats)) folds"
  }

  private static func cell(_ span: Available<Span>, note: String?) -> ReportTable.Cell {
    switch span {
    case .value(let span): .init(span.least == span.most ? grouped(span.least) : "\(grouped(span.least)) to \(grouped(span.most))", note: note)
    case .notAvailable(let reason): .init("n/a", note: "\(reason).")
    }
  }

  /// A … Z, then by number.
  static func letter(_ machine: Int) -> String {
    machine < 26 ? String(Character(UnicodeScalar(UInt8(ascii: "A") + UInt8(machine)))) : "\(machine + 1)"
  }

  private var machinesTable: ReportTable {
    var counts = [Int](repeating: 0, count: machines.count)
    for made in tasks.flatMap(\.groups).flatMap(\.machines) { counts[made.machine] += made.runs }
    var table = ReportTable(
      title: "Machines and versions", caption: "Each combination that may give other bytes for the same run.", label: "machines",
      columns: [
        .init("Machine"), .init("Runs", .right), .init("Device"), .init("Processor"), .init("Threads", .right), .init("Instructions"), .init("System"),
        .init("Program"), .init("libtorch"),
      ])
    for (place, machine) in machines.enumerated() {
      table.append([
        .init(Self.letter(place)), .init(grouped(counts[place])), .init(machine.deviceWords), .init(machine.processor), .init(grouped(machine.threads)),
        .init(machine.vectorInstructions), .init(machine.system), .init(machine.program), .init(machine.libtorch),
      ])
    }
    return table
  }

  /// Where test images are known from training: each mean beside its value without them.
  private var leakFreeTable: ReportTable {
    var table = ReportTable(
      title: "Without test images that are known from training",
      caption: "The first metric, mean ± standard deviation over seeds, %: over all test images, as everywhere in this report, and without those that an audit found in "
        + "training or validation. Not tested.",
      label: "leak-free",
      columns: [.init("Task"), .init("Initialization"), .init("Images left out", .right), .init("All test images", .right), .init("Without them", .right)],
      headingColumns: 2)
    for task in tasks {
      for group in task.groups {
        guard let found = group.leakFree.known else { continue }
        let scale = found.scale ?? .percent
        func text(_ summary: Summary) -> ReportTable.Cell {
          guard let mean = summary.mean.known else { return .init("n/a", note: summary.mean.reason.map { "\($0)." }) }
          return .init(scale.text(mean) + (summary.standardDeviation.known.map { " ± \(scale.text($0))" } ?? "") + (found.scale?.suffix ?? ""))
        }
        let name = group.initialization + (group.fraction.isWhole ? "" : ", \(group.fraction.percentText)")
        table.append([.init(task.task), .init(name), .init(grouped(found.imagesLeftOut)), text(found.whole), text(found.without)])
      }
    }
    return table
  }
}
