/// Text files that say which image is in which part: one image a line, its name up to the first space, tab or comma.
///
/// Several sets of lists may be named; the first whose files are all there is used. A part that its set does not list is carved
/// out, as where there are no lists.
public struct SplitLists: Codable, Hashable, Sendable {
  public struct Lists: Codable, Hashable, Sendable {
    /// What the set is called where it is spoken of.
    public var name: String
    public var training: String
    public var validation: String?
    public var test: String?
    /// A list of patients whose training images are for validation instead.
    public var validationPatients: String?

    public init(
      _ name: String, training: String, validation: String? = nil, test: String? = nil, validationPatients: String? = nil
    ) {
      self.name = name
      self.training = training
      self.validation = validation
      self.test = test
      self.validationPatients = validationPatients
    }

    /// Every file of the set.
    public var files: [String] { [training] + [validation, test, validationPatients].compactMap { $0 } }
  }

  public var candidates: [Lists]
  /// Whether it is an error that no set is there.
  public var isRequired: Bool

  public init(_ candidates: [Lists], isRequired: Bool = true) {
    self.candidates = candidates
    self.isRequired = isRequired
  }
}

extension SplitLists {
  func mappingPaths(_ place: (String) -> String) -> SplitLists {
    SplitLists(
      candidates.map {
        Lists(
          $0.name, training: place($0.training), validation: $0.validation.map(place), test: $0.test.map(place),
          validationPatients: $0.validationPatients.map(place))
      }, isRequired: isRequired)
  }
}
