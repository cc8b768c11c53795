/// Every self-supervised method, one line each.
public enum MethodCatalog {
  public static let all: [PretrainingMethod] = [
    .insDis,
    .mocoV1,
    .mocoV2,
    .simCLRv1,
    .simCLRv2,
    .byol,
    .pirl,
    .deepClusterV2,
    .selaV2,
    .pclV1,
    .pclV2,
    .swav,
    .infoMin,
    .barlowTwins,
    .dino,
    .simSiam,
    .vicReg,
  ]

  public static let names: [String] = all.map(\.id)

  /// The method of that id.
  ///
  /// - Throws: `PretrainingError` that names the nearest id, or all of them.
  public static func named(_ id: String) throws -> PretrainingMethod {
    guard let found = all.first(where: { $0.id == id }) else { throw PretrainingError.unknownMethod(id, known: names) }
    return found
  }
}
