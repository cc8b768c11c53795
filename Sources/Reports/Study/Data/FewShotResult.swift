internal import Foundations
internal import RunStore
public import Statistics

/// What a number of images a class comes to over all supports that were drawn, of all seeds.
public struct FewShotResult: Codable, Hashable, Sendable {
  public let images: Int
  /// Over supports; those in which it is undefined do not count.
  public let auroc: Summary
  public let accuracy: Summary

  /// - Returns: one a number of images that every seed has supports of, in their order; nil where no run is of few shots.
  static func all(_ records: [ProbeRecord.FewShot]) -> [FewShotResult]? {
    guard let first = records.first else { return nil }
    return first.shots.map(\.images).compactMap { images in
      let found = records.compactMap { $0.shots.first { $0.images == images } }
      guard found.count == records.count else { return nil }
      return FewShotResult(
        images: images, auroc: Summary(found.flatMap { $0.auroc.compactMap(\.self) }), accuracy: Summary(found.flatMap { $0.accuracy.compactMap(\.self) }))
    }
  }
}
