/// What a regression's network is trained in: z = (y − mean) / standard deviation, of the training images' known numbers.
public struct NumberScale: Codable, Hashable, Sendable {
  /// One a column of numbers, in the order of the network's outputs and in the numbers' own unit.
  public let means: [Double]
  /// The same, above 0.
  public let standardDeviations: [Double]

  public init(means: [Double], standardDeviations: [Double]) {
    self.means = means
    self.standardDeviations = standardDeviations
  }

  /// A network's answer in the numbers' own unit.
  public func value(_ standardized: Double, of column: Int) -> Double { means[column] + standardDeviations[column] * standardized }
}
