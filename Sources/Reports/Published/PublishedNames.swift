internal import Foundations

/// Which published task and initialization a name of a study means.
///
/// A name is matched by what is known of it (the catalog entry of its weights, the built-in task, random values), else by itself,
/// capitals and punctuation aside; an explicit match comes before both.
public struct PublishedNames: Sendable {
  /// `ours=theirs`, of a task or an initialization.
  public struct Match: Hashable, Sendable {
    public let ours: String
    public let theirs: String

    public init(_ ours: String, _ theirs: String) { (self.ours, self.theirs) = (ours, theirs) }

    /// - Throws: `ReportsError` for a text without one equals sign between two names.
    public init(parsing text: String) throws {
      let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
        throw ReportsError.unfitSetting("The match “\(text)” is not of the form ours=theirs.", remedy: "Write such as --match chests=DXC14.")
      }
      self.init(parts[0], parts[1])
    }
  }

  public var matches: [Match]
  /// By the study's name, what it is known to be: a catalog entry's id, `random`, a built-in task's code.
  public var meanings: [String: String]
  /// The study's networks; a remark is made where one is not the papers'.
  public var architectures: [String]

  public init(matches: [Match] = [], meanings: [String: String] = [:], architectures: [String] = []) {
    (self.matches, self.meanings, self.architectures) = (matches, meanings, architectures)
  }

  func task(_ name: String, in set: PublishedSet) -> String? { find(name, among: set.tasks) }

  func initialization(_ name: String, in set: PublishedSet) -> String? { find(name, among: set.initializations) }

  private func find(_ name: String, among published: [String]) -> String? {
    for match in matches where match.ours == name {
      if let found = published.first(where: { Self.key($0) == Self.key(match.theirs) }) { return found }
    }
    let wanted = Self.key(meanings[name] ?? name)
    return published.first { Self.key($0) == wanted || Self.aliases[Self.key($0)]?.contains(wanted) == true }
  }

  /// Letters and digits only, in lower case: `ImageNet->ChestX-ray14` and `imagenet-chestxray14` are one.
  static func key(_ name: String) -> String { String(name.lowercased().filter { $0.isLetter || $0.isNumber }) }

  /// Other names of the same thing, by the published one's key.
  static let aliases: [String: Set<String>] = [
    "scratch": ["random"],
    "imagenet": ["imagenet1k", "supervisedimagenet"],
    "imagenetmimic": ["imagenetmimiccxr"],
    "dxc14": ["chestxray14"], "dxc5": ["chexpert"], "txc": ["shenzhen"], "pxs": ["siimacr"], "lxs": ["montgomery"], "vfs": ["drive"],
  ]

  /// Every match names something of the study on its left and of the set on its right.
  func check(_ table: ResultTable, _ set: PublishedSet) throws {
    let ours = distinct(table.tasks.map(\.name)) + table.initializations
    let theirs = set.tasks + set.initializations
    for match in matches {
      guard ours.contains(match.ours) else {
        throw ReportsError.unknownName(match.ours, what: "task or initialization here", valid: ours)
      }
      guard theirs.contains(where: { Self.key($0) == Self.key(match.theirs) }) else {
        throw ReportsError.unknownName(match.theirs, what: "task or initialization in \(set.name)", valid: theirs)
      }
    }
  }

  /// What a reader must know of the pairs.
  func remarks(on table: ResultTable, pairs: [PublishedComparison.Pair]) -> [String] {
    var lines: [String] = []
    let dice = pairs.filter { PublishedMetric(task: $0.published.task) == .dice }
    if Set(dice.compactMap(\.metric)).count > 1 {
      lines.append("Whether the published Dice is pooled over all pixels or a mean over images is in nothing that could be read: both are compared.")
    }
    let theirs = distinct(pairs.map(\.published.architecture))
    let others = architectures.filter { own in !theirs.contains { Self.key($0) == Self.key(own) } }
    if !pairs.isEmpty && !others.isEmpty {
      lines.append("The networks differ: \(listed(distinct(others))) here, \(listed(theirs)) in the paper.")
    }
    return lines
  }
}
