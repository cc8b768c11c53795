public import Foundation
import Foundations
public import Imaging
public import Studies

/// What mask files of a data set are for. Each is understood by itself: two observers may have drawn with two programs.
public enum MaskRole: String, CaseIterable, Codable, Sendable {
  /// What a network learns and is held against.
  case truth
  /// By whom people's agreement is told.
  case secondObserver
  /// Which pixels are evaluated.
  case fieldOfView
}

extension MaskRole {
  /// The levels of its masks that do not count: `ignore` speaks of the truth.
  public func ignored(by source: DataSource) -> Set<Int> { self == .truth ? Set(source.maskMeaning?.ignore ?? []) : [] }
}

/// The mask files of a data set, understood together.
public struct UnderstoodMasks: Sendable {
  public let understanding: MaskUnderstanding
  public let survey: MaskSurvey
}

extension DatasetSplits {
  /// The mask files whose levels have to tell themselves what object is; none where the study says it.
  public func automaticMasks(_ role: MaskRole = .truth) -> [URL] {
    var seen = Set<URL>()
    return DatasetPart.allCases.flatMap { part in
      self[part].flatMap { sample in
        (sample.masks(role)?.regions ?? []).compactMap { region -> URL? in
          if case .file(let file, .automatic) = region, seen.insert(file).inserted { return file }
          return nil
        }
      }
    }
  }

  /// What these files mean together, each opened once, on all processors. Files that are no masks say nothing here.
  ///
  /// - Parameter ignored: Levels of pixels that do not count.
  /// - Throws: The error of a file that the system does not give: without it they might mean something else.
  public static func understand(_ files: [URL], ignoring ignored: Set<Int> = []) throws -> UnderstoodMasks {
    let hurry = Hurry()
    let levels = try concurrentMap(files.count) { index in
      Result { try SystemFault.judged { try hurry.patiently { try MaskLevels(files[index], ignoring: ignored) } } }
    }.compactMap { try $0.get() }
    return UnderstoodMasks(understanding: MaskUnderstanding(levels), survey: MaskSurvey(levels))
  }

  /// The same samples with their masks read as was understood.
  ///
  /// Where each file by itself says the same, nothing changes; else the fingerprint does too, as runs on masks that were read file by
  /// file are no runs on these. No second observer's masks are any part of it, as no network learns from them.
  public func reading(_ understanding: MaskUnderstanding, as role: MaskRole = .truth) -> DatasetSplits {
    guard case .all(let threshold) = understanding else { return self }
    return replacing { sample in
      guard var mask = sample.masks(role) else { return sample }
      mask.regions = mask.regions.map { region in
        if case .file(let file, .automatic) = region { return .file(file, threshold: threshold) }
        return region
      }
      return sample.masked(mask, as: role)
    }
  }
}

extension Sample {
  package func masks(_ role: MaskRole) -> MaskReference? {
    switch role {
    case .truth: mask
    case .secondObserver: secondMask
    case .fieldOfView: evaluatedRegion
    }
  }
}
