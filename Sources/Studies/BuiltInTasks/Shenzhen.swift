extension BuiltInTask {
  /// TXC: tuberculosis or not, on the Shenzhen set of the National Library of Medicine.
  ///
  /// The digit before a file's ending is its label. The split is by the lists of the 2021 benchmark where they lie beside the
  /// images, else carved in the same proportions.
  static let shenzhen = BuiltInTask(
    name: "TXC", title: "Tuberculosis", kind: .binaryClassification, dataset: "Shenzhen", modality: .xray,
    data: .namedImages(
      NamedImageSource(
        images: "CXR_png", otherFolders: ["images", "ChinaSet_AllFiles/CXR_png"], className: "Tuberculosis",
        labelPattern: #"^CHNCXR_\d+_([01])[.]png$"#, positive: "1", patientPattern: #"^CHNCXR_(\d+)_"#,
        splitLists: SplitLists(
          [
            SplitLists.Lists(
              "2021 lists", training: "ShenzenCXR_train_data.txt", validation: "ShenzenCXR_valid_data.txt",
              test: "ShenzenCXR_test_data.txt")
          ], isRequired: false),
        // The 2021 lists keep 65 of 528 and 134 of 662 images.
        split: SplitRule(validation: 0.123, test: 0.202))),
    layout: TaskLayout([
      LayoutItem(
        "the images", .files(extensions: ["png"]),
        forms: [
          LayoutItem.Form(["CXR_png"], count: 662), LayoutItem.Form(["images"], count: 662),
          LayoutItem.Form(["ChinaSet_AllFiles/CXR_png"], count: 662),
        ]),
      LayoutItem("the training list of the 2021 benchmark", .list, forms: [LayoutItem.Form(["ShenzenCXR_train_data.txt"], count: 463)], isRequired: false),
      LayoutItem("the validation list of the 2021 benchmark", .list, forms: [LayoutItem.Form(["ShenzenCXR_valid_data.txt"], count: 65)], isRequired: false),
      LayoutItem("the test list of the 2021 benchmark", .list, forms: [LayoutItem.Form(["ShenzenCXR_test_data.txt"], count: 134)], isRequired: false),
    ]),
    metric: .auroc,
    splits: [
      ExpectedSplit("2021 lists", training: 463, validation: 65, test: 134),
      ExpectedSplit("carved by a fixed rule", training: 463, validation: 65, test: 134),
    ],
    positives: ["Tuberculosis": 336],
    citation: Citation(
      "Jaeger, Candemir, Antani, Wáng, Lu, Thoma: Two public chest X-ray datasets for computer-aided screening of pulmonary diseases. Quantitative Imaging in Medicine and Surgery 4(6), 2014.",
      doi: "10.3978/j.issn.2223-4292.2014.11.20"),
    access: DataAccess(
      url: "https://lhncbc.nlm.nih.gov/LHC-downloads/downloads.html",
      steps: "Download the Shenzhen Hospital X-ray Set and unpack it; the root is the folder that holds CXR_png.",
      license: "free to use; the National Library of Medicine and Shenzhen No. 3 People's Hospital are to be acknowledged and the papers cited"),
    remarks: [
      "Without the lists of the 2021 benchmark the parts have the same sizes but other images."
    ])
}
