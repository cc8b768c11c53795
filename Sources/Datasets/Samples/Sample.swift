package import Foundation

/// One image with what a network is to say about it.
///
/// Lists of samples are as long as their data sets, up to two million slices, and are copied and sorted: so a sample is one reference
/// to what was read of it, and files share their folder.
public struct Sample: Sendable {
  private let record: Record

  /// The image's path below its root, which is unique in the data set and does not depend on where the data lie.
  public var id: String {
    switch record.place {
    case .file(let folder, let name): folder.id(of: name)
    case .reference(let id, _): id
    }
  }

  public var image: ImageReference {
    switch record.place {
    case .file(let folder, let name): folder.image(named: name)
    case .reference(_, let image): image
    }
  }

  /// The mask of a segmentation task.
  public var mask: MaskReference? { record.masks?.mask }
  /// The pixels that count when a segmentation is evaluated, such as a camera's field of view; nil for all.
  public var evaluatedRegion: MaskReference? { record.masks?.evaluatedRegion }
  /// The mask by a second observer, which no network is trained or tested on: how far two people agree.
  public var secondMask: MaskReference? { record.masks?.secondMask }
  /// One number a class: 1 present, 0 absent, −1 uncertain, NaN not known. Empty for segmentation and regression.
  public var labels: [Float] { record.labels }
  /// What a regression asks for, in its own unit; NaN not known. Empty for all else.
  public var numbers: [Float] { record.numbers }
  public var patient: String? { record.patient }
  /// The size of the image's and the mask's files together, in bytes.
  public var byteCount: Int { record.byteCount }

  /// The label of a class of which its table says that it is uncertain.
  public static let uncertain: Float = -1

  public init(
    id: String, image: ImageReference, mask: MaskReference? = nil, evaluatedRegion: MaskReference? = nil, secondMask: MaskReference? = nil,
    labels: [Float] = [], numbers: [Float] = [], patient: String? = nil, byteCount: Int
  ) {
    self.init(
      place: .reference(id: id, image), masks: Masks(mask, evaluatedRegion, secondMask), labels: labels, numbers: numbers, patient: patient,
      byteCount: byteCount)
  }

  /// - Parameter name: The file's name without the ending that the folder has.
  init(
    folder: SampleFolder, name: String, mask: MaskReference? = nil, secondMask: MaskReference? = nil, labels: [Float] = [],
    numbers: [Float] = [], patient: String? = nil, byteCount: Int
  ) {
    self.init(
      place: .file(folder, name: name), masks: Masks(mask, nil, secondMask), labels: labels, numbers: numbers, patient: patient,
      byteCount: byteCount)
  }

  private init(place: Place, masks: Masks?, labels: [Float], numbers: [Float], patient: String?, byteCount: Int) {
    record = Record(place: place, masks: masks, labels: labels, numbers: numbers, patient: patient, byteCount: byteCount)
  }

  /// The files of its image and of all its masks.
  package var files: [URL] { image.files + [mask, evaluatedRegion, secondMask].compactMap(\.self).flatMap(\.files) }

  /// Whether pixels of it have no part in loss or metric.
  public var hasUncountedPixels: Bool { evaluatedRegion != nil || mask.map { !$0.ignored.isEmpty } ?? false }

  /// This sample with another mask of a role.
  func masked(_ other: MaskReference, as role: MaskRole) -> Sample {
    let masks = Masks(role == .truth ? other : mask, role == .fieldOfView ? other : evaluatedRegion, role == .secondObserver ? other : secondMask)
    return Sample(place: record.place, masks: masks, labels: labels, numbers: numbers, patient: patient, byteCount: byteCount)
  }

  /// This sample with its image read in another way.
  func showing(_ image: ImageReference) -> Sample {
    image == self.image
      ? self
      : Sample(
        place: .reference(id: id, image), masks: record.masks, labels: labels, numbers: numbers, patient: patient, byteCount: byteCount)
  }

  /// This sample as a patient's.
  func of(patient: String) -> Sample {
    Sample(place: record.place, masks: record.masks, labels: labels, numbers: numbers, patient: patient, byteCount: byteCount)
  }

  /// This sample with other numbers.
  public func numbered(_ numbers: [Float]) -> Sample {
    Sample(place: record.place, masks: record.masks, labels: labels, numbers: numbers, patient: patient, byteCount: byteCount)
  }

