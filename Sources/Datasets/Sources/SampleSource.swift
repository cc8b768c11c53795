import Studies

/// A source whose samples can be listed. Every kind of `DataSource.kinds` is one.
protocol SampleSource: SourceDescription {
  /// What it holds, before anything is carved. No image is opened.
  ///
  /// - Throws: `DatasetsError`, also for a kind of task that its data cannot be of.
  func samples(for kind: TaskKind) throws -> FoundSamples
}

extension SampleSource {
  /// - Parameter instead: what the data of such a task can be.
  func require(_ isSuited: Bool, for kind: TaskKind, instead: String) throws {
    if !isSuited { throw DatasetsError.unsuitable(Self.key, kind: kind.rawValue, instead: instead) }
  }
}
