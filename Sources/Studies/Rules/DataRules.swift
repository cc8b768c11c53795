internal import Foundation
internal import Foundations

/// A task's data can answer what the task asks.
struct DataFitsKind: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.flatMap { task in
      findings(task).map { Violation(path: "tasks.\(task.name).data\($0.key)", problem: $0.problem, remedy: $0.remedy) }
    }
  }

  private func findings(_ task: TaskSpecification) -> [(key: String, problem: String, remedy: String)] {
    let subject = "The task “\(task.name)” is a \(task.kind.rawValue)"
    if task.kind.hasSeveralMasks { return ClassMaskFindings(kind: task.kind, subject: subject).findings(task.data) }
    if case .maskFolders(let source) = task.data, let pair = source.pairs.first(where: { $0.folders.maskClasses != nil }) {
      return [(".maskFolders.\(pair.part).masks", "\(subject), but its data have masks of classes.", "Name the folders without classes, or set kind: multiLabelSegmentation or multiclassSegmentation.")]
    }
    switch (task.data, task.kind.answer) {
    case (.maskFolders, .mask), (.nnUNet, .mask), (.coco, .mask), (.caseFolders, .mask):
      return []
    case (.arrays(let source), .mask):
      guard let both = source.ignore?.first(where: { (source.objects ?? []).contains($0) }) else { return [] }
      return [(".arrays.ignore", "The number \(both) of the label maps is object and has no part in loss and metric.", "Name it under objects or under ignore.")]
    case (.manifest(let source), .numbers): return numbers(source, subject: subject)
    case (_, .numbers):
      return [("", "\(subject), but its data give no numbers.", "Use a manifest with numberColumns.")]
    case (.namedImages, _) where task.kind.hasOneClass: return []
    case (.classFolders(let source), _) where task.kind.hasOneClass || task.kind.isOfExactlyOneClass:
      return folders(source, kind: task.kind, subject: subject)
    case (.nnUNet, _):
      return [("", "\(subject), but its data are label maps.", "Use classFolders or manifest, or set kind: binarySegmentation.")]
    case (.coco(let source), _): return named(source.categories, ".coco.categories", kind: task.kind, subject: subject)
    case (.medIMeta, .mask):
      return [("", "\(subject), but its data have no masks.", "Use maskFolders, or a manifest with maskColumn.")]
    case (.medIMeta(let source), _): return named(source.classes, ".medIMeta.classes", kind: task.kind, subject: subject)
    case (.maskFolders, _), (.caseFolders, _):
      return [("", "\(subject), but its data are folders of masks.", "Use classFolders or manifest, or set kind: binarySegmentation.")]
    case (.classFolders, .mask):
      return [("", "\(subject), but its data are folders of classes.", "Use maskFolders, or a manifest with maskColumn.")]
    case (.classFolders, _):
      return [("", "\(subject), but folders of classes give each image one label.", "Use a manifest, or set kind: binaryClassification or multiclassClassification.")]
    case (.sliceTable, .mask):
      return [("", "\(subject), but its data have no masks.", "Use maskFolders, or a manifest with maskColumn.")]
    case (.sliceTable(let source), _): return named(source.labelColumns, ".sliceTable.labelColumns", kind: task.kind, subject: subject) + windows(source)
    case (.arrays(let source), _): return named(source.classes, ".arrays.classes", kind: task.kind, subject: subject)
    case (.namedImages, _):
      return [("", "\(subject), but names of files give each image one label.", "Use a manifest, or set kind: binaryClassification.")]
    case (.manifest(let source), .mask): return segmentation(source, subject: subject)
    case (.manifest(let source), _): return classification(source, kind: task.kind, subject: subject)
    }
  }

  private func folders(
    _ source: ClassFolderSource, kind: TaskKind, subject: String
  ) -> [(key: String, problem: String, remedy: String)] {
    let classes = source.classes
    switch (kind.hasOneClass, source.positive) {
    case (true, nil):
      let remedy = "Add positive with the name of the subfolder that is labeled 1, or set kind: multiclassClassification."
      return [(".classFolders", "\(subject), but its data name no positive class.", remedy)]
    case (true, _) where !classes.isEmpty:
      return [(".classFolders.classes", "\(subject), but its data name classes.", "Remove classes, or set kind: multiclassClassification.")]
    case (false, .some):
      return [(".classFolders.positive", "\(subject), but its data name a positive class.", "Remove positive, or set kind: binaryClassification.")]
    case (false, nil) where classes.count == 1 || Set(classes).count < classes.count:
      return [(".classFolders.classes", "\(subject), and its classes are \(classes.joined(separator: ", ")).", "Name at least two, each once, or all.")]
    default: return []
    }
  }

  private func named(
    _ classes: [String], _ key: String, kind: TaskKind, subject: String
  ) -> [(key: String, problem: String, remedy: String)] {
    if classes.isEmpty {
      let remedy = "Add \(key.split(separator: ".").last ?? "classes"), in the order of the network's outputs."
      return [(key, "\(subject), but its data name no classes.", remedy)]
    }
    if Set(classes).count < classes.count { return [(key, "\(subject), and its classes repeat a name.", "Name each once.")] }
    if kind.isOfExactlyOneClass, classes.count == 1 {
      return [(key, "\(subject), but its data name 1 class.", "Name all of them, or set kind: binaryClassification.")]
    }
    guard kind.hasOneClass, classes.count != 1 else { return [] }
    return [(key, "\(subject), but its data name \(classes.count) classes.", "Name one, or set kind: multiLabelClassification.")]
  }

  private func windows(_ source: SliceTableSource) -> [(key: String, problem: String, remedy: String)] {
    if (source.windowCenter == nil) != (source.windowWidth == nil) {
      return [(".sliceTable", "The window has only one of windowCenter and windowWidth.", "Give both, or none.")]
    }
    guard let width = source.windowWidth, width < 1 else { return [] }
    return [(".sliceTable.windowWidth", "The window is \(width) wide.", "Give a width of at least 1 Hounsfield unit.")]
  }

  private func segmentation(_ source: ManifestSource, subject: String) -> [(key: String, problem: String, remedy: String)] {
    switch (source.maskColumn, source.rleColumn) {
    case (nil, nil): return [(".manifest", "\(subject), but its manifest names no masks.", "Add maskColumn.")]
    case (.some, .some): return [(".manifest.rleColumn", "The manifest names both maskColumn and rleColumn.", "Keep one of them.")]
    case (nil, .some) where source.rleFormat == nil:
      return [
        (".manifest.rleColumn", "The manifest names rleColumn without rleFormat.",
          "Add rleFormat: one of \(ManifestSource.RunLengthFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
      ]
    case (nil, .some) where source.secondMaskColumn != nil:
      return [(".manifest.secondMaskColumn", "The manifest names secondMaskColumn, and its own masks are run lengths.", "Give the masks as files in maskColumn, or remove secondMaskColumn.")]
    case (.some(let own), nil) where source.secondMaskColumn == own:
      return [(".manifest.secondMaskColumn", "The manifest names “\(own)” as the masks of both observers.", "Name the second observer's column.")]
    default: break
    }
    if !source.labelColumns.isEmpty || source.labelListColumn != nil || !source.labels.isEmpty {
      return [(".manifest", "\(subject), but its manifest names labels.", "Remove labelColumns, labelListColumn and labels.")]
    }
    return noNumbers(source, subject: subject)
  }

  private func noNumbers(_ source: ManifestSource, subject: String) -> [(key: String, problem: String, remedy: String)] {
    if source.numberColumns != nil {
      return [(".manifest.numberColumns", "\(subject), but its manifest names numbers.", "Remove numberColumns, or set kind: regression.")]
    }
    guard source.unit != nil else { return [] }
    return [(".manifest.unit", "\(subject), and its manifest names the unit of numbers that it has not.", "Remove unit.")]
  }

  /// Numbers in columns of their own, all in one unit: a mean over different units would be none.
  private func numbers(_ source: ManifestSource, subject: String) -> [(key: String, problem: String, remedy: String)] {
    let labels: [(String, Bool)] = [
      ("labelColumns", !source.labelColumns.isEmpty), ("labelListColumn", source.labelListColumn != nil), ("labels", !source.labels.isEmpty),
      ("uncertainLabel", source.uncertainLabel != nil), ("maskColumn", source.maskColumn != nil), ("secondMaskColumn", source.secondMaskColumn != nil), ("rleColumn", source.rleColumn != nil),
    ]
    if let other = labels.first(where: \.1)?.0 {
      return [(".manifest.\(other)", "\(subject), but its manifest names \(other).", "Remove it; the numbers are named by numberColumns.")]
    }
    let names = source.numberColumns ?? []
    if names.isEmpty {
      return [(".manifest", "\(subject), but its manifest names no numbers.", "Add numberColumns, such as [age].")]
    }
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      return [(".manifest.numberColumns", "The numbers of the task name “\(twice)” twice.", "Name each once.")]
    }
    if source.repeatedRows != .error {
      let remedy = "Remove repeatedRows, and give each image one row."
      return [(".manifest.repeatedRows", "\(subject), and readers of numbers have no \(source.repeatedRows.rawValue).", remedy)]
    }
    // What stands between unit and name in the heads of predictions.
    if let unit = source.unit, unit.contains(":") || unit.isEmpty {
      return [(".manifest.unit", "The unit “\(unit)” is empty or has a colon.", "Write it as tables are to print it, such as months.")]
    }
    return []
  }

  private func classification(
    _ source: ManifestSource, kind: TaskKind, subject: String
  ) -> [(key: String, problem: String, remedy: String)] {
    if source.rleColumn != nil {
      return [(".manifest.rleColumn", "\(subject), but its manifest names masks.", "Remove rleColumn, or set kind: binarySegmentation.")]
    }
    if let key = source.maskColumn != nil ? "maskColumn" : source.secondMaskColumn != nil ? "secondMaskColumn" : nil {
      return [(".manifest.\(key)", "\(subject), but its manifest names masks.", "Remove \(key), or set kind: binarySegmentation.")]
    }
    if let found = noNumbers(source, subject: subject).first { return [found] }
    switch (source.labelColumns.isEmpty, source.labelListColumn) {
    case (true, nil):
      return [(".manifest", "\(subject), but its manifest names no labels.", "Add labelColumns, or labelListColumn with labels.")]
    case (false, .some):
      return [(".manifest.labelListColumn", "The manifest names both labelColumns and labelListColumn.", "Keep one of them.")]
    case (false, nil) where !source.labels.isEmpty:
      return [(".manifest.labels", "The manifest names labels without labelListColumn.", "Remove labels, or use labelListColumn instead of labelColumns.")]
    case (true, .some) where source.labels.isEmpty:
      return [(".manifest", "The manifest names labelListColumn without labels.", "Add labels, the names in that column that are the classes.")]
    case (true, .some) where source.labelSeparator.isEmpty:
      return [(".manifest.labelSeparator", "The labelSeparator is empty.", "Give the text that stands between two names.")]
    default: break
    }
    if kind.isOfExactlyOneClass {
      if source.classNames.count < 2 {
        return [(".manifest", "\(subject), but its manifest names 1 class.", "Name all of them, or set kind: binaryClassification.")]
      }
      if source.uncertainLabel != nil {
        return [(".manifest.uncertainLabel", "\(subject), and of classes that exclude each other none is uncertain.", "Remove uncertainLabel.")]
      }
    }
    if kind.hasOneClass, source.classNames.count != 1 {
      return [
        (".manifest", "\(subject), but its manifest names \(source.classNames.count) classes.", "Name one, or set kind: multiLabelClassification.")
      ]
    }
    return []
  }
}

