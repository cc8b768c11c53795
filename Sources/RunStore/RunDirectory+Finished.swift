public import Studies

extension RunDirectory {
  /// Whether the run of this very cell has ended and its metrics can be read, whoever holds its lease.
  ///
  /// The holder of a lease asks this before it begins: another process may have finished the cell just before.
  public func isFinished(_ cell: Cell) -> Bool {
    guard let record = try? record(), record.cell.identity == cell.identity else { return false }
    guard let status = try? status(), status.state == .finished else { return false }
    return (try? metrics()) != nil
  }
}
