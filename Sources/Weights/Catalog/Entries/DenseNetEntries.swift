internal import Containers

// Densely connected networks for images of three channels: torchvision's, and two that were trained on chest X-rays. TorchXRayVision's are a file
// of their own.
extension WeightsEntry {
  /// Torchvision's file has the names of before PyTorch 0.4, which its loader mends; timm's copy of it has today's.
  static let imageNetDenseNet121 = WeightsEntry(
    id: "imagenet-densenet121", title: "ImageNet (DenseNet-121)", method: "supervised", trainedOn: ["ImageNet-1K"], architecture: "densenet121",
    file: File(
      "densenet121-a639ec97.pth", address: "https://download.pytorch.org/models/densenet121-a639ec97.pth", checksum: "sha256:a639ec97"),
    container: .torchLegacyStream, layout: KeyLayout([], naming: .denseNetDotted), license: "BSD-3-Clause",
    paper: "Huang et al. 2017, arXiv 1608.06993", verification: .fromCode)

  static let imageNetDenseNet121Timm = WeightsEntry(
    id: "imagenet-densenet121-timm", title: "ImageNet (DenseNet-121, timm's copy)", method: "supervised", trainedOn: ["ImageNet-1K"],
    architecture: "densenet121",
    file: File("model.safetensors", address: "https://huggingface.co/timm/densenet121.tv_in1k/resolve/main/model.safetensors"),
    container: .safetensors, layout: .bare, license: "Apache-2.0", paper: "Huang et al. 2017, arXiv 1608.06993", verification: .fromCode,
    remark: "The same weights as imagenet-densenet121, under today's names.")

  /// A reimplementation of CheXNet by students of Peking University, with the lists of its training, validation and test images.
  static let cheXNet = WeightsEntry(
    id: "chexnet-densenet121", title: "CheXNet (DenseNet-121)", method: "supervised", trainedOn: ["ImageNet-1K", "ChestX-ray14"],
    architecture: "densenet121", file: File("model.pth.tar", address: "https://github.com/arnoweng/CheXNet/raw/master/model.pth.tar"),
    container: .torchLegacyStream, layout: KeyLayout(["state_dict"], prefix: "module.densenet121.", naming: .denseNetDotted),
    license: "none stated", paper: "Rajpurkar et al. 2017, arXiv 1711.05225 (reimplemented)", verification: .fromCode,
    trainingImages: TrainingImages(
      list: "train_list.txt", address: "https://github.com/arnoweng/CheXNet/tree/master/ChestX-ray14/labels",
      note: "The list of training images in the repository of the weights."))

  /// The winner of the CheXpert competition, as TorchXRayVision publishes it again.
  static let cheXpertWinner = WeightsEntry(
    id: "jfhealthcare-densenet121", title: "CheXpert, JF Healthcare (DenseNet-121)", method: "supervised", trainedOn: ["ImageNet-1K", "CheXpert"],
    architecture: "densenet121",
    file: File(
      "baseline_models_jfhealthcare-DenseNet121_pre_train.pth",
      address: "https://github.com/mlmed/torchxrayvision/releases/download/v1/baseline_models_jfhealthcare-DenseNet121_pre_train.pth"),
    container: .torchLegacyStream, layout: KeyLayout([], prefix: "backbone."),
    preprocessing: PreprocessingCard(mean: [128.0 / 255, 128.0 / 255, 128.0 / 255], standardDeviation: [64.0 / 255, 64.0 / 255, 64.0 / 255]),
    license: "Apache-2.0", paper: "Ye et al. 2020, arXiv 2005.14480", verification: .fromCode,
    remark: "Its authors also equalized the histogram, blurred over 3 × 3 pixels and padded to 512 × 512; none of that is done here.")
}