/// Each class is there once.
struct LabelsAreDistinct: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.compactMap { task in
      guard case .manifest(let source) = task.data else { return nil }
      let names = source.classNames
      let repeated = Set(names.filter { name in names.count { $0 == name } > 1 }).sorted()
      if repeated.isEmpty { return nil }
      return Violation(
        path: "tasks.\(task.name).data.manifest.\(source.labelListColumn == nil ? "labelColumns" : "labels")",
        problem: "The classes of “\(task.name)” repeat “\(repeated.joined(separator: "”, “"))”.", remedy: "Name each once.")
    }
  }
}

/// What is carved out leaves something to train on.
struct SplitFractionsFit: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.flatMap { task -> [Violation] in
      let split = task.data.split
      let path = "tasks.\(task.name).data.\(task.data.key).split"
      var found = [Violation]()
      for (key, fraction) in [("validation", split.validation), ("test", split.test)] where !(fraction > 0 && fraction < 1) {
        found.append(
          Violation(path: "\(path).\(key)", problem: "The \(key) fraction \(fraction) is not between 0 and 1.", remedy: "Use a fraction such as 0.15."))
      }
      if found.isEmpty, split.validation + split.test >= 1 {
        found.append(
          Violation(
            path: path, problem: "The validation fraction \(split.validation) and the test fraction \(split.test) leave nothing to train on.",
            remedy: "Let them sum to less than 1."))
      }
      return found
    }
  }
}

