/// The numbers of the 2025 paper (Hosseinzadeh Taher et al., Medical Image Analysis 102, 103487) that could be read from its poster.
extension PublishedTable {
  /// Each from supervised ImageNet-1K.
  static let architectures2025 = PublishedTable(
    name: "published-2025-architectures", paper: .followUp2025, place: "parallel coordinates of architectures", reading: .digitized,
    text: """
                 | DXC14 | DXC5  | TXC   | USBreast  | CXS   | HXS   | LXS   | PXS
      ConvNeXt-B | 81.54 | 87.64 | 96.23 | 83.45     | 90.70 | 95.22 | 98.20 | 71.45
      ConvNeXt-S | 81.41 | 87.28 | 96.58 | 83.48     | 90.21 | 95.12 | 98.21 | 71.51
      ConvNeXt-T | 81.26 | 87.12 | 96.76 | 83.21     | 90.03 | 95.13 | 98.16 | 71.37
      Swin-B     | 81.50 | 87.80 | 95.08 | 81.07     | 86.95 | 94.46 | 97.83 | 70.22
      Swin-S     | 80.80 | 86.59 | 94.62 | 79.24     | 86.75 | 94.39 | 97.71 | 70.32
      Swin-T     | 80.75 | 86.90 | 94.54 | 80.91     | 86.37 | 94.23 | 97.74 | 70.36
      DeiT-B     | 80.49 | 86.55 | 95.08 | 77.60     | 84.46 | 93.73 | 97.13 | 69.79
      DeiT-S     | 80.21 | 86.82 | 93.13 | 75.38     | 83.00 | 93.58 | 97.16 | 69.61
      DeiT-T     | 78.60 | 86.63 | 91.75 | 75.78     | 82.54 | 93.59 | 97.31 | 68.45
      ResNet-152 | 81.87 | 86.85 | 95.63 | 73.60     | 85.62 | 93.39 | 98.19 | 68.00
      ResNet-101 | 81.78 | 86.92 | 95.00 | 74.74     | 87.00 | 93.91 | 98.16 | 67.81
      ResNet-50  | 81.70 | 87.10 | 95.62 | 73.86     | 86.92 | 93.58 | 98.19 | 67.93
      """)

  /// The p-values compare ImageNet-22K with ImageNet-1K.
  static let granularity2025 = PublishedTable(
    name: "published-2025-granularity", paper: .followUp2025, place: "bars of pre-training data", reading: .digitized,
    text: """
                   | HXS                 | VFS                 | PXS                 | ECC                 | CXS
      ImageNet-1K  | 93.57±1.02          | 79.20±0.34          | 67.95±1.45          | 94.73±0.13          | 86.90±2.05
      iNat2021     | 93.96±0.96          | 79.33±0.18          | 68.45±0.91          | 94.44±0.23          | 87.40±2.70
      ImageNet-22K | 94.83±0.50 p=4.1e-2 | 79.48±0.19 p=1.3e-2 | 69.62±0.92 p=2.1e-2 | 95.70±0.11 p=1.7e-3 | 88.43±0.44 p=3.6e-2
      COCO         | 93.96±0.64          | 79.32±0.11          | 68.64±0.95          | 93.18±0.54          | 87.00±1.00
      Places365    | 93.84±0.94          | 79.27±0.35          | 68.54±0.75          | 93.85±0.17          | 87.00±1.30
      """)

