public import Datasets
public import Foundation
import Foundations
public import Loading
public import Studies

/// What the look at one task's data came to.
public struct DataCheck: Sendable {
  public let task: String
  /// The fingerprint of the data; nil where they cannot be used as they are.
  public let data: String?
  /// Of the names alone: files, patients, labels, geometry.
  public let listingFindings: [DataFinding]
  /// Of the pixels; nil where no image was opened.
  public let pictures: Pictures?
  public let parts: [DatasetPart: PartExtent]
  public let filesUsed: Int
  /// Files of the source's folders that are not used, by reason.
  public let filesUnused: [String: Int]

  /// What is found by opening images.
  public struct Pictures: Sendable {
    public let findings: [DataFinding]
    /// By id: the first digits of the digest of an image's pixels, and its mask's counts.
    public let digests: [(id: String, digest: String)]
    /// Which images are there twice; nil where there were too many to compare.
    public let audit: DatasetAudit?
    public let isDecoded: Bool
  }

  /// How the looks work: raised where one finds other things in the same files, so that nothing kept is taken for them.
  public static let revision = 5
}

/// A look at a task's data, in two steps: first at names, then at pixels.
public struct DataInspection {
  let task: TaskSpecification
  /// nil where the source cannot be used as it is.
  public let splits: DatasetSplits?
  private let found: FoundSamples
  private let failure: (any Error)?

  /// Lists the source.
  ///
  /// - Parameters:
  ///   - splits: its samples in their parts; an error where they cannot be used so.
  ///   - foldOf: in which fold each image is tested, by id; nil where there is one test part.
  public init(_ task: TaskSpecification, splits: Result<DatasetSplits, any Error>, foldOf: [String: Int]? = nil) {
    self.task = task
    switch splits {
    case .success(let splits):
      self.splits = splits
      var parts = [DatasetPart: [Sample]]()
      for part in DatasetPart.allCases { parts[part] = splits[part] }
      var found = FoundSamples(parts: parts, classNames: splits.classNames, maskClasses: splits.maskClasses, numbers: splits.numbers, remarks: splits.remarks)
      found.foldOf = foldOf
      self.found = found
      failure = nil
    case .failure(let error):
      self.splits = nil
      // What can be listed is looked at nevertheless, so that everything is said at once.
      found =
        (try? DatasetResolver.uncheckedParts(task.data, kind: task.kind, pictures: task.pictures, patients: task.patients))
        ?? FoundSamples(parts: [:], classNames: task.data.classNames)
      failure = error
    }
  }

  /// Every file that is used, once, in the order of the samples.
  public var files: [URL] {
    var seen = Set<URL>()
    return DatasetPart.allCases.flatMap { found.parts[$0, default: []] }.flatMap(\.files).filter { seen.insert($0).inserted }
  }

  /// What changes when any of the files does, or what is looked for; equal as long as what was found can be taken again.
  public func key() -> String {
    let hasher = Digest.Hasher()
    func add(_ text: String) { hasher.update(Data((text + "\n").utf8)) }
    add("\(DataCheck.revision) \(NumericsRevision.current) \(splits?.fingerprint ?? "unusable") \(task.recipe.brokenFileLimit) \(task.scoredClasses ?? [])")
    // A table of slices asks no file for its size either.
    for file in isListedByName ? [] : files { add("\(file.path) \(FileSignature(file)?.words ?? "none")") }
    return hasher.finalizeHex()
  }

  private var isListedByName: Bool { found.parts.values.joined().allSatisfy { $0.byteCount == 0 } }

  /// Looks at names, and at pixels where that is asked for.
  ///
  /// - Parameters:
  ///   - masks: what the masks of each role mean together, where their levels have to tell it.
  ///   - opensPictures: whether images and masks are opened.
  ///   - cache: spares the decoding of what it has.
  ///   - seen: what was seen of images while the cache was built.
  ///   - progress: is told how many images are done; from any thread, one call at a time.
  /// - Throws: The error of an image that the system does not give now, of which nothing can be found.
  public func check(
    masks: [MaskRole: UnderstoodMasks], opensPictures: Bool, cache: SampleCache? = nil, seen: SeenPictures? = nil,
    progress: @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> DataCheck {
    let samples = DatasetPart.allCases.flatMap { found.parts[$0, default: []] }
    let isUnlisted = samples.isEmpty && failure != nil || samples.count > Self.listedLimit
    let use = isUnlisted ? FileUse.none : try FileUse(task.data, samples: samples)
    let pictures = opensPictures && !samples.isEmpty ? try PictureInventory(found.parts, known: knownLevels, seen: seen?.facts ?? [:], cache: cache, progress: progress) : nil
    let audit = pictures.flatMap { pictures -> DatasetAudit? in
      guard pictures.isDecoded, samples.count <= Self.comparedLimit else { return nil }
      return DatasetAudit(ImageInventory(found) { pictures.facts[$0.id]?.signature })
    }
    let subject = DataSubject(
      task: task, parts: found.parts, classNames: found.classNames, failure: failure, remarks: found.remarks, files: use, masks: masks, pictures: pictures, audit: audit)
    func findings(opening: Bool) -> [DataFinding] {
      DataLooks.catalog.filter { $0.opensPictures == opening }.flatMap { $0.init().findings(in: subject) }
    }
    return DataCheck(
      task: task.name, data: splits?.fingerprint, listingFindings: findings(opening: false),
      pictures: pictures.map {
        DataCheck.Pictures(
          findings: findings(opening: true), digests: $0.digests(of: samples.sorted { $0.id < $1.id }), audit: audit, isDecoded: $0.isDecoded)
      },
      parts: splits.map { splits in Dictionary(uniqueKeysWithValues: DatasetPart.allCases.map { ($0, splits.extent(of: $0)) }) } ?? [:],
      filesUsed: use.used.count, filesUnused: use.unusedCounts)
  }

  /// Watches a cache being built, so that images are decoded once for both; nil where there are too many for each to be looked at.
  public func watch() -> SeenPictures? {
    found.parts.values.reduce(0) { $0 + $1.count } > PictureInventory.decodedLimit ? nil : SeenPictures(known: knownLevels)
  }

  /// Of more images, such as two million slices, the folders are not listed: their table's reader did it series by series.
  static let listedLimit = 500_000
  /// More images are not compared with each other.
  static let comparedLimit = 250_000

  /// The values that files which number their classes may have; nil where nothing is said.
  private var knownLevels: Set<Int>? {
    if let source = task.data.as(NNUNetSource.self) {
      return (try? NNUNetDescription(URL(fileURLWithPath: source.folder + "/dataset.json")))?.knownValues
    }
    return task.data.maskMeaning.flatMap { $0.labels.isEmpty ? nil : $0.knownLevels }
  }
}
