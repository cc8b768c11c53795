extension BuiltInTask {
  /// How many images a whole copy has, over all parts: as stated, or of the published split where it fixes every part, else the files of a
  /// classification; nil where none of these is known.
  public var statedImages: Int? {
    if let images { return images }
    if let split = splits.first, let training = split.training, let validation = split.validation, let test = split.test {
      return training + validation + test
    }
    // Files of a segmentation are images and masks.
    if kind.isSegmentation { return nil }
    let counts = layout.items.compactMap { item -> Int? in
      // An archive is one file of many images.
      guard case .files(let extensions) = item.content, item.isRequired, !extensions.contains("npz") else { return nil }
      return item.forms.first?.count
    }
    return counts.isEmpty ? nil : counts.reduce(0, +)
  }

  /// Whether the task takes every image of a copy; else some rows are left out, and the images of the copy are not those of the task.
  public var usesEveryImage: Bool {
    guard let source = data.as(ManifestSource.self) else { return true }
    return source.keep.isEmpty && source.joins.isEmpty
  }
}
