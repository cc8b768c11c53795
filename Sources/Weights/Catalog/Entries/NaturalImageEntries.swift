internal import Containers

// Networks that were trained with labels on natural images other than ImageNet's.
extension WeightsEntry {
  private static let newtFolder = "https://cornell.box.com/s/bnyhq5lwobu6fgjrub44zle0pyjijbmw"
  private static let newtPaper = "Van Horn et al. 2021, arXiv 2103.16483"

  static let iNat2021 = iNat(
    id: "inat2021", title: "iNat2021", data: "iNat2021", file: "inat2021_supervised_large.pth.tar")

  static let iNat2021Mini = iNat(
    id: "inat2021-mini", title: "iNat2021-mini", data: "iNat2021-mini", file: "inat2021_supervised_mini.pth.tar")

  /// Both started from ImageNet's weights.
  private static func iNat(id: String, title: String, data: String, file: String) -> WeightsEntry {
    WeightsEntry(
      id: id, title: title, method: "supervised", trainedOn: ["ImageNet-1K", data],
      file: File(file, address: newtFolder, isDirect: false, note: "Open the folder and take the file from its archive."),
      container: .torchLegacyStream, layout: KeyLayout(["state_dict"]), license: "MIT (code)", paper: newtPaper,
      verification: .fromCode)
  }

  static let places365 = WeightsEntry(
    id: "places365", title: "Places365", method: "supervised", trainedOn: ["Places365"],
    file: File("resnet50_places365.pth.tar", address: "http://places2.csail.mit.edu/models_places365/resnet50_places365.pth.tar"),
    container: .torchLegacyStream, layout: KeyLayout(["state_dict"], prefix: "module."), license: "CC-BY",
    paper: "Zhou et al. 2018, doi 10.1109/TPAMI.2017.2723009", verification: .unverified)

  static let coco = WeightsEntry(
    id: "coco", title: "COCO", method: "supervised detection", trainedOn: ["ImageNet-1K", "COCO"],
    file: File(
      "fasterrcnn_resnet50_fpn_coco-258fb6c6.pth",
      address: "https://download.pytorch.org/models/fasterrcnn_resnet50_fpn_coco-258fb6c6.pth", checksum: "sha256:258fb6c6"),
    container: .torchArchive, layout: KeyLayout([], prefix: "backbone.body."), arithmeticAsTrained: nil, license: "BSD-3-Clause",
    paper: "Ren et al. 2015, arXiv 1506.01497", verification: .unverified,
    remark: "Which COCO network the 2025 study took is not known. This one's normalizations were frozen, with ε 0 for 1e-5, "
      + "which is not offered.")
}
