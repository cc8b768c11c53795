extension BuiltInTask {
  /// Fourteen findings of PadChest on frontal images, named by its own terms and chosen as near as can be to ChestX-ray14's.
  static let padChest = BuiltInTask(
    name: "PadChest", title: "Fourteen thorax findings", kind: .multiLabelClassification, dataset: "PadChest", modality: .xray,
    data: .manifest(
      ManifestSource(
        file: "PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv",
        otherFiles: ["PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv.gz"], imageRoot: ".",
        imageFolders: ["images"] + (0...54).flatMap { ["\($0)", "images/\($0)"] }, pathColumn: "ImageID",
        keep: [RowFilter("Projection", ["PA", "AP"])], labelListColumn: "Labels", labelSyntax: .python,
        labels: [
          "atelectasis", "cardiomegaly", "pleural effusion", "infiltrates", "mass", "nodule", "pneumonia", "pneumothorax", "consolidation",
          "pulmonary edema", "emphysema", "pulmonary fibrosis", "pleural thickening", "hiatal hernia",
        ],
        patientColumn: "PatientID",
        groupColumns: [
          GroupColumn("PatientSex_DICOM", name: "Sex", mayBeAbsent: true),
          GroupColumn("StudyDate_DICOM", name: "Age", yearsSince: "PatientBirth", bands: GroupColumn.ages, mayBeAbsent: true),
          GroupColumn("Projection", name: "View", mayBeAbsent: true),
        ], split: SplitRule(validation: 0.1, test: 0.2))),
    layout: TaskLayout([
      LayoutItem(
        "the table of labels", .table(columns: ["ImageID", "ImageDir", "PatientID", "Projection", "Labels"]),
        forms: [
          LayoutItem.Form(["PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv"]),
          LayoutItem.Form(["PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv.gz"]),
        ]),
      LayoutItem(
        "the images", .files(extensions: ["png"]),
        forms: [
          LayoutItem.Form(["images"], version: "in images/"), LayoutItem.Form((0...54).map { "\($0)" }, version: "in 0/ to 54/"),
        ], bitDepths: [16]),
    ]),
    metric: .meanAUROC,
    citation: Citation(
      "Bustos, Pertusa, Salinas, de la Iglesia-Vayá: PadChest: a large chest x-ray image dataset with multi-label annotated reports. Medical Image Analysis 66, 2020.",
      doi: "10.1016/j.media.2020.101797"),
    access: DataAccess(
      url: "https://bimcv.cipf.es/bimcv-projects/padchest/",
      steps: "Accept the agreement, download the table and the archives 0.zip to 54.zip (or 50.zip), and unpack the images in images/, in 0/ to 54/ or in images/0/ to images/54/.",
      license: "PadChest Dataset Research Use Agreement"),
    remarks: [
      "There is no official split: parts are carved by patient, 20 % for the test and 10 % of the rest for validation.",
      "Which of the 174 findings are scored is this project's choice; give data.manifest.labels others.",
      "Only the projections PA and AP count (not AP_horizontal); data.manifest.keep changes that.",
      "The table has the year of birth alone, so an age is the year of the study less that: at most a year too many.",
      "Some published images cannot be read; runs name them and bear 1 % of them.",
    ], unverified: ["That the gray values of its 16-bit images may fill a part of their range, so that they are dark."])
}
