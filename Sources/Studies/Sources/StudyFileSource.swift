/// A source that a study file can name.
protocol StudyFileSource: SourceDescription {
  /// Reads its group of keys; what is wrong is noted with the reader.
  static func read(_ node: NodeReader, by reader: DataSourceReader) -> Self?

  /// What keeps it from being the data of a task; empty where nothing does.
  func findings(_ task: KindFindings) -> [KindFindings.Finding]

  /// What keeps it from being the data of a segmentation of several classes; empty where nothing does.
  func classFindings(_ task: ClassMaskFindings) -> [ClassMaskFindings.Finding]
}

extension StudyFileSource {
  func classFindings(_ task: ClassMaskFindings) -> [ClassMaskFindings.Finding] { task.noMasks }
}
