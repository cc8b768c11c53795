/// Where a task's images and their labels or masks are. All paths are absolute.
public enum DataSource: Codable, Hashable, Sendable {
  /// A table with one row an image.
  case manifest(ManifestSource)
  /// Folders of images beside folders of masks.
  case maskFolders(MaskFolderSource)
  /// Folders with one subfolder a class.
  case classFolders(ClassFolderSource)
  /// A table with one row a slice of a DICOM series.
  case sliceTable(SliceTableSource)
  /// Arrays of images and labels in one NumPy archive.
  case arrays(ArraySource)
  /// Images with annotations in COCO's layout.
  case coco(COCOSource)
  /// A folder in nnU-Net's raw layout.
  case nnUNet(NNUNetSource)
  /// A folder of images whose names tell the label.
  case namedImages(NamedImageSource)
  /// Folders with one subfolder an image, with a mask for each object.
  case caseFolders(CaseFolderSource)
  /// One task of a data set of MedIMeta.
  case medIMeta(MedIMetaSource)

  /// The keys of all kinds of source, as errors list them.
  public static let keys = [
    "manifest", "maskFolders", "classFolders", "namedImages", "sliceTable", "arrays", "coco", "nnUNet", "caseFolders", "medIMeta",
  ]

  /// How the parts that the source does not give are carved out.
  public var split: SplitRule {
    switch self {
    case .manifest(let source): source.split
    case .maskFolders(let source): source.split
    case .classFolders(let source): source.split
    case .sliceTable(let source): source.split
    case .arrays(let source): source.split
    case .coco(let source): source.split
    case .nnUNet(let source): source.split
    case .namedImages(let source): source.split
    case .caseFolders(let source): source.split
    case .medIMeta(let source): source.split
    }
  }

  /// The key of this kind of source in a study file.
  public var key: String {
    switch self {
    case .manifest: "manifest"
    case .maskFolders: "maskFolders"
    case .classFolders: "classFolders"
    case .sliceTable: "sliceTable"
    case .arrays: "arrays"
    case .coco: "coco"
    case .nnUNet: "nnUNet"
    case .namedImages: "namedImages"
    case .caseFolders: "caseFolders"
    case .medIMeta: "medIMeta"
    }
  }

  /// The classes in the order of the network's outputs; empty for segmentation and regression.
  public var classNames: [String] {
    switch self {
    case .manifest(let source): source.classNames
    case .maskFolders, .nnUNet, .caseFolders: []
    case .medIMeta(let source): source.classes
    case .classFolders(let source): source.classNames
    case .sliceTable(let source): source.labelColumns
    case .arrays(let source): source.classes
    case .coco(let source): source.categories
    case .namedImages(let source): [source.className]
    }
  }

  /// The classes of a segmentation of several, in the order of the network's outputs, where the study names them; empty where it does not,
  /// as an nnU-Net folder's own description does.
  public var maskClasses: [String] {
    switch self {
    case .manifest(let source): source.meaning.classes.map(\.name)
    case .maskFolders(let source): source.maskClasses
    case .coco(let source): source.categories
    case .nnUNet(let source): source.labels
    case .classFolders, .sliceTable, .arrays, .namedImages, .caseFolders, .medIMeta: []
    }
  }

  /// What the numbers of a regression are counted in; nil for none.
  public var unit: String? { if case .manifest(let source) = self { source.unit } else { nil } }

  /// The regular expression that finds the patient in a file's name or path.
  public var patientPattern: String? {
    switch self {
    case .manifest(let source): source.patientPattern
    case .maskFolders(let source): source.patientPattern
    case .classFolders(let source): source.patientPattern
    case .namedImages(let source): source.patientPattern
    case .coco(let source): source.patientPattern
    case .nnUNet(let source): source.patientPattern
    case .caseFolders(let source): source.patientPattern
    case .sliceTable, .arrays, .medIMeta: nil
    }
  }

  /// Whether the source says which images are for the test; else they are drawn by `split`.
  public var givesTestPart: Bool {
    switch self {
    case .manifest(let source): source.testFile != nil || source.splitColumn != nil || source.splitLists?.isRequired ?? false
    case .maskFolders(let source): source.test != nil
    case .classFolders(let source): source.test != nil
    case .coco(let source): source.test != nil
    case .caseFolders(let source): source.test != nil
    case .arrays, .medIMeta: true
    case .sliceTable, .nnUNet, .namedImages: false
    }
  }

  /// What the levels of its mask files mean; nil for a source without such files.
  public var maskMeaning: MaskMeaning? {
    switch self {
    case .manifest(let source): source.maskColumn == nil ? nil : source.meaning
    case .maskFolders(let source): source.meaning
    case .caseFolders(let source): source.meaning
    case .classFolders, .sliceTable, .arrays, .coco, .nnUNet, .namedImages, .medIMeta: nil
    }
  }

