internal import CTorch

/// One of libtorch's operators, found by its schema name once and called many times.
///
/// Every typed function of this module is a line over one of these; an operator that has no such line yet is called the
/// same way:
///
///     let gelu = Operator("aten::gelu")
///     let y = try gelu(.tensor(x), .string("tanh"))
///
/// Arguments stand in the schema's order, keyword-only ones included. Those left out at the end, and `.default`, take
/// the schema's default.
// An immutable name and a pointer to an immutable object that lives for ever: safe to share.
public final class Operator: @unchecked Sendable {
  /// Name and overload, such as `aten::add.Tensor`.
  public let name: String
  private let found: ct_operator?
  private let absence: TorchError?

  /// Looks the operator up. A name that libtorch does not have makes every call throw, so that a table of operators can
  /// be made without `try`.
  public init(_ name: String) {
    self.name = name
    let parts = name.split(separator: ".", maxSplits: 1)
    var handle: ct_operator?
    let status = ct_operator_find(String(parts.first ?? ""), parts.count > 1 ? String(parts[1]) : "", &handle)
    found = handle
    absence = status == CT_OK ? nil : TorchError.last(status, in: name)
  }

  /// The schema as libtorch writes it.
  ///
  /// - Throws: `TorchError` of kind `unknownOperator`.
  public func schema() throws -> String { String(cString: ct_operator_schema(try handle())) }

  private func handle() throws -> ct_operator {
    if let found { return found }
    throw absence
      ?? TorchError(.unknownOperator, problem: "There is no operator \(name).", remedy: "Check the spelling.")
  }

  /// Calls an operator that gives back one tensor.
  public func callAsFunction(_ arguments: Argument...) throws -> Tensor {
    try invoke(arguments) { results in try self.tensor(results, at: 0, of: 1) }
  }

  /// Calls an operator whose results are not needed: one that works in place, or gives back nothing.
  public func run(_ arguments: Argument...) throws {
    try invoke(arguments) { results in results.forEach(Operator.release) }
  }

  /// Calls an operator that gives back two tensors.
  public func pair(_ arguments: Argument...) throws -> (Tensor, Tensor) {
    try invoke(arguments) { results in
      let first = try self.tensor(results, at: 0, of: 2)
      return (first, try self.tensor(results, at: 1, of: 2))
    }
  }

  /// Calls an operator that gives back three tensors.
  public func triple(_ arguments: Argument...) throws -> (Tensor, Tensor, Tensor) {
    try invoke(arguments) { results in
      let first = try self.tensor(results, at: 0, of: 3)
      let second = try self.tensor(results, at: 1, of: 3)
      return (first, second, try self.tensor(results, at: 2, of: 3))
    }
  }

  /// Calls an operator that gives back a list of tensors.
  public func list(_ arguments: Argument...) throws -> [Tensor] {
    try invoke(arguments) { results in
      guard results.count == 1, results[0].tag == CT_TENSOR_LIST else { throw self.unfit(results, "a list of tensors") }
      defer { ct_list_free(results[0].payload.pointer) }
      return try Operator.tensors(in: results[0])
    }
  }

  /// Calls an operator that gives back one number or truth value.
  public func number(_ arguments: Argument...) throws -> Double {
    try invoke(arguments) { results in
      guard results.count == 1 else { throw self.unfit(results, "one number") }
      switch Int(results[0].tag) {
      case Int(CT_INT), Int(CT_BOOL): return Double(results[0].payload.integer)
      case Int(CT_DOUBLE): return results[0].payload.real
      default: throw self.unfit(results, "one number")
      }
    }
  }

  /// Calls an operator that gives back one whole number or truth value.
  public func integer(_ arguments: Argument...) throws -> Int {
    try invoke(arguments) { results in
      guard results.count == 1, [CT_INT, CT_BOOL].contains(where: { $0 == results[0].tag }) else {
        throw self.unfit(results, "one integer")
      }
      return Int(results[0].payload.integer)
    }
  }
}

