extension BuiltInTask {
  /// Healthy, sick but not of tuberculosis, or tuberculosis, by the folder that TBX11K's lists name.
  ///
  /// The labels of the official test part are not public: the official validation list is the test set, and validation is carved from
  /// the training list.
  static let tbx11k = BuiltInTask(
    name: "TBX11K", title: "Tuberculosis, another disease or healthy", kind: .multiclassClassification, dataset: "TBX11K", modality: .xray,
    data: .manifest(
      ManifestSource(
        file: "lists/TBX11K_train.txt", testFile: "lists/TBX11K_val.txt", imageRoot: "imgs", pathColumn: "image", columns: ["image"],
        columnSeparator: .space, labelListColumn: "image", labelPattern: "^([a-z]+)/", labels: ["health", "sick", "tb"],
        split: SplitRule(validation: 0.1))),
    layout: TaskLayout([
      LayoutItem("the training list", .list, forms: [LayoutItem.Form(["lists/TBX11K_train.txt"], count: 6600)]),
      LayoutItem("the validation list, which the task tests on", .list, forms: [LayoutItem.Form(["lists/TBX11K_val.txt"], count: 1800)]),
      LayoutItem(
        "the images", .files(extensions: ["png"]), forms: [LayoutItem.Form(["imgs/health", "imgs/sick", "imgs/tb"], count: 8400)],
        imageSizes: [[512, 512]], bitDepths: [8]),
    ]),
    metric: .meanAUROC, splits: [ExpectedSplit("official validation set as test set", test: 1800)],
    positives: ["health": 3800, "sick": 3800, "tb": 800],
    citation: Citation("Liu, Wu, Ban, Wang, Cheng: Rethinking computer-aided tuberculosis diagnosis. CVPR 2020.", doi: "10.1109/CVPR42600.2020.00272"),
    access: DataAccess(
      url: "https://mmcheng.net/tb/", steps: "Download TBX11K and unpack it; the root is the folder that holds imgs and lists.",
      license: "as the publisher's page says"),
    remarks: [
      "The labels of the official test part are not public, so the task tests on the official validation list and validates on a part of the training list.",
      "The files do not name patients, so validation is carved by image.",
    ], unverified: ["That a line of the lists is a path below imgs/ with its ending, such as tb/tb0005.png.", "The license, which the publisher's page names."])
}
