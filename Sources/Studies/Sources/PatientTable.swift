/// A table that says whose image each is, for sources whose names do not tell it.
public struct PatientTable: Codable, Hashable, Sendable {
  public var file: String
  /// The column of the images: ids as `tasks split` writes them, or names of files, with or without their ending.
  public var imageColumn: String
  public var patientColumn: String

  public init(file: String, imageColumn: String = "image", patientColumn: String = "patient") {
    self.file = file
    self.imageColumn = imageColumn
    self.patientColumn = patientColumn
  }
}
