public import Studies

/// Which patients have images in two parts: what can be told of a data set of any size without opening an image.
public struct PatientAudit: Codable, Hashable, Sendable {
  /// A patient with images in two parts or three.
  public struct SharedPatient: Codable, Hashable, Sendable {
    public let patient: String
    /// The patient's images in each part that has any.
    public let imageCounts: [String: Int]

    public var parts: [DatasetPart] { DatasetPart.allCases.filter { imageCounts[$0.rawValue] != nil } }
    public var reachesTest: Bool { parts.contains(.test) }
  }

  public let imageCounts: [String: Int]
  /// Nil where patients are not known, so that nothing can be said of them.
  public let patientCount: Int?
  public let sharedPatients: [SharedPatient]

  /// - Throws: `DatasetsError` where the source cannot be listed.
  public init(_ source: DataSource, kind: TaskKind) throws {
    let parts = try DatasetResolver.uncheckedParts(source, kind: kind).parts
    self.init(counts: parts.mapValues(\.count), patients: Self.patients(of: parts))
  }

  package init(counts: [DatasetPart: Int], patients: [DatasetPart: [String: Int]]) {
    imageCounts = Dictionary(uniqueKeysWithValues: counts.map { ($0.rawValue, $1) })
    let names = Set(patients.values.flatMap(\.keys))
    patientCount = names.isEmpty ? nil : names.count
    sharedPatients = names.sorted().compactMap { patient in
      let counts = patients.compactMapValues { $0[patient] }
      if counts.count < 2 { return nil }
      return SharedPatient(
        patient: patient, imageCounts: Dictionary(uniqueKeysWithValues: counts.map { ($0.rawValue, $1) }))
    }
  }

  /// How many images each patient of a part has.
  package static func patients(of parts: [DatasetPart: [Sample]]) -> [DatasetPart: [String: Int]] {
    parts.mapValues { samples in
      samples.reduce(into: [:]) { counts, sample in if let patient = sample.patient { counts[patient, default: 0] += 1 } }
    }
  }

  /// Whether a patient of the test part is known from training or validation.
  public var hasLeakage: Bool { sharedPatients.contains(where: \.reachesTest) }
}
