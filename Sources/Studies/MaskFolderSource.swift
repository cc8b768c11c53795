/// Folders of images beside folders of masks.
public struct MaskFolderSource: Codable, Hashable, Sendable {
  /// How an image finds its mask.
  public enum Pairing: String, Codable, Sendable, CaseIterable {
    /// The file names without their extensions are equal.
    case sameStem
    /// The file names up to the first underscore are equal, as `21_training.tif` and `21_manual1.gif` of DRIVE.
    case upToUnderscore
  }

  public var training: FolderPair
  public var validation: FolderPair?
  public var test: FolderPair?
  public var pairing: Pairing
  /// A regular expression on the file name whose first group is the patient.
  public var patientPattern: String?
  public var split: SplitRule

  public init(
    training: FolderPair, validation: FolderPair? = nil, test: FolderPair? = nil, pairing: Pairing = .sameStem,
    patientPattern: String? = nil, split: SplitRule = SplitRule()
  ) {
    self.training = training
    self.validation = validation
    self.test = test
    self.pairing = pairing
    self.patientPattern = patientPattern
    self.split = split
  }
}

/// A folder of images and the folder of their masks.
public struct FolderPair: Codable, Hashable, Sendable {
  public var images: String
  public var masks: String

  public init(images: String, masks: String) {
    self.images = images
    self.masks = masks
  }
}
