extension MaskFolderSource: StudyFileSource {
  static func read(_ node: NodeReader, by reader: DataSourceReader) -> MaskFolderSource? { reader.maskFolders(reader.refusingGroups(node, of: key)) }

  func classFindings(_ task: ClassMaskFindings) -> [ClassMaskFindings.Finding] {
    task.folders(self)
  }

  func findings(_ task: KindFindings) -> [KindFindings.Finding] {
    if !task.isOfNumbers, let pair = pairs.first(where: { $0.folders.maskClasses != nil }) {
      return [
        (
          ".maskFolders.\(pair.part).masks", "\(task.subject), but its data have masks of classes.",
          "Name the folders without classes, or set kind: multiLabelSegmentation or multiclassSegmentation."
        )
      ]
    }
    return task.masks("folders of masks")
  }
}

extension DataSourceReader {
  func maskFolders(_ reader: NodeReader) -> MaskFolderSource? {
    let keys = [
      "training", "validation", "test", "pairing", "maskSuffix", "threshold", "labels", "object", "ignore", "color", "maskSize", "unmaskedImages", "evaluatedRegion",
      "secondObserverSuffix", "rawImages", "patientPattern", "split",
    ]
    guard let group = reader.group(known: keys) else { return nil }
    var source: MaskFolderSource
    if let base = base?.as(MaskFolderSource.self) {
      source = base
      group.read("training", into: &source.training) { folderPair($0, over: base.training) }
    } else {
      guard let training = group.required("training").flatMap({ folderPair($0, over: nil) }) else { return nil }
      source = MaskFolderSource(training: training)
    }
    let (validation, test) = (source.validation, source.test)
    let given = source.pairs.map(\.folders.secondObserver)
    group.read("validation", into: &source.validation) { folderPair($0, over: validation) }
    group.read("test", into: &source.test) { folderPair($0, over: test) }
    group.read("pairing", into: &source.pairing) { $0.choice(MaskFolderSource.Pairing.self) }
    group.read("maskSuffix", into: &source.maskSuffix) { $0.string() }
    readMeaning(group, labels: "labels", into: &source.meaning)
    group.read("maskSize", into: &source.maskSize) { $0.choice(MaskSizeRule.self) }
    group.read("unmaskedImages", into: &source.unmaskedImages) { $0.choice(MaskFolderSource.UnmaskedImages.self) }
    group.read("evaluatedRegion", into: &source.evaluatedRegion) { $0.choice(MaskFolderSource.EvaluatedRegion.self) }
    group.read("secondObserverSuffix", into: &source.secondObserverSuffix) { $0.string() }
    group.read("rawImages", into: &source.rawImages, rawGeometry)
    group.read("patientPattern", into: &source.patientPattern) { $0.string() }
    let rule = source.split
    group.read("split", into: &source.split) { split($0, over: rule) }
    // What a study names has to be there.
    if source.pairs.map(\.folders.secondObserver) != given { source.requiresSecondObserver = true }
    return source
  }

  /// - Parameter base: Whose folders stay where the study names none; nil where it has to.
  private func folderPair(_ reader: NodeReader, over base: FolderPair?) -> FolderPair? {
    guard let group = reader.group(known: ["images", "masks", "fieldOfView", "secondObserver"]) else { return nil }
    func folders(_ key: String, _ base: [String]?) -> [String]? {
      (base == nil ? group.required(key) : group[key]).map { oneOrSeveral($0) } ?? base
    }
    let images = folders("images", base?.images)
    var masks = base?.masks, maskClasses = base?.maskClasses
    if let reader = base == nil ? group.required("masks") : group["masks"] {
      guard let read = maskFolders(ofClasses: reader) else { return nil }
      (masks, maskClasses) = read
    }
    guard let images, let masks else { return nil }
    var pair = FolderPair(
      images: images, masks: masks, maskClasses: maskClasses, fieldOfView: base?.fieldOfView, secondObserver: base?.secondObserver)
    group.read("fieldOfView", into: &pair.fieldOfView, path)
    group.read("secondObserver", into: &pair.secondObserver, oneOrSeveral)
    return pair
  }

  /// A folder or a list of folders; or for each class one of these, as in `{lungs: [left, right], heart: heart}`.
  fileprivate func maskFolders(ofClasses reader: NodeReader) -> (folders: [String], classes: [String]?)? {
    guard case .group = reader.node.content else { return oneOrSeveral(reader).map { ($0, nil) } }
    var folders: [String] = [], classes: [String] = []
    for (name, reader) in reader.namedEntries() ?? [] {
      guard let own = oneOrSeveral(reader) else { return nil }
      folders += own
      classes += own.map { _ in name }
    }
    return (folders, classes)
  }

  /// A folder, or a list of folders.
  private func oneOrSeveral(_ reader: NodeReader) -> [String]? {
    if case .list = reader.node.content { return paths(of: reader) }
    return path(reader).map { [$0] }
  }

  /// `jsrt`, or what the files hold.
  private func rawGeometry(_ reader: NodeReader) -> RawGeometry? {
    guard case .group = reader.node.content else { return reader.choice(among: ["jsrt"]).map { _ in .jsrt } }
    guard let group = reader.group(known: ["width", "height", "bits", "byteOrder", "offset", "zero"]) else { return nil }
    let width = group.required("width")?.integer(), height = group.required("height")?.integer()
    let bits = group.required("bits")?.integer()
    let byteOrder = group.required("byteOrder")?.choice(RawGeometry.ByteOrder.self)
    guard let width, let height, let bits, let byteOrder else { return nil }
    var raw = RawGeometry(width: width, height: height, bits: bits, byteOrder: byteOrder)
    group.read("offset", into: &raw.offset) { $0.integer() }
    group.read("zero", into: &raw.zero) { $0.choice(RawGeometry.Zero.self) }
    return raw
  }
}
