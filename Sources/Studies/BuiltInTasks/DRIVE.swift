extension BuiltInTask {
  /// VFS: blood vessels in the fundus photographs of DRIVE.
  static let drive = BuiltInTask(
    name: "VFS", title: "Blood vessels", kind: .binarySegmentation, dataset: "DRIVE", modality: .fundusPhotography,
    data: .maskFolders(
      MaskFolderSource(
        training: FolderPair(images: "training/images", masks: "training/1st_manual", fieldOfView: "training/mask"),
        test: FolderPair(images: "test/images", masks: "test/1st_manual", fieldOfView: "test/mask", secondObserver: "test/2nd_manual"),
        pairing: .upToUnderscore, requiresSecondObserver: false)),
    layout: TaskLayout([
      LayoutItem("the training images", .files(extensions: ["tif"]), forms: [LayoutItem.Form(["training/images"], count: 20)], imageSizes: [[565, 584]], bitDepths: [8]),
      LayoutItem(
        "the vessels of the training images", .files(extensions: ["gif"]), forms: [LayoutItem.Form(["training/1st_manual"], count: 20)], imageSizes: [[565, 584]], bitDepths: [8]),
      LayoutItem("the test images", .files(extensions: ["tif"]), forms: [LayoutItem.Form(["test/images"], count: 20)], imageSizes: [[565, 584]], bitDepths: [8]),
      LayoutItem(
        "the vessels of the test images by the first observer", .files(extensions: ["gif"]), forms: [LayoutItem.Form(["test/1st_manual"], count: 20)], imageSizes: [[565, 584]],
        bitDepths: [8]),
      LayoutItem(
        "the vessels of the test images by the second observer", .files(extensions: ["gif"]), forms: [LayoutItem.Form(["test/2nd_manual"], count: 20)],
        isRequired: false, imageSizes: [[565, 584]], bitDepths: [8]),
      LayoutItem(
        "the fields of view", .files(extensions: ["gif"]), forms: [LayoutItem.Form(["training/mask", "test/mask"], count: 40)], isRequired: false,
        imageSizes: [[565, 584]], bitDepths: [8]),
    ]),
    // The 2021 code: 512 pixels, always ImageNet's normalization, binary cross-entropy, no augmentation; 16 images a batch.
    recipe: Recipe.standard(for: .binarySegmentation).changed {
      $0.inputSize = 512
      $0.resizeSize = 512
      $0.normalization = .imagenet
      $0.loss = .binaryCrossEntropy
      $0.augmentation = .none
      $0.batchSize = 16
    },
    metric: .dice, metrics: [.clDice], splits: [ExpectedSplit("official", test: 20)], images: 40,
    citation: Citation(
      "Staal, Abràmoff, Niemeijer, Viergever, van Ginneken: Ridge-based vessel segmentation in color images of the retina. IEEE Transactions on Medical Imaging 23(4), 2004.",
      doi: "10.1109/TMI.2004.825627"),
    access: DataAccess(
      url: "https://drive.grand-challenge.org",
      steps:
        "Register, download training.zip and test.zip, and unpack them so that training/ and test/ lie in one folder. Later releases of test.zip hold no manual vessels: an older release is needed.",
      license: "research use, by the terms of the challenge; the paper is to be cited"),
    remarks: [
      "The whole image is evaluated, as in the 2021 benchmark. evaluatedRegion: fieldOfView counts the pixels of the field of view alone, as many papers on DRIVE do; numbers of the two differ.",
      "The 2021 numbers were made with a copy of the data that another project had prepared, which may hold augmented training images.",
      "Validation images are carved from the 20 training images.",
    ])
}
