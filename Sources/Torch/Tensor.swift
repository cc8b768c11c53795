internal import CTorch

/// An array of numbers of one type on one device, with libtorch's autograd behind it.
///
/// A `Tensor` owns one handle on a tensor of libtorch and gives it back when it is released. Several `Tensor`s may name
/// the same tensor of libtorch, and several tensors may share one storage (views). It is not `Sendable`: grad mode and
/// autocast belong to a thread, and in-place operators have no lock; hand it over with `sending`, never share it.
///
/// Operators are methods (`x.relu()`) or free functions (`conv2d(x, weight: w)`), named as in ATen; all of them throw
/// `TorchError`, and one `try` covers an expression.
public final class Tensor: CustomStringConvertible {
  let handle: ct_tensor
  /// The type of the elements.
  public let scalarType: ScalarType
  /// Where the elements are.
  public let device: Device

  /// Takes over the caller's reference; gives it back if the tensor is of a kind that has no form here.
  init(owning handle: ct_tensor) throws {
    let kind = ct_tensor_get_kind(handle)
    guard let scalarType = ScalarType(rawValue: kind.scalar_type) else {
      ct_tensor_release(handle)
      throw TorchError.unsupportedScalarType(kind.scalar_type)
    }
    if kind.device_kind == Device.cpu.kind.number {
      device = .cpu
    } else if let deviceKind = Device.Kind(number: kind.device_kind) {
      device = Device(deviceKind, index: kind.device_index < 0 ? nil : Int(kind.device_index))
    } else {
      ct_tensor_release(handle)
      throw TorchError.unsupportedDevice(kind.device_kind)
    }
    self.handle = handle
    self.scalarType = scalarType
  }

  deinit { ct_tensor_release(handle) }

  /// The size of every dimension.
  public var shape: [Int] {
    numbers { ct_tensor_shape(handle, $0) }
  }

  /// How many elements apart two neighbours in each dimension lie in memory.
  public var strides: [Int] {
    numbers { ct_tensor_strides(handle, $0) }
  }

  public var dimensionCount: Int { Int(ct_tensor_dimension_count(handle)) }

  public var elementCount: Int { Int(ct_tensor_element_count(handle)) }

  /// Elements times bytes per element.
  public var byteCount: Int { Int(ct_tensor_byte_count(handle)) }

  /// Whether the elements lie in that order, without gaps. Nothing is contiguous as `.preserve`.
  public func isContiguous(_ format: MemoryFormat = .contiguous) -> Bool {
    var answer = false
    guard format != .preserve, ct_tensor_is_contiguous(handle, format.rawValue, &answer) == CT_OK else { return false }
    return answer
  }

  /// Whether both name one tensor of libtorch.
  public func isSame(as other: Tensor) -> Bool { ct_tensor_is_same(handle, other.handle) }

  /// Whether a change to the one's elements can show in the other.
  public func sharesStorage(with other: Tensor) -> Bool {
    var answer = false
    return ct_tensor_shares_storage(handle, other.handle, &answer) == CT_OK && answer
  }

  /// How many handles on tensors are out, over all threads; for tests that nothing leaks.
  public static var liveHandleCount: Int { Int(ct_tensor_live_count()) }

  /// Type, shape and device, such as `float32[2, 3] on cpu`.
  public var description: String { "\(scalarType)\(shape) on \(device)" }

  /// Sizes and strides are read without failure from every tensor that has a storage, which is every tensor here.
  private func numbers(_ read: (UnsafeMutablePointer<Int64>) -> ct_status) -> [Int] {
    let count = dimensionCount
    return [Int](unsafeUninitializedCapacity: count) { buffer, written in
      guard let base = buffer.baseAddress, count > 0 else { return }
      base.withMemoryRebound(to: Int64.self, capacity: count) { _ = read($0) }
      written = count
    }
  }
}
