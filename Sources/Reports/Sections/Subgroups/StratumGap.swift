internal import Foundations
internal import Metrics
internal import Statistics

/// The gap between a group's strata beside what the same strata show when their names are dealt anew.
enum StratumGap {
  /// What is dealt is a patient's images of one stratum, together. A patient whose images are of several strata, as of two views, is
  /// several: since images of one patient are alike, the dealt gaps are then rather too large than too small. Names are dealt among
  /// those with a finding and among those without, so that each stratum keeps how many of both it has.
  static func test(_ test: TestStrata, _ facts: TestFacts, _ runs: [SubgroupMeasure], _ work: SubgroupWork) -> Available<GroupGap> {
    guard test.compared.count > 1 else { return .notAvailable(reason: "fewer than two strata can be compared") }
    if let reason = work.undealt { return .notAvailable(reason: reason) }
    var unitOfRow = [Int](repeating: -1, count: facts.ids.count), strata: [Int] = [], hasFinding: [Bool] = []
    for (place, stratum) in test.compared.enumerated() {
      var units: [String: Int] = [:]
      for row in test.rows[stratum] {
        let unit = units[facts.patients[row]] ?? strata.count
        if unit == strata.count {
          units[facts.patients[row]] = unit
          strata.append(place)
          hasFinding.append(false)
        }
        unitOfRow[row] = unit
        if test.classes.contains(where: { facts.targets[$0][row] == 1 }) { hasFinding[unit] = true }
      }
    }
    let count = strata.count
    let metrics = runs.map { $0.metric(ofUnits: unitOfRow, count: count, classes: test.classes, facts) }
    return .value(
      GroupGap.test(groups: strata, blocks: hasFinding.map { $0 ? 1 : 0 }, dealCount: 999) { members in
        var isMember = [Bool](repeating: false, count: count)
        for unit in members { isMember[unit] = true }
        let values = metrics.compactMap { $0(isMember) }
        return values.count == metrics.count ? values.reduce(0, +) / Double(values.count) : nil
      })
  }
}

extension SubgroupMeasure {
  /// The metric of the images of any units, ready to be computed thousands of times; nil where it is undefined.
  fileprivate func metric(ofUnits unitOfRow: [Int], count: Int, classes: [Int], _ facts: TestFacts) -> ([Bool]) -> Double? {
    if facts.isSegmentation {
      let sums = classes.map { place in
        var overlap = [Double](repeating: 0, count: count), size = overlap
        for (row, unit) in unitOfRow.enumerated() where unit >= 0 {
          overlap[unit] += overlaps[place][row]
          size[unit] += sizes[place][row]
        }
        return (overlap: overlap, size: size)
      }
      return { isMember in
        var total = 0.0
        for (overlap, size) in sums {
          var above = 0.0, below = 0.0
          for unit in isMember.indices where isMember[unit] {
            above += overlap[unit]
            below += size[unit]
          }
          guard below > 0 else { return nil }
          total += above / below
        }
        return sums.isEmpty ? nil : total / Double(sums.count)
      }
    }
    let areas = classes.map { SubsetAUROC(scores: probabilities[$0], targets: facts.targets[$0], units: unitOfRow) }
    return { isMember in
      let values = areas.compactMap { $0.value(where: isMember) }
      return values.count == areas.count && !values.isEmpty ? values.reduce(0, +) / Double(values.count) : nil
    }
  }
}
