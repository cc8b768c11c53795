internal import Containers

// MoCo and what was built on its code: a query encoder beside a momentum encoder and a queue, under one wrapper. The query encoder
// is the one to use.
extension WeightsEntry {
  private static let queryEncoder = KeyLayout(["state_dict"], prefix: "module.encoder_q.")
  private static let nonCommercial = "CC-BY-NC-4.0"

  static let moCoV1 = WeightsEntry(
    id: "moco-v1", title: "MoCo-v1", method: "MoCo-v1", trainedOn: ["ImageNet-1K"],
    file: File(
      "moco_v1_200ep_pretrain.pth.tar",
      address: "https://dl.fbaipublicfiles.com/moco/moco_checkpoints/moco_v1_200ep/moco_v1_200ep_pretrain.pth.tar",
      checksum: "md5:b251726a"),
    container: .torchLegacyStream, layout: queryEncoder, linearAccuracy: 60.6, license: nonCommercial,
    paper: "He et al. 2020, arXiv 1911.05722", verification: .fromCode)

  static let moCoV2 = WeightsEntry(
    id: "moco-v2", title: "MoCo-v2", method: "MoCo-v2", trainedOn: ["ImageNet-1K"],
    file: File(
      "moco_v2_800ep_pretrain.pth.tar",
      address: "https://dl.fbaipublicfiles.com/moco/moco_checkpoints/moco_v2_800ep/moco_v2_800ep_pretrain.pth.tar",
      checksum: "md5:a04e12f8"),
    container: .torchLegacyStream, layout: queryEncoder, linearAccuracy: 71.1, license: nonCommercial,
    paper: "Chen et al. 2020, arXiv 2003.04297", verification: .fromCode)

  static let moCoV3 = WeightsEntry(
    id: "moco-v3", title: "MoCo-v3", method: "MoCo-v3", trainedOn: ["ImageNet-1K"],
    file: File("r-50-1000ep.pth.tar", address: "https://dl.fbaipublicfiles.com/moco-v3/r-50-1000ep/r-50-1000ep.pth.tar"),
    container: .torchArchive, layout: KeyLayout(["state_dict"], prefix: "module.base_encoder."), linearAccuracy: 74.6,
    license: nonCommercial, paper: "Chen et al. 2021, arXiv 2104.02057", verification: .fromCode)

  static let pclV1 = WeightsEntry(
    id: "pcl-v1", title: "PCL-v1", method: "PCL-v1", trainedOn: ["ImageNet-1K"],
    file: File(
      "PCL_v1_epoch200.pth.tar",
      address: "https://storage.googleapis.com/sfr-pcl-data-research/PCL_checkpoint/PCL_v1_epoch200.pth.tar"),
    container: .torchLegacyStream, layout: queryEncoder, linearAccuracy: 61.5, license: "MIT",
    paper: "Li et al. 2021, arXiv 2005.04966", verification: .fromCode)

  static let pclV2 = WeightsEntry(
    id: "pcl-v2", title: "PCL-v2", method: "PCL-v2", trainedOn: ["ImageNet-1K"],
    file: File(
      "PCL_v2_epoch200.pth.tar",
      address: "https://storage.googleapis.com/sfr-pcl-data-research/PCL_checkpoint/PCL_v2_epoch200.pth.tar"),
    container: .torchLegacyStream, layout: queryEncoder, linearAccuracy: 67.6, license: "MIT",
    paper: "Li et al. 2021, arXiv 2005.04966", verification: .fromCode)

  static let clsa = WeightsEntry(
    id: "clsa", title: "CLSA", method: "CLSA", trainedOn: ["ImageNet-1K"],
    file: File(
      "CLSA multi-crop, 200 epochs (.pth.tar)", address: "https://github.com/maple-research-lab/CLSA", isDirect: false,
      note: "The page links to a shared folder; its authors advise this file for transfer."),
    container: .torchArchive, layout: queryEncoder, linearAccuracy: 73.3, license: "MIT, for academic use",
    paper: "Wang and Qi 2021, arXiv 2104.07713", verification: .unverified)

  static let denseCL = WeightsEntry(
    id: "densecl", title: "DenseCL", method: "DenseCL", trainedOn: ["ImageNet-1K"],
    file: File(
      "densecl_r50_imagenet_200ep.pth", address: "https://github.com/WXinlong/DenseCL", isDirect: false,
      note: "The page links to the file; its first host has closed."),
    container: .torchLegacyStream, layout: KeyLayout(["state_dict"]), license: "Apache-2.0",
    paper: "Wang et al. 2021, arXiv 2011.09157", verification: .fromCode)

  static let detCo = WeightsEntry(
    id: "detco", title: "DetCo", method: "DetCo", trainedOn: ["ImageNet-1K"],
    file: File(
      "detco_200ep.pth", address: "https://github.com/xieenze/DetCo", isDirect: false, note: "The page links to a shared folder."),
    container: .torchLegacyStream, layout: KeyLayout(paths: [["state_dict"], []], prefixes: [""]),
    license: "BSD-2-Clause, for academic use", paper: "Xie et al. 2021, arXiv 2102.04803", verification: .unverified)
}
