/// Numbers that a network gives for images, with the true ones, in their own unit; averaged over crops.
public struct NumberPredictions: Sendable {
  public struct Row: Sendable {
    public let id: String
    public let patient: String?
    /// One a column; NaN where it is not known.
    public let truths: [Double]
    /// One a column.
    public let values: [Double]

    public init(id: String, patient: String?, truths: [Double], values: [Double]) {
      self.id = id
      self.patient = patient
      self.truths = truths
      self.values = values
    }
  }

  /// What the numbers are of, such as `bone age`, in the order of the network's outputs.
  public let names: [String]
  /// What all of them are counted in, such as `months`; nil for none.
  public let unit: String?
  public var rows: [Row]

  public init(names: [String], unit: String?, rows: [Row] = []) {
    self.names = names
    self.unit = unit
    self.rows = rows
  }

  /// Some columns, in their order.
  public func keeping(_ wanted: [String]) -> NumberPredictions {
    let places = wanted.compactMap(names.firstIndex(of:))
    return NumberPredictions(
      names: places.map { names[$0] }, unit: unit,
      rows: rows.map { row in
        Row(id: row.id, patient: row.patient, truths: places.map { row.truths[$0] }, values: places.map { row.values[$0] })
      })
  }

  /// The known truths of a column with what was predicted, in the order of the rows.
  public func pairs(of column: Int) -> [NumberPair] {
    rows.compactMap { row in row.truths[column].isNaN ? nil : NumberPair(truth: row.truths[column], value: row.values[column]) }
  }
}

/// A number as it is and as a network has it.
public struct NumberPair: Hashable, Sendable {
  public let truth: Double
  public let value: Double
  /// Above 0 where the network says too much.
  public var difference: Double { value - truth }

  public init(truth: Double, value: Double) { (self.truth, self.value) = (truth, value) }
}

// Two numbers that are not known are the same, although NaN ≠ NaN.
extension NumberPredictions: Hashable {
  public static func == (first: Self, second: Self) -> Bool {
    first.names == second.names && first.unit == second.unit && first.rows == second.rows
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(names)
    hasher.combine(rows.count)
  }
}

extension NumberPredictions.Row: Hashable {
  public static func == (first: Self, second: Self) -> Bool {
    first.id == second.id && first.patient == second.patient
      && first.truths.map(\.bitPattern) == second.truths.map(\.bitPattern) && first.values.map(\.bitPattern) == second.values.map(\.bitPattern)
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