  /// This sample with other labels.
  public func labeled(_ labels: [Float]) -> Sample {
    Sample(place: record.place, masks: record.masks, labels: labels, numbers: numbers, patient: patient, byteCount: byteCount)
  }

  /// What the image's reference says besides the names of files, for fingerprints; nil where it is plain.
  var imageFingerprint: String? {
    switch record.place {
    case .file(let folder, _): folder.fingerprint
    case .reference(_, let image): image.fingerprint
    }
  }

  /// Whether a sample's id comes before another's, as `first.id < second.id` says; without making ids that need not be made.
  static func isBefore(_ first: Sample, _ second: Sample) -> Bool {
    if case .file(let folder, let name) = first.record.place, case .file(let otherFolder, let otherName) = second.record.place,
      let answer = folder.isBefore(name, otherFolder, otherName)
    {
      return answer
    }
    return first.id < second.id
  }
}

/// What a sample refers to.
private final class Record: Sendable {
  let place: Place
  let masks: Masks?
  let labels: [Float]
  let numbers: [Float]
  let patient: String?
  let byteCount: Int

  init(place: Place, masks: Masks?, labels: [Float], numbers: [Float], patient: String?, byteCount: Int) {
    self.place = place
    self.masks = masks
    self.labels = labels
    self.numbers = numbers
    self.patient = patient
    self.byteCount = byteCount
  }
}

private enum Place: Sendable {
  case file(SampleFolder, name: String)
  indirect case reference(id: String, ImageReference)
}

private final class Masks: Sendable {
  let mask: MaskReference?
  let evaluatedRegion: MaskReference?
  let secondMask: MaskReference?

  /// Nil where there is none of them.
  init?(_ mask: MaskReference?, _ evaluatedRegion: MaskReference?, _ secondMask: MaskReference?) {
    if mask == nil, evaluatedRegion == nil, secondMask == nil { return nil }
    self.mask = mask
    self.evaluatedRegion = evaluatedRegion
    self.secondMask = secondMask
  }
}

// Two unknown labels are the same label, although NaN ≠ NaN.
extension Sample: Hashable {
  public static func == (first: Sample, second: Sample) -> Bool {
    first.record === second.record
      || first.id == second.id && first.image == second.image && first.mask == second.mask
        && first.evaluatedRegion == second.evaluatedRegion && first.secondMask == second.secondMask && first.patient == second.patient && first.byteCount == second.byteCount
        && first.labelBits == second.labelBits
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(id)
    hasher.combine(labelBits)
  }

  private var labelBits: [UInt32] { (labels + numbers).map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern } }
}

// JSON has no NaN: an unknown label is null there.
extension Sample: Codable {
  private enum CodingKeys: String, CodingKey { case id, image, mask, evaluatedRegion, secondMask, labels, numbers, patient, byteCount }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      id: try container.decode(String.self, forKey: .id), image: try container.decode(ImageReference.self, forKey: .image),
      mask: try container.decodeIfPresent(MaskReference.self, forKey: .mask),
      evaluatedRegion: try container.decodeIfPresent(MaskReference.self, forKey: .evaluatedRegion),
      secondMask: try container.decodeIfPresent(MaskReference.self, forKey: .secondMask),
      labels: try container.decode([Float?].self, forKey: .labels).map { $0 ?? .nan },
      numbers: try (container.decodeIfPresent([Float?].self, forKey: .numbers) ?? []).map { $0 ?? .nan },
      patient: try container.decodeIfPresent(String.self, forKey: .patient),
      byteCount: try container.decode(Int.self, forKey: .byteCount))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(image, forKey: .image)
    try container.encodeIfPresent(mask, forKey: .mask)
    try container.encodeIfPresent(evaluatedRegion, forKey: .evaluatedRegion)
    try container.encodeIfPresent(secondMask, forKey: .secondMask)
    try container.encode(labels.map { $0.isNaN ? nil : $0 }, forKey: .labels)
    if !numbers.isEmpty { try container.encode(numbers.map { $0.isNaN ? nil : $0 }, forKey: .numbers) }
    try container.encodeIfPresent(patient, forKey: .patient)
    try container.encode(byteCount, forKey: .byteCount)
  }
}
