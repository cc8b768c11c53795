extension BuiltInTask {
  /// Breast lesions in the ultrasound images of BUSI.
  static let breastUltrasound = BuiltInTask(
    name: "BUSI", title: "Breast lesions", kind: .binarySegmentation, dataset: "BUSI", modality: .ultrasound,
    data: .maskFolders(
      MaskFolderSource(
        training: FolderPair(images: ["benign", "malignant", "normal"], masks: ["benign", "malignant", "normal"]), pairing: .suffix)),
    layout: TaskLayout([
      LayoutItem("the images and masks of benign lesions", .files(extensions: ["png"]), forms: [LayoutItem.Form(["benign"], count: 891)]),
      LayoutItem("the images and masks of malignant lesions", .files(extensions: ["png"]), forms: [LayoutItem.Form(["malignant"], count: 421)]),
      LayoutItem("the images and masks without a lesion", .files(extensions: ["png"]), forms: [LayoutItem.Form(["normal"], count: 266)]),
    ]),
    recipe: Recipe.standard(for: .binarySegmentation).changed { $0.normalization = .imagenet },
    metric: .dice, images: 780,
    citation: Citation(
      "Al-Dhabyani, Gomaa, Khaled, Fahmy: Dataset of breast ultrasound images. Data in Brief 28, 2020.", doi: "10.1016/j.dib.2019.104863"),
    access: DataAccess(
      url: "https://scholar.cu.edu.eg/?q=afahmy/pages/dataset",
      steps: "Download the archive and unpack it so that benign/, malignant/ and normal/ lie in one folder.",
      license: "free for research; the paper is to be cited"),
    remarks: [
      "Several masks of one image, such as “benign (100)_mask.png” and “benign (100)_mask_1.png”, are united.",
      "Many images of the set are there twice or nearly so, some as benign and as malignant (Pawłowska et al. 2023), and patients are not published: a split by image is optimistic.",
      "Images without a lesion have an empty mask.",
      "437 images are benign, 210 malignant and 133 normal; 17 have more than one mask.",
    ])
}
