/// A task's data can answer what the task asks.
struct DataFitsKind: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.flatMap { task in
      KindFindings(task).findings(task.data).map { Violation(path: "tasks.\(task.name).data\($0.key)", problem: $0.problem, remedy: $0.remedy) }
    }
  }
}

/// What keeps data from being those of a task of a kind.
struct KindFindings {
  typealias Finding = (key: String, problem: String, remedy: String)

  let kind: TaskKind
  /// `The task “x” is a binaryClassification`
  let subject: String

  init(_ task: TaskSpecification) { (kind, subject) = (task.kind, "The task “\(task.name)” is a \(task.kind.rawValue)") }

  func findings(_ data: DataSource) -> [Finding] {
    if kind.hasSeveralMasks { return ClassMaskFindings(kind: kind, subject: subject).findings(data) }
    return (data.description as? any StudyFileSource)?.findings(self) ?? []
  }

  var isOfMasks: Bool { kind.answer == .mask }
  var isOfNumbers: Bool { kind.answer == .numbers }

  /// Of data in which there is none of what the task asks for.
  var nothingOfTheKind: [Finding] {
    isOfNumbers
      ? [("", "\(subject), but its data give no numbers.", "Use a manifest with numberColumns.")]
      : [("", "\(subject), but its data have no masks.", "Use maskFolders, or a manifest with maskColumn.")]
  }

  /// Of a source of masks alone.
  func masks(_ words: String) -> [Finding] {
    if isOfNumbers { return nothingOfTheKind }
    return isOfMasks ? [] : [("", "\(subject), but its data are \(words).", "Use classFolders or manifest, or set kind: binarySegmentation.")]
  }

  func folders(_ source: ClassFolderSource) -> [Finding] {
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

  func named(_ classes: [String], _ key: String) -> [Finding] {
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

  func windows(_ source: SliceTableSource) -> [Finding] {
    if (source.windowCenter == nil) != (source.windowWidth == nil) {
      return [(".sliceTable", "The window has only one of windowCenter and windowWidth.", "Give both, or none.")]
    }
    guard let width = source.windowWidth, width < 1 else { return [] }
    return [(".sliceTable.windowWidth", "The window is \(width) wide.", "Give a width of at least 1 Hounsfield unit.")]
  }
}
