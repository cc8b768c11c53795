public import Datasets

/// Several samples laid side by side, ready to become tensors.
public struct Batch: Sendable, Equatable {
  /// Normalized brightness: the crops of the first sample, then those of the next.
  public let images: [Float]
  /// `[samples × crops, channels, height, width]`.
  public let imageShape: [Int]
  /// How many crops in a row belong to one sample: 10 with ten-crop test-time augmentation, else 1.
  public let cropCount: Int
  /// Labels (1, 0 or NaN for not known), numbers (NaN for not known) or mask pixels (1 or 0).
  public let targets: [Float]
  /// `[samples, classes]` for classification, `[samples, numbers]` for regression, `[samples, classes, height, width]` for segmentation, 1 for one object.
  public let targetShape: [Int]
  /// The place of each sample in the loader's samples, in the batch's order, without the broken ones.
  public let indices: [Int]
  /// The samples' truths as their files have them, where the pipeline keeps them; else empty.
  public let originals: [OriginalTruth]
  /// What the samples' pictures were, where the pipeline tells it; else empty.
  public let pictures: [PictureFacts]
  /// The samples that could not be read and are not in the batch.
  public let broken: [BrokenFile]

  /// A batch without samples.
  public static let none = Batch([], broken: [])

  /// Lays out samples that were prepared alike.
  init(_ prepared: [(index: Int, sample: Sample, prepared: PreparedSample)], broken: [BrokenFile]) {
    let shape = prepared.first?.prepared.imageShape ?? [0, 0, 0, 0]
    cropCount = shape[0]
    imageShape = [prepared.count * shape[0]] + shape.dropFirst()
    images = Self.joined(prepared.map(\.prepared.image))
    if let maskShape = prepared.first?.prepared.maskShape {
      targetShape = [prepared.count] + maskShape
      targets = Self.joined(prepared.map { $0.prepared.mask ?? [] })
    } else {
      let targets = prepared.map { $0.sample.numbers.isEmpty ? $0.sample.labels : $0.sample.numbers }
      targetShape = [prepared.count, targets.first?.count ?? 0]
      self.targets = Self.joined(targets)
    }
    indices = prepared.map(\.index)
    originals = prepared.compactMap(\.prepared.original)
    pictures = prepared.compactMap(\.prepared.picture)
    self.broken = broken
  }

  private static func joined(_ pieces: [[Float]]) -> [Float] {
    var all = [Float]()
    all.reserveCapacity(pieces.reduce(0) { $0 + $1.count })
    for piece in pieces { all.append(contentsOf: piece) }
    return all
  }
}

/// A sample that could not be read, and why.
public struct BrokenFile: Sendable, Hashable, Codable {
  public let id: String
  public let reason: String

  public init(id: String, reason: String) {
    self.id = id
    self.reason = reason
  }
}
