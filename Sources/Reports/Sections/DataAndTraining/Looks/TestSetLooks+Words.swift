internal import Foundations

extension TestSetLooks {
  static let warning = " A result that was chosen after looking is too good."

  /// What a section says of a task's test set.
  func words(of task: String) -> String {
    var text = count == 1 ? "1 look at the test set: no finished run below this output has another recipe." : sentence(of: task)
    if runsOnOtherTestImages > 0 {
      text += " \(counted(runsOnOtherTestImages, "finished run")) of it on other test images \(runsOnOtherTestImages == 1 ? "is" : "are") no look at these."
    }
    if runsOnUnknownData > 0 {
      text += " Of \(counted(runsOnUnknownData, "finished run")) with other data it is not known whether the test images are these."
    }
    return text
  }

  /// `3 looks at the test set of effusion: this recipe, 1 other made before it (recipe.epochs 5 → 10), and 1 by answers to “medtransfer
  /// evaluate”: runs of findings with this report's recipe.`
  func sentence(of task: String) -> String {
    var parts = ["this recipe"]
    if others.count == 1 { parts.append("1 other\(others[0].order.words) (\(others[0].changes.words(others[0].order)))") }
    if others.count > 1 {
      parts.append("\(grouped(others.count)) others: \(firstFew(others.map { "\($0.changes.words($0.order))\($0.order.words)" }, atMost: 4))")
    }
    if !asked.isEmpty { parts.append("\(grouped(asked.count)) by answers to “medtransfer evaluate”: \(firstFew(asked.map(\.words), atMost: 4, separator: "; "))") }
    let list = parts.count > 2 ? parts.dropLast().joined(separator: ", ") + ", and " + parts[parts.count - 1] : parts.joined(separator: ", and ")
    return "\(grouped(count)) look\(count == 1 ? "" : "s") at the test set of \(task): \(list)."
  }
}

extension TestSetLooks.Look.Order {
  /// Behind what was made.
  fileprivate var words: String {
    switch self {
    case .before: " made before it"
    case .after: " made after it"
    case .beside: " made beside it"
    case .unknown: ""
    }
  }
}

extension [TestSetLooks.Look.Change] {
  /// From what was first to what came then; where that is not known, to this report's.
  fileprivate func words(_ order: TestSetLooks.Look.Order) -> String {
    map { "\($0.key) \(order == .after ? "\($0.this) → \($0.other)" : "\($0.other) → \($0.this)")" }.joined(separator: ", ")
  }
}

extension AskedLook {
  fileprivate var words: String {
    if !isReported { return "runs of \(task), which this report does not have" }
    return changes.isEmpty ? "runs of \(task) with this report's recipe" : "runs of \(task) with another\(order.words) (\(changes.words(order)))"
  }
}

extension LooksElsewhere {
  /// `2 looks at the test set of other, all by answers to “medtransfer evaluate”: runs of chest with this report's recipe; …`
  var sentence: String {
    "\(counted(looks.count, "look")) at the test set of \(onTask), \(looks.count == 1 ? "" : "all ")by answers to “medtransfer evaluate”: "
      + firstFew(looks.map(\.words), atMost: 4, separator: "; ") + "."
  }
}
