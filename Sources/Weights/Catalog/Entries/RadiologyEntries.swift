internal import Containers
internal import Vocabulary

// Networks that were trained on medical images of many kinds.
extension WeightsEntry {
  private static let radImageNetPaper = "Mei et al. 2022, doi 10.1148/ryai.210315"

  static let radImageNet = WeightsEntry(
    id: "radimagenet", title: "RadImageNet", method: "supervised", trainedOn: ["RadImageNet"],
    file: File("ResNet50.pt", address: "https://huggingface.co/Lab-Rasool/RadImageNet/resolve/main/ResNet50.pt"),
    container: .torchArchive, layout: KeyLayout([], prefix: "backbone.", naming: .sequential),
    preprocessing: PreprocessingCard(mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5]),
    license: "MIT (code); the images have their own terms", paper: radImageNetPaper, verification: .fromCode)

  /// What its authors' programs do to images: Keras's `preprocess_input` in its Caffe way (blue, green, red, less ImageNet's mean),
  /// then division by 255. The card has the means in that order; for gray images, which all of RadImageNet's are, that is the same.
  static let radImageNetKeras = WeightsEntry(
    id: "radimagenet-keras", title: "RadImageNet (Keras)", method: "supervised", trainedOn: ["RadImageNet"],
    file: File(
      "RadImageNet-ResNet50_notop.h5", address: "https://github.com/BMEII-AI/RadImageNet", isDirect: false,
      note: "The page links to a shared folder."),
    container: .hdf5, layout: .keras,
    preprocessing: PreprocessingCard(mean: [103.939 / 255, 116.779 / 255, 123.68 / 255], standardDeviation: [1, 1, 1]),
    arithmeticAsTrained: .keras, license: "MIT (code); the images have their own terms", paper: radImageNetPaper,
    verification: .fromCode)

  static let lvmMed = WeightsEntry(
    id: "lvm-med", title: "LVM-Med", method: "LVM-Med", trainedOn: ["LVM-Med's 55 data sets"],
    file: File(
      "lvmmed_resnet.torch", address: "https://drive.google.com/file/d/11Uamq4bT_AbTf8sigIctIAnQJN4EethW/view", isDirect: false,
      note: "The address shows a page; its download button gives the file."),
    container: .torchArchive, layout: KeyLayout(paths: [[]], prefixes: ["", "_feature_blocks."]), license: "CC-BY-NC-ND-2.0",
    paper: "Nguyen et al. 2023, arXiv 2306.11925", verification: .unverified,
    remark: "Its authors list the data sets, among them test images of common tasks: compare the list before a study.")
}
