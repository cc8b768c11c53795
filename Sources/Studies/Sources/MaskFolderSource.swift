/// Folders of images beside folders of masks.
public struct MaskFolderSource: SourceDescription {
  /// How an image finds its mask.
  public enum Pairing: String, Codable, Sendable, CaseIterable {
    /// The file names without their endings are equal.
    case sameStem
    /// The file names up to the first underscore are equal, as `21_training.tif` and `21_manual1.gif` of DRIVE.
    case upToUnderscore
    /// The mask's name is the image's and `maskSuffix`; several masks are numbered and united, as `x.png`, `x_mask.png` and
    /// `x_mask_1.png` of BUSI. Images and masks may share a folder.
    case suffix
  }

  /// Which pixels of a test image count.
  public enum EvaluatedRegion: String, Codable, Sendable, CaseIterable {
    /// All of them, as in the 2021 benchmark.
    case wholeImage
    /// Those within the masks of the folder `fieldOfView`.
    case fieldOfView
  }

  /// What becomes of an image without a mask.
  public enum UnmaskedImages: String, Codable, Sendable, CaseIterable {
    /// It is an error.
    case refuse
    /// It is no part of the data set.
    case passOver
    /// It holds no object.
    case empty
  }

  public var training: FolderPair
  public var validation: FolderPair?
  public var test: FolderPair?
  public var pairing: Pairing
  /// What stands between an image's name and a mask's ending or number, with `pairing: suffix`.
  public var maskSuffix: String
  /// What the levels of the mask files mean; those of a field of view are read by themselves.
  public var meaning: MaskMeaning
  public var maskSize: MaskSizeRule
  public var unmaskedImages: UnmaskedImages
  public var evaluatedRegion: EvaluatedRegion
  /// What stands between an image's name and the ending of the second observer's mask, with `pairing: suffix`; nil for `maskSuffix`.
  public var secondObserverSuffix: String?
  /// Whether the folders of a second observer have to be there. Copies of a published data set may lack them.
  public var requiresSecondObserver: Bool
  /// What files that end in `.img` or `.raw` hold.
  public var rawImages: RawGeometry?
  /// A regular expression on the file name whose first group is the patient.
  public var patientPattern: String?
  public var split: SplitRule

  public init(
    training: FolderPair, validation: FolderPair? = nil, test: FolderPair? = nil, pairing: Pairing = .sameStem,
    maskSuffix: String = "_mask", threshold: MaskThreshold = .automatic, maskSize: MaskSizeRule = .exact,
    unmaskedImages: UnmaskedImages = .refuse, evaluatedRegion: EvaluatedRegion = .wholeImage, secondObserverSuffix: String? = nil,
    requiresSecondObserver: Bool = true, rawImages: RawGeometry? = nil,
    patientPattern: String? = nil, split: SplitRule = SplitRule()
  ) {
    self.training = training
    self.validation = validation
    self.test = test
    self.pairing = pairing
    self.maskSuffix = maskSuffix
    meaning = MaskMeaning(threshold: threshold)
    self.maskSize = maskSize
    self.unmaskedImages = unmaskedImages
    self.evaluatedRegion = evaluatedRegion
    self.secondObserverSuffix = secondObserverSuffix
    self.requiresSecondObserver = requiresSecondObserver
    self.rawImages = rawImages
    self.patientPattern = patientPattern
    self.split = split
  }

  /// The classes of a task that has several, in the order of the network's outputs: those of the folders in their order, else of the numbers
  /// in the files.
  public var maskClasses: [String] {
    guard let ofFolders = training.maskClasses else { return meaning.classes.map(\.name) }
    var seen = Set<String>()
    return ofFolders.filter { seen.insert($0).inserted }
  }

  /// The part that test images are of before anything is carved: the one whose second masks tell something.
  public var testedPart: String { test == nil ? "training" : "test" }

  /// The folders of each part that is given.
  public var pairs: [(part: String, folders: FolderPair)] {
    [("training", training)] + [("validation", validation), ("test", test)].compactMap { part, pair in pair.map { (part, $0) } }
  }
}

/// Folders of images and the folders of their masks.
public struct FolderPair: Codable, Hashable, Sendable {
  /// One folder, or several whose images are one part together.
  public var images: [String]
  /// One folder, or several: an image then has a mask in each of them, and they are united, as those of the left and the right lung.
  public var masks: [String]
  /// Of each folder of `masks` the class that is drawn in it; nil where all of them are one object, or where the files number classes.
  public var maskClasses: [String]?
  /// The folder of the masks of what the camera saw.
  public var fieldOfView: String?
  /// The folders of the masks that a second observer made of the same images, as many as `masks`; nil where there was none. No network
  /// is trained or tested on them, and they are no part of a run's identity: they tell how far two people agree.
  public var secondObserver: [String]?

  public init(
    images: [String], masks: [String], maskClasses: [String]? = nil, fieldOfView: String? = nil, secondObserver: [String]? = nil
  ) {
    self.images = images
    self.masks = masks
    self.maskClasses = maskClasses
    self.fieldOfView = fieldOfView
    self.secondObserver = secondObserver
  }

  public init(images: String, masks: String, fieldOfView: String? = nil, secondObserver: String? = nil) {
    self.init(images: [images], masks: [masks], fieldOfView: fieldOfView, secondObserver: secondObserver.map { [$0] })
  }
}

extension MaskFolderSource {
  public static let key = "maskFolders"
  public var classNames: [String] { [] }
  public var givesTestPart: Bool { test != nil }
  public var givesValidationPart: Bool { validation != nil }
  public var maskMeaning: MaskMeaning? { meaning }

  public func mappingPaths(_ place: (String) -> String) -> MaskFolderSource {
    func pair(_ folders: FolderPair) -> FolderPair {
      FolderPair(
        images: folders.images.map(place), masks: folders.masks.map(place), maskClasses: folders.maskClasses,
        fieldOfView: folders.fieldOfView.map(place),
        secondObserver: folders.secondObserver?.map(place))
    }
    return changed {
      $0.training = pair(training)
      $0.validation = validation.map(pair)
      $0.test = test.map(pair)
    }
  }
}

extension DataSource {
  public static func maskFolders(_ source: MaskFolderSource) -> DataSource { DataSource(source) }
}
