extension BuiltInTask {
  /// PXS: pneumothorax in the radiographs of the SIIM-ACR challenge of 2019.
  static let siimACR = BuiltInTask(
    name: "PXS", title: "Pneumothorax", kind: .binarySegmentation, dataset: "SIIM-ACR", modality: .xray,
    data: .manifest(
      ManifestSource(
        file: "train-rle.csv", otherFiles: ["train-rle.csv.gz"], imageRoot: "dicom-images-train", pathColumn: "ImageId", pathForm: .stem,
        rleColumn: "EncodedPixels", rleFormat: .relativePairs)),
    layout: TaskLayout([
      LayoutItem(
        "the table of run lengths", .table(columns: ["ImageId", "EncodedPixels"], key: ["ImageId", "EncodedPixels"]),
        forms: [LayoutItem.Form(["train-rle.csv"], count: 12_954), LayoutItem.Form(["train-rle.csv.gz"], count: 12_954)]),
      LayoutItem("the radiographs", .files(extensions: ["dcm"]), forms: [LayoutItem.Form(["dicom-images-train"])], imageSizes: [[1024, 1024]], bitDepths: [8]),
    ]),
    metric: .dice, images: 12_047,
    citation: Citation(
      "Filice, Stein, Wu, Arteaga, Borstelmann, Gaddikeri, Galperin-Aizenberg, Gill, Godoy, Hobbs, Jeudy, Lakhani, Laroia, Nayak, Parekh, Prasanna, Shah, Vummidi, Yaddanapudi, Shih: Crowdsourcing pneumothorax annotations using machine learning annotations on the NIH chest X-ray dataset. Journal of Digital Imaging 33, 2020.",
      doi: "10.1007/s10278-019-00299-9"),
    access: DataAccess(
      url: "https://www.kaggle.com/c/siim-acr-pneumothorax-segmentation",
      steps: "Download the DICOM files with train-rle.csv, and unpack them so that dicom-images-train/ lies beside the table.",
      license: "the competition's rules; non-commercial research"),
    remarks: [
      "Several rows of one image are united; “-1” is an image without pneumothorax, whose mask is empty.",
      "Most images have no pneumothorax: Dice pooled over pixels and its mean over images, which gives 1 to an empty mask found empty, differ much.",
      "No split was published: 20 % are the test part by a fixed draw.",
    ])
}
