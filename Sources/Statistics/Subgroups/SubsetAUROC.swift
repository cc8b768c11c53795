internal import Foundations

/// The AUROC of one class in any subset of its samples, with the scores sorted once: what a permutation of the strata's names asks for
/// thousands of times.
public struct SubsetAUROC: Sendable {
  /// In rising order of the scores.
  private struct Entry {
    let unit: Int32
    let isPositive: Bool
    /// Whether the next one has a higher score.
    let endsTie: Bool
  }

  private let entries: [Entry]

  /// - Parameters:
  ///   - scores: one a row; higher means more likely positive.
  ///   - targets: 1, 0, or NaN where the label is not known, which leaves the row out.
  ///   - units: which unit each row is of, such as its patient; negative for rows that never count.
  public init(scores: [Double], targets: [Float], units: [Int]) {
    let order = risingOrder(of: scores).filter { !targets[Int($0)].isNaN && units[Int($0)] >= 0 }
    entries = order.indices.map { place in
      let row = Int(order[place])
      let endsTie = place + 1 == order.count || scores[Int(order[place + 1])] != scores[row]
      return Entry(unit: Int32(units[row]), isPositive: targets[row] == 1, endsTie: endsTie)
    }
  }

  /// The share of pairs of a positive and a negative sample in the right order, ties half; nil without such a pair.
  ///
  /// - Parameter isMember: of each unit.
  public func value(where isMember: [Bool]) -> Double? {
    var positives = 0, negatives = 0, positivesHere = 0, negativesHere = 0, twiceWins = 0
    for entry in entries {
      if isMember[Int(entry.unit)] {
        if entry.isPositive { positivesHere += 1 } else { negativesHere += 1 }
      }
      if entry.endsTie {
        twiceWins += positivesHere * (2 * negatives + negativesHere)
        positives += positivesHere
        negatives += negativesHere
        (positivesHere, negativesHere) = (0, 0)
      }
    }
    return positives > 0 && negatives > 0 ? Double(twiceWins) / (2 * Double(positives) * Double(negatives)) : nil
  }
}
