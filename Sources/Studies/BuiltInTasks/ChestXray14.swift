extension BuiltInTask {
  /// DXC14: the fourteen findings of NIH's ChestX-ray14.
  ///
  /// Validation is by the lists of the 2021 benchmark where they lie beside the official ones, else carved from the official
  /// training list by patient. The patient is the number before the underscore of a file's name, as in the table.
  static let chestXray14 = BuiltInTask(
    name: "DXC14", title: "Fourteen thorax diseases", kind: .multiLabelClassification, dataset: "ChestX-ray14", modality: .xray,
    data: .manifest(
      ManifestSource(
        file: "Data_Entry_2017.csv",
        otherFiles: ["Data_Entry_2017.csv.gz", "Data_Entry_2017_v2020.csv", "Data_Entry_2017_v2020.csv.gz"],
        imageRoot: ".", imageFolders: ["images"] + (1...12).map(nihFolder), pathColumn: "Image Index",
        // Whichever word a release has.
        renamedColumns: ["Patient Sex": "Patient Gender"],
        labelListColumn: "Finding Labels", labels: nihFindings, otherLabels: ["No Finding"], patientPattern: #"^(\d+)_\d+"#,
        splitLists: SplitLists([
          SplitLists.Lists(
            "2021 lists", training: "Xray14_train_official.txt", validation: "Xray14_val_official.txt", test: "Xray14_test_official.txt"),
          SplitLists.Lists(
            "official lists with the validation patients of 2021", training: "train_val_list.txt", test: "test_list.txt",
            validationPatients: "validation_patients_2021.txt"),
          SplitLists.Lists("official lists", training: "train_val_list.txt", test: "test_list.txt"),
        ]),
        // The first release writes ages as 058Y, and some of 2017 are slips such as 414.
        groupColumns: [
          GroupColumn("Patient Gender", name: "Sex", mayBeAbsent: true),
          GroupColumn("Patient Age", name: "Age", bands: GroupColumn.ages, mayBeAbsent: true),
          GroupColumn("View Position", name: "View", mayBeAbsent: true),
        ],
        split: SplitRule(validation: 0.13))),
    layout: TaskLayout([
      LayoutItem(
        "the table of labels and patients", .table(columns: ["Image Index", "Finding Labels", "Patient ID"]),
        forms: [
          LayoutItem.Form(["Data_Entry_2017.csv"], version: "2017", count: 112_120),
          LayoutItem.Form(["Data_Entry_2017.csv.gz"], version: "2017", count: 112_120),
          LayoutItem.Form(["Data_Entry_2017_v2020.csv"], version: "2020", count: 112_120),
          LayoutItem.Form(["Data_Entry_2017_v2020.csv.gz"], version: "2020", count: 112_120),
        ]),
      LayoutItem("the official list of training images", .list, forms: [LayoutItem.Form(["train_val_list.txt"], count: 86_524)]),
      LayoutItem("the official list of test images", .list, forms: [LayoutItem.Form(["test_list.txt"], count: 25_596)]),
      LayoutItem(
        "the lists of the 2021 benchmark", .list,
        forms: [
          LayoutItem.Form(["Xray14_train_official.txt", "Xray14_val_official.txt", "Xray14_test_official.txt"], count: 112_120)
        ], isRequired: false),
      LayoutItem(
        "the images", .files(extensions: ["png"]),
        forms: [
          LayoutItem.Form(["images"], version: "one folder", count: 112_120),
          LayoutItem.Form((1...12).map(nihFolder), version: "twelve folders", count: 112_120),
        ], imageSizes: [[1024, 1024]], bitDepths: [8]),
    ]),
    metric: .meanAUROC,
    splits: [
      ExpectedSplit(
        "2021 lists", training: 75_312, validation: 11_212, test: 25_596, trainingPatients: 24_342, validationPatients: 3666, testPatients: 2797),
      ExpectedSplit("official lists", test: 25_596, testPatients: 2797),
    ], images: 112_120, patients: 30_805,
    positives: [
      "Atelectasis": 11_559, "Cardiomegaly": 2776, "Effusion": 13_317, "Infiltration": 19_894, "Mass": 5782, "Nodule": 6331,
      "Pneumonia": 1431, "Pneumothorax": 5302, "Consolidation": 4667, "Edema": 2303, "Emphysema": 2516, "Fibrosis": 1686,
      "Pleural_Thickening": 3385, "Hernia": 227,
    ],
    citation: Citation(
      "Wang, Peng, Lu, Lu, Bagheri, Summers: ChestX-ray8: hospital-scale chest X-ray database and benchmarks. CVPR 2017.",
      doi: "10.1109/CVPR.2017.369"),
    access: DataAccess(
      url: "https://nihcc.app.box.com/v/ChestXray-NIHCC",
      steps:
        "Download Data_Entry_2017_v2020.csv, train_val_list.txt, test_list.txt and images_01.tar.gz to images_12.tar.gz, and unpack the images so that they lie in images/ or in images_001/images/ to images_012/images/.",
      license: "free to use; the NIH Clinical Center is to be acknowledged and the paper cited"),
    remarks: [
      "Labels were mined from reports by a program, so a part of them is wrong.",
      "The 2021 benchmark validates on its own lists; without them validation patients are carved from train_val_list.txt, and numbers differ a little.",
    ])

  /// The findings in the order of the 2021 benchmark's lists.
  private static let nihFindings = [
    "Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia", "Pneumothorax", "Consolidation",
    "Edema", "Emphysema", "Fibrosis", "Pleural_Thickening", "Hernia",
  ]

  /// `images_001/images`, as the twelve archives are commonly unpacked.
  private static func nihFolder(_ number: Int) -> String { "images_0\(number < 10 ? "0" : "")\(number)/images" }
}
