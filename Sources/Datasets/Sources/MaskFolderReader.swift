import Foundation
import Foundations
import Imaging
import Studies

extension MaskFolderSource: SampleSource {
  func samples(for kind: TaskKind) throws -> FoundSamples {
    try require(kind.isSegmentation, for: kind, instead: "`manifest` or `classFolders`")
    return try MaskFolderReader(source: self, kind: kind).read()
  }
}

/// Reads folders of images beside folders of masks.
///
/// An id is the part's name and the image's: `training/21_training.tif`; of several folders of images, the folder's name stands
/// between. A mask without an image is passed over. Of several classes either the folders of masks say whose a mask is, or the numbers in
/// its files do.
struct MaskFolderReader {
  let source: MaskFolderSource
  let kind: TaskKind

  func read() throws -> FoundSamples {
    let pairs: [(DatasetPart, FolderPair?)] = [
      (.training, source.training), (.validation, source.validation), (.test, source.test),
    ]
    // Parts may share a folder where its masks say which image belongs to which.
    if source.unmaskedImages != .passOver {
      _ = try PartFolders(pairs.flatMap { part, pair in (pair?.images ?? []).map { (part, $0, "\(part).images") } })
    }
    let pattern = try source.patientPattern.map { try PatientPattern($0) }
    var parts = [DatasetPart: [Sample]]()
    for (part, pair) in pairs {
      guard let pair else { continue }
      parts[part] = try samples(pair, part: part, pattern: pattern)
    }
    try checkShared(parts)
    return FoundSamples(parts: parts, classNames: [], maskClasses: kind.hasSeveralMasks ? source.maskClasses : [])
  }

  private struct Candidate {
    let file: FoundFile
    let folder: SourceFolder
    let id: String
    var url: URL { folder.url.appendingPathComponent(file.name) }
  }

  private func samples(_ pair: FolderPair, part: DatasetPart, pattern: PatientPattern?) throws -> [Sample] {
    let images = try candidates(pair, part: part)
    try checkStems(images.map(\.file.name))
    let folders = try pair.masks.map { try MaskFolder(SourceFolder($0, key: "\(part).masks"), source: source) }
    let second = try secondObserver(pair, part: part)
    let isWithin = source.evaluatedRegion == .fieldOfView && part == .test
    let view = try (isWithin ? pair.fieldOfView : nil).map {
      try MaskFolder(SourceFolder($0, key: "\(part).fieldOfView"), source: source, isNumbered: false)
    }
    var samples = [Sample]()
    let masks = try images.map { image in try folders.map { try $0.masks(of: stem(of: image.file.name)) } }
    try checkMasks(images, masks, folders: folders)
    let patients = try pattern?.patients(of: images.map(\.file.name))
    for (index, image) in images.enumerated() {
      let found = masks[index].flatMap { $0 }
      if found.isEmpty, source.unmaskedImages == .passOver { continue }
      let region = try view?.masks(of: stem(of: image.file.name))
      if let view, region?.isEmpty != false {
        throw DatasetsError.missingMasks([image.file.name], total: images.count, root: view.folder.url.path)
      }
      samples.append(
        Sample(
          id: image.id, image: ImageReference(image.url, rawGeometry: ImageName.isRaw(image.file.name) ? source.rawImages.map(RawImage.init) : nil),
          mask: reference(masks[index], pair),
          evaluatedRegion: region.map { MaskReference(regions: $0.map { .file($0.url, threshold: .automatic) }) },
          secondMask: try secondMask(of: stem(of: image.file.name), in: second),
          patient: patients?[index],
          byteCount: image.file.byteCount + (found + (region ?? [])).reduce(0) { $0 + $1.file.byteCount }))
    }
    if source.requiresSecondObserver, let folder = second.first, samples.allSatisfy({ $0.secondMask == nil }) {
      throw DatasetsError.missingMasks(images.map(\.file.name), total: images.count, root: folder.folder.url.path)
    }
    return samples
  }

  /// - Parameter found: the masks of an image in each folder.
  private func reference(_ found: [[MaskFolder.Found]], _ pair: FolderPair) -> MaskReference {
    let sizeRule = MaskReference.SizeRule(source.maskSize), ignored = Set(source.meaning.ignore)
    if kind.hasSeveralMasks, pair.maskClasses == nil {
      return MaskReference(found.joined().map(\.url), classes: source.meaning.classes, kind: kind, sizeRule: sizeRule, ignored: ignored)
    }
    let regions = found.joined().map { MaskReference.Region.file($0.url, threshold: Mask.Threshold(source.meaning)) }
    guard kind.hasSeveralMasks, let owners = pair.maskClasses else { return MaskReference(regions: regions, sizeRule: sizeRule, ignored: ignored) }
    let names = source.maskClasses
    return MaskReference(
      regions: regions, sizeRule: sizeRule, ignored: ignored,
      classes: MaskClasses(
        names: names, owners: zip(owners, found).flatMap { owner, files in files.map { _ in names.firstIndex(of: owner) ?? 0 } }, coding: MaskCoding(kind)))
  }

  private func candidates(_ pair: FolderPair, part: DatasetPart) throws -> [Candidate] {
    try pair.images.flatMap { path -> [Candidate] in
      let folder = try SourceFolder(path, key: "\(part).images")
      var files = try folder.images(withRaw: source.rawImages != nil)
      // Where they lie among the images, masks are no images themselves.
      if source.pairing == .suffix {
        let suffixes = [source.maskSuffix, source.secondObserverSuffix].compactMap(\.self)
        files.removeAll { file in suffixes.contains { MaskFolder.owner(of: file.name, suffix: $0) != nil } }
      }
      let prefix = pair.images.count > 1 ? "\(part)/\(folder.url.lastPathComponent)/" : "\(part)/"
      return files.map { Candidate(file: $0, folder: folder, id: prefix + $0.name) }
    }
  }

