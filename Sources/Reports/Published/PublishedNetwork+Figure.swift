public import Figures
internal import Foundations
internal import Statistics

extension PublishedNetwork {
  /// The network that results of such a name are of: `Swin-B`, `Swin-B ImageNet`, and `ImageNet` alone, as the papers call a ResNet-50.
  static func named(_ name: String) -> PublishedNetwork? {
    let network = name == "ImageNet" ? "ResNet-50" : name.hasSuffix(" ImageNet") ? String(name.dropLast(" ImageNet".count)) : name
    return networks2025.first { $0.name == network }
  }
}

extension Analysis {
  /// Parallel coordinates of architectures (2025), where every row of the table is one: parameters and accuracy on ImageNet, which are
  /// public facts on the models, then the tasks.
  public func architecturesFigure(_ labels: FigureLabels) -> Figure? {
    let networks = table.initializations.compactMap { name in PublishedNetwork.named(name).map { (name: name, network: $0) } }
    guard networks.count >= 2, networks.count == table.initializations.count, table.tasks.count >= 2 else { return nil }
    return ParallelCoordinates(
      labels: labels,
      measures: [.init("Parameters, millions", decimals: 0), .init("ImageNet top-1")]
        + table.tasks.map { .init($0.name, decimals: table.scale.decimals) },
      lines: networks.map { name, network in
        .init(
          network.name, family: network.family, sizeRank: network.sizeRank,
          values: [network.millionParameters, network.imageNetAccuracy]
            + table.tasks.map { $0.cell(of: name)?.summary.mean.known.map { $0 * table.scale.factor } })
      }
    ).figure()
  }
}
