internal import Containers

// Published with PyContrast, whose files hold the memory bank beside the network: up to 656 MB that are never read. PixPro keeps
// its layout.
extension WeightsEntry {
  private static let encoder = KeyLayout(["model"], prefix: "module.encoder.")

  private static func pyContrast(
    id: String, title: String, file: String, folder: String, accuracy: Double, paper: String
  ) -> WeightsEntry {
    WeightsEntry(
      id: id, title: title, method: title, trainedOn: ["ImageNet-1K"],
      file: File(
        file, address: "https://www.dropbox.com/sh/87d24jqsl6ra7t2/\(folder)/\(file)", isDirect: false,
        note: "The address shows a page; its download button gives the file."),
      container: .torchLegacyStream, layout: encoder, linearAccuracy: accuracy, license: "BSD-2-Clause", paper: paper,
      verification: .fromCode)
  }

  static let insDis = pyContrast(
    id: "insdis", title: "InsDis", file: "InsDis.pth", folder: "AACcsSIt1_Njv7GsmsuzZ6Sta", accuracy: 59.5,
    paper: "Wu et al. 2018, arXiv 1805.01978")

  static let pirl = pyContrast(
    id: "pirl", title: "PIRL", file: "PIRL.pth", folder: "AADN4jKnvTI0U5oT6hTmQZz8a", accuracy: 61.7,
    paper: "Misra and van der Maaten 2020, arXiv 1912.01991")

  static let infoMin = pyContrast(
    id: "infomin", title: "InfoMin", file: "InfoMin_800.pth", folder: "AAAzMTynP3Qc8mIE4XWkgILUa", accuracy: 73.0,
    paper: "Tian et al. 2020, arXiv 2005.10243")

  static let pixPro = WeightsEntry(
    id: "pixpro", title: "PixPro", method: "PixPro", trainedOn: ["ImageNet-1K"],
    file: File(
      "pixpro_base_r50_400ep_md5_919c6612.pth",
      address: "https://drive.google.com/file/d/1Ox2RoFbTrrllbwvITdZvwkNnKUQSUPmV/view", isDirect: false, checksum: "md5:919c6612",
      note: "The address shows a page; its download button gives the file."),
    container: .torchLegacyStream, layout: encoder, license: "MIT", paper: "Xie et al. 2021, arXiv 2011.10043",
    verification: .fromCode)
}
