import Foundation
import Studies

/// Reads folders of images beside folders of masks.
///
/// An id is the part's name and the image's: `training/21_training.tif`. A mask without an image is passed over.
struct MaskFolderReader {
  let source: MaskFolderSource

  func read() throws -> FoundSamples {
    let pairs: [(DatasetPart, FolderPair?)] = [
      (.training, source.training), (.validation, source.validation), (.test, source.test),
    ]
    let folders = try PartFolders(pairs.map { ($0, $1?.images, "\($0).images") })
    let pattern = try source.patientPattern.map { try PatientPattern($0) }
    var parts = [DatasetPart: [Sample]]()
    for (part, images) in folders.all {
      guard let pair = pairs.first(where: { $0.0 == part })?.1 else { continue }
      let masks = try SourceFolder(pair.masks, key: "\(part).masks")
      parts[part] = try samples(images: images, masks: masks, part: part, pattern: pattern)
    }
    return FoundSamples(parts: parts, classNames: [])
  }

  private func samples(
    images: SourceFolder, masks: SourceFolder, part: DatasetPart, pattern: PatientPattern?
  ) throws -> [Sample] {
    var maskOfStem = [String: (name: String, byteCount: Int)]()
    for mask in try masks.images() {
      let stem = stem(of: mask.name)
      if let other = maskOfStem[stem] { throw DatasetsError.ambiguousMask(other.name, mask.name, stem: stem) }
      maskOfStem[stem] = mask
    }
    let found = try images.images()
    var imageOfStem = [String: String]()
    for image in found {
      let stem = stem(of: image.name)
      if let other = imageOfStem[stem] { throw DatasetsError.ambiguousImages(other, image.name, stem: stem) }
      imageOfStem[stem] = image.name
    }
    let unpaired = found.map(\.name).filter { maskOfStem[stem(of: $0)] == nil }
    if !unpaired.isEmpty { throw DatasetsError.missingMasks(unpaired, total: found.count, root: masks.url.path) }
    let patients = try pattern?.patients(of: found.map(\.name))
    return found.enumerated().compactMap { index, image in
      maskOfStem[stem(of: image.name)].map { mask in
        Sample(
          id: "\(part)/\(image.name)", image: ImageReference(images.url.appendingPathComponent(image.name)),
          mask: MaskReference(masks.url.appendingPathComponent(mask.name)), patient: patients?[index],
          byteCount: image.byteCount + mask.byteCount)
      }
    }
  }

  private func stem(of name: String) -> String {
    let stem = (name as NSString).deletingPathExtension
    guard source.pairing == .upToUnderscore else { return stem }
    return stem.split(separator: "_", omittingEmptySubsequences: false).first.map(String.init) ?? stem
  }
}
