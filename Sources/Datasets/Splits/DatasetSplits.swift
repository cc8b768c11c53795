import Foundation
import Foundations

/// The three parts of a data set.
public enum DatasetPart: String, CaseIterable, Codable, Sendable, CustomStringConvertible {
  case training
  case validation
  case test

  public var description: String { rawValue }

  /// The part that a word in a split column means: also `train`, `val` and `valid`, in any case.
  init?(word: String) {
    switch word.lowercased() {
    case "train", "training": self = .training
    case "val", "valid", "validate", "validation": self = .validation
    case "test", "testing": self = .test
    default: return nil
    }
  }
}

/// A data set in its three parts, none of them empty and no patient in two of them; each part in the order of its ids.
///
/// Two are equal where their parts are, however those came to be.
public struct DatasetSplits: Sendable {
  public let training: [Sample]
  public let validation: [Sample]
  public let test: [Sample]
  /// The classes in the order of each sample's labels; empty for segmentation.
  public let classNames: [String]
  /// The classes of a segmentation that has several, in the order of the network's outputs; empty for all else.
  public let maskClasses: [String]
  /// What a regression asks for; nil for all else.
  public let numbers: NamedNumbers?
  /// SHA-256 over the classes and every sample's part, id, byte count, labels and patient, as 64 hexadecimal digits; and over the
  /// selections, windows, run lengths and polygons where images and masks are more than whole files.
  ///
  /// Equal wherever the data lie. It does not cover the pixels: a file replaced by another of the same size keeps it.
  public let fingerprint: String
  /// The parts that the data do not give and that were carved out of the training images.
  public let carvedParts: Set<DatasetPart>
  /// What its reader had to say of the source.
  package let remarks: [SourceRemark]

  /// Checks the parts and puts them in order.
  ///
  /// - Parameter carved: The parts that were carved and the number of images they were carved from.
  init(
    parts: [DatasetPart: [Sample]], classNames: [String], maskClasses: [String] = [], numbers: NamedNumbers? = nil,
    carved: [DatasetPart: Int] = [:], remarks: [SourceRemark] = []
  ) throws {
    for part in DatasetPart.allCases where parts[part, default: []].isEmpty {
      throw DatasetsError.emptyPart(part, carvedFrom: carved[part] ?? carved.values.max())
    }
    try Self.checkPatients(parts)
    let ordered = parts.mapValues { $0.sorted(by: Sample.isBefore) }
    training = ordered[.training, default: []]
    validation = ordered[.validation, default: []]
    test = ordered[.test, default: []]
    self.classNames = classNames
    self.maskClasses = maskClasses
    self.numbers = numbers
    carvedParts = Set(carved.keys)
    self.remarks = remarks
    fingerprint = Self.fingerprint(of: ordered, classNames: classNames, maskClasses: maskClasses, numbers: numbers)
  }

  /// The parts of `other` with each sample replaced by one of the same id; classes and fingerprint stay.
  private init(_ other: DatasetSplits, _ replace: (Sample, DatasetPart) -> Sample) {
    training = other.training.map { replace($0, .training) }
    validation = other.validation.map { replace($0, .validation) }
    test = other.test.map { replace($0, .test) }
    classNames = other.classNames
    maskClasses = other.maskClasses
    numbers = other.numbers
    carvedParts = other.carvedParts
    remarks = other.remarks
    fingerprint = other.fingerprint
  }

  /// The same parts with other samples in them, with the fingerprint that follows.
  func replacing(_ replace: (Sample) -> Sample) -> DatasetSplits { DatasetSplits(self, replacing: replace) }

  private init(_ other: DatasetSplits, replacing replace: (Sample) -> Sample) {
    training = other.training.map(replace)
    validation = other.validation.map(replace)
    test = other.test.map(replace)
    classNames = other.classNames
    maskClasses = other.maskClasses
    numbers = other.numbers
    carvedParts = other.carvedParts
    remarks = other.remarks
    fingerprint = Self.fingerprint(
      of: [.training: training, .validation: validation, .test: test], classNames: classNames, maskClasses: maskClasses, numbers: numbers)
  }

  /// As above.
  func mapping(_ replace: (Sample, DatasetPart) -> Sample) -> DatasetSplits { DatasetSplits(self, replace) }

  public subscript(part: DatasetPart) -> [Sample] {
    switch part {
    case .training: training
    case .validation: validation
    case .test: test
    }
  }

  /// Checks that no patient is in two parts.
  package static func checkPatients(_ parts: [DatasetPart: [Sample]]) throws {
    let patients = parts.mapValues { $0.reduce(into: Set<String>()) { names, sample in if let name = sample.patient { names.insert(name) } } }
    for (first, second) in [(DatasetPart.training, DatasetPart.validation), (.training, .test), (.validation, .test)] {
      let shared = patients[first, default: []].intersection(patients[second, default: []])
      if !shared.isEmpty { throw DatasetsError.patientOverlap(shared.sorted(), first, second) }
    }
  }

  private static func fingerprint(
    of parts: [DatasetPart: [Sample]], classNames: [String], maskClasses: [String], numbers: NamedNumbers?
  ) -> String {
    let hasher = Digest.Hasher()
    // Handed on in pieces: one at a time would cost more than their digest.
    var pending = [UInt8]()
    func pass() {
      pending.withUnsafeBytes { hasher.update($0) }
      pending.removeAll(keepingCapacity: true)
    }
    // Each field is preceded by its length, so that no two data sets write the same bytes.
    func add(_ field: String) {
      pending.append(contentsOf: String(field.utf8.count).utf8)
      pending.append(UInt8(ascii: ":"))
      pending.append(contentsOf: field.utf8)
      if pending.count > 1 << 16 { pass() }
    }
    classNames.forEach(add)
    maskClasses.forEach { add("mask class " + $0) }
    if let numbers { (numbers.names + [numbers.unit ?? ""]).forEach { add("numbers " + $0) } }
    for part in DatasetPart.allCases {
      add(part.rawValue)
      for sample in parts[part, default: []] {
        add(sample.id)
        add(String(sample.byteCount))
        add(sample.labels.map { $0.isNaN ? "?" : $0 == 1 ? "1" : $0 == Sample.uncertain ? "u" : "0" }.joined())
        if !sample.numbers.isEmpty { add("numbers " + sample.numbers.map { $0.isNaN ? "?" : "\($0)" }.joined(separator: " ")) }
        // A patient is preceded by a sign, so that an absent one differs from an empty one.
        add(sample.patient.map { "=" + $0 } ?? "")
        // What plain files need not say; so data sets of plain files keep their fingerprint.
        if let image = sample.imageFingerprint { add("image " + image) }
        if let mask = sample.mask?.fingerprint { add("mask " + mask) }
        if let region = sample.evaluatedRegion { add("evaluated " + (region.fingerprint ?? "file")) }
      }
    }
    pass()
    return hasher.finalizeHex()
  }
}

extension DatasetSplits: Hashable {
  public static func == (first: Self, second: Self) -> Bool {
    first.training == second.training && first.validation == second.validation && first.test == second.test
      && first.classNames == second.classNames && first.maskClasses == second.maskClasses && first.numbers == second.numbers && first.fingerprint == second.fingerprint
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}
