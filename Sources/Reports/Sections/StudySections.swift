/// The sections that have something to say, in the order of the catalog.
public struct StudySections: Hashable, Sendable {
  /// Every section that there is; a new one is one line here.
  static let catalog: [any StudySection.Type] = [
    DataAndTraining.self,
    CrossValidation.self,
    PretrainingSection.self,
    DataCheckSection.self,
    ClaimsSection.self,
    FurtherComparisons.self,
    ConfusionTables.self,
    CalibrationSection.self,
    DecisionCurvesSection.self,
    SubgroupsSection.self,
    ExternalMatrix.self,
    LabelPrices.self,
    ObserverSection.self,
    DistanceUnits.self,
    NumberAgreementSection.self,
  ]

  let all: [any StudySection]

  /// What the groups contribute, by section.
  struct Parts: Sendable {
    fileprivate let parts: [String: any Sendable]

    init(_ group: GroupContents) {
      func part<Section: StudySection>(_ section: Section.Type) -> (any Sendable)? { section.part(of: group) }
      var parts: [String: any Sendable] = [:]
      for section in StudySections.catalog { parts[section.id] = part(section) }
      self.parts = parts
    }
  }

  init(_ parts: [CellGroup.Key: Parts], _ context: SectionContext) throws {
    func made<Section: StudySection>(_ section: Section.Type) throws -> (any StudySection)? {
      try section.make(parts.compactMapValues { $0.parts[section.id] as? Section.Part }, context)
    }
    all = try Self.catalog.compactMap { try made($0) }
  }

  /// What runs answered on other test sets; nil where none was asked.
  var external: ExternalMatrix? { all.compactMap { $0 as? ExternalMatrix }.first }

  private var hashable: [AnyHashable] {
    func erased<Section: StudySection>(_ section: Section) -> AnyHashable { AnyHashable(section) }
    return all.map { erased($0) }
  }

  public static func == (first: Self, second: Self) -> Bool { first.hashable == second.hashable }
  public func hash(into hasher: inout Hasher) { hasher.combine(hashable) }
}

extension StudySections: Codable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    func encode<Section: StudySection>(_ section: Section) throws {
      try container.encode(section, forKey: Key(stringValue: Section.id))
    }
    for section in all { try encode(section) }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    func decoded<Section: StudySection>(_ section: Section.Type) throws -> (any StudySection)? {
      try container.decodeIfPresent(section, forKey: Key(stringValue: section.id))
    }
    all = try Self.catalog.compactMap { try decoded($0) }
  }
}