  /// The first row is the line of supervised ImageNet.
  static let selfSupervised2025 = PublishedTable(
    name: "published-2025-self-supervised", paper: .followUp2025, place: "dots of self-supervised methods", reading: .digitized,
    text: """
                     | HXS   | PXS   | VFS   | CXS   | ECC
      ImageNet       | 93.58 | 67.93 | 79.20 | 86.92 | 94.72
      InsDis         | 93.57 | 67.83 | 79.03 | 85.64 | 91.13
      PIRL           | 93.59 | 66.20 | 79.25 | 83.47 | 89.14
      MoCo-v1        | 93.49 | 67.87 | 78.98 | 86.92 | 90.24
      MoCo-v2        | 93.13 | 67.00 | 79.23 | 87.31 | 89.21
      SimCLR-v1      | 94.90 | 70.50 | 79.00 | 91.53 | 95.42
      SimCLR-v2      | 93.63 | 68.17 | 78.72 | 87.17 | 93.64
      InfoMin        | 93.50 | 67.33 | 79.63 | 86.86 | 90.32
      CLSA           | 94.21 | 67.54 | 79.26 | 88.83 | 94.16
      DeepCluster-v2 | 94.86 | 70.57 | 79.66 | 91.64 | 95.64
      SeLa-v2        | 95.06 | 70.50 | 79.65 | 91.33 | 95.64
      PCL-v1         | 93.63 | 68.57 | 78.99 | 88.36 | 94.20
      PCL-v2         | 93.22 | 68.61 | 79.06 | 86.92 | 93.79
      SwAV           | 95.17 | 70.43 | 79.65 | 90.86 | 95.64
      PixPro         | 93.96 | 69.13 | 79.34 | 87.08 | 93.05
      DenseCL        | 94.04 | 67.13 | 79.34 | 84.75 | 88.47
      DetCo          | 93.39 | 67.61 | 79.46 | 86.94 | 92.17
      Barlow Twins   | 94.70 | 70.43 | 79.48 | 91.31 | 95.64
      VICRegL        | 94.87 | 71.06 | 79.55 | 89.64 | 95.42
      BYOL           | 94.94 | 70.02 | 79.39 | 91.03 | 95.64
      DINO           | 94.83 | 69.98 | 79.72 | 91.19 | 95.57
      SimSiam        | 92.98 | 67.56 | 79.20 | 83.14 | 85.70
      OBoW           | 93.69 | 68.83 | 79.65 | 87.14 | 90.84
      """)

  /// The p-values compare with ImageNet. Where pre-training data and target are one, nothing is given.
  static let domainAdaptation2025 = PublishedTable(
    name: "published-2025-domain-adaptation", paper: .followUp2025, place: "bars of domain adaptation, ResNet-50", reading: .digitized,
    text: """
                     | DXC14               | DXC5                | TXC                 | PXS                 | CXS                 | HXS
      ImageNet       | 81.70±0.15          | 87.11±0.31          | 95.62±0.63          | 67.65±1.50          | 86.93±2.05          | 93.62±1.03
      ->ChestX-ray14 | –                   | 87.53±0.45 p=1.7e-2 | 98.01±0.77 p=4.1e-9 | 69.24±0.54 p=7.5e-3 | 87.39±1.02 p=2.4e-1 | 93.62±1.00 p=4.1e-1
      ->CheXpert     | 82.17±0.23 p=1e-5   | –                   | 97.27±0.56 p=2.5e-6 | 69.35±0.48 p=6.5e-3 | 87.62±1.07 p=3.7e-1 | 93.84±0.40 p=2.5e-1
      ->MIMIC        | 82.18±0.16 p=1.1e-7 | 87.92±0.10 p=5.3e-7 | 97.72±0.60 p=2.1e-7 | 69.50±0.58 p=4.0e-3 | 88.35±1.15 p=3.1e-2 | 94.47±0.57 p=1.5e-2
      """)

  /// The first mark compares with the same network from ImageNet, the second with Swin-B from ImageNet->MIMIC.
  static let transformers2025 = PublishedTable(
    name: "published-2025-transformers", paper: .followUp2025, place: "bars of domain adaptation, Swin-B and ConvNeXt-B",
    reading: .digitized,
    text: """
                                 | DXC14                | DXC5             | TXC               | PXS                 | CXS               | HXS
      Swin-B ImageNet            | 81.49±0.29           | 87.81±0.43       | 95.08±2.45        | 70.22±0.56          | 86.93±1.10        | 94.46±0.26
      Swin-B ImageNet->MIMIC     | 82.56±0.12 ****      | 87.85±0.11 ns    | 97.08±0.89 *      | 70.90±0.27 **       | 87.72±0.25 *      | 94.66±0.27 *
      ConvNeXt-B ImageNet        | 81.54±0.16           | 87.62±0.53       | 96.21±1.67        | 71.46±0.31          | 90.69±0.75        | 95.21±0.09
      ConvNeXt-B ImageNet->MIMIC | 82.20±0.16 **** **** | 88.06±0.73 ns ns | 98.30±0.42 ** *** | 72.03±0.31 *** **** | 91.18±0.35 * **** | 95.29±0.06 * ****
      """)
}
