internal import CTorch

// Modes belong to the calling thread, so the closures are synchronous: no `await` can move the work to another thread
// while a mode is on.

/// Runs `body` without recording its operations: for evaluation, and for changing parameters in place.
public func withoutGradient<Result>(_ body: () throws -> Result) rethrows -> Result {
  let before = ct_grad_mode_exchange(false)
  defer { _ = ct_grad_mode_exchange(before) }
  return try body()
}

/// Runs `body` with recording on, inside a scope without.
public func withGradient<Result>(_ body: () throws -> Result) rethrows -> Result {
  let before = ct_grad_mode_exchange(true)
  defer { _ = ct_grad_mode_exchange(before) }
  return try body()
}

/// Whether operations of this thread are recorded.
public var gradientIsEnabled: Bool { ct_grad_mode_is_enabled() }

/// Runs `body` in mixed precision: convolutions and matrix products in `type`, sums and losses in float32.
///
/// Parameters stay in float32, and so do their gradients; the casts of the parameters are cached until the outermost
/// scope ends. Call `backward` outside. With `enabled: false` it computes in full precision, also inside another scope.
///
/// - Throws: `TorchError` of kind `invalidArgument` for a type other than bfloat16 and float16.
public func withAutocast<Result>(
  _ type: ScalarType = .bfloat16, on device: Device, enabled: Bool = true, _ body: () throws -> Result
) throws -> Result {
  guard type == .bfloat16 || type == .float16 else { throw TorchError.autocastType(type) }
  var before = ct_autocast_state()
  try check(
    ct_autocast_push(device.kind.number, type.rawValue, enabled, true, &before), "withAutocast(\(type), on: \(device))")
  // Leaving cannot fail: it sets four fields of this thread back to what they were.
  defer { _ = ct_autocast_pop(before) }
  return try body()
}

/// Whether autocast is on for that kind of device in this thread.
public func autocastIsEnabled(on device: Device) -> Bool {
  var state = ct_autocast_state()
  return ct_autocast_get(device.kind.number, &state) == CT_OK && state.enabled
}
