/// One image with what a network is to say about it.
public struct Sample: Sendable {
  /// The image's path below its root, which is unique in the data set and does not depend on where the data lie.
  public let id: String
  public let image: ImageReference
  /// The mask of a segmentation task.
  public let mask: MaskReference?
  /// The pixels that count when a segmentation is evaluated, such as a camera's field of view; nil for all.
  public let evaluatedRegion: MaskReference?
  /// One number a class: 1 present, 0 absent, −1 uncertain, NaN not known. Empty for segmentation.
  public let labels: [Float]
  public let patient: String?
  /// The size of the image's and the mask's files together, in bytes.
  public let byteCount: Int

  /// The label of a class of which its table says that it is uncertain.
  public static let uncertain: Float = -1

  public init(
    id: String, image: ImageReference, mask: MaskReference? = nil, evaluatedRegion: MaskReference? = nil, labels: [Float] = [],
    patient: String? = nil, byteCount: Int
  ) {
    self.id = id
    self.image = image
    self.mask = mask
    self.evaluatedRegion = evaluatedRegion
    self.labels = labels
    self.patient = patient
    self.byteCount = byteCount
  }
}

// Two unknown labels are the same label, although NaN ≠ NaN.
extension Sample: Hashable {
  public static func == (first: Sample, second: Sample) -> Bool {
    first.id == second.id && first.image == second.image && first.mask == second.mask
      && first.evaluatedRegion == second.evaluatedRegion && first.patient == second.patient && first.byteCount == second.byteCount && first.labelBits == second.labelBits
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(id)
    hasher.combine(labelBits)
  }

  private var labelBits: [UInt32] { labels.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern } }
}

// JSON has no NaN: an unknown label is null there.
extension Sample: Codable {
  private enum CodingKeys: String, CodingKey { case id, image, mask, evaluatedRegion, labels, patient, byteCount }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      id: try container.decode(String.self, forKey: .id), image: try container.decode(ImageReference.self, forKey: .image),
      mask: try container.decodeIfPresent(MaskReference.self, forKey: .mask),
      evaluatedRegion: try container.decodeIfPresent(MaskReference.self, forKey: .evaluatedRegion),
      labels: try container.decode([Float?].self, forKey: .labels).map { $0 ?? .nan },
      patient: try container.decodeIfPresent(String.self, forKey: .patient),
      byteCount: try container.decode(Int.self, forKey: .byteCount))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(image, forKey: .image)
    try container.encodeIfPresent(mask, forKey: .mask)
    try container.encodeIfPresent(evaluatedRegion, forKey: .evaluatedRegion)
    try container.encode(labels.map { $0.isNaN ? nil : $0 }, forKey: .labels)
    try container.encodeIfPresent(patient, forKey: .patient)
    try container.encode(byteCount, forKey: .byteCount)
  }
}
