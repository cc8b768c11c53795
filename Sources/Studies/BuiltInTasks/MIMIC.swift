extension BuiltInTask {
  /// The labels that CheXpert's program gives the studies of MIMIC-CXR-JPG, on frontal images, in the official split.
  ///
  /// One table has the images with their parts, another the labels of each study, a third the view of each image. The classes and
  /// the reading of uncertain and missing labels are as in DXC5, so that a network trained on one can be tested on the other.
  static let mimicCXR = BuiltInTask(
    name: "MIMIC-CXR", title: "Five thorax diseases", kind: .multiLabelClassification, dataset: "MIMIC-CXR", modality: .xray,
    data: .manifest(
      ManifestSource(
        file: "mimic-cxr-2.0.0-split.csv.gz", otherFiles: ["mimic-cxr-2.0.0-split.csv"], imageRoot: ".",
        pathTemplate: "files/p{subject_id:2}/p{subject_id}/s{study_id}/{dicom_id}.jpg",
        joins: [
          // Eight studies have no labels.
          TableJoin(file: "mimic-cxr-2.0.0-chexpert.csv.gz", on: ["subject_id", "study_id"], unmatched: .leaveOut),
          TableJoin(file: "mimic-cxr-2.0.0-metadata.csv.gz", on: ["dicom_id"]),
        ],
        keep: [RowFilter("ViewPosition", ["AP", "PA"])], labelColumns: mimicLabels, emptyLabels: .absent, uncertainLabel: -1,
        patientColumn: "subject_id", splitColumn: "split", groupColumns: [GroupColumn("ViewPosition", name: "View")])),
    layout: TaskLayout([
      LayoutItem(
        "the table of images and parts", .table(columns: ["dicom_id", "study_id", "subject_id", "split"]),
        forms: [
          LayoutItem.Form(["mimic-cxr-2.0.0-split.csv.gz"], count: 377_110), LayoutItem.Form(["mimic-cxr-2.0.0-split.csv"], count: 377_110),
        ]),
      LayoutItem(
        "the table of labels", .table(columns: ["subject_id", "study_id"] + mimicLabels),
        forms: [LayoutItem.Form(["mimic-cxr-2.0.0-chexpert.csv.gz"], count: 227_827)]),
      LayoutItem(
        "the table of views", .table(columns: ["dicom_id", "ViewPosition"]),
        forms: [LayoutItem.Form(["mimic-cxr-2.0.0-metadata.csv.gz"], count: 377_110)]),
      LayoutItem("the images", .files(extensions: ["jpg"]), forms: [LayoutItem.Form(["files"], count: 377_110)]),
    ]),
    recipe: Recipe.standard(for: .multiLabelClassification).changed { $0.labelPolicy = .lsrOnes },
    metric: .meanAUROC, scoredClasses: ["Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Pleural Effusion"],
    citation: Citation(
      "Johnson, Pollard, Greenbaum, et al.: MIMIC-CXR-JPG, a large publicly available database of labeled chest radiographs. arXiv 1901.07042, 2019.",
      doi: "10.48550/arXiv.1901.07042"),
    access: DataAccess(
      url: "https://physionet.org/content/mimic-cxr-jpg/",
      steps: "Get credentialed access, sign the agreement, download files/ and the three tables, and keep the tree files/p10/p10000032/… as it is.",
      license: "PhysioNet Credentialed Health Data License"),
    remarks: [
      "Only frontal images (ViewPosition AP or PA) count; data.manifest.keep: {} takes all views.",
      "Sex and age are in no table of MIMIC-CXR-JPG but in MIMIC-IV's patients.csv: data.manifest.joins adds it by subject_id, and data.manifest.groupColumns then names gender and \"anchor_age:0-40-65-120\".",
      "The labels are those of the CheXpert program, also in the official test part, whose labels by radiologists are not read.",
    ],
    unverified: ["The row counts of the tables, which are recalled from version 2.0.0.", "How many of the images are frontal."])

  private static let mimicLabels = [
    "Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Enlarged Cardiomediastinum", "Fracture", "Lung Lesion", "Lung Opacity",
    "No Finding", "Pleural Effusion", "Pleural Other", "Pneumonia", "Pneumothorax", "Support Devices",
  ]
}
