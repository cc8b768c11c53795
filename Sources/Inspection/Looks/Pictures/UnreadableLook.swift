import Datasets
import Foundations
import Imaging
import Studies

/// Images and masks that cannot be opened, in all parts, before anything is trained.
struct UnreadableLook: DataLook {
  static let codes = [
    FindingCode("images.unreadable", .refused, "more images of a part cannot be read than the recipe bears"),
    FindingCode("images.leftOut", .warned, "a few images cannot be read and are left out"),
    FindingCode("geometry.size", .refused, "a mask has another size than its image"),
    FindingCode("images.notDecoded", .noted, "there are too many images to decode each"),
  ]
  static let opensPictures = true

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard let pictures = subject.pictures else { return [] }
    let limit = subject.task.recipe.brokenFileLimit
    var found = [DataFinding]()
    for part in DatasetPart.allCases {
      let broken = pictures.unreadable.filter { $0.part == part }, total = pictures.counts[part] ?? 0
      guard let first = broken.first else { continue }
      let isMore = Double(broken.count) > limit * Double(total)
      let subjects = "\(broken.count) of \(counted(total, "\(part) image")) cannot be used"
      found.append(
        subject.finding(
          isMore ? "images.unreadable" : "images.leftOut", isMore ? .refused : .warned, part: part, count: broken.count, examples: broken.map(\.id),
          isMore
            ? "\(subjects), more than the \(percent(limit)) that are allowed: \(first.id) (\(first.reason))\(broken.count > 1 ? "; \(firstFew(broken.dropFirst().map(\.id)))" : "")."
            : "\(subjects) and \(verb(broken.count)) left out: \(first.id) (\(first.reason))\(broken.count > 1 ? "; \(firstFew(broken.dropFirst().map(\.id)))" : "").",
          isMore ? "Repair or remove them, or raise recipe.brokenFileLimit." : "Repair or remove \(broken.count == 1 ? "it" : "them")."))
    }
    if let first = pictures.unlike.first {
      found.append(
        subject.finding(
          "geometry.size", .refused, count: pictures.unlike.count, examples: pictures.unlike.map(\.id),
          "\(counted(pictures.unlike.count, "mask")) \(pictures.unlike.count == 1 ? "has" : "have") another size than \(pictures.unlike.count == 1 ? "its image" : "their images"): \(first.id) (\(first.reason))\(pictures.unlike.count > 1 ? "; \(firstFew(pictures.unlike.dropFirst().map(\.id)))" : "").",
          "Give the masks that belong to the images\(isTurned(pictures.unlike, subject) ? "; where they were drawn on pictures as they are stored, before these are turned upright as their files state, say pictures: {orientation: asStored}" : "")."
        ))
    }
    if !pictures.isDecoded {
      let total = pictures.counts.values.reduce(0, +)
      found.append(
        subject.finding(
          "images.notDecoded", .noted, count: total,
          "Of \(total) images only the first and last bytes were read, as there are more than \(PictureInventory.decodedLimit).", ""))
    }
    return found
  }

  /// Whether an image of these is turned on its side, so that width and height change places.
  private func isTurned(_ unlike: [PictureInventory.Unreadable], _ subject: DataSubject) -> Bool {
    let ids = Set(unlike.prefix(20).map(\.id))
    return subject.samples.contains { _, sample in
      guard ids.contains(sample.id), sample.image.orientation != .asStored, let file = sample.image.files.first else { return false }
      return ((try? FileStatement(file))?.orientation ?? 1) > 4
    }
  }

  private func percent(_ fraction: Double) -> String { "\((fraction * 1000).rounded() / 10) %" }
}