extension Operator {
  /// No operator of ATen gives back more.
  private static let mostResults = 8

  /// Lays the arguments out on the stack, calls, and hands the results to `read`, which takes ownership of them.
  private func invoke<Result>(
    _ arguments: [Argument], _ read: (UnsafeMutableBufferPointer<ct_value>) throws -> Result
  ) throws -> Result {
    let handle = try handle()
    let words = arguments.reduce(0) { $0 + $1.wordCount }
    return try withUnsafeTemporaryAllocation(of: Int64.self, capacity: max(words, 1)) { arena in
      try withUnsafeTemporaryAllocation(of: ct_value.self, capacity: arguments.count + Operator.mostResults) { values in
        var next = arena
        for (index, argument) in arguments.enumerated() {
          values.initializeElement(at: index, to: argument.value(in: &next))
        }
        let results = UnsafeMutableBufferPointer(rebasing: values[arguments.count...])
        var count: Int64 = 0
        let status = withExtendedLifetime(arguments) {
          ct_call(
            handle, values.baseAddress, Int64(arguments.count), results.baseAddress, Int64(Operator.mostResults), &count
          )
        }
        if status != CT_OK { throw failure(status, arguments) }
        return try read(UnsafeMutableBufferPointer(rebasing: results[..<Int(count)]))
      }
    }
  }

  /// Arguments that do not fit are best seen beside the schema; shapes that do not fit, beside each other.
  private func failure(_ status: ct_status, _ arguments: [Argument]) -> TorchError {
    if status == CT_INVALID_ARGUMENT || status == CT_UNSUPPORTED_RESULT {
      return TorchError.last(status, in: schemaText)
    }
    return TorchError.last(status, in: "\(name)(\(arguments.map(\.description).joined(separator: ", ")))")
  }

  private var schemaText: String { found.map { String(cString: ct_operator_schema($0)) } ?? name }

  private func tensor(_ results: UnsafeMutableBufferPointer<ct_value>, at index: Int, of count: Int) throws -> Tensor {
    guard results.count == count, results[index].tag == CT_TENSOR, let pointer = results[index].payload.pointer else {
      throw unfit(results, count == 1 ? "one tensor" : "\(count) tensors", from: index)
    }
    do {
      return try Tensor(owning: ct_tensor(pointer))
    } catch {
      // The refused one has been given back already.
      results[(index + 1)...].forEach(Operator.release)
      throw error
    }
  }

  /// Gives back the results that were not taken, and names the misfit.
  private func unfit(
    _ results: UnsafeMutableBufferPointer<ct_value>, _ expected: String, from index: Int = 0
  )
    -> TorchError
  {
    results[index...].forEach(Operator.release)
    return .resultShape(name, expected: expected, schema: schemaText)
  }

  private static func tensors(in list: ct_value) throws -> [Tensor] {
    let handles = UnsafeBufferPointer(
      start: list.payload.pointer?.assumingMemoryBound(to: ct_tensor?.self), count: Int(list.count))
    var made: [Tensor] = []
    made.reserveCapacity(handles.count)
    for (index, handle) in handles.enumerated() {
      guard let handle else { continue }
      do {
        made.append(try Tensor(owning: handle))
      } catch {
        for rest in handles[(index + 1)...] { if let rest { ct_tensor_release(rest) } }
        throw error
      }
    }
    return made
  }

  private static func release(_ value: ct_value) {
    guard let pointer = value.payload.pointer else { return }
    switch Int(value.tag) {
    case Int(CT_TENSOR):
      ct_tensor_release(ct_tensor(pointer))
    case Int(CT_TENSOR_LIST):
      let handles = UnsafeBufferPointer(
        start: pointer.assumingMemoryBound(to: ct_tensor?.self), count: Int(value.count))
      for handle in handles { if let handle { ct_tensor_release(handle) } }
      ct_list_free(pointer)
    case Int(CT_STRING), Int(CT_INT_LIST), Int(CT_DOUBLE_LIST):
      ct_list_free(pointer)
    default:
      break
    }
  }
}
