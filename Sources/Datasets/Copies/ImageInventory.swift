public import Studies

/// The images of a task, each with its part and its signature: what audits work on. About 4 KB of memory an image.
public struct ImageInventory: Sendable {
  /// What an audit is at.
  public enum Stage: String, Sendable { case reading, comparing }

  package struct Image: Sendable {
    package let sample: Sample
    package let part: DatasetPart
    package let signature: ImageSignature
  }

  /// In the order of parts and ids.
  package let images: [Image]
  public let unreadable: [UnreadableImage]
  public let classNames: [String]
  /// The numbers of images, readable or not.
  public let counts: [DatasetPart: Int]
  /// In which fold each image is tested, by id; nil where there is one test part.
  package let foldOf: [String: Int]?
  /// The patients of each part, also of images that cannot be read.
  package let patients: [DatasetPart: [String: Int]]

  /// Opens every image of a task. Parts may overlap: that is what an audit is to tell.
  ///
  /// - Parameters:
  ///   - copies: images that stay on one side of what is carved, where the split asks for it.
  ///   - progress: is told what is being done, how many images are done and of how many; from any thread, one call at a time.
  /// - Throws: `DatasetsError` where the source cannot be listed, and the error of a file that the system does not give; an image that cannot be used is noted.
  public init(
    _ source: DataSource, kind: TaskKind, pictures: PictureChoices? = nil, patients: PatientTable? = nil, copies: CopyGroups? = nil,
    progress: @Sendable (Stage, Int, Int) -> Void = { _, _, _ in }
  ) throws {
    try self.init(DatasetResolver.uncheckedParts(source, kind: kind, pictures: pictures, patients: patients, copies: copies), progress: progress)
  }

  package init(_ found: FoundSamples, progress: @Sendable (Stage, Int, Int) -> Void = { _, _, _ in }) throws {
    let samples = DatasetPart.allCases.flatMap { part in
      found.parts[part, default: []].sorted(by: Sample.isBefore).map { (part: part, sample: $0) }
    }
    let signatures = try SignatureReader.read(samples.map(\.sample)) { progress(.reading, $0, samples.count) }
    var images = [Image](), unreadable = [UnreadableImage]()
    for ((part, sample), signature) in zip(samples, signatures) {
      switch signature {
      case .success(let signature): images.append(Image(sample: sample, part: part, signature: signature))
      case .failure(let image): unreadable.append(image)
      }
    }
    self.images = images
    self.unreadable = unreadable
    classNames = found.classNames
    counts = found.parts.mapValues(\.count)
    patients = PatientAudit.patients(of: found.parts)
    foldOf = found.foldOf
  }

  /// From signatures that were taken elsewhere; nil for an image that cannot be read.
  package init(_ found: FoundSamples, signature: (Sample) -> ImageSignature?) {
    let samples = DatasetPart.allCases.flatMap { part in
      found.parts[part, default: []].sorted(by: Sample.isBefore).map { (part: part, sample: $0) }
    }
    images = samples.compactMap { part, sample in signature(sample).map { Image(sample: sample, part: part, signature: $0) } }
    unreadable = samples.filter { signature($0.sample) == nil }.map { UnreadableImage(id: $0.sample.id, reason: "") }
    classNames = found.classNames
    counts = found.parts.mapValues(\.count)
    patients = PatientAudit.patients(of: found.parts)
    foldOf = found.foldOf
  }

  /// Images that are of one brightness throughout, which are no one's duplicates.
  public var uniformCount: Int { images.count { $0.signature.isUniform } }

  /// What a search compares, the parts being its sides.
  package var items: [DuplicateSearch.Item] {
    var patients = [String: Int]()
    return images.map { image in
      let patient = image.sample.patient.map { name -> Int in
        let number = patients[name] ?? patients.count
        patients[name] = number
        return number
      }
      return DuplicateSearch.Item(
        signature: image.signature, side: DatasetPart.allCases.firstIndex(of: image.part) ?? 0, patient: patient)
    }
  }
}
