internal import Containers
internal import Vocabulary

// Methods without negatives: distillation, redundancy reduction, stop-gradient.
extension WeightsEntry {
  private static let bicubic = PreprocessingCard(
    mean: PreprocessingCard.imageNet.mean, standardDeviation: PreprocessingCard.imageNet.standardDeviation,
    interpolation: .bicubic)

  static let barlowTwins = WeightsEntry(
    id: "barlow-twins", title: "Barlow Twins", method: "Barlow Twins", trainedOn: ["ImageNet-1K"],
    file: File("resnet50.pth", address: "https://dl.fbaipublicfiles.com/barlowtwins/ljng/resnet50.pth"),
    container: .torchArchive, layout: .bare, preprocessing: bicubic, linearAccuracy: 73.5, license: "MIT",
    paper: "Zbontar et al. 2021, arXiv 2103.03230", verification: .fromCode)

  static let vicReg = WeightsEntry(
    id: "vicreg", title: "VICReg", method: "VICReg", trainedOn: ["ImageNet-1K"],
    file: File("resnet50.pth", address: "https://dl.fbaipublicfiles.com/vicreg/resnet50.pth"), container: .torchArchive,
    layout: .bare, preprocessing: bicubic, linearAccuracy: 73.2, license: "MIT", paper: "Bardes et al. 2022, arXiv 2105.04906",
    verification: .fromCode)

  static let vicRegL = WeightsEntry(
    id: "vicregl", title: "VICRegL", method: "VICRegL", trainedOn: ["ImageNet-1K"],
    file: File("resnet50_alpha0.9.pth", address: "https://dl.fbaipublicfiles.com/vicregl/resnet50_alpha0.9.pth"),
    container: .torchArchive, layout: .bare, preprocessing: bicubic, linearAccuracy: 71.2, license: "CC-BY-NC-4.0",
    paper: "Bardes et al. 2022, arXiv 2210.01571", verification: .fromCode)

  /// The published file holds the backbone alone; the training's own has teacher and student.
  static let dino = WeightsEntry(
    id: "dino", title: "DINO", method: "DINO", trainedOn: ["ImageNet-1K"],
    file: File(
      "dino_resnet50_pretrain.pth",
      address: "https://dl.fbaipublicfiles.com/dino/dino_resnet50_pretrain/dino_resnet50_pretrain.pth"),
    container: .torchArchive,
    layout: KeyLayout(paths: [[], ["teacher"], ["student"]], prefixes: ["module.backbone.", "backbone.", ""]),
    preprocessing: bicubic, linearAccuracy: 75.3, license: "Apache-2.0", paper: "Caron et al. 2021, arXiv 2104.14294",
    verification: .fromCode)

  static let simSiam = WeightsEntry(
    id: "simsiam", title: "SimSiam", method: "SimSiam", trainedOn: ["ImageNet-1K"],
    file: File(
      "checkpoint_0099.pth.tar",
      address: "https://dl.fbaipublicfiles.com/simsiam/models/100ep/pretrain/checkpoint_0099.pth.tar"),
    container: .torchArchive, layout: KeyLayout(["state_dict"], prefix: "module.encoder."), linearAccuracy: 68.1,
    license: "CC-BY-NC-4.0", paper: "Chen and He 2021, arXiv 2011.10566", verification: .fromCode)

  /// The network normalized its images itself, so the card does.
  static let byol = WeightsEntry(
    id: "byol", title: "BYOL", method: "BYOL", trainedOn: ["ImageNet-1K"],
    file: File(
      "pretrain_res50x1.pkl", address: "https://storage.googleapis.com/deepmind-byol/checkpoints/pretrain_res50x1.pkl"),
    container: .plainPickle, layout: .haiku, preprocessing: bicubic, arithmeticAsTrained: .same, linearAccuracy: 74.4,
    license: "Apache-2.0", paper: "Grill et al. 2020, arXiv 2006.07733", verification: .fromCode)
}
