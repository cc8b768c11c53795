extension BuiltInTask {
  /// Six diagnoses of VinDr-CXR by the publisher's tables: a training image has a row of each of three radiologists, and a class is
  /// present where two of them say so; a test image has one row, of five radiologists' consensus.
  static let vinDrCXR = BuiltInTask(
    name: "VinDrCXR", title: "Six thorax diagnoses", kind: .multiLabelClassification, dataset: "VinDr-CXR", modality: .xray,
    data: .manifest(
      ManifestSource(
        file: "annotations/image_labels_train.csv", testFile: "annotations/image_labels_test.csv", imageRoot: ".",
        imageFolders: ["train", "test"], pathTemplate: "{image_id}.dicom",
        // The two tables call this class differently.
        renamedColumns: ["Other disease": "Other diseases"], repeatedRows: .majority,
        labelColumns: ["Pleural effusion", "Lung tumor", "Pneumonia", "Tuberculosis", "Other diseases", "No finding"],
        split: SplitRule(validation: 0.1))),
    layout: TaskLayout([
      LayoutItem(
        "the table of training labels",
        .table(columns: ["image_id", "rad_id", "Pleural effusion", "Lung tumor", "Pneumonia", "Tuberculosis", "Other diseases", "No finding"], key: ["image_id", "rad_id"]),
        forms: [LayoutItem.Form(["annotations/image_labels_train.csv"], count: 45_000)]),
      LayoutItem(
        "the table of test labels", .table(columns: ["image_id", "Pleural effusion", "Lung tumor", "Pneumonia", "Tuberculosis", "No finding"]),
        forms: [LayoutItem.Form(["annotations/image_labels_test.csv"], count: 3000)]),
      LayoutItem("the training images", .files(extensions: ["dicom"]), forms: [LayoutItem.Form(["train"], count: 15_000)]),
      LayoutItem("the test images", .files(extensions: ["dicom"]), forms: [LayoutItem.Form(["test"], count: 3000)]),
    ]),
    metric: .meanAUROC, splits: [ExpectedSplit("official test set", test: 3000)], citation: vinDrCitation, access: vinDrAccess,
    remarks: [
      "A class is present in a training image where more than half of its rows say so: two of three radiologists.",
      "The files do not name patients, so validation is carved by image.",
      "Pleural effusion is scored as a diagnosis beside the publisher's six, without COPD.",
    ], unverified: ["That the lists of the 2025 benchmark have these six classes."])

  /// The same six classes by the lists of the 2025 benchmark, on JPEG copies.
  static let vinDrCXRLists = BuiltInTask(
    name: "VinDrCXR-2025", title: "Six thorax diagnoses, 2025 lists", kind: .multiLabelClassification, dataset: "VinDr-CXR", modality: .xray,
    data: .manifest(
      ManifestSource(
        file: "VinDrCXR_train_pe_global_one.txt", testFile: "VinDrCXR_test_pe_global_one.txt", imageRoot: ".",
        imageFolders: ["train_jpeg", "test_jpeg", "train", "test", "images"], pathTemplate: "{image}.jpeg",
        columns: ["image"] + vinDrDiagnoses, columnSeparator: .space, labelColumns: vinDrDiagnoses, split: SplitRule(validation: 0.1))),
    layout: TaskLayout([
      LayoutItem("the training list", .list, forms: [LayoutItem.Form(["VinDrCXR_train_pe_global_one.txt"])]),
      LayoutItem("the test list", .list, forms: [LayoutItem.Form(["VinDrCXR_test_pe_global_one.txt"])]),
      LayoutItem(
        "the images", .files(extensions: ["jpeg"]),
        forms: [
          LayoutItem.Form(["train_jpeg", "test_jpeg"], version: "two folders"), LayoutItem.Form(["train", "test"], version: "two folders"),
          LayoutItem.Form(["images"], version: "one folder"),
        ]),
    ]),
    metric: .meanAUROC, citation: vinDrCitation, access: vinDrAccess,
    remarks: [
      "The 2025 benchmark validates on its test list; here validation is carved from the training list."
    ],
    unverified: [
      "The names of the lists and of the folders with JPEG copies, and how the 2025 benchmark converted them from DICOM."
    ])

  private static let vinDrDiagnoses = ["PE", "Lung tumor", "Pneumonia", "Tuberculosis", "Other diseases", "No finding"]

  private static let vinDrCitation = Citation(
    "Nguyen, Lam, Le, et al.: VinDr-CXR: an open dataset of chest X-rays with radiologist's annotations. Scientific Data 9, 2022.",
    doi: "10.1038/s41597-022-01498-w")

  private static let vinDrAccess = DataAccess(
    url: "https://physionet.org/content/vindr-cxr/1.0.0/",
    steps: "Get credentialed access, sign the agreement, and download annotations/, train/ and test/.",
    license: "PhysioNet Credentialed Health Data License 1.5.0")
}
