extension BuiltInTask {
  /// HXS: the heart in the radiographs of JSRT, by the outlines of SCR.
  static let scrHeart = scr("HXS", "Heart", organs: [heart])

  /// CXS: the clavicles.
  static let scrClavicles = scr("CXS", "Clavicles", organs: [clavicles])

  /// The lungs of the same radiographs; LXS is those of another set.
  static let scrLungs = scr("LXS-JSRT", "Lungs (JSRT)", organs: [lungs])

  /// All three organs by one network. The clavicles lie over the lungs, so each has a mask of its own.
  static let scrOrgans = scr("SCR", "Lungs, heart and clavicles (JSRT)", organs: [lungs, heart, clavicles])

  /// An organ, and the folders in which an image has a mask of it each.
  private typealias Organ = (name: String, folders: [String])

  private static let lungs: Organ = ("lungs", ["left lung", "right lung"])
  private static let heart: Organ = ("heart", ["heart"])
  private static let clavicles: Organ = ("clavicles", ["left clavicle", "right clavicle"])

  private static func scr(_ name: String, _ title: String, organs: [Organ]) -> BuiltInTask {
    let masks = organs.flatMap(\.folders), kind: TaskKind = organs.count > 1 ? .multiLabelSegmentation : .binarySegmentation
    let classes = organs.count > 1 ? organs.flatMap { organ in organ.folders.map { _ in organ.name } } : nil
    func folders(_ fold: String) -> [String] { masks.map { "\(fold)/masks/\($0)" } }
    func pair(_ fold: String) -> FolderPair { FolderPair(images: ["All247images"], masks: folders(fold), maskClasses: classes) }
    func item(_ fold: String, count: Int) -> LayoutItem {
      LayoutItem(
        "the masks of \(fold)", .files(extensions: ["gif"]), forms: [LayoutItem.Form(folders(fold), count: count * masks.count)],
        imageSizes: [[1024, 1024]])
    }
    return BuiltInTask(
      name: name, title: title, kind: kind, dataset: "JSRT", modality: .xray,
      data: .maskFolders(
        MaskFolderSource(
          training: pair("fold1"), test: pair("fold2"),
          threshold: .nonZero, maskSize: .nearest, unmaskedImages: .passOver, rawImages: .jsrt)),
      layout: TaskLayout([
        LayoutItem(
          "the radiographs", .files(extensions: ["img", "png"]), forms: [LayoutItem.Form(["All247images"], count: 247)]),
        item("fold1", count: 124), item("fold2", count: 123),
      ]),
      // The 2025 code normalizes as ImageNet was.
      recipe: Recipe.standard(for: kind).changed { $0.normalization = .imagenet },
      metric: .dice, splits: [ExpectedSplit("folds", test: 123)], images: 247,
      citation: Citation(
        "van Ginneken, Stegmann, Loog: Segmentation of anatomical structures in chest radiographs using supervised methods: a comparative study on a public database. Medical Image Analysis 10(1), 2006.",
        doi: "10.1016/j.media.2005.02.002"),
      access: DataAccess(
        url: "https://www.isi.uu.nl/Research/Databases/SCR",
        steps:
          "Download the radiographs from the page of JSRT (db.jsrt.or.jp) as All247images/, and the masks of SCR so that fold1/ and fold2/ lie beside it.",
        license: "research; both data sets are to be cited"),
      remarks: [
        "Radiographs are read as published (.IMG: 2048 × 2048 samples of 12 bits, high byte first, 0 white) or from copies named as JPCLN001.IMG.png.",
        "Masks have 1024 × 1024 pixels and are enlarged to their radiograph by the nearest pixel.",
        "Training is on fold1 and test on fold2, as SCR has it; the lists of the 2025 benchmark are not public, so its split is not known.",
      ]
        + (organs.count > 1
          ? ["The benchmarks ask for one organ a network; the Dice of an organ here, of a network that answers for all three, is no row of theirs."] : []),
      unverified: ["The size of the masks, 1024 × 1024 pixels, and that the folds hold 124 and 123 of them."])
  }
}
