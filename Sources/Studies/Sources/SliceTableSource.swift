/// Slices of CT series: DICOM files in a tree study/series/instance.dcm, and a table with one row a slice that names the three.
///
/// A study is what never lies in two parts: it is the patient. Which slices neighbor each other, their files say.
public struct SliceTableSource: SourceDescription {
  /// How many channels a slice gives.
  public enum Channels: String, Codable, Sendable, CaseIterable {
    /// The slice alone, as gray.
    case slice
    /// The slice between its two neighbors in the order of the scan.
    case threeNeighbors
  }

  /// The table, plain or gzipped.
  public var file: String
  /// The folder of the studies.
  public var imageRoot: String
  public var studyColumn: String
  public var seriesColumn: String
  public var instanceColumn: String
  /// The columns that are the classes, in the order of the network's outputs: 0 or 1.
  public var labelColumns: [String]
  public var channels: Channels
  /// The middle of the values that are shown between black and white, in Hounsfield units; nil takes each file's own window.
  public var windowCenter: Double?
  /// The width of that window.
  public var windowWidth: Double?
  public var rows: ManifestSource.Rows
  public var split: SplitRule

  public init(
    file: String, imageRoot: String, studyColumn: String = "StudyInstanceUID", seriesColumn: String = "SeriesInstanceUID",
    instanceColumn: String = "SOPInstanceUID", labelColumns: [String] = [], channels: Channels = .slice, windowCenter: Double? = nil,
    windowWidth: Double? = nil, rows: ManifestSource.Rows = .all, split: SplitRule = SplitRule()
  ) {
    self.file = file
    self.imageRoot = imageRoot
    self.studyColumn = studyColumn
    self.seriesColumn = seriesColumn
    self.instanceColumn = instanceColumn
    self.labelColumns = labelColumns
    self.channels = channels
    self.windowCenter = windowCenter
    self.windowWidth = windowWidth
    self.rows = rows
    self.split = split
  }
}

extension SliceTableSource {
  public static let key = "sliceTable"
  public var classNames: [String] { labelColumns }
  public var patientPattern: String? { nil }
  public var givesTestPart: Bool { false }
  public var givesValidationPart: Bool { false }
  public var hasWindow: Bool { windowCenter != nil }
  public var keepsPresentOnly: Bool { rows == .present }
  public var keepingPresent: SliceTableSource { changed { $0.rows = .present } }

  public func mappingPaths(_ place: (String) -> String) -> SliceTableSource {
    changed {
      $0.file = place(file)
      $0.imageRoot = place(imageRoot)
    }
  }
}

extension DataSource {
  public static func sliceTable(_ source: SliceTableSource) -> DataSource { DataSource(source) }
}
