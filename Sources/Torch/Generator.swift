internal import CTorch
public import Foundation

/// A stream of random numbers on one device, given by its seed and saved with its state.
///
/// The same seed gives the same numbers on the same kind of device; CPU and GPU differ. Of a seed, libtorch's CPU
/// generator (a Mersenne twister) takes the low 32 bits. Not `Sendable`: two threads that
/// drew from one stream would take its numbers in an order nobody chose.
public final class Generator {
  let handle: ct_generator
  /// Where it makes its numbers; it can only fill tensors there.
  public let device: Device

  /// - Throws: `TorchError` of kind `operatorFailed` or `deviceFailed` where there is no such device.
  public init(seed: UInt64, device: Device = .cpu) throws {
    try device.validate()
    var made: ct_generator?
    let status = ct_generator_create(device.kind.number, device.indexNumber, seed, &made)
    guard status == CT_OK, let made else { throw TorchError.last(status, in: "Generator(seed:, device: \(device))") }
    handle = made
    self.device = device
  }

  private init(owning handle: ct_generator, device: Device) {
    self.handle = handle
    self.device = device
  }

  /// The device's own generator, from which operators draw that take none, such as `dropout`.
  public static func shared(on device: Device = .cpu) throws -> Generator {
    try device.validate()
    var found: ct_generator?
    let status = ct_generator_default(device.kind.number, device.indexNumber, &found)
    guard status == CT_OK, let found else { throw TorchError.last(status, in: "Generator.shared(on: \(device))") }
    return Generator(owning: found, device: device)
  }

  deinit { ct_generator_release(handle) }

  /// The seed it was last set to.
  public var seed: UInt64 {
    var seed: UInt64 = 0
    _ = ct_generator_seed(handle, &seed)
    return seed
  }

  /// Starts the stream of another seed.
  public func setSeed(_ seed: UInt64) throws {
    try check(ct_generator_set_seed(handle, seed), "setSeed(\(seed)) of a generator on \(device)")
  }

  /// Everything that decides the numbers to come.
  public func state() throws -> Data {
    var state: ct_tensor?
    let status = ct_generator_state(handle, &state)
    guard status == CT_OK, let state else { throw TorchError.last(status, in: "state() of a generator on \(device)") }
    return try Tensor(owning: state).bytes()
  }

  /// Goes on where the generator stood whose state it is.
  ///
  /// - Throws: `TorchError` when the bytes are not a state of a generator on this kind of device.
  public func setState(_ state: Data) throws {
    let tensor = try state.withUnsafeBytes { try Tensor.fromBytes($0, shape: [state.count], type: .uint8) }
    try check(
      ct_generator_set_state(handle, tensor.handle), "setState(\(state.count) bytes) of a generator on \(device)")
  }
}
