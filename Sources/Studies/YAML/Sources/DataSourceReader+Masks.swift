extension DataSourceReader {
  func maskFolders(_ reader: NodeReader) -> MaskFolderSource? {
    let keys = [
      "training", "validation", "test", "pairing", "maskSuffix", "threshold", "labels", "object", "ignore", "color", "maskSize", "unmaskedImages", "evaluatedRegion",
      "secondObserverSuffix", "rawImages", "patientPattern", "split",
    ]
    guard let group = reader.group(known: keys) else { return nil }
    var source: MaskFolderSource
    if case .maskFolders(let base)? = base {
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
  private func maskFolders(ofClasses reader: NodeReader) -> (folders: [String], classes: [String]?)? {
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

  func coco(_ reader: NodeReader) -> COCOSource? {
    let keys = ["training", "validation", "test", "categories", "shape", "maskSize", "rows", "patientPattern", "split"]
    guard let group = reader.group(known: keys) else { return nil }
    var source: COCOSource
    if case .coco(let base)? = base {
      source = base
      group.read("training", into: &source.training, cocoPart)
    } else {
      guard let training = group.required("training").flatMap(cocoPart) else { return nil }
      source = COCOSource(training: training)
    }
    group.read("validation", into: &source.validation, cocoPart)
    group.read("test", into: &source.test, cocoPart)
    group.read("categories", into: &source.categories) { $0.strings() }
    group.read("shape", into: &source.shape) { $0.choice(COCOSource.Shape.self) }
    group.read("maskSize", into: &source.maskSize) { $0.choice(MaskSizeRule.self) }
    group.read("rows", into: &source.rows) { $0.choice(ManifestSource.Rows.self) }
    group.read("patientPattern", into: &source.patientPattern) { $0.string() }
    let rule = source.split
    group.read("split", into: &source.split) { split($0, over: rule) }
    return source
  }

  private func cocoPart(_ reader: NodeReader) -> COCOSource.Part? {
    guard let group = reader.group(known: ["annotations", "images"]) else { return nil }
    let annotations = group.required("annotations").flatMap(path), images = group.required("images").flatMap(path)
    guard let annotations, let images else { return nil }
    return COCOSource.Part(annotations: annotations, images: images)
  }

  func nnUNet(_ reader: NodeReader) -> NNUNetSource? {
    let keys = ["folder", "labels", "channel", "plane", "windowCenter", "windowWidth", "patientPattern", "split"]
    guard let group = reader.group(known: keys) else { return nil }
    var source: NNUNetSource
    if case .nnUNet(let base)? = base {
      source = base
      group.read("folder", into: &source.folder, path)
    } else {
      guard let folder = group.required("folder").flatMap(path) else { return nil }
      source = NNUNetSource(folder: folder)
    }
    group.read("labels", into: &source.labels) { $0.strings() }
    group.read("channel", into: &source.channel) { $0.integer() }
    source.isChannelStated = source.isChannelStated || group["channel"] != nil
    group.read("plane", into: &source.plane) { $0.choice(NNUNetSource.Plane.self) }
    group.read("windowCenter", into: &source.windowCenter) { $0.number() }
    group.read("windowWidth", into: &source.windowWidth) { $0.number() }
    group.read("patientPattern", into: &source.patientPattern) { $0.string() }
    let rule = source.split
    group.read("split", into: &source.split) { split($0, over: rule) }
    return source
  }
}
