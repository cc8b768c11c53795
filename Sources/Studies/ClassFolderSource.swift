/// Folders with one subfolder a class, one of which means 1.
public struct ClassFolderSource: Codable, Hashable, Sendable {
  public var training: String
  public var validation: String?
  public var test: String?
  /// The name of the subfolder whose images are labelled 1; those of every other subfolder are labelled 0.
  public var positive: String
  /// A regular expression on the file name whose first group is the patient.
  public var patientPattern: String?
  public var split: SplitRule

  public init(
    training: String, validation: String? = nil, test: String? = nil, positive: String, patientPattern: String? = nil,
    split: SplitRule = SplitRule()
  ) {
    self.training = training
    self.validation = validation
    self.test = test
    self.positive = positive
    self.patientPattern = patientPattern
    self.split = split
  }
}
