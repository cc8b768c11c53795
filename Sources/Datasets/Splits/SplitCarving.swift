import Foundations
package import Studies

/// Carves the parts that a source does not give out of its training images.
///
/// Whole patients move, or single images where patients are not known. Within each stratum patients are taken in the order
/// of a hash of (seed, patient), until the part has its share of images; so the result depends on the ids alone, never on
/// the order in which a file system lists them, and images added later move few of those that were there.
package struct SplitCarving {
  let rule: SplitRule
  /// Images that stay on one side beside those of one patient.
  var copies: CopyGroups?

  package init(rule: SplitRule, copies: CopyGroups? = nil) {
    self.rule = rule
    self.copies = copies
  }

  /// The parts with those that were missing, and from how many images each was carved.
  package func complete(_ given: [DatasetPart: [Sample]]) -> (parts: [DatasetPart: [Sample]], carved: [DatasetPart: Int]) {
    var parts = given, carved = [DatasetPart: Int]()
    for (part, fraction) in [(DatasetPart.test, rule.test), (.validation, rule.validation)] where given[part] == nil {
      let training = parts[.training, default: []]
      carved[part] = training.count
      let (taken, rest) = carve(training, fraction: fraction, part: part)
      parts[part] = taken
      parts[.training] = rest
    }
    return (parts, carved)
  }

  func carve(_ samples: [Sample], fraction: Double, part: DatasetPart) -> (taken: [Sample], rest: [Sample]) {
    let strata = PatientGroup.strata(of: samples, seed: SeedPath(rule.seed) / "split" / part.rawValue, together: copies)
    var taken = [Sample](), rest = [Sample](), wanted = 0.0
    // Each stratum gives its share; what rounding leaves over passes to the next, so that the sum comes out right.
    for members in strata {
      wanted += fraction * Double(members.reduce(0) { $0 + $1.samples.count })
      for group in members {
        // A patient is taken when that brings the part nearer to its size than leaving the patient does.
        if Double(taken.count) + Double(group.samples.count) / 2 <= wanted, fraction > 0 {
          taken += group.samples
        } else {
          rest += group.samples
        }
      }
    }
    return (taken, rest)
  }
}
