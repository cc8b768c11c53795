/// Reads the `data` group of a task.
struct DataSourceReader {
  let paths: PathResolver
  /// What is changed: keys that are not given keep its values. Nil reads a whole source.
  var base: DataSource?

  func dataSource(_ reader: NodeReader) -> DataSource? {
    let kinds = DataSource.keys
    let others = [Self.picturesKey, Self.patientsKey, Self.acceptKey]
    guard let group = reader.group(known: kinds + others) else { return nil }
    let given = kinds.filter { group[$0] != nil }
    // A built-in task's own source, with its pictures read in another way, a table of its patients, or findings taken as read.
    if given.isEmpty, group.entries.allSatisfy({ others.contains($0.key) }), !group.entries.isEmpty, let base { return base }
    guard given.count == 1, let source = group[given[0]] else {
      if given.isEmpty, group.entries.contains(where: { !kinds.contains($0.key) && !others.contains($0.key) }) {
        // The unknown key has been noted with the nearest known one.
        reader.diagnostics.suppressRules(below: reader.path)
      } else {
        let problem = given.isEmpty ? "\(reader.path) names no source." : "\(reader.path) names \(given.count) sources."
        reader.diagnostics.add(
          reader.path, reader.node.location, problem: problem,
          remedy: "Give it exactly one of: \(kinds.joined(separator: ", ")).")
      }
      return nil
    }
    return DataSource.catalog.first { $0.key == given[0] }?.read(source, by: self).map(DataSource.init)
  }

  static let acceptKey = "accept"

  func path(_ reader: NodeReader) -> String? { reader.string().map(paths.absolute) }

  func paths(of reader: NodeReader) -> [String]? { reader.strings()?.map(paths.absolute) }

  func splitLists(_ reader: NodeReader) -> SplitLists? {
    guard let group = reader.group(known: ["training", "validation", "test", "validationPatients"]),
      let training = group.required("training").flatMap(path)
    else { return nil }
    var lists = SplitLists.Lists("lists of the study", training: training)
    group.read("validation", into: &lists.validation, path)
    group.read("test", into: &lists.test, path)
    group.read("validationPatients", into: &lists.validationPatients, path)
    return SplitLists([lists])
  }

  func split(_ reader: NodeReader, over base: SplitRule) -> SplitRule? {
    guard let group = reader.group(known: ["validation", "test", "seed", "file", "keepTogether", "folds"]) else { return nil }
    var rule = base
    group.read("validation", into: &rule.validation) { $0.number() }
    group.read("test", into: &rule.test) { $0.number() }
    group.read("seed", into: &rule.seed) { $0.integer() }
    group.read("file", into: &rule.file) { $0.string().map(paths.absolute) }
    group.read("folds", into: &rule.folds) { $0.integer() }
    if rule.folds != nil, let test = group["test"] {
      test.diagnostics.add(
        test.path, test.node.location, problem: "\(reader.path) names both folds and a test fraction, and in folds every image is tested once.",
        remedy: "Keep one of them.")
    }
    group.read("keepTogether", into: &rule.keepTogether) { $0.choice(SplitRule.KeptTogether.self) }
    return rule
  }
}