/// A pattern that finds patients is a regular expression with a group.
struct PatientPatternHasAGroup: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.compactMap { task in
      guard let pattern = task.data.patientPattern else { return nil }
      let path = "tasks.\(task.name).data.\(task.data.key).patientPattern"
      guard let expression = try? NSRegularExpression(pattern: pattern) else {
        return Violation(
          path: path, problem: "The patientPattern “\(pattern)” is not a regular expression.",
          remedy: "Correct it; in YAML, put it in single quotes, such as 'person(\\d+)'.")
      }
      if expression.numberOfCaptureGroups > 0 { return nil }
      return Violation(
        path: path, problem: "The patientPattern “\(pattern)” has no group.",
        remedy: "Put the part that is the patient in parentheses, such as 'person(\\d+)'.")
    }
  }
}

/// What a manifest says twice, it says once.
struct ManifestSaysThingsOnce: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.flatMap { task -> [Violation] in
      guard case .manifest(let source) = task.data else { return [] }
      let path = "tasks.\(task.name).data.manifest"
      var found = [Violation]()
      if source.patientColumn != nil, source.patientPattern != nil {
        found.append(
          Violation(path: "\(path).patientPattern", problem: "The manifest names both patientColumn and patientPattern.", remedy: "Keep one of them; null takes the other away."))
      }
      let parts: [(String, Bool)] = [
        ("splitColumn", source.splitColumn != nil), ("splitLists", source.splitLists != nil),
        ("validationFile and testFile", source.validationFile != nil || source.testFile != nil),
      ]
      let given = parts.filter(\.1).map(\.0)
      if given.count > 1 {
        found.append(
          Violation(
            path: path, problem: "The manifest says by \(given.joined(separator: " and by ")) which part an image belongs to.",
            remedy: "Keep one of them; null takes another away."))
      }
      return found
    }
  }
}

