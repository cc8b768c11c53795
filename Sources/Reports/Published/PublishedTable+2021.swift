/// The numbers of the 2021 paper (Hosseinzadeh Taher et al., DART 2021, LNCS 12968, doi 10.1007/978-3-030-87722-4_1) that could be read.
extension PublishedTable {
  static let domainAdaptation2021 = PublishedTable(
    name: "published-2021-domain-adaptation", paper: .benchmark2021, place: "table 2", reading: .printed,
    text: """
                             | DXC14           | DXC5                  | TXC             | PXS                   | LXS
      Scratch                | 80.31±0.10      | 86.60±0.17            | 89.03±1.82      | 67.54±0.60            | 97.55±0.36
      ImageNet               | 81.70±0.15      | 87.10±0.36 equivalent | 95.62±0.63      | 67.93±1.45            | 98.19±0.13 equivalent
      ChestX-ray14           | –               | 87.40±0.26 best       | 96.32±0.65      | 68.92±0.98 equivalent | 98.18±0.06
      CheXpert               | 81.99±0.08      | –                     | 97.07±0.95      | 69.30±0.50 equivalent | 98.25±0.04 equivalent
      ImageNet->ChestX-ray14 | –               | 87.09±0.44 equivalent | 98.47±0.26 best | 69.52±0.38 best       | 98.27±0.03 equivalent
      ImageNet->CheXpert     | 82.25±0.18 best | –                     | 97.33±0.26      | 69.36±0.49 equivalent | 98.31±0.05 best
      """)

  /// The p-values are those printed above the bars, of iNat2021 with ImageNet.
  static let figure1of2021 = PublishedTable(
    name: "published-2021-figure-1", paper: .benchmark2021, place: "figure 1", reading: .digitized,
    text: """
               | PXS                 | VFS                 | LXS                 | DXC14               | DXC5                | TXC                 | ECC
      Scratch  | 67.54±0.60          | 78.27±0.40          | 97.55±0.36          | 80.31±0.10          | 86.62±0.46          | 89.02±1.83          | 90.36±1.32
      ImageNet | 67.93±1.45          | 79.20±0.34          | 98.19±0.13          | 81.70±0.15          | 87.11±0.36          | 95.62±0.63          | 94.73±0.11
      iNat2021 | 68.43±0.92 p=1.9e-1 | 79.33±0.18 p=1.5e-1 | 98.25±0.07 p=6.9e-2 | 81.67±0.19 p=5.8e-2 | 86.26±0.68 p=2.6e-2 | 94.91±0.68 p=6.3e-2 | 94.43±0.24 p=1.7e-3
      """)

  /// Marks compare with supervised ImageNet, whose line and band are the first row; no mark is significantly worse.
  static let figure2of2021 = PublishedTable(
    name: "published-2021-figure-2", paper: .benchmark2021, place: "figure 2", reading: .digitized,
    text: """
                     | PXS             | VFS           | LXS           | DXC14         | DXC5          | ECC             | TXC
      ImageNet       | 67.93±1.45      | 79.20±0.335   | 98.19±0.13    | 81.70±0.15    | 87.17±0.215   | 94.73±0.10      | 95.62±0.61
      InsDis         | 67.85±0.55 ns   | 79.03±0.34 ns | 98.25±0.03 ns | 81.09±0.17    | 87.21±0.36 ns | 91.15±1.12      | 94.81±0.80 ns
      MoCo-v1        | 67.86±0.96 ns   | 78.98±0.45 ns | 98.08±0.14    | 81.33±0.10    | 86.98±0.11 ns | 90.30±1.93      | 94.54±0.42
      PCL-v1         | 68.60±0.78 ns   | 78.99±0.21 ns | 98.25±0.05 ns | 81.79±0.22 ns | 86.90±0.25 ns | 94.32±0.20      | 95.15±0.53 ns
      PIRL           | 66.20±4.26 ns   | 79.24±0.42 ns | 98.02±0.11    | 80.59±0.13    | 86.79±0.35    | 89.15±2.62      | 93.32±2.72 ns
      PCL-v2         | 68.62±0.93 ns   | 79.06±0.19 ns | 98.26±0.06 ns | 81.68±0.21 ns | 87.27±0.19 ns | 93.78±0.32      | 95.45±0.62 ns
      SimCLR-v1      | 70.51±0.69 **** | 79.00±0.18 ns | 98.18±0.10 ns | 81.22±0.07    | 87.66±0.14 ** | 95.44±0.10 **** | 94.44±0.76
      MoCo-v2        | 67.00±1.28 ns   | 79.23±0.19 ns | 97.79±0.51 ns | 80.45±0.54    | 86.94±0.20 ns | 89.19±2.92      | 95.53±0.90 ns
      SimCLR-v2      | 68.24±1.39 ns   | 78.72±0.37    | 98.16±0.20 ns | 81.23±0.09    | 86.86±0.37 ns | 93.65±0.28      | 95.28±0.93 ns
      SeLa-v2        | 70.51±0.17 **** | 79.65±0.19 ns | 98.28±0.04 ns | 81.54±0.23 ns | 87.24±0.29 ns | 95.67±0.05 **** | 96.23±0.81 ns
      InfoMin        | 67.33±2.29 ns   | 79.63±0.30 ns | 97.94±0.16    | 80.65±0.35    | 86.67±0.10    | 90.33±1.85      | 95.01±1.40 ns
      BYOL           | 70.04±0.63 **** | 79.39±0.22 ns | 98.20±0.09 ns | 81.58±0.11 ns | 87.09±0.40 ns | 95.62±0.07 **** | 94.67±0.78
      DeepCluster-v2 | 70.62±0.55 **** | 79.66±0.21 ns | 98.24±0.05 ns | 81.57±0.38 ns | 87.01±0.19 ns | 95.67±0.06 **** | 96.09±0.68 ns
      SwAV           | 70.45±0.76 **** | 79.65±0.14 ns | 98.28±0.05 ns | 81.93±0.18 *  | 87.06±0.50 ns | 95.62±0.10 **** | 95.72±0.50 ns
      Barlow Twins   | 70.43±0.15 **** | 79.48±0.16 ns | 98.23±0.05 ns | 81.77±0.25 ns | 87.25±0.27 ns | 95.66±0.06 **** | 94.50±0.88
      """)
}
