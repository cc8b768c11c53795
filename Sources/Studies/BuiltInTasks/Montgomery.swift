extension BuiltInTask {
  /// LXS: the lungs in the chest X-rays of Montgomery County.
  static let montgomery = BuiltInTask(
    name: "LXS", title: "Lungs", kind: .binarySegmentation, dataset: "Montgomery", modality: .xray,
    data: .maskFolders(
      MaskFolderSource(
        training: FolderPair(images: ["CXR_png"], masks: ["ManualMask/leftMask", "ManualMask/rightMask"]), threshold: .nonZero,
        patientPattern: #"^MCUCXR_(\d+)_[01]"#)),
    layout: TaskLayout([
      item("the images", "CXR_png"), item("the masks of the left lungs", "ManualMask/leftMask"),
      item("the masks of the right lungs", "ManualMask/rightMask"),
    ]),
    metric: .dice, images: 138,
    citation: Citation(
      "Jaeger, Candemir, Antani, Wáng, Lu, Thoma: Two public chest X-ray datasets for computer-aided screening of pulmonary diseases. Quantitative Imaging in Medicine and Surgery 4(6), 2014.",
      doi: "10.3978/j.issn.2223-4292.2014.11.20"),
    access: DataAccess(
      url: "https://data.lhncbc.nlm.nih.gov/public/Tuberculosis-Chest-X-ray-Datasets/Montgomery-County-CXR-Set/MontgomerySet/index.html",
      steps: "Download the MontgomerySet folder with CXR_png and ManualMask.",
      license: "free for research; the National Library of Medicine and the paper are to be cited"),
    remarks: [
      "The left and the right lung are one region.",
      "No split was published: 20 % are the test part by a fixed draw, 15 % of the rest the validation part. Numbers of other draws differ.",
    ],
    unverified: [
      "The bits a sample of the files, whose gray levels are of 12 bits; 8 and 16 are read alike.",
      "That some images are 4892 × 4020 pixels and the others 4020 × 4892.",
    ])
  private static func item(_ role: String, _ folder: String) -> LayoutItem {
    LayoutItem(
      role, .files(extensions: ["png"]), forms: [LayoutItem.Form([folder], count: 138)], imageSizes: [[4020, 4892], [4892, 4020]])
  }
}
