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
  private enum Key: String, CodingKey { case adam, adamW, sgd }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    if container.contains(.adamW) {
      self = .adamW(try container.decode(AdamSettings.self, forKey: .adamW))
    } else if container.contains(.sgd) {
      self = .sgd(try container.decode(MomentumSettings.self, forKey: .sgd))
    } else {
      self = .adam(try container.decode(AdamSettings.self, forKey: .adam))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .adam(let settings): try container.encode(settings, forKey: .adam)
    case .adamW(let settings): try container.encode(settings, forKey: .adamW)
    case .sgd(let settings): try container.encode(settings, forKey: .sgd)
    }
  }
}

extension LearningRateSchedule {
  private enum Key: String, CodingKey { case reduceOnPlateau, step, warmUp }

  public init(from decoder: any Decoder) throws {
    if let word = try? decoder.singleValueContainer().decode(String.self) {
      switch word {
      case "cosine": self = .cosine
      case "cosineBySteps": self = .cosineBySteps
      case "constant": self = .constant
      default: throw unknown(word, what: "schedule", decoder)
      }
    } else {
      let container = try decoder.container(keyedBy: Key.self)
      if container.contains(.step) {
        self = .step(try container.decode(StepSettings.self, forKey: .step))
      } else if container.contains(.warmUp) {
        self = .warmUp(try container.decode(WarmUpSettings.self, forKey: .warmUp))
      } else {
        self = .reduceOnPlateau(try container.decode(PlateauSettings.self, forKey: .reduceOnPlateau))
      }
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .cosine: try encode("cosine", to: encoder)
    case .cosineBySteps: try encode("cosineBySteps", to: encoder)
    case .constant: try encode("constant", to: encoder)
    case .reduceOnPlateau(let settings): try encode(settings, forKey: .reduceOnPlateau, to: encoder)
    case .step(let settings): try encode(settings, forKey: .step, to: encoder)
    case .warmUp(let settings): try encode(settings, forKey: .warmUp, to: encoder)
    }
  }

  private func encode(_ word: String, to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(word)
  }

  private func encode(_ settings: some Encodable, forKey key: Key, to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(settings, forKey: key)
  }
}

extension WarmUpSettings: Codable {
  private enum Key: String, CodingKey { case epochs, steps, then }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    length =
      container.contains(.epochs)
      ? .epochs(try container.decode(Int.self, forKey: .epochs)) : .steps(try container.decode(Int.self, forKey: .steps))
    then = try container.decode(LearningRateSchedule.self, forKey: .then)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch length {
    case .epochs(let count): try container.encode(count, forKey: .epochs)
    case .steps(let count): try container.encode(count, forKey: .steps)
    }
    try container.encode(then, forKey: .then)
  }
}

extension ClassWeights: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let word = try? container.decode(String.self) {
      guard word == "balanced" else { throw unknown(word, what: "classWeights", decoder) }
      self = .balanced
    } else {
      self = .perClass(try container.decode([String: Double].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .balanced: try container.encode("balanced")
    case .perClass(let weights): try container.encode(weights)
    }
  }
}

private func unknown(_ word: String, what: String, _ decoder: any Decoder) -> DecodingError {
  .dataCorrupted(DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "There is no \(what) “\(word)”."))
}
