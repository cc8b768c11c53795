extension NodeReader {
  /// A list of fractions, or one.
  func fractions() -> [TrainingFraction]? {
    let isList = if case .list = node.content { true } else { false }
    guard let readers = isList ? list() : [self] else { return nil }
    let fractions = readers.compactMap { reader -> TrainingFraction? in
      guard let number = reader.number() else { return nil }
      if let fraction = TrainingFraction(number) { return fraction }
      diagnostics.add(
        path, reader.node.location, problem: "The fraction \(number) is not above 0 and at most 1.",
        remedy: "Write 10 % of the training images as 0.1.")
      return nil
    }
    return fractions.count == readers.count ? fractions : nil
  }
}