/// The classes that are scored are classes.
struct ScoredClassesAreClasses: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.flatMap { task -> [Violation] in
      guard let scored = task.scoredClasses else { return [] }
      let path = "tasks.\(task.name).scoredClasses", names = task.kind.isClassification ? task.data.classNames : []
      if scored.isEmpty || Set(scored).count != scored.count {
        return [
          Violation(
            path: path, problem: scored.isEmpty ? "The scoredClasses are empty." : "The scoredClasses name a class twice.",
            remedy: "Name each class that is scored once, or leave scoredClasses out to score all.")
        ]
      }
      return scored.filter { !names.contains($0) }.map {
        Violation(path: path, problem: "The scored class “\($0)” is no class of “\(task.name)”.", remedy: suggestion(for: $0, in: names))
      }
    }
  }
}

/// Who says that labels may be uncertain says what to make of them, and the other way round.
struct LabelPolicyFitsData: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.compactMap { task in
      let policies = LabelPolicy.allCases.map(\.rawValue).joined(separator: ", ")
      switch (task.data.hasUncertainLabels, task.recipe.labelPolicy) {
      case (true, nil):
        return Violation(
          path: "tasks.\(task.name).recipe", problem: "The labels of “\(task.name)” may be uncertain, and its recipe has no labelPolicy.",
          remedy: "Set recipe.labelPolicy to one of: \(policies).")
      case (false, .some(let policy)):
        return Violation(
          path: "tasks.\(task.name).recipe.labelPolicy",
          problem: "The labelPolicy \(policy.rawValue) has nothing to act on: no label of “\(task.name)” is uncertain.",
          remedy: "Remove it, or set data.manifest.uncertainLabel to the number that means uncertain.")
      default: return nil
      }
    }
  }
}

/// A pattern that finds labels is a regular expression with a group.
struct LabelPatternHasAGroup: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.compactMap { task in
      guard case .namedImages(let source) = task.data else { return nil }
      let count = (try? NSRegularExpression(pattern: source.labelPattern))?.numberOfCaptureGroups ?? 0
      if count > 0 { return nil }
      return Violation(
        path: "tasks.\(task.name).data.namedImages.labelPattern",
        problem: "The labelPattern “\(source.labelPattern)” is not a regular expression with a group.",
        remedy: "Put the part that is the label in parentheses, such as '_([01])[.]png$'.")
    }
  }
}