  private func stem(of name: String) -> String { source.stem(of: name) }

  private func checkStems(_ names: [String]) throws {
    var owners = [String: String]()
    for name in names {
      let stem = stem(of: name)
      if let other = owners[stem] { throw DatasetsError.ambiguousImages(other, name, stem: stem) }
      owners[stem] = name
    }
  }

  /// The folders of the second observer's masks; none where the source names none, or may lack them and does.
  private func secondObserver(_ pair: FolderPair, part: DatasetPart) throws -> [MaskFolder] {
    guard let paths = pair.secondObserver else { return [] }
    if try !source.requiresSecondObserver && !paths.allSatisfy({ try PathContent($0) == .folder }) { return [] }
    return try paths.map {
      try MaskFolder(SourceFolder($0, key: "\(part).secondObserver"), source: source, suffix: source.secondObserverSuffix ?? source.maskSuffix)
    }
  }

  /// What the second observer drew on an image: a mask from each folder, united as those of the first are. Nil where one of them is
  /// missing: the second observer may have seen a part of the images.
  private func secondMask(of stem: String, in folders: [MaskFolder]) throws -> MaskReference? {
    let found = try folders.map { try $0.masks(of: stem) }
    let isWhole = source.pairing == .suffix ? found.contains { !$0.isEmpty } : found.allSatisfy { !$0.isEmpty }
    guard !found.isEmpty, isWhole else { return nil }
    return MaskReference(
      regions: found.joined().map { .file($0.url, threshold: Mask.Threshold(source.meaning)) }, sizeRule: MaskReference.SizeRule(source.maskSize))
  }

  /// Every image has a mask in each folder of masks, by suffix in any; or, where the source allows it, in none. Where images without a mask
  /// hold no object, one without a mask of a class holds none of it.
  private func checkMasks(_ images: [Candidate], _ masks: [[[MaskFolder.Found]]], folders: [MaskFolder]) throws {
    for (place, folder) in folders.enumerated() {
      let unpaired = images.indices.filter { index in
        if folders.count > 1, kind.hasSeveralMasks, source.unmaskedImages == .empty { return false }
        if source.pairing == .suffix { return source.unmaskedImages == .refuse && masks[index].allSatisfy(\.isEmpty) }
        return masks[index][place].isEmpty && (source.unmaskedImages == .refuse || masks[index].contains { !$0.isEmpty })
      }
      if !unpaired.isEmpty {
        throw DatasetsError.missingMasks(unpaired.map { images[$0].file.name }, total: images.count, root: folder.folder.url.path)
      }
    }
  }

  private func checkShared(_ parts: [DatasetPart: [Sample]]) throws {
    var owners = [URL: DatasetPart]()
    for part in DatasetPart.allCases {
      for file in parts[part, default: []].flatMap(\.image.files) {
        if let owner = owners.updateValue(part, forKey: file), owner != part { throw DatasetsError.sharedImage(owner, part, file: file.path) }
      }
    }
  }
}

/// A folder of masks by the stems of the images they belong to.
struct MaskFolder {
  struct Found {
    let file: FoundFile
    let url: URL
  }

  let folder: SourceFolder
  private let isNumbered: Bool
  private var found = [String: [Found]]()

  /// - Parameters:
  ///   - isNumbered: Whether a suffix is looked for, and several masks an image are right.
  ///   - suffix: The source's own where nil.
  init(_ folder: SourceFolder, source: MaskFolderSource, isNumbered: Bool = true, suffix: String? = nil) throws {
    self.folder = folder
    self.isNumbered = isNumbered && source.pairing == .suffix
    for file in try folder.images() {
      guard let stem = self.isNumbered ? Self.owner(of: file.name, suffix: suffix ?? source.maskSuffix) : source.stem(of: file.name) else { continue }
      found[stem, default: []].append(Found(file: file, url: folder.url.appendingPathComponent(file.name)))
    }
  }

  /// The masks of an image. Throws where several could be the one.
  func masks(of stem: String) throws -> [Found] {
    let masks = found[stem] ?? []
    if !isNumbered, masks.count > 1 { throw DatasetsError.ambiguousMask(masks[0].file.name, masks[1].file.name, stem: stem) }
    return masks
  }

  /// The stem of the image that a mask is of: `x` for `x_mask.png` and `x_mask_1.png`. Nil for what is no mask.
  static func owner(of name: String, suffix: String) -> String? {
    var stem = ImageName.stem(of: name)
    if !stem.hasSuffix(suffix), let sign = stem.lastIndex(of: "_") {
      let number = stem[stem.index(after: sign)...]
      guard !number.isEmpty, number.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
      stem = String(stem[..<sign])
    }
    guard stem.hasSuffix(suffix), stem.count > suffix.count else { return nil }
    return String(stem.dropLast(suffix.count))
  }
}

extension MaskFolderSource {
  /// What of a file's name an image and its mask share.
  fileprivate func stem(of name: String) -> String {
    let stem = ImageName.stem(of: name)
    guard pairing == .upToUnderscore else { return stem }
    return stem.split(separator: "_", omittingEmptySubsequences: false).first.map(String.init) ?? stem
  }
}

extension DatasetsError {
  static func sharedImage(_ first: DatasetPart, _ second: DatasetPart, file: String) -> DatasetsError {
    DatasetsError(
      kind: .sharedFolder, problem: "The image \(file) is both in the \(first) part and in the \(second) part.",
      remedy: "Give each image its mask in the folders of one part alone.")
  }
}
