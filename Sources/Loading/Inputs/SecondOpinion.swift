public import Datasets
import Foundations
import Imaging

/// What two observers drew on one image, as a network's answer and the truth are compared: the first observer's mask is the truth.
public struct SecondOpinion: Sendable {
  public let truth: OriginalTruth
  /// The second observer's mask on the pixels of the truth.
  public let second: [Bool]
  /// Both masks at the network's resolution, without the pixels that do not count.
  public let inputTruth: [Bool]
  public let inputSecond: [Bool]
}

extension SamplePipeline {
  /// - Returns: nil where no second observer saw the image.
  /// - Throws: as `load`; also for masks of two sizes.
  public func secondOpinion(on sample: Sample) throws -> SecondOpinion? {
    guard let reference = sample.secondMask else { return nil }
    let first = try sample.originalMask(), second = try reference.read(width: first.width, height: first.height, of: sample.id)
    let region = try sample.evaluatedRegion.map { try $0.read(width: first.width, height: first.height, of: sample.id) }
    let counted = try sample.countedPixels(within: region, width: first.width, height: first.height)
    let places = try counted.map { try $0.resized(width: inputSize, height: inputSize).values }
    func atInput(_ mask: Mask) throws -> [Bool] {
      let values = try reduced(mask).resized(width: inputSize, height: inputSize).values
      return values.indices.filter { places?[$0] != 0 }.map { values[$0] == 1 }
    }
    return SecondOpinion(
      truth: OriginalTruth(first, counted: counted, spacing: try sample.image.pixelSpacing()), second: second.values.map { $0 == 1 },
      inputTruth: try atInput(first), inputSecond: try atInput(second))
  }
}

extension DatasetSplits {
  /// The test images that two observers saw.
  public var seenTwice: [Sample] { test.seenTwice }
}

extension [Sample] {
  /// Those that two observers saw.
  public var seenTwice: [Sample] { filter { $0.secondMask != nil } }

  /// SHA-256 over the ids of those images and the content of both observers' masks: equal wherever the files lie.
  public func secondOpinionDigest() throws -> String {
    let hasher = Digest.Hasher()
    func add(_ text: String) { [UInt8]((text + "\n").utf8).withUnsafeBytes { hasher.update($0) } }
    for sample in seenTwice {
      add(sample.id)
      for mask in [sample.mask, sample.secondMask, sample.evaluatedRegion] {
        add(mask?.fingerprint ?? "")
        for file in mask?.files ?? [] { add(try Digest.sha256Hex(ofFile: file)) }
      }
    }
    return hasher.finalizeHex()
  }
}
