extension BuiltInTask {
  /// ECC: pulmonary embolism on the slices of RSNA-STR's CT angiographies.
  ///
  /// The 2021 benchmark's own preparation was not released. This is one slice a sample between its neighbors, in the window in
  /// which embolism is read, with the standard recipe; parts are by study in the sizes that the benchmark is said to use.
  static let pulmonaryEmbolism = BuiltInTask(
    name: "ECC", title: "Pulmonary embolism detection", kind: .binaryClassification, dataset: "RSNA-STR PE",
    modality: .computedTomography,
    data: .sliceTable(
      SliceTableSource(
        file: "train.csv", imageRoot: "train", labelColumns: ["pe_present_on_image"], channels: .threeNeighbors,
        windowCenter: 100, windowWidth: 700,
        // 1,000 of 7,279 studies for the test.
        split: SplitRule(validation: 0.1, test: 0.1374))),
    layout: TaskLayout([
      LayoutItem(
        "the table of slices",
        .table(columns: [
          "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "pe_present_on_image", "negative_exam_for_pe", "qa_motion",
          "qa_contrast", "flow_artifact", "rv_lv_ratio_gte_1", "rv_lv_ratio_lt_1", "leftsided_pe", "chronic_pe",
          "true_filling_defect_not_pe", "rightsided_pe", "acute_and_chronic_pe", "central_pe", "indeterminate",
        ]), forms: [LayoutItem.Form(["train.csv"], count: 1_790_594)]),
      LayoutItem("the slices", .files(extensions: ["dcm"]), forms: [LayoutItem.Form(["train"], count: 1_790_594)], imageSizes: [[512, 512]]),
    ]),
    metric: .auroc, patients: 7279,
    citation: Citation(
      "Colak, Kitamura, Hobbs et al.: The RSNA pulmonary embolism CT dataset. Radiology: Artificial Intelligence 3 (2), 2021.",
      doi: "10.1148/ryai.2021200254"),
    access: DataAccess(
      url: "https://www.kaggle.com/c/rsna-str-pulmonary-embolism-detection/data",
      steps: "Accept the competition's rules, download train.csv and train/ and keep the tree train/study/series/slice.dcm as it is.",
      license: "RSNA's terms of use for the competition: research and education, not commercial"),
    remarks: [
      "The 2021 benchmark released neither its preparation of these slices nor its split: it is said to have had 6,279 studies to train and 1,000 to test. Parts here are carved by study.",
      "The recipe is the standard one of the other classifications, and the window, center 100 and width 700 Hounsfield units, a usual one for pulmonary embolism.",
      "Only the competition's training part has labels for slices, so its test part is not used.",
      "The first slice of a series that training needs orders the series by the heads of its files.",
    ],
    unverified: [
      "Which studies, recipe and window the 2021 benchmark used, and whether several windows were its channels.",
      "The number of slices, 1,790,594, the DOI of the paper and the license; the 7,279 studies are.",
    ])
}
