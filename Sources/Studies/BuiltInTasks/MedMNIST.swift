extension BuiltInTask {
  /// Chest X-rays of children with and without pneumonia, in 28 × 28 pixels.
  static let pneumoniaMNIST = medMNIST(
    "PneumoniaMNIST", "Pneumonia in children, small images", .binaryClassification, modality: .xray, classes: ["pneumonia"],
    parts: ExpectedSplit("MedMNIST", training: 4708, validation: 524, test: 624))

  /// Breast ultrasound, in 28 × 28 pixels.
  static let breastMNIST = medMNIST(
    "BreastMNIST", "Breast ultrasound, small images", .binaryClassification, modality: .ultrasound,
    // The publisher's label 0 is malignant, 1 normal or benign.
    classes: ["normal, benign"], parts: ExpectedSplit("MedMNIST", training: 546, validation: 78, test: 156))

  /// ChestX-ray14 with its fourteen findings, in 28 × 28 pixels.
  static let chestMNIST = medMNIST(
    "ChestMNIST", "Fourteen thorax diseases, small images", .multiLabelClassification, modality: .xray,
    classes: [
      "atelectasis", "cardiomegaly", "effusion", "infiltration", "mass", "nodule", "pneumonia", "pneumothorax", "consolidation",
      "edema", "emphysema", "fibrosis", "pleural", "hernia",
    ], parts: ExpectedSplit("MedMNIST", training: 78_468, validation: 11_219, test: 22_433))

  /// One archive of MedMNIST v2, by the publisher's name of the set.
  private static func medMNIST(
    _ name: String, _ title: String, _ kind: TaskKind, modality: Modality, classes: [String], parts: ExpectedSplit
  ) -> BuiltInTask {
    let file = name.lowercased() + ".npz"
    return BuiltInTask(
      name: name, title: title, kind: kind, dataset: name, modality: modality,
      data: .arrays(ArraySource(file: file, classes: classes)),
      layout: TaskLayout([LayoutItem("the archive", .files(extensions: ["npz"]), forms: [LayoutItem.Form([file], count: 1)])]),
      recipe: Recipe.standard(for: kind).changed {
        // 28 pixels enlarged show no more than these, the fewest that a network takes.
        ($0.inputSize, $0.resizeSize) = (32, 37)
      },
      metric: kind == .binaryClassification ? .auroc : .meanAUROC, splits: [parts],
      citation: Citation(
        "Yang, Shi, Wei et al.: MedMNIST v2, a large-scale lightweight benchmark for 2D and 3D biomedical image classification. Scientific Data 10, 2023.",
        doi: "10.1038/s41597-022-01721-8"),
      access: DataAccess(
        url: "https://medmnist.com", steps: "Download \(file) and put it in the folder that root names.",
        license: "Creative Commons Attribution 4.0"),
      remarks: [
        "The publisher's larger versions (such as \(name.lowercased())_224.npz) are read too: give their file under data.arrays.file and the recipe's inputSize.",
        "MedMNIST's sets with one of several classes, such as PathMNIST, are refused: no kind of task asks for one of several classes.",
      ])
  }
}
