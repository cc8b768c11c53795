public import Datasets

/// Images of one data set's test part that another data set has for training or validation: what weights trained on the one have seen
/// of the other's test.
public struct TrainingTestOverlap: Codable, Hashable, Sendable {
  /// A test image and the image that it is a copy of.
  public struct Pair: Codable, Hashable, Sendable {
    /// In the data set that was trained on.
    public let trained: DatasetAudit.Image
    /// In the data set that is tested on.
    public let tested: DatasetAudit.Image
    public let relation: DuplicateRelation
    public let distance: Int
    public let correlation: Double
  }

  public let pairs: [Pair]
  public let testCount: Int

  /// The number of test images that have a copy among those trained on.
  public var sharedCount: Int { Set(pairs.map(\.tested.id)).count }

  public init(
    training: ImageInventory, test: ImageInventory, progress: @Sendable (ImageInventory.Stage, Int, Int) -> Void = { _, _, _ in }
  ) {
    // Patients of two data sets are not the same because their names are.
    let seen = training.images.filter { $0.part != .test }, asked = test.images.filter { $0.part == .test }
    let all = seen + asked
    let items = all.enumerated().map { DuplicateSearch.Item(signature: $1.signature, side: $0 < seen.count ? 0 : 1, patient: nil) }
    let search = DuplicateSearch(items: items, isAcrossOnly: true)
    func place(_ index: Int) -> DatasetAudit.Image {
      DatasetAudit.Image(id: all[index].sample.id, part: all[index].part, patient: all[index].sample.patient, fold: nil)
    }
    let identical = search.identicalGroups().flatMap { group in
      group.filter { $0 < seen.count }.flatMap { first in
        group.filter { $0 >= seen.count }.map {
          Pair(trained: place(first), tested: place($0), relation: .identical, distance: 0, correlation: 1)
        }
      }
    }
    let near = search.nearPairs { progress(.comparing, $0, all.count) }.map {
      Pair(
        trained: place($0.first), tested: place($0.second), relation: $0.relation, distance: $0.distance,
        correlation: $0.correlation)
    }
    pairs = identical + near
    testCount = test.counts[.test] ?? 0
  }
}
