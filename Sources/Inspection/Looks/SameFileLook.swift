import Datasets
import Foundation
import Foundations
import Studies

/// One file under two spellings (`a.png`, `./a.png`) or through links is one image, not two.
struct SameFileLook: DataLook {
  static let codes = [
    FindingCode("files.twice", .refused, "one file is two images, in two parts or with two truths"),
    FindingCode("files.repeated", .warned, "one file is two images"),
  ]
  static let opensPictures = false

  func findings(in subject: DataSubject) -> [DataFinding] {
    var groups = [String: [(part: DatasetPart, sample: Sample)]](), order = [String]()
    for (part, sample) in subject.samples {
      // Slices, frames and items of one file are images of their own. A table of slices lists its folders and asks no file for its size.
      guard sample.byteCount > 0, sample.image.planes.count == 1, let plane = sample.image.planes.first, let key = key(plane) else { continue }
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append((part, sample))
    }
    let repeated = order.compactMap { groups[$0] }.filter { $0.count > 1 }
    let grave = repeated.filter { group in
      Set(group.map(\.part)).count > 1 || group.dropFirst().contains { Self.truth($0.sample) != Self.truth(group[0].sample) }
    }
    let light = repeated.count - grave.count
    func names(_ group: [(part: DatasetPart, sample: Sample)]) -> String { group.map { "\($0.sample.id) (\($0.part))" }.joined(separator: " = ") }
    var found = [DataFinding]()
    if !grave.isEmpty {
      found.append(
        subject.finding(
          "files.twice", .refused, count: grave.count, examples: grave.map(names),
          "\(counted(grave.count, "file")) \(grave.count == 1 ? "is" : "are") there as several images, in different parts or with different labels: \(firstFew(grave.map(names), atMost: 2)).",
          "Name each file once, by one path."))
    }
    if light > 0 {
      let others = repeated.filter { group in !grave.contains { $0[0].sample.id == group[0].sample.id } }
      found.append(
        subject.finding(
          "files.repeated", .warned, count: light, examples: others.map(names),
          "\(counted(light, "file")) \(light == 1 ? "is" : "are") there as several images: \(firstFew(others.map(names), atMost: 2)).",
          "Name each file once, by one path; it counts several times now."))
    }
    return found
  }

  private static func truth(_ sample: Sample) -> [UInt32] { (sample.labels + sample.numbers).map(\.bitPattern) }

  private func key(_ plane: ImageReference.Plane) -> String? {
    var status = stat()
    // What is not there is told where it is read.
    guard stat(plane.file.path, &status) == 0 else { return nil }
    return "\(status.st_dev) \(status.st_ino) \(plane.selection)"
  }
}
