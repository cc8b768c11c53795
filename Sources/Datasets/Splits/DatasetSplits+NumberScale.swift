import Foundations
public import Studies

extension DatasetSplits {
  /// What the answers of a network are of: the classes or the numbers, in the order of its outputs; empty for a segmentation of one
  /// object.
  public var answerNames: [String] { classNames + maskClasses + (numbers?.names ?? []) }

  /// By what the numbers of a regression are standardized: mean and standard deviation (n − 1 in the denominator) of the known ones of the
  /// training images. Nil where there are none to standardize.
  ///
  /// - Throws: `DatasetsError` where fewer than two training images have a known number in a column, or all have the same.
  public func numberScale() throws -> NumberScale? {
    guard let numbers else { return nil }
    var means = [Double](), deviations = [Double]()
    for (column, name) in numbers.names.enumerated() {
      let known = training.map { Double($0.numbers[column]) }.filter { !$0.isNaN }
      let mean = known.reduce(0, +) / Double(known.count)
      let squares = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      guard known.count > 1, squares > 0 else { throw DatasetsError.unusableNumbers(name, count: known.count) }
      means.append(mean)
      deviations.append((squares / Double(known.count - 1)).squareRoot())
    }
    return NumberScale(means: means, standardDeviations: deviations)
  }
}
