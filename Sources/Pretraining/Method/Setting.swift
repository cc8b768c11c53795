/// A number of a method as it was published, and how it follows the size of a training.
public struct Setting: Sendable {
  public let key: SettingKey
  public let published: Double
  /// Where the number stands.
  public let source: String
  public let rule: ScalingRule

  init(_ key: SettingKey, _ published: Double, _ source: String, _ rule: ScalingRule = .kept) {
    (self.key, self.published, self.source, self.rule) = (key, published, source, rule)
  }
}

/// What a setting is of. The raw value is its name in studies, plans and records.
public enum SettingKey: String, Sendable, Hashable, CaseIterable, Codable {
  // The optimizer.
  case epochs, batchSize, learningRate, biasLearningRate, weightDecay, gradientMomentum, trustCoefficient
  case warmUpEpochs, warmUpStart, finalLearningRate, gradientClipping
  // Heads.
  case projectorWidth, projectorLayers, embeddingSize, predictorWidth, outputs, bottleneck, frozenEpochs
  // The objective.
  case temperature, teacherTemperature, teacherTemperatureStart, teacherTemperatureWarmUp, jigsawWeight, offDiagonalWeight
  case invarianceWeight, varianceWeight, covarianceWeight
  // Momentum encoders and memories.
  case momentum, queue, queueStart, negatives, bankMomentum, centerMomentum, normalizationGroups
  // Prototypes and clusters.
  case prototypes, prototypeSets, frozenSteps, epsilon, sinkhornIterations, sinkhornSharpness, clusters, secondClusters, thirdClusters
  case clusterIterations, clusterRedos, clusterStart, prototypeNegatives

  /// The values it can have.
  var range: ClosedRange<Double> {
    switch self {
    case .momentum, .bankMomentum, .centerMomentum, .gradientMomentum, .jigsawWeight: 0...1
    case .epochs, .batchSize, .queue, .negatives, .normalizationGroups, .prototypeSets, .sinkhornIterations, .clusterIterations, .clusterRedos,
      .projectorWidth, .projectorLayers, .embeddingSize, .predictorWidth, .bottleneck, .prototypeNegatives:
      1...1e9
    case .prototypes, .clusters, .secondClusters, .thirdClusters, .outputs: 2...1e9
    case .temperature, .teacherTemperature, .teacherTemperatureStart, .epsilon, .sinkhornSharpness: 1e-6...1e6
    default: 0...1e9
    }
  }
}

/// The values that a training uses, each beside the published one: what `plan` prints.
public struct MethodSettings: Sendable, Hashable {
  public struct Row: Sendable, Hashable {
    public let key: SettingKey
    public let published: Double
    public let source: String
    public let used: Double
    /// Why it is not the published value; nil where it is.
    public let reason: String?

    init(_ setting: Setting, used: Double, reason: String?) {
      (key, published, source, self.used) = (setting.key, setting.published, setting.source, used)
      self.reason = used == setting.published ? nil : reason
    }
  }

  public let method: String
  public let rows: [Row]

  /// The value used.
  ///
  /// - Throws: `PretrainingError` where the method has no such setting.
  public func callAsFunction(_ key: SettingKey) throws -> Double {
    guard let value = self[key] else { throw PretrainingError.missingSetting(key.rawValue, method: method) }
    return value
  }

  /// The value used, as a whole number.
  func count(_ key: SettingKey) throws -> Int { Int(try self(key).rounded()) }

  /// The value used, or nil where the method has no such setting.
  public subscript(key: SettingKey) -> Double? { rows.first { $0.key == key }?.used }
}

extension [Setting] {
  /// How long, on what batch, and with which rate and decay a method was published.
  ///
  /// - Parameters:
  ///   - rate: at that batch.
  ///   - rule: of the rate, and of the rate that a schedule ends with.
  ///   - floor: that last rate; nil for 0.
  static func training(
    _ source: String, epochs: Double, batch: Double, rate: Double, _ rule: ScalingRule, decay: Double, floor: Double? = nil
  ) -> [Setting] {
    [
      Setting(.epochs, epochs, source, .epochs), Setting(.batchSize, batch, source, .batchSize), Setting(.learningRate, rate, source, rule),
      Setting(.weightDecay, decay, source), Setting(.gradientMomentum, 0.9, source),
    ] + (floor.map { [Setting(.finalLearningRate, $0, source, rule)] } ?? [])
  }

  /// A warm-up of so many of all epochs.
  ///
  /// - Parameter start: its first rate; nil for one that rises from nothing.
  static func warmUp(_ source: String, epochs: Double, of all: Double, start: Double? = nil, _ rule: ScalingRule = .kept) -> [Setting] {
    [Setting(.warmUpEpochs, epochs, source, .epochsOf(all))] + (start.map { [Setting(.warmUpStart, $0, source, rule)] } ?? [])
  }
}
