/// What a task of several classes' masks needs of its data: classes with names, and masks in which they can be told apart.
struct ClassMaskFindings {
  typealias Finding = (key: String, problem: String, remedy: String)

  let kind: TaskKind
  /// `The task “x” is a multiclassSegmentation`
  let subject: String

  /// As many classes as a mask can tell apart (`MaskCoding`).
  private var greatestCount: Int { kind.answer == .labelMap ? 255 : 8 }

  func findings(_ data: DataSource) -> [Finding] { (data.description as? any StudyFileSource)?.classFindings(self) ?? noMasks }

  /// Of data with one mask an image, of one object.
  var oneObject: [Finding] {
    [
      (
        "", "\(subject), but its data have one mask an image, of one object.",
        "Use maskFolders, a manifest with maskColumn and maskLabels, nnUNet or coco; or set kind: binarySegmentation."
      )
    ]
  }

  var noMasks: [Finding] { [("", "\(subject), but its data have no masks.", "Use maskFolders, a manifest with maskColumn and maskLabels, nnUNet or coco.")] }

  func folders(_ source: MaskFolderSource) -> [Finding] {
    let key = ".maskFolders", named = source.pairs.filter { $0.folders.maskClasses != nil }
    var found: [Finding] = []
    if !named.isEmpty, !source.meaning.labels.isEmpty {
      found.append((key + ".labels", "\(subject), and both its folders of masks and the labels name its classes.", "Keep one of them."))
    } else if named.count != 0, named.count < source.pairs.count {
      found.append((key, "\(subject), and not all parts name the classes of their folders of masks.", "Write masks: {<class>: <folder>, …} in each part."))
    } else if let other = named.first(where: { Set($0.folders.maskClasses ?? []) != Set(source.maskClasses) }) {
      let words = source.maskClasses.joined(separator: ", ")
      found.append(
        (
          "\(key).\(other.part).masks", "\(subject), and its \(other.part) part has masks of other classes than its training part (\(words)).",
          "Name the same classes in each part."
        ))
    } else {
      found += count(
        source.maskClasses, key,
        "Write masks: {<class>: <folder>, …} where each class has a folder of its own, or labels: {<class>: <level>, …} where the files number them.")
    }
    if let pair = source.pairs.first(where: { $0.folders.secondObserver != nil }) {
      found.append(
        ("\(key).\(pair.part).secondObserver", "\(subject), and how far two observers agree is told of one object only.", "Remove secondObserver, or set kind: binarySegmentation.")
      )
    }
    return found
  }

  func manifest(_ source: ManifestSource) -> [Finding] {
    if source.rleColumn != nil {
      return [(".manifest.rleColumn", "\(subject), and runs of pixels say nothing of classes.", "Use maskColumn with maskLabels, or set kind: binarySegmentation.")]
    }
    if source.maskColumn == nil { return [(".manifest", "\(subject), but its manifest names no masks.", "Add maskColumn, and maskLabels with the level of each class.")] }
    if source.secondMaskColumn != nil {
      return [
        (".manifest.secondMaskColumn", "\(subject), and how far two observers agree is told of one object only.", "Remove secondMaskColumn, or set kind: binarySegmentation.")
      ]
    }
    if !source.classNames.isEmpty || source.numberColumns != nil {
      return [(".manifest", "\(subject), but its manifest names labels or numbers of images.", "Remove labelColumns, labelListColumn, labels and numberColumns.")]
    }
    return count(source.meaning.classes.map(\.name), ".manifest.maskLabels", "Add maskLabels, such as {lung: 1, heart: 2}.")
  }

  func count(_ classes: [String], _ key: String, _ remedy: String) -> [Finding] {
    if classes.isEmpty { return [(key, "\(subject), but its data name no classes.", remedy)] }
    if Set(classes).count < classes.count { return [(key, "\(subject), and its classes repeat a name.", "Name each once.")] }
    if classes.count == 1 { return [(key, "\(subject), but its data name 1 class.", "Name all of them, or set kind: binarySegmentation.")] }
    guard classes.count > greatestCount else { return [] }
    return [
      (
        key, "\(subject), and its data name \(classes.count) classes; masks of this kind have \(greatestCount) at most.",
        kind.answer == .masks ? "Set kind: multiclassSegmentation where the classes exclude each other, or name fewer." : "Name fewer."
      )
    ]
  }
}
