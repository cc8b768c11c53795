import Foundation
import Foundations

/// What one part of a data set holds, in numbers.
public struct PartExtent: Sendable, Hashable {
  /// How many images have a class, have it not, or leave it open.
  public struct ClassCount: Sendable, Hashable {
    public let name: String
    public let present: Int
    public let absent: Int
    public let uncertain: Int
    public let unknown: Int
  }

  public let images: Int
  /// Nil where no image's patient is known.
  public let patients: Int?
  /// One a class, in the order of the labels; empty for a segmentation, whose masks are not opened for this.
  public let classes: [ClassCount]
  /// Over ids and labels, or numbers.
  public let sha256: String
}

extension DatasetSplits {
  /// Whether the patient of any image is known.
  public var knowsPatients: Bool { DatasetPart.allCases.contains { self[$0].contains { $0.patient != nil } } }

  /// Counts what a part holds. No image is opened.
  public func extent(of part: DatasetPart) -> PartExtent {
    var patients = Set<String>(), present = [Int](repeating: 0, count: classNames.count)
    var absent = present, uncertain = present, unknown = present
    let hasher = Digest.Hasher()
    for sample in self[part] {
      if let patient = sample.patient { patients.insert(patient) }
      for (index, label) in sample.labels.enumerated() {
        if label.isNaN { unknown[index] += 1 } else if label == Sample.uncertain { uncertain[index] += 1 } else if label == 1 { present[index] += 1 } else { absent[index] += 1 }
      }
      // The id goes in with its length, so that no two parts write the same bytes.
      let labels = (sample.labels + sample.numbers).map { $0.isNaN ? "?" : "\($0)" }.joined(separator: " ")
      hasher.update(Data("\(sample.id.utf8.count):\(sample.id) \(labels)\n".utf8))
    }
    return PartExtent(
      images: self[part].count, patients: patients.isEmpty ? nil : patients.count,
      classes: classNames.indices.map {
        PartExtent.ClassCount(
          name: classNames[$0], present: present[$0], absent: absent[$0], uncertain: uncertain[$0], unknown: unknown[$0])
      }, sha256: hasher.finalizeHex())
  }
}
