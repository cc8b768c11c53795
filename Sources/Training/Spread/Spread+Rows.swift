import Foundation
public import NeuralNetworks
public import Torch

extension Spread {
  /// The fewest rows that each process computes: a batch normalization of one value a channel has no variance.
  static let fewestRows = 2

  /// Whether so many images give each process enough of them.
  public func canDivide(_ count: Int) -> Bool { count >= Self.fewestRows * group.size }

  /// f(x) of rows that nothing but batch normalization mixes: each process computes every so manyeth of them, and all get all.
  ///
  /// Derivatives pass. Where every process computes the same loss L of what this returns, its derivative by a process's own rows comes back once
  /// from each process, so the gradients of what lies within f are, in the mean over the processes, those of L; so are the gradients of what lies
  /// behind, which are the same in each. Rows too few to be divided are computed by all, which is as right.
  ///
  /// - Parameters:
  ///   - x: `[rows, …]`, the same in all processes.
  ///   - mode: in training, batch normalizations take the statistics of all rows or of one's own, as `synchronizesStatistics` says.
  ///   - f: `[rows, …]` → `[rows, size]`.
  public func divided(_ x: Tensor, mode: Mode, _ f: (Tensor) throws -> Tensor) throws -> Tensor {
    let rows = x.shape[0]
    guard canDivide(rows) else { return try f(x) }
    let own = try Tensor(stride(from: group.rank, to: rows, by: group.size).map(Int64.init), device: x.device)
    let shared = synchronizesStatistics && mode == .training ? SharedStatistics(group, sampleCount: rows, counts: true) : nil
    return try gathered(SharedStatistics.with(shared) { try f(x.indexSelect(along: 0, own)) }, rows: rows)
  }

  /// Puts every process's rows into their places among zeros, and adds. A number plus zeros is the number itself.
  private func gathered(_ own: Tensor, rows: Int) throws -> Tensor {
    let size = group.size, each = (rows + size - 1) / size, width = own.shape[1]
    let wide = own.scalarType == .float64 ? own : try own.to(type: .float32)
    func zeros(_ shape: [Int]) throws -> Tensor { try Tensor.zeros(shape, type: wide.scalarType, device: wide.device) }
    let missing = each - own.shape[0], filled = missing == 0 ? wide : try cat([wide, zeros([missing, width])])
    let placed = try cat([zeros([each, group.rank, width]), filled.unsqueeze(1), zeros([each, size - 1 - group.rank, width])], along: 1)
    let all = try sumOverProcesses(placed.reshape([each * size, width]), group)
    return try all.narrow(along: 0, start: 0, count: rows).to(type: own.scalarType)
  }

  /// Sub-batches that are to be made of a batch, each normalized by itself, so that there are as many in the end: without shared statistics each
  /// process makes one of its own out of each.
  public func subBatches(_ wanted: Int) -> Int { synchronizesStatistics ? wanted : max(wanted / group.size, 1) }

  /// Puts the mean over the processes in the place of each gradient.
  public func average(gradientsOf parameters: [Tensor]) throws {
    let gradients = parameters.compactMap(\.gradient)
    try withoutGradient {
      try group.sumInPlace(gradients)
      try Foreach.mulInPlace(gradients, 1 / Double(group.size))
    }
  }

  /// Gives all processes the first one's values.
  public func copyFromFirst(_ tensors: [Tensor]) throws {
    try withoutGradient {
      for tensor in tensors {
        let bytes = try group.fromFirst(group.isFirst ? tensor.bytes() : nil)
        guard !group.isFirst else { continue }
        try tensor.copy(from: bytes.withUnsafeBytes { try Tensor.fromBytes($0, shape: tensor.shape, type: tensor.scalarType) })
      }
    }
  }
}
