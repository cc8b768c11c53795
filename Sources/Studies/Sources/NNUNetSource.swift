/// A folder in the raw layout of nnU-Net (Isensee et al. 2021): `dataset.json`, `imagesTr/case_0000.ext`, `labelsTr/case.ext`, and
/// where there are some `imagesTs` and `labelsTs`, which are the test part.
///
/// Volumes become slices, all of a case on one side of every split.
public struct NNUNetSource: SourceDescription {
  public enum Plane: String, Codable, Sendable, CaseIterable { case axial, coronal, sagittal }

  /// The folder that holds `dataset.json`.
  public var folder: String
  /// The names of `dataset.json` that are object; empty for all but the background.
  public var labels: [String]
  /// The number of the channel, as in `_0000`.
  public var channel: Int
  /// Whether the study says it, which it has to where a file holds several channels. No part of what a study says of its data: 0 said is 0.
  public var isChannelStated = false
  public var plane: Plane
  /// The middle of the values between black and white, such as Hounsfield units; nil, as `windowWidth` is then, takes each volume's own range.
  public var windowCenter: Double?
  /// The extent of those values.
  public var windowWidth: Double?
  /// A regular expression on the case's name whose first group is the patient; without it each case is one.
  public var patientPattern: String?
  public var split: SplitRule

  public init(
    folder: String, labels: [String] = [], channel: Int? = nil, plane: Plane = .axial, windowCenter: Double? = nil,
    windowWidth: Double? = nil, patientPattern: String? = nil, split: SplitRule = SplitRule()
  ) {
    self.folder = folder
    self.labels = labels
    self.channel = channel ?? 0
    isChannelStated = channel != nil
    self.plane = plane
    self.windowCenter = windowCenter
    self.windowWidth = windowWidth
    self.patientPattern = patientPattern
    self.split = split
  }

  private enum CodingKeys: String, CodingKey { case folder, labels, channel, plane, windowCenter, windowWidth, patientPattern, split }
}

extension NNUNetSource {
  public static let key = "nnUNet"
  public var classNames: [String] { [] }
  public var maskClasses: [String] { labels }
  public var givesTestPart: Bool { false }
  public var givesValidationPart: Bool { false }
  public var hasWindow: Bool { windowCenter != nil }

  public func mappingPaths(_ place: (String) -> String) -> NNUNetSource {
    changed {
      $0.folder = place(folder)
    }
  }
}

extension DataSource {
  public static func nnUNet(_ source: NNUNetSource) -> DataSource { DataSource(source) }
}
