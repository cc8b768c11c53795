import Datasets
import Foundation
import Foundations
import Studies

/// Files of the source's folders that are not used, each with its reason.
struct FileUseLook: DataLook {
  static let codes = [
    FindingCode("files.missingFolder", .refused, "a folder that the study names is not there"),
    FindingCode("files.brokenLink", .refused, "a link leads nowhere"),
    FindingCode("files.unused", .warned, "images of a folder are not used"),
    FindingCode("files.noLabelMap", .warned, "cases have no label map"),
    FindingCode("files.leftOut", .noted, "images are left out as the study says"),
    FindingCode("files.other", .noted, "a folder holds other files"),
  ]
  static let opensPictures = false

  func findings(in subject: DataSubject) -> [DataFinding] {
    let files = subject.files
    var found = [DataFinding]()
    // A source that cannot be listed says itself what is missing.
    // A built-in task names the folders of every form in which its data set is published.
    for missing in files.missing where subject.failure == nil && !(subject.task.builtIn != nil && missing.key == "imageFolders") {
      found.append(
        subject.finding(
          "files.missingFolder", .refused, count: 1, examples: [missing.path], "There is no folder at \(missing.path), which `\(missing.key)` names.",
          "Correct `\(missing.key)` under \(subject.key), or take the folder out of it."))
    }
    let unused = Dictionary(grouping: files.unused, by: \.reason)
    func names(_ files: [FileUse.Unused]) -> [String] { files.map { shortName($0.path) } }
    if let broken = unused[.brokenLink] {
      found.append(
        subject.finding(
          "files.brokenLink", .refused, count: broken.count, examples: names(broken),
          "\(counted(broken.count, "link")) \(broken.count == 1 ? "leads" : "lead") nowhere: \(firstFew(names(broken))).",
          "Fetch the \(broken.count == 1 ? "file" : "files") (with DataLad: datalad get), or remove the \(broken.count == 1 ? "link" : "links")."))
    }
    for reason in FileUse.Reason.allCases {
      guard let all = unused[reason], reason != .brokenLink, reason != .hidden else { continue }
      if reason == .closed {
        found.append(
          subject.finding(
            "files.unused", .warned, count: all.count, examples: names(all),
            "\(counted(all.count, "folder")) may not be looked into, and nothing is known of what \(all.count == 1 ? "it holds" : "they hold"): \(firstFew(names(all))).",
            "Give yourself the permission to read, or take \(all.count == 1 ? "it" : "them") out of the folders of the study."))
        continue
      }
      let pictures = all.filter { PictureEnding.mayBePicture($0.path) }, others = all.filter { !PictureEnding.mayBePicture($0.path) }
      if !pictures.isEmpty { found.append(finding(pictures, reason, subject, names(pictures))) }
      if !others.isEmpty {
        found.append(
          subject.finding(
            "files.other", .noted, count: others.count, examples: names(others),
            "\(counted(others.count, "file")) of the folders \(verb(others.count)) no image (\(reason.words)): \(firstFew(names(others))).", ""))
      }
    }
    return found
  }

  private func finding(_ files: [FileUse.Unused], _ reason: FileUse.Reason, _ subject: DataSubject, _ names: [String]) -> DataFinding {
    let count = files.count
    switch reason {
    case .noLabelMap:
      return subject.finding(
        "files.noLabelMap", .warned, count: count, examples: names,
        "\(counted(count, "image")) \(count == 1 ? "has" : "have") no label map and \(verb(count)) not used: \(firstFew(names)).",
        "Add the label maps, or take the images out of the folder.")
    case .noRow, .noMask, .notChosen, .besideImages, .otherChannel, .noTruth, .hidden:
      return subject.finding(
        "files.leftOut", .noted, count: count, examples: names,
        "\(counted(count, "image")) of the folders \(verb(count)) not used (\(reason.words)): \(firstFew(names)).", "")
    case .closed, .ending, .subfolder, .outsideClasses, .outsideCases, .notRead, .noImage, .noPartner, .brokenLink:
      let (file, them) = count == 1 ? ("file", "it") : ("files", "them")
      return subject.finding(
        "files.unused", .warned, count: count, examples: names,
        "\(counted(count, "file")) of the folders \(verb(count)) not used (\(reason.words)): \(firstFew(names)).",
        reason == .ending ? "Convert the \(file) to PNG, or remove \(them)." : "Move the \(file) to where they are read, or remove \(them).")
    }
  }

  private func shortName(_ path: String) -> String { path.split(separator: "/").suffix(2).joined(separator: "/") }
}

/// Endings that pictures have, also of formats that are not read.
private enum PictureEnding {
  static let known: Set<String> = [
    "png", "jpg", "jpeg", "jfif", "jpe", "gif", "tif", "tiff", "bmp", "dib", "webp", "ppm", "pgm", "pbm", "pnm", "jp2", "j2k", "jpx", "jxl", "heic",
    "heif", "avif", "tga", "dcm", "dicom", "ima", "nii", "gz", "hdr", "img", "mha", "mhd", "nrrd", "mgz", "mgh", "svs", "ndpi", "raw", "npy", "npz",
  ]

  /// DICOM files often have no ending, or a number.
  static func mayBePicture(_ path: String) -> Bool {
    let name = path.lastPathPart
    if name.lowercased().hasSuffix(".tar.gz") || name.lowercased().hasSuffix(".csv.gz") { return false }
    if known.contains(name.pathEnding.lowercased()) { return true }
    return ImageName.mayBeDICOM(name) && startsAsDICOM(path)
  }

  /// A data set without a preamble begins with an element of group 2 or 8.
  private static func startsAsDICOM(_ path: String) -> Bool {
    guard let head = try? FileBytes.beginning(of: path, count: 132), head.count >= 8 else { return false }
    if head.count == 132, head.dropFirst(128).elementsEqual("DICM".utf8) { return true }
    return [2, 8].contains(head[0]) && head[1] == 0 && head[3] == 0
  }
}
