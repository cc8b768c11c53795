internal import Foundation
internal import Foundations

/// What a manifest has to name for each kind of task.
extension KindFindings {
  func segmentation(_ source: ManifestSource) -> [Finding] {
    switch (source.maskColumn, source.rleColumn) {
    case (nil, nil): return [(".manifest", "\(subject), but its manifest names no masks.", "Add maskColumn.")]
    case (.some, .some): return [(".manifest.rleColumn", "The manifest names both maskColumn and rleColumn.", "Keep one of them.")]
    case (nil, .some) where source.rleFormat == nil:
      return [
        (
          ".manifest.rleColumn", "The manifest names rleColumn without rleFormat.",
          "Add rleFormat: one of \(ManifestSource.RunLengthFormat.allCases.map(\.rawValue).joined(separator: ", "))."
        )
      ]
    case (nil, .some) where source.secondMaskColumn != nil:
      return [
        (
          ".manifest.secondMaskColumn", "The manifest names secondMaskColumn, and its own masks are run lengths.",
          "Give the masks as files in maskColumn, or remove secondMaskColumn."
        )
      ]
    case (.some(let own), nil) where source.secondMaskColumn == own:
      return [(".manifest.secondMaskColumn", "The manifest names “\(own)” as the masks of both observers.", "Name the second observer's column.")]
    default: break
    }
    if !source.labelColumns.isEmpty || source.labelListColumn != nil || !source.labels.isEmpty {
      return [(".manifest", "\(subject), but its manifest names labels.", "Remove labelColumns, labelListColumn and labels.")]
    }
    return withoutNumbers(source)
  }

  private func withoutNumbers(_ source: ManifestSource) -> [Finding] {
    if source.numberColumns != nil {
      return [(".manifest.numberColumns", "\(subject), but its manifest names numbers.", "Remove numberColumns, or set kind: regression.")]
    }
    guard source.unit != nil else { return [] }
    return [(".manifest.unit", "\(subject), and its manifest names the unit of numbers that it has not.", "Remove unit.")]
  }

  /// Numbers in columns of their own, all in one unit: a mean over different units would be none.
  func numbers(_ source: ManifestSource) -> [Finding] {
    let labels: [(String, Bool)] = [
      ("labelColumns", !source.labelColumns.isEmpty), ("labelListColumn", source.labelListColumn != nil), ("labels", !source.labels.isEmpty),
      ("uncertainLabel", source.uncertainLabel != nil), ("maskColumn", source.maskColumn != nil), ("secondMaskColumn", source.secondMaskColumn != nil),
      ("rleColumn", source.rleColumn != nil),
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

  func classification(_ source: ManifestSource) -> [Finding] {
    if source.rleColumn != nil {
      return [(".manifest.rleColumn", "\(subject), but its manifest names masks.", "Remove rleColumn, or set kind: binarySegmentation.")]
    }
    if let key = source.maskColumn != nil ? "maskColumn" : source.secondMaskColumn != nil ? "secondMaskColumn" : nil {
      return [(".manifest.\(key)", "\(subject), but its manifest names masks.", "Remove \(key), or set kind: binarySegmentation.")]
    }
    if let found = withoutNumbers(source).first { return [found] }
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
