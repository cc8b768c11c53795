public import Foundation
import Foundations
public import Imaging

/// The mask files of a data set, understood together.
public struct UnderstoodMasks: Sendable {
  public let understanding: MaskUnderstanding
  public let survey: MaskSurvey
}

extension DatasetSplits {
  /// The mask files whose levels have to tell themselves what object is; none where the study says it.
  public var automaticMasks: [URL] {
    var seen = Set<URL>()
    return DatasetPart.allCases.flatMap { part in
      self[part].flatMap { sample in
        (sample.mask?.regions ?? []).compactMap { region -> URL? in
          if case .file(let file, .automatic) = region, seen.insert(file).inserted { return file }
          return nil
        }
      }
    }
  }

  /// What these files mean together, each opened once, on all processors. Files that cannot be read say nothing here.
  public static func understand(_ files: [URL]) -> UnderstoodMasks {
    let levels = concurrentMap(files.count) { index in (try? ImageFile.read(files[index])).map(MaskLevels.init) }.compactMap(\.self)
    return UnderstoodMasks(understanding: MaskUnderstanding(levels), survey: MaskSurvey(levels))
  }

  /// The same samples with their masks read as was understood.
  ///
  /// Where each file by itself says the same, nothing changes; else the fingerprint does too, as runs on masks that were read file by
  /// file are no runs on these.
  public func reading(_ understanding: MaskUnderstanding) -> DatasetSplits {
    guard case .all(let threshold) = understanding else { return self }
    return replacing { sample in
      guard var mask = sample.mask else { return sample }
      mask.regions = mask.regions.map { region in
        if case .file(let file, .automatic) = region { return .file(file, threshold: threshold) }
        return region
      }
      return sample.masked(mask)
    }
  }
}
