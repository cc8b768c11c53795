internal import Containers

// Networks that were trained on chest X-rays: those of the 2021 and 2025 studies' authors, and TorchXRayVision's.
extension WeightsEntry {
  private static let authors = "Hosseinzadeh Taher et al. 2021, arXiv 2108.05930"
  private static let authorsLicense = "ASU GitHub Project License (academic, non-commercial)"

  // Which images of a set its weights were trained on is not stated by the authors; a set's own list of training images is the best guess.
  private static let listOfChestXray14 = WeightsEntry.TrainingImages(
    list: "train_val_list.txt", address: "https://nihcc.app.box.com/v/ChestXray-NIHCC",
    note: "The set's own list of training and validation images; which of them the authors used is not stated.")
  private static let listOfCheXpert = WeightsEntry.TrainingImages(
    list: "train.csv", address: "https://stanfordmlgroup.github.io/competitions/chexpert/",
    note: "The set's own table of training images; which of them the authors used is not stated.")

  private static func inDomain(
    id: String, title: String, trainedOn: [String], file: String, prefix: String, trainingImages: WeightsEntry.TrainingImages
  ) -> WeightsEntry {
    WeightsEntry(
      id: id, title: title, method: "supervised", trainedOn: trainedOn,
      file: File(file, address: "https://zenodo.org/record/5205234/files/\(file)"), container: .torchArchive,
      layout: KeyLayout(["state_dict"], prefix: prefix), license: authorsLicense, paper: authors, verification: .fromCode, trainingImages: trainingImages)
  }

  static let chestXray14 = inDomain(
    id: "chestxray14", title: "ChestX-ray14", trainedOn: ["ChestX-ray14"], file: "chestxray14.pth.tar", prefix: "",
    trainingImages: listOfChestXray14)

  static let cheXpert = inDomain(
    id: "chexpert", title: "CheXpert", trainedOn: ["CheXpert"], file: "chexpert.pth.tar", prefix: "module.", trainingImages: listOfCheXpert)

  static let imageNetChestXray14 = inDomain(
    id: "imagenet-chestxray14", title: "ImageNet→ChestX-ray14", trainedOn: ["ImageNet-1K", "ChestX-ray14"],
    file: "ImageNet_chestxray14.pth.tar", prefix: "", trainingImages: listOfChestXray14)

  static let imageNetCheXpert = inDomain(
    id: "imagenet-chexpert", title: "ImageNet→CheXpert", trainedOn: ["ImageNet-1K", "CheXpert"],
    file: "ImageNet_chexpert.pth.tar", prefix: "module.", trainingImages: listOfCheXpert)

  static let imageNetMIMIC = WeightsEntry(
    id: "imagenet-mimic", title: "ImageNet→MIMIC-CXR", method: "supervised", trainedOn: ["ImageNet-1K", "MIMIC-CXR"],
    file: File(
      "domain_adapted_resnet50_imagenet_mimic_checkpoint.pth.tar",
      address: "https://zenodo.org/records/17627332/files/domain_adapted_resnet50_imagenet_mimic_checkpoint.pth.tar"),
    container: .torchArchive, layout: KeyLayout(paths: [["state_dict"]], prefixes: ["module.", ""]), license: authorsLicense,
    paper: "Hosseinzadeh Taher et al. 2025, doi 10.1016/j.media.2025.103487", verification: .unverified)

  /// Takes one channel between −1024 and 1024.
  static let torchXRayVision = WeightsEntry(
    id: "torchxrayvision", title: "TorchXRayVision", method: "supervised",
    trainedOn: ["PadChest", "ChestX-ray14", "RSNA Pneumonia", "SIIM-ACR", "VinDr-CXR"],
    file: File(
      "pc-nih-rsna-siim-vin-resnet50-test512-e400-state.pt",
      address: "https://github.com/mlmed/torchxrayvision/releases/download/v1/pc-nih-rsna-siim-vin-resnet50-test512-e400-state.pt"),
    container: .torchArchive, layout: .bare, preprocessing: PreprocessingCard(mean: [0.5], standardDeviation: [1.0 / 2048]),
    license: "Apache-2.0", paper: "Cohen et al. 2022, arXiv 2111.00595", verification: .fromCode,
    remark: "Trained on images of 512 × 512.")
}
