/// All built-in tasks, one line each.
public enum BuiltInTaskCatalog {
  public static let all: [BuiltInTask] =
    [
      .chestXray14,
      .cheXpert,
      .shenzhen,
      .vinDrCXR,
      .vinDrCXRLists,
      .mimicCXR,
      .padChest,
      .tbx11k,
      .covidRadiography,
      .covidx,
      .covidxCXR4,
      .pulmonaryEmbolism,
      .siimACR,
      .montgomery,
      .drive,
      .scrOrgans,
      .scrHeart,
      .scrClavicles,
      .scrLungs,
      .breastUltrasound,
    ] + BuiltInTask.medMNIST

  public static var names: [String] { all.map(\.name) }

  /// The task of that name, in any case.
  public static func named(_ name: String) throws -> BuiltInTask {
    if let task = all.first(where: { $0.name.lowercased() == name.lowercased() }) { return task }
    throw StudiesError.unknownBuiltInTask(name, valid: names)
  }
}
