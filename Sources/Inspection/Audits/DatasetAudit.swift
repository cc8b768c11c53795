public import Datasets

/// What is shared between the parts of a data set, and which of its images are there twice.
public struct DatasetAudit: Codable, Hashable, Sendable {
  /// One of several images that are the same.
  public struct Image: Codable, Hashable, Sendable {
    public let id: String
    public let part: DatasetPart
    public let patient: String?
    /// In which fold it is tested; nil where there is one test part.
    public let fold: Int?

    /// The part, or the fold.
    public var place: String { fold.map { "fold \($0)" } ?? part.rawValue }
  }

  /// Images that are equal in every pixel.
  public struct IdenticalImages: Codable, Hashable, Sendable {
    public let images: [Image]
    /// The classes that are present in one of them and absent in another.
    public let conflictingClasses: [String]

    public var parts: [DatasetPart] { DatasetPart.allCases.filter { part in images.contains { $0.part == part } } }
    /// Whether they are in several parts; where there are folds, in several of these.
    public var crossesParts: Bool { Set(images.map(\.place)).count > 1 }
    /// In folds each image is a test image while the others' folds are trained on.
    public var reachesTest: Bool { crossesParts && (images.contains { $0.fold != nil } || parts.contains(.test)) }
  }

  /// Two images that are nearly the same.
  public struct NearDuplicate: Codable, Hashable, Sendable {
    public let first: Image
    public let second: Image
    public let relation: DuplicateRelation
    /// Of 255 bits, those in which the hashes differ.
    public let distance: Int
    /// Of the 64 × 64 thumbnails.
    public let correlation: Double
    public let conflictingClasses: [String]

    public var crossesParts: Bool { first.place != second.place }
    public var reachesTest: Bool { crossesParts && (first.fold != nil || first.part == .test || second.part == .test) }
  }

  public let imageCounts: [String: Int]
  /// Nil where patients are not known, so that nothing can be said of them.
  public let patientCount: Int?
  public let sharedPatients: [PatientAudit.SharedPatient]
  public let identical: [IdenticalImages]
  /// Within a part, pairs of one patient are left out: follow-up images and neighboring slices are alike by nature.
  public let nearDuplicates: [NearDuplicate]
  public let uniformCount: Int
  public let unreadable: [UnreadableImage]

  public init(_ inventory: ImageInventory, progress: @Sendable (ImageInventory.Stage, Int, Int) -> Void = { _, _, _ in }) {
    let images = inventory.images, search = DuplicateSearch(items: inventory.items, isAcrossOnly: false)
    func place(_ index: Int) -> Image {
      Image(id: images[index].sample.id, part: images[index].part, patient: images[index].sample.patient, fold: inventory.foldOf?[images[index].sample.id])
    }
    func conflicts(_ indices: [Int]) -> [String] {
      inventory.classNames.indices.filter { place in
        let labels: [Float] = indices.map { images[$0].sample.labels[place] }
        return labels.contains(0) && labels.contains(1)
      }.map { inventory.classNames[$0] }
    }
    func contradict(_ first: Int, _ second: Int) -> Bool {
      zip(images[first].sample.labels, images[second].sample.labels).contains { $0 == 0 && $1 == 1 || $0 == 1 && $1 == 0 }
    }
    let known = PatientAudit(counts: inventory.counts, patients: inventory.patients)
    imageCounts = known.imageCounts
    patientCount = known.patientCount
    sharedPatients = known.sharedPatients
    identical = search.identicalGroups().map { IdenticalImages(images: $0.map(place), conflictingClasses: conflicts($0)) }
    nearDuplicates = search.nearPairs { progress(.comparing, $0, images.count) }.map {
      NearDuplicate(
        first: place($0.first), second: place($0.second), relation: $0.relation, distance: $0.distance,
        correlation: $0.correlation, conflictingClasses: contradict($0.first, $0.second) ? conflicts([$0.first, $0.second]) : [])
    }
    uniformCount = inventory.uniformCount
    unreadable = inventory.unreadable
  }

  /// The test images that are known from training or validation by a copy, sorted.
  public var leakingTestImages: [String] {
    var ids = Set<String>()
    for group in identical where group.reachesTest { for image in group.images where image.part == .test || image.fold != nil { ids.insert(image.id) } }
    for pair in nearDuplicates where pair.reachesTest {
      for image in [pair.first, pair.second] where image.fold != nil { ids.insert(image.id) }
      if pair.first.fold == nil { ids.insert(pair.first.part == .test ? pair.first.id : pair.second.id) }
    }
    return ids.sorted()
  }

  /// Whether test images are known from training or validation, by their patient or by themselves.
  public var hasLeakage: Bool {
    sharedPatients.contains(where: \.reachesTest) || identical.contains(where: \.reachesTest)
      || nearDuplicates.contains(where: \.reachesTest)
  }
}
