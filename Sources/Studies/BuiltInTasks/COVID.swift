extension BuiltInTask {
  /// Four kinds of chest X-rays in folders: the COVID-19 Radiography Database.
  static let covidRadiography = BuiltInTask(
    name: "COVID-Radiography", title: "COVID-19, other opacities, viral pneumonia or normal", kind: .multiclassClassification,
    dataset: "COVID-19 Radiography Database", modality: .xray,
    data: .classFolders(
      ClassFolderSource(
        training: ".", classes: ["COVID", "Lung_Opacity", "Normal", "Viral Pneumonia"], imageFolder: "images",
        split: SplitRule(validation: 0.1, test: 0.2))),
    layout: TaskLayout([
      LayoutItem(
        "the images", .files(extensions: ["png"]),
        forms: [LayoutItem.Form(["COVID/images", "Lung_Opacity/images", "Normal/images", "Viral Pneumonia/images"], count: 21_165)],
        imageSizes: [[299, 299]], bitDepths: [8])
    ]),
    metric: .meanAUROC, positives: ["COVID": 3616, "Lung_Opacity": 6012, "Normal": 10_192, "Viral Pneumonia": 1345],
    citation: Citation(
      "Chowdhury, Rahman, Khandakar, et al.: Can AI help in screening viral and COVID-19 pneumonia? IEEE Access 8, 2020.",
      doi: "10.1109/ACCESS.2020.3010287"),
    access: DataAccess(
      url: "https://www.kaggle.com/datasets/tawsifurrahman/covid19-radiography-database",
      steps: "Download the archive and unpack it; the root is COVID-19_Radiography_Dataset, the folder that holds COVID, Lung_Opacity, Normal and Viral Pneumonia.",
      license: "as the publisher's page says"),
    remarks: [
      "There is no official split and no patient is named, so parts are carved by image: images of one patient may lie in two parts.",
      "The four classes come from different sources, so a network may tell the source instead of the disease.",
    ], unverified: ["The license, which the publisher's page names."])

  /// Normal, pneumonia and COVID-19 by the lists of COVID-Net, version 9A.
  static let covidx = BuiltInTask(
    name: "COVIDx9A", title: "COVID-19, other pneumonia or normal", kind: .multiclassClassification, dataset: "COVIDx", modality: .xray,
    data: .manifest(
      ManifestSource(
        file: "train_COVIDx9A.txt", testFile: "test_COVIDx9A.txt", imageRoot: ".", imageFolders: ["train", "test"], pathColumn: "image",
        columns: covidxColumns, columnSeparator: .space, labelListColumn: "class", labels: ["normal", "pneumonia", "COVID-19"], otherLabels: [],
        split: SplitRule(validation: 0.1))),
    layout: TaskLayout([
      LayoutItem("the training list", .list, forms: [LayoutItem.Form(["train_COVIDx9A.txt"], count: 30_130)]),
      LayoutItem("the test list", .list, forms: [LayoutItem.Form(["test_COVIDx9A.txt"], count: 400)]),
      LayoutItem("the images", .files(extensions: ["png", "jpg", "jpeg"]), forms: [LayoutItem.Form(["train", "test"])]),
    ]),
    metric: .meanAUROC, splits: [ExpectedSplit("lists of 9A", test: 400)], images: 30_530,
    positives: ["normal": 8185, "pneumonia": 5655, "COVID-19": 16_690], citation: covidNet,
    access: DataAccess(
      url: "https://github.com/lindawangg/COVID-Net",
      steps: "Put the images together as its page on COVIDx says, in train/ and test/, and put train_COVIDx9A.txt and test_COVIDx9A.txt beside them.",
      license: "those of its sources"),
    remarks: covidxRemarks + ["For another version of the lists, give data.manifest.file, testFile, labels and otherLabels."],
    unverified: ["Whether images of one patient lie in both lists under two numbers."])

  /// COVID-19 or not, by the lists of COVIDx CXR-4.
  static let covidxCXR4 = BuiltInTask(
    name: "COVIDx-CXR4", title: "COVID-19", kind: .binaryClassification, dataset: "COVIDx", modality: .xray,
    data: .manifest(
      ManifestSource(
        file: "train.txt", validationFile: "val.txt", testFile: "test.txt", imageRoot: ".", imageFolders: ["train", "val", "test"],
        pathColumn: "image", columns: covidxColumns, columnSeparator: .space, labelListColumn: "class", labels: ["positive"], otherLabels: ["negative"])),
    layout: TaskLayout([
      LayoutItem("the training list", .list, forms: [LayoutItem.Form(["train.txt"])]),
      LayoutItem("the validation list", .list, forms: [LayoutItem.Form(["val.txt"])]),
      LayoutItem("the test list", .list, forms: [LayoutItem.Form(["test.txt"])]),
      LayoutItem("the images", .files(extensions: ["png", "jpg", "jpeg"]), forms: [LayoutItem.Form(["train", "val", "test"])]),
    ]),
    metric: .auroc, citation: covidNet,
    access: DataAccess(
      url: "https://www.kaggle.com/datasets/andyczhao/covidx-cxr2",
      steps: "Download version CXR-4 and unpack it; the root is the folder that holds train.txt, val.txt, test.txt and train, val, test.",
      license: "as the publisher's page says"),
    remarks: covidxRemarks,
    unverified: [
      "The names of its lists and that a line has the four words of version 9A.", "How many images each part has.",
      "The license, which the publisher's page names.",
    ])

  /// A line of the lists: patient, file, class and source, with spaces between them.
  private static let covidxColumns = ["patient", "image", "class", "source"]

  private static let covidxRemarks = [
    "The four words of a line (patient, file, class, source) and the names of the classes are those of the lists of version 9A, with 30,130 and 400 lines.",
    "Patients' numbers may repeat between sources, so patients are not read and the parts are the lists'.",
  ]

  private static let covidNet = Citation(
    "Wang, Lin, Wong: COVID-Net: a tailored deep convolutional neural network design for detection of COVID-19 cases from chest X-ray images. Scientific Reports 10, 2020.",
    doi: "10.1038/s41598-020-76550-z")
}
