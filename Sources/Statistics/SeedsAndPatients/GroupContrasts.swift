public import Foundations

/// Several initializations or amounts of training images on one test set, of which any sum with coefficients is compared with 0:
///
///     var(Σ cᵢθ̄ᵢ) = Σ cᵢ²·MSᵢ/rᵢ + max(0, Σ cᵢ²·Covᵢ + 2 Σ_{i<j} cᵢcⱼ·āᵢ·āⱼ)
///
/// which for the coefficients 1 and −1 is `TwoLevelDifference.make`. The patients' products are computed once for all of them.
public struct GroupContrasts: Sendable {
  private let groups: [SeedsAndPatients]
  private let covariances: [[Double]]

  /// - Returns: not available where the groups are not of the same patients.
  public static func make(_ groups: [SeedsAndPatients]) -> Available<GroupContrasts> {
    Available { () throws(Unavailable) in
      let count = groups.first?.deviations.values.count
      guard count != nil else { throw Unavailable("there is no group") }
      guard groups.allSatisfy({ $0.deviations.values.count == count }) else { throw Unavailable("the values are not of the same patients") }
      return GroupContrasts(groups: groups, covariances: patientCovariances(of: groups))
    }
  }

  /// - Parameter coefficients: one a group; groups with 0 have no part in it.
  public func difference(_ coefficients: [Double]) -> TwoLevelDifference {
    var value = 0.0, ofPatients = 0.0, magnitude = 0.0, degrees = Double.infinity
    var seedParts: [Double] = [], interactionParts: [Double] = [], seedCounts: [Int] = []
    for (place, group) in groups.enumerated() where coefficients[place] != 0 {
      let coefficient = coefficients[place], share = coefficient * coefficient / Double(group.seedCount)
      value += coefficient * group.mean
      magnitude = max(magnitude, abs(coefficient * group.mean))
      degrees = min(degrees, group.deviations.degreesOfFreedom)
      seedParts.append(share * group.meanSquare)
      interactionParts.append(share * min(group.meanSquare, group.interaction))
      seedCounts.append(group.seedCount)
      for (other, covariance) in covariances[place].enumerated() { ofPatients += coefficient * coefficients[other] * covariance }
    }
    return TwoLevelDifference(
      value: value, seedParts: seedParts, interactionParts: interactionParts, seedCounts: seedCounts, patientPart: max(0, ofPatients),
      patientDegreesOfFreedom: degrees, magnitude: magnitude)
  }
}

/// Over patients: Covᵢ on the diagonal, āᵢ·āⱼ beside it.
func patientCovariances(of groups: [SeedsAndPatients]) -> [[Double]] {
  var matrix = groups.map { _ in [Double](repeating: 0, count: groups.count) }
  for row in groups.indices {
    matrix[row][row] = groups[row].covariance
    for column in 0..<row {
      matrix[row][column] = groups[row].deviations.covariance(with: groups[column].deviations)
      matrix[column][row] = matrix[row][column]
    }
  }
  return matrix
}
