internal import Containers
internal import Vocabulary

// SimCLR's TensorFlow checkpoints. Images were left between 0 and 1, and max pooling was TensorFlow's SAME.
//
// The convolutions of v1 are on average 16.8 times as large as those of v2, so one learning rate of SGD cannot serve both.
extension WeightsEntry {
  static let simCLRV1 = WeightsEntry(
    id: "simclr-v1", title: "SimCLR-v1", method: "SimCLR-v1", trainedOn: ["ImageNet-1K"],
    file: File(
      "ResNet50_1x.zip", address: "https://storage.googleapis.com/simclr-gcs/checkpoints/ResNet50_1x.zip",
      note: "The bundle model.ckpt-225206 is read from inside the zip, or unpacked."),
    container: .tensorFlowBundle, layout: .tensorFlow, preprocessing: .unnormalizedBicubic, arithmeticAsTrained: .samePooling,
    linearAccuracy: 69.1, license: "Apache-2.0", paper: "Chen et al. 2020, arXiv 2002.05709", verification: .fromCode)

  static let simCLRV2 = WeightsEntry(
    id: "simclr-v2", title: "SimCLR-v2", method: "SimCLR-v2", trainedOn: ["ImageNet-1K"],
    file: File(
      "model.ckpt-250228.index",
      address: "https://storage.googleapis.com/simclr-checkpoints/simclrv2/pretrained/r50_1x_sk0/model.ckpt-250228.index",
      note: "Get model.ckpt-250228.data-00000-of-00001 from the same folder too, and keep it beside."),
    container: .tensorFlowBundle, layout: .tensorFlow, preprocessing: .unnormalizedBicubic, arithmeticAsTrained: .samePooling,
    linearAccuracy: 71.7, license: "Apache-2.0", paper: "Chen et al. 2020, arXiv 2006.10029", verification: .fromCode)
}
