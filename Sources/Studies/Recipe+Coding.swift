// The recipe's choices with settings are spelled in JSON as in a study file: one word, or the word with its settings.
// Cells' identities are digests of this spelling.

extension Normalization {
  private enum Key: String, CodingKey { case mean, standardDeviation }

  public init(from decoder: any Decoder) throws {
    if let word = try? decoder.singleValueContainer().decode(String.self) {
      switch word {
      case "imagenet": self = .imagenet
      case "none": self = .none
      default: throw unknown(word, what: "normalization", decoder)
      }
    } else {
      let container = try decoder.container(keyedBy: Key.self)
      self = .custom(
        mean: try container.decode([Double].self, forKey: .mean),
        standardDeviation: try container.decode([Double].self, forKey: .standardDeviation))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .imagenet: try encode("imagenet", to: encoder)
    case .none: try encode("none", to: encoder)
    case .custom(let mean, let standardDeviation):
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(mean, forKey: .mean)
      try container.encode(standardDeviation, forKey: .standardDeviation)
    }
  }

  private func encode(_ word: String, to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(word)
  }
}

extension OptimizerSpecification {
  private enum Key: String, CodingKey { case adam }

  public init(from decoder: any Decoder) throws {
    self = .adam(try decoder.container(keyedBy: Key.self).decode(AdamSettings.self, forKey: .adam))
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .adam(let settings):
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(settings, forKey: .adam)
    }
  }
}

extension LearningRateSchedule {
  private enum Key: String, CodingKey { case reduceOnPlateau }

  public init(from decoder: any Decoder) throws {
    if let word = try? decoder.singleValueContainer().decode(String.self) {
      switch word {
      case "cosine": self = .cosine
      case "constant": self = .constant
      default: throw unknown(word, what: "schedule", decoder)
      }
    } else {
      self = .reduceOnPlateau(
        try decoder.container(keyedBy: Key.self).decode(PlateauSettings.self, forKey: .reduceOnPlateau))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .reduceOnPlateau(let settings):
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(settings, forKey: .reduceOnPlateau)
    case .cosine: try encode("cosine", to: encoder)
    case .constant: try encode("constant", to: encoder)
    }
  }

  private func encode(_ word: String, to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(word)
  }
}

private func unknown(_ word: String, what: String, _ decoder: any Decoder) -> DecodingError {
  .dataCorrupted(DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "There is no \(what) “\(word)”."))
}
