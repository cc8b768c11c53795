import Datasets
import Foundations
import Imaging
import Studies

/// What decoders remark on images: those that show nothing or little, or are read otherwise than their file asks. Each kind of remark is a
/// finding in each part, with an example in the decoder's own words.
struct RemarkLook: DataLook {
  static let codes = ImageRemark.Kind.allCases.compactMap(\.telling?.code)
  static let opensPictures = true

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard let pictures = subject.pictures, pictures.isDecoded else { return [] }
    var found = [DataFinding]()
    for kind in ImageRemark.Kind.allCases {
      guard let telling = kind.telling else { continue }
      for part in DatasetPart.allCases {
        let samples = subject.parts[part, default: []]
        let remarked = samples.compactMap { sample in
          pictures.facts[sample.id]?.remarks.first { $0.kind == kind }.map { (id: sample.id, words: $0.words) }
        }
        guard let first = remarked.first else { continue }
        let others = remarked.count == 1 ? "" : "; \(firstFew(remarked.dropFirst().map(\.id), atMost: 2))"
        found.append(
          subject.finding(
            telling.code.code, telling.code.severity, part: part, count: remarked.count, examples: remarked.map { "\($0.id) (\($0.words))" },
            "\(remarked.count) of \(counted(samples.count, "\(part) image")) \(remarked.count == 1 ? telling.one : telling.several): \(first.id) (\(first.words))\(others).",
            telling.remedy))
      }
    }
    return found
  }
}

extension ImageRemark.Kind {
  /// How a kind of remark is told of many images.
  fileprivate struct Telling {
    let code: FindingCode
    /// What stands behind the number of images.
    let one: String
    let several: String
    let remedy: String

    init(_ code: String, _ severity: DataFinding.Severity, _ meaning: String, one: String, several: String, _ remedy: String) {
      (self.code, self.one, self.several, self.remedy) = (FindingCode(code, severity, meaning), one, several, remedy)
    }
  }

  /// Nil for what all images together have to tell.
  fileprivate var telling: Telling? {
    switch self {
    case .oneBrightness:
      Telling(
        "images.uniform", .warned, "images are of one brightness as they are shown", one: "is of one brightness as it is shown",
        several: "are of one brightness as they are shown",
        "Look with “medtransfer images inspect”: a window, a lookup table or a slope may not fit; give a window or pictures: {range: …}, or remove them.")
    case .nearlyOneBrightness:
      Telling(
        "images.nearlyUniform", .noted, "images are nearly of one brightness as they are shown", one: "is nearly of one brightness as it is shown",
        several: "are nearly of one brightness as they are shown", "")
    case .narrowRange:
      Telling(
        "images.dark", .warned, "images use less than a tenth of the range between black and white",
        one: "uses less than a tenth of the range between black and white", several: "use less than a tenth of the range between black and white",
        "Check what their numbers mean: 12 bits in a file of 16 look black; give the values that are black and white as pictures: {range: [0, 4095]}, or a window.")
    case .transparent:
      Telling(
        "images.transparent", .warned, "images are fully transparent, so that viewers show nothing", one: "is fully transparent",
        several: "are fully transparent", "Opacity is no part of what a network sees; write the images without it, or remove them if nothing was to be seen.")
    case .notFinite:
      Telling(
        "images.notFinite", .warned, "pixels are no finite numbers and are drawn black", one: "has pixels that are no finite numbers",
        several: "have pixels that are no finite numbers", "Write the images with numbers there, such as what the background has; a network sees black.")
    case .displayElementPassedOver:
      Telling(
        "images.display", .warned, "images cannot be shown as their files ask", one: "cannot be shown as its file asks",
        several: "cannot be shown as their files ask", "Look with “medtransfer images inspect”; a window of the study shows all images alike.")
    case .zeroSlope:
      Telling(
        "images.zeroSlope", .warned, "images have a rescale slope of 0", one: "has a rescale slope of 0", several: "have a rescale slope of 0",
        "Check what their values mean, or write them with the slope that they have.")
    case .severalPictures:
      Telling(
        "images.several", .warned, "files hold several pictures, of which the first is read", one: "is one of several pictures in its file",
        several: "are one of several pictures in their files", "Say which is meant with pictures: {frame: 1}.")
    case .statedOrientation:
      Telling(
        "images.orientation", .noted, "files state that their picture is not upright", one: "is in a file that states another orientation than upright",
        several: "are in files that state another orientation than upright", "")
    // By itself every image may be drawn so (ScaleLook).
    case .ownScale: nil
    }
  }
}
