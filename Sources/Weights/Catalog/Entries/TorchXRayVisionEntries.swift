internal import Containers

// TorchXRayVision's DenseNet-121 for chest X-rays of 224 × 224. Each file is a whole network that was pickled, of which the reader takes the arrays.
//
// They take one channel between −1024 and 1024: what is 0 for other networks is −1024 here, and 1 is 1024 (`xrv.utils.normalize`). Fed with
// 0…1, or with three channels, the network sees nothing it knows; so the card says it and every use of the entry follows the card.
extension WeightsEntry {
  static let torchXRayVisionScale = PreprocessingCard(mean: [0.5], standardDeviation: [1.0 / 2048])

  private static func xRay(_ id: String, _ title: String, trainedOn: [String], file: String, remark: String? = nil) -> WeightsEntry {
    let name = "\(file)-densenet121-d121-tw-lr001-rot45-tr15-sc15-seed0-best.pt"
    return WeightsEntry(
      id: "torchxrayvision-densenet121-\(id)", title: "TorchXRayVision, \(title) (DenseNet-121)", method: "supervised", trainedOn: trainedOn,
      architecture: "densenet121",
      file: File(name, address: "https://github.com/mlmed/torchxrayvision/releases/download/v1/\(name)"), container: .torchLegacyStream,
      layout: .bare, preprocessing: torchXRayVisionScale, license: "Apache-2.0", paper: "Cohen et al. 2022, arXiv 2111.00595",
      verification: .fromCode, remark: remark)
  }

  static let xRayAll = xRay(
    "all", "all", trainedOn: ["ChestX-ray14", "PadChest", "CheXpert", "MIMIC-CXR", "Open-I", "RSNA Pneumonia"],
    file: "nih-pc-chex-mimic_ch-google-openi-kaggle", remark: "Of ChestX-ray14 also with the labels that Google published.")
  static let xRayRSNA = xRay("rsna", "RSNA Pneumonia", trainedOn: ["RSNA Pneumonia"], file: "kaggle")
  static let xRayNIH = xRay("nih", "ChestX-ray14", trainedOn: ["ChestX-ray14"], file: "nih")
  static let xRayPadChest = xRay("pc", "PadChest", trainedOn: ["PadChest"], file: "pc")
  static let xRayCheXpert = xRay("chex", "CheXpert", trainedOn: ["CheXpert"], file: "chex")
  static let xRayMIMICNegBio = xRay("mimic-nb", "MIMIC-CXR, labels of NegBio", trainedOn: ["MIMIC-CXR"], file: "mimic_nb")
  static let xRayMIMICCheXpert = xRay("mimic-ch", "MIMIC-CXR, labels of CheXpert", trainedOn: ["MIMIC-CXR"], file: "mimic_ch")
}
