public import Studies

/// Which patients have images in two parts: what can be told of a data set of any size without opening an image.
public struct PatientAudit: Codable, Hashable, Sendable {
  public let imageCounts: [String: Int]
  /// Nil where patients are not known, so that nothing can be said of them.
  public let patientCount: Int?
  public let sharedPatients: [DatasetAudit.SharedPatient]

  /// - Throws: `DatasetsError` where the source cannot be listed.
  public init(_ source: DataSource, kind: TaskKind) throws {
    let parts = try DatasetResolver.uncheckedParts(source, kind: kind).parts
    self.init(counts: parts.mapValues(\.count), patients: Self.patients(of: parts))
  }

  init(counts: [DatasetPart: Int], patients: [DatasetPart: [String: Int]]) {
    imageCounts = Dictionary(uniqueKeysWithValues: counts.map { ($0.rawValue, $1) })
    let names = Set(patients.values.flatMap(\.keys))
    patientCount = names.isEmpty ? nil : names.count
    sharedPatients = names.sorted().compactMap { patient in
      let counts = patients.compactMapValues { $0[patient] }
      if counts.count < 2 { return nil }
      return DatasetAudit.SharedPatient(
        patient: patient, imageCounts: Dictionary(uniqueKeysWithValues: counts.map { ($0.rawValue, $1) }))
    }
  }

  /// How many images each patient of a part has.
  static func patients(of parts: [DatasetPart: [Sample]]) -> [DatasetPart: [String: Int]] {
    parts.mapValues { samples in
      samples.reduce(into: [:]) { counts, sample in if let patient = sample.patient { counts[patient, default: 0] += 1 } }
    }
  }

  /// Whether a patient of the test part is known from training or validation.
  public var hasLeakage: Bool { sharedPatients.contains(where: \.reachesTest) }
}
