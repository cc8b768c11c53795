internal import Containers

// Vision transformers under timm's names. The vector that a head sees is the class token behind the last normalization, as the authors' linear
// probes have it (MAE's with --cls_token); DINO's and DINOv2's concatenate more, so their published accuracies are of more features.
extension WeightsEntry {
  private static let imageNetBicubic = PreprocessingCard(
    mean: PreprocessingCard.imageNet.mean, standardDeviation: PreprocessingCard.imageNet.standardDeviation, interpolation: .bicubic)

  /// Of Steiner et al., as timm publishes them: ImageNet-21K, then ImageNet-1K.
  private static func augReg(_ size: String, _ title: String, file: String) -> WeightsEntry {
    WeightsEntry(
      id: "augreg-vit-\(size)", title: "AugReg (\(title))", method: "supervised", trainedOn: ["ImageNet-21K", "ImageNet-1K"], architecture: "vit-\(size)",
      file: File("model.safetensors", address: "https://huggingface.co/timm/\(file).augreg_in21k_ft_in1k/resolve/main/model.safetensors"),
      container: .safetensors, layout: .bare,
      preprocessing: PreprocessingCard(mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5], interpolation: .bicubic), license: "Apache-2.0",
      paper: "Steiner et al. 2021, arXiv 2106.10270", verification: .fromCode)
  }

  static let augRegTiny = augReg("ti16", "ViT-Ti/16", file: "vit_tiny_patch16_224")
  static let augRegSmall = augReg("s16", "ViT-S/16", file: "vit_small_patch16_224")
  static let augRegBase = augReg("b16", "ViT-B/16", file: "vit_base_patch16_224")

  private static func dino(_ size: String, _ title: String, file: String, accuracy: Double) -> WeightsEntry {
    WeightsEntry(
      id: "dino-vit-\(size)", title: "DINO (\(title))", method: "DINO", trainedOn: ["ImageNet-1K"], architecture: "vit-\(size)",
      file: File("\(file)_pretrain.pth", address: "https://dl.fbaipublicfiles.com/dino/\(file)_pretrain/\(file)_pretrain.pth"),
      container: .torchArchive, layout: KeyLayout(paths: [[], ["teacher"]], prefixes: ["", "backbone.", "module.backbone."]),
      preprocessing: imageNetBicubic, linearAccuracy: accuracy, license: "Apache-2.0", paper: "Caron et al. 2021, arXiv 2104.14294",
      verification: .fromCode)
  }

  static let dinoSmall = dino("s16", "ViT-S/16", file: "dino_deitsmall16", accuracy: 77.0)
  static let dinoBase = dino("b16", "ViT-B/16", file: "dino_vitbase16", accuracy: 78.2)

  static let mae = WeightsEntry(
    id: "mae-vit-b16", title: "MAE (ViT-B/16)", method: "MAE", trainedOn: ["ImageNet-1K"], architecture: "vit-b16",
    file: File(
      "mae_pretrain_vit_base.pth", address: "https://dl.fbaipublicfiles.com/mae/pretrain/mae_pretrain_vit_base.pth",
      note: "Its authors state the first six digits of its MD5, 8cad7c, which are too few to hold a file to."),
    container: .torchArchive, layout: KeyLayout(["model"]), preprocessing: imageNetBicubic, linearAccuracy: 68.0, license: "CC-BY-NC-4.0",
    paper: "He et al. 2022, arXiv 2111.06377", verification: .fromCode,
    remark: "Its authors' fine-tuning takes the mean of the patch tokens and a new normalization in place of the class token.")

  /// Its ViT-S has 12 heads where others have 6, which no name and no shape tells, and is not offered.
  static let moCoV3Base = WeightsEntry(
    id: "moco-v3-vit-b16", title: "MoCo-v3 (ViT-B/16)", method: "MoCo-v3", trainedOn: ["ImageNet-1K"], architecture: "vit-b16",
    file: File("vit-b-300ep.pth.tar", address: "https://dl.fbaipublicfiles.com/moco-v3/vit-b-300ep/vit-b-300ep.pth.tar"),
    container: .torchArchive, layout: KeyLayout(["state_dict"], prefix: "module.base_encoder."), linearAccuracy: 76.7, license: "CC-BY-NC-4.0",
    paper: "Chen, Xie and He 2021, arXiv 2104.02057", verification: .fromCode,
    remark: "Its position embedding was fixed; here it is trained with the rest.")

  private static func dinoV2(_ size: String, _ title: String, file: String, accuracy: Double) -> WeightsEntry {
    WeightsEntry(
      id: "dinov2-vit-\(size)", title: "DINOv2 (\(title))", method: "DINOv2", trainedOn: ["LVD-142M"], architecture: "vit-\(size)",
      file: File("\(file)_pretrain.pth", address: "https://dl.fbaipublicfiles.com/dinov2/\(file)/\(file)_pretrain.pth"),
      container: .torchArchive, layout: .bare, preprocessing: imageNetBicubic, linearAccuracy: accuracy, license: "Apache-2.0",
      paper: "Oquab et al. 2023, arXiv 2304.07193", verification: .fromCode,
      remark: "For images of other sizes than 518 × 518 its authors interpolate the position embedding without antialiasing, and here it is with.")
  }

  static let dinoV2Small = dinoV2("s14", "ViT-S/14", file: "dinov2_vits14", accuracy: 81.1)
  static let dinoV2Base = dinoV2("b14", "ViT-B/14", file: "dinov2_vitb14", accuracy: 84.5)
}
