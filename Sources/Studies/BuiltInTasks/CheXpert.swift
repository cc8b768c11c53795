extension BuiltInTask {
  /// DXC5: trained on CheXpert's fourteen observations, scored on the five of its competition.
  ///
  /// The official validation set is the test set, as in the 2021 benchmark, since the official test labels were not public then;
  /// validation is carved from the training set by patient. Frontal and lateral views are kept. The full and the small copy have
  /// the same tables but for the front of their paths.
  static let cheXpert = BuiltInTask(
    name: "DXC5", title: "Five thorax diseases", kind: .multiLabelClassification, dataset: "CheXpert", modality: .xray,
    data: .manifest(
      ManifestSource(
        file: "train.csv", testFile: "valid.csv", imageRoot: ".", pathColumn: "Path",
        removedPathPrefixes: ["CheXpert-v1.0-small/", "CheXpert-v1.0/"], labelColumns: cheXpertObservations, emptyLabels: .absent,
        uncertainLabel: -1, patientPattern: #"(patient\d+)"#,
        groupColumns: [
          GroupColumn("Sex", mayBeAbsent: true), GroupColumn("Age", bands: GroupColumn.ages, mayBeAbsent: true),
          GroupColumn("Frontal/Lateral", name: "View", mayBeAbsent: true),
          // Empty for lateral images, which are “unknown” there.
          GroupColumn("AP/PA", mayBeAbsent: true),
        ], split: SplitRule(validation: 0.1))),
    layout: TaskLayout([
      LayoutItem(
        "the table of training labels", .table(columns: ["Path"] + cheXpertObservations),
        forms: [LayoutItem.Form(["train.csv"], count: 223_414)]),
      LayoutItem(
        "the table of validation labels, which the task tests on", .table(columns: ["Path"] + cheXpertObservations),
        forms: [LayoutItem.Form(["valid.csv"], count: 234)]),
      LayoutItem("the training images", .files(extensions: ["jpg"]), forms: [LayoutItem.Form(["train"], count: 223_414)]),
      LayoutItem("the validation images", .files(extensions: ["jpg"]), forms: [LayoutItem.Form(["valid"], count: 234)]),
    ]),
    recipe: Recipe.standard(for: .multiLabelClassification).changed { $0.labelPolicy = .lsrOnes },
    metric: .meanAUROC, scoredClasses: ["Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Pleural Effusion"],
    splits: [ExpectedSplit("official validation set as test set", test: 234, testPatients: 200)],
    citation: Citation(
      "Irvin, Rajpurkar, Ko, et al.: CheXpert: a large chest radiograph dataset with uncertainty labels and expert comparison. AAAI 2019.",
      doi: "10.1609/aaai.v33i01.3301590"),
    access: DataAccess(
      url: "https://stanfordmlgroup.github.io/competitions/chexpert/",
      steps:
        "Register, download CheXpert-v1.0 or CheXpert-v1.0-small, and unpack it; the root is the folder that holds train.csv, valid.csv, train and valid.",
      license: "Stanford University's research use agreement, for research only"),
    remarks: [
      "The 2021 benchmark draws a smoothed label anew each time an image is read; here it is drawn once for each seed and image.",
      "The 2021 benchmark does not say which training images it validates on; here they are 10 % of the training patients.",
    ])

  /// In the order of the table's columns.
  private static let cheXpertObservations = [
    "No Finding", "Enlarged Cardiomediastinum", "Cardiomegaly", "Lung Opacity", "Lung Lesion", "Edema", "Consolidation", "Pneumonia",
    "Atelectasis", "Pneumothorax", "Pleural Effusion", "Pleural Other", "Fracture", "Support Devices",
  ]
}
