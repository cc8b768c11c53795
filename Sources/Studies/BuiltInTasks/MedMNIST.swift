/// The two-dimensional sets of MedMNIST v2: classes in the order of the publisher's label numbers.
extension BuiltInTask {
  /// All of them, in the publisher's order.
  static let medMNIST: [BuiltInTask] = [
    medMNIST(
      "PathMNIST", "Nine tissues of the colon, small images", .multiclassClassification, modality: .microscopy,
      classes: [
        "adipose", "background", "debris", "lymphocytes", "mucus", "smooth muscle", "normal colon mucosa", "cancer-associated stroma",
        "colorectal adenocarcinoma epithelium",
      ], parts: [ExpectedSplit("MedMNIST", training: 89_996, validation: 10_004, test: 7180)]),
    medMNIST(
      "ChestMNIST", "Fourteen thorax diseases, small images", .multiLabelClassification, modality: .xray,
      classes: [
        "atelectasis", "cardiomegaly", "effusion", "infiltration", "mass", "nodule", "pneumonia", "pneumothorax", "consolidation",
        "edema", "emphysema", "fibrosis", "pleural", "hernia",
      ], parts: [ExpectedSplit("MedMNIST", training: 78_468, validation: 11_219, test: 22_433)],
      remarks: ["Its images are those of ChestX-ray14, so weights that were trained on ChestX-ray14 have seen them."]),
    medMNIST(
      "DermaMNIST", "Seven pigmented skin lesions, small images", .multiclassClassification, modality: .dermatoscopy,
      classes: [
        "actinic keratoses and intraepithelial carcinoma", "basal cell carcinoma", "benign keratosis-like lesions", "dermatofibroma",
        "melanoma", "melanocytic nevi", "vascular lesions",
      ], parts: [ExpectedSplit("MedMNIST", training: 7007, validation: 1003, test: 2005)],
      license: "Creative Commons Attribution-NonCommercial 4.0"),
    medMNIST(
      "OCTMNIST", "Three diseases of the retina, small images", .multiclassClassification, modality: .opticalCoherenceTomography,
      classes: ["choroidal neovascularization", "diabetic macular edema", "drusen", "normal"],
      parts: [ExpectedSplit("MedMNIST", training: 97_477, validation: 10_832, test: 1000)]),
    medMNIST(
      "PneumoniaMNIST", "Pneumonia in children, small images", .binaryClassification, modality: .xray, classes: ["pneumonia"],
      parts: [ExpectedSplit("MedMNIST", training: 4708, validation: 524, test: 624)]),
    medMNIST(
      "RetinaMNIST", "Grades of diabetic retinopathy, small images", .multiclassClassification, modality: .fundusPhotography,
      classes: ["grade 0", "grade 1", "grade 2", "grade 3", "grade 4"],
      parts: [ExpectedSplit("MedMNIST", training: 1080, validation: 120, test: 400)],
      remarks: ["Its grades are ordered; here they are five classes like any others, as the publisher's own evaluation takes them."]),
    medMNIST(
      "BreastMNIST", "Breast ultrasound, small images", .binaryClassification, modality: .ultrasound, classes: ["normal, benign"],
      parts: [ExpectedSplit("MedMNIST", training: 546, validation: 78, test: 156)],
      remarks: ["The publisher's label 1 is normal or benign, and 0 malignant."]),
    medMNIST(
      "BloodMNIST", "Eight kinds of blood cells, small images", .multiclassClassification, modality: .microscopy,
      classes: [
        "basophil", "eosinophil", "erythroblast", "immature granulocytes", "lymphocyte", "monocyte", "neutrophil", "platelet",
      ], parts: [ExpectedSplit("MedMNIST", training: 11_959, validation: 1712, test: 3421)]),
    medMNIST(
      "TissueMNIST", "Eight kinds of kidney cells, small images", .multiclassClassification, modality: .microscopy,
      classes: [
        "collecting duct, connecting tubule", "distal convoluted tubule", "glomerular endothelial cells", "interstitial endothelial cells",
        "leukocytes", "podocytes", "proximal tubule segments", "thick ascending limb",
      ], parts: [ExpectedSplit("MedMNIST", training: 165_466, validation: 23_640, test: 47_280)]),
    organs(
      "OrganAMNIST", "axial",
      newer: ExpectedSplit("MedMNIST from 2.2", training: 34_561, validation: 6491, test: 17_778),
      older: ExpectedSplit("MedMNIST to 2.1", training: 34_581, validation: 6491, test: 17_778)),
    organs(
      "OrganCMNIST", "coronal",
      newer: ExpectedSplit("MedMNIST from 2.2", training: 12_975, validation: 2392, test: 8216),
      older: ExpectedSplit("MedMNIST to 2.1", training: 13_000, validation: 2392, test: 8268)),
    organs(
      "OrganSMNIST", "sagittal",
      newer: ExpectedSplit("MedMNIST from 2.2", training: 13_932, validation: 2452, test: 8827),
      older: ExpectedSplit("MedMNIST to 2.1", training: 13_940, validation: 2452, test: 8829)),
  ]

  /// Eleven organs in the slices of one plane.
  private static func organs(_ name: String, _ plane: String, newer: ExpectedSplit, older: ExpectedSplit) -> BuiltInTask {
    medMNIST(
      name, "Eleven organs in \(plane) slices, small images", .multiclassClassification, modality: .computedTomography,
      classes: [
        "bladder", "femur-left", "femur-right", "heart", "kidney-left", "kidney-right", "liver", "lung-left", "lung-right", "pancreas",
        "spleen",
      ], parts: [newer, older],
      remarks: ["Left organs mirror right ones, so a flip in the augmentation asks for what it hides: consider augmentation: none."])
  }

  /// One archive, by the publisher's name of the set.
  private static func medMNIST(
    _ name: String, _ title: String, _ kind: TaskKind, modality: Modality, classes: [String], parts: [ExpectedSplit],
    license: String = "Creative Commons Attribution 4.0", remarks: [String] = []
  ) -> BuiltInTask {
    let file = name.lowercased() + ".npz"
    return BuiltInTask(
      name: name, title: title, kind: kind, dataset: name, modality: modality,
      data: .arrays(ArraySource(file: file, classes: classes)),
      layout: TaskLayout([LayoutItem("the archive", .files(extensions: ["npz"]), forms: [LayoutItem.Form([file], count: 1)], imageSizes: [[28, 28]], bitDepths: [8])]),
      recipe: Recipe.standard(for: kind).changed {
        // 28 pixels enlarged show no more than these, the fewest that a network takes.
        ($0.inputSize, $0.resizeSize) = (32, 37)
      },
      metric: kind == .binaryClassification ? .auroc : .meanAUROC, splits: parts,
      citation: Citation(
        "Yang, Shi, Wei et al.: MedMNIST v2, a large-scale lightweight benchmark for 2D and 3D biomedical image classification. Scientific Data 10, 2023.",
        doi: "10.1038/s41597-022-01721-8"),
      access: DataAccess(
        url: "https://medmnist.com", steps: "Download \(file) and put it in the folder that root names.", license: license),
      remarks: remarks + [
        "The publisher's larger versions (such as \(name.lowercased())_224.npz) are read too: give their file under data.arrays.file and the recipe's inputSize."
      ])
  }
}