  /// The key of the labels of its mask files: a manifest uses `labels` for something else.
  public var maskLabelsKey: String { if case .manifest = self { "maskLabels" } else { "labels" } }

  /// Whether its labels may be uncertain.
  public var hasUncertainLabels: Bool {
    if case .manifest(let source) = self { return source.uncertainLabel != nil }
    return false
  }

  /// The source with every path below `root`; absolute paths stay.
  public func rooted(at root: String) -> DataSource {
    let place = RootedPath(root: root)
    return switch self {
    case .manifest(let source): .manifest(source.mappingPaths(place.callAsFunction))
    case .maskFolders(let source): .maskFolders(source.mappingPaths(place.callAsFunction))
    case .classFolders(let source): .classFolders(source.mappingPaths(place.callAsFunction))
    case .sliceTable(let source): .sliceTable(source.mappingPaths(place.callAsFunction))
    case .arrays(let source): .arrays(source.mappingPaths(place.callAsFunction))
    case .coco(let source): .coco(source.mappingPaths(place.callAsFunction))
    case .nnUNet(let source): .nnUNet(source.mappingPaths(place.callAsFunction))
    case .namedImages(let source): .namedImages(source.mappingPaths(place.callAsFunction))
    case .caseFolders(let source): .caseFolders(source.mappingPaths(place.callAsFunction))
    case .medIMeta(let source): .medIMeta(source.mappingPaths(place.callAsFunction))
    }
  }
}

/// Puts relative paths below a root.
struct RootedPath {
  let root: String

  func callAsFunction(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    return "/" + (root + "/" + path).split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }
}

extension SliceTableSource {
  func mappingPaths(_ place: (String) -> String) -> SliceTableSource {
    var source = self
    source.file = place(file)
    source.imageRoot = place(imageRoot)
    source.split.file = split.file.map(place)
    return source
  }
}

extension ArraySource {
  func mappingPaths(_ place: (String) -> String) -> ArraySource {
    var source = self
    source.file = place(file)
    source.split.file = split.file.map(place)
    return source
  }
}

extension ManifestSource {
  /// The source with each of its paths replaced.
  func mappingPaths(_ place: (String) -> String) -> ManifestSource {
    var source = self
    source.file = place(file)
    source.otherFiles = otherFiles.map(place)
    source.validationFile = validationFile.map(place)
    source.testFile = testFile.map(place)
    source.imageRoot = place(imageRoot)
    source.imageFolders = imageFolders.map(place)
    source.splitLists = splitLists?.mappingPaths(place)
    source.split.file = split.file.map(place)
    source.joins = joins.map { TableJoin(file: place($0.file), on: $0.on, unmatched: $0.unmatched) }
    return source
  }
}

extension MaskFolderSource {
  func mappingPaths(_ place: (String) -> String) -> MaskFolderSource {
    func pair(_ folders: FolderPair) -> FolderPair {
      FolderPair(
        images: folders.images.map(place), masks: folders.masks.map(place), maskClasses: folders.maskClasses,
        fieldOfView: folders.fieldOfView.map(place),
        secondObserver: folders.secondObserver?.map(place))
    }
    var source = self
    source.training = pair(training)
    source.validation = validation.map(pair)
    source.test = test.map(pair)
    source.split.file = split.file.map(place)
    return source
  }
}

extension ClassFolderSource {
  func mappingPaths(_ place: (String) -> String) -> ClassFolderSource {
    var source = self
    source.training = place(training)
    source.validation = validation.map(place)
    source.test = test.map(place)
    source.split.file = split.file.map(place)
    return source
  }
}

extension COCOSource {
  func mappingPaths(_ place: (String) -> String) -> COCOSource {
    func part(_ part: Part) -> Part { Part(annotations: place(part.annotations), images: place(part.images)) }
    var source = self
    source.training = part(training)
    source.validation = validation.map(part)
    source.test = test.map(part)
    source.split.file = split.file.map(place)
    return source
  }
}

extension NNUNetSource {
  func mappingPaths(_ place: (String) -> String) -> NNUNetSource {
    var source = self
    source.folder = place(folder)
    source.split.file = split.file.map(place)
    return source
  }
}

extension SplitLists {
  func mappingPaths(_ place: (String) -> String) -> SplitLists {
    SplitLists(
      candidates.map {
        Lists(
          $0.name, training: place($0.training), validation: $0.validation.map(place), test: $0.test.map(place),
          validationPatients: $0.validationPatients.map(place))
      }, isRequired: isRequired)
  }
}
