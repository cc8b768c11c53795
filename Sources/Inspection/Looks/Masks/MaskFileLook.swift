import Datasets
import Foundation
import Foundations
import Studies

/// What mask files are and say beside their levels: several pictures of which one would be taken, another orientation than their image's,
/// the image itself, a format that keeps no levels.
struct MaskFileLook: DataLook {
  static let codes = [
    FindingCode("masks.images", .refused, "masks are the images themselves"),
    FindingCode("masks.several", .refused, "mask files hold several pictures, and nothing says which is meant"),
    FindingCode("geometry.orientation", .warned, "an image is turned upright as its file states, and its mask is not, or the other way around"),
    FindingCode("masks.lossy", .warned, "mask files are of a format that keeps no levels, as JPEG"),
  ]
  static let opensPictures = true

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard subject.task.kind.isSegmentation, let pictures = subject.pictures, pictures.isDecoded else { return [] }
    let all = subject.samples.compactMap { _, sample in pictures.facts[sample.id]?.maskFiles.map { (id: sample.id, files: $0) } }
    func found(_ code: String, _ severity: DataFinding.Severity, _ isOn: (MaskFileFacts) -> Bool, _ sentence: ([String]) -> String, _ remedy: String) -> DataFinding? {
      let ids = all.filter { isOn($0.files) }.map(\.id)
      return ids.isEmpty ? nil : subject.finding(code, severity, count: ids.count, examples: ids, sentence(ids), remedy)
    }
    func has(_ ids: [String]) -> String { ids.count == 1 ? "has" : "have" }
    return [
      found(
        "masks.images", .refused, \.isImage,
        { "The masks of \(counted($0.count, "image")) \(verb($0.count)) the \($0.count == 1 ? "image itself" : "images themselves"): \(firstFew($0))." },
        "Correct the folder or the column of the masks under \(subject.key)."),
      found(
        "masks.several", .refused, { $0.pictures > 1 },
        { ids in
          let most = all.map(\.files.pictures).max() ?? 1
          return "The mask files of \(counted(ids.count, "image")) hold several pictures, up to \(most), and only the first of each would be read: \(firstFew(ids))."
        }, "Write each mask as a file of one picture, such as all pages united; or accept it where the first is meant."),
      found(
        "geometry.orientation", .warned, \.isTurnedOtherwise,
        {
          "\(counted($0.count, "image")) \(has($0)) a mask that is not turned as \($0.count == 1 ? "it is" : "they are"): one file states an orientation and the other does not, or another: \(firstFew($0))."
        },
        "Look at image and mask side by side. Where masks were drawn on the pictures as they are stored, say pictures: {orientation: asStored}; else accept it."),
      found(
        "masks.lossy", .warned, \.isLossy,
        { "The masks of \(counted($0.count, "image")) are files of a format that keeps no levels, as JPEG: \(firstFew($0))." },
        "Edges are then read at a limit, and small classes between background and object cannot be told from edges: give masks as PNG if there are some; else look at the share of object, and accept it."
      ),
    ].compactMap(\.self)
  }
}
