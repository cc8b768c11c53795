internal import CTorch
public import Foundations

/// What went wrong in libtorch, or in the way it was called.
///
/// `problem` is libtorch's own sentence; `remedy` names the operator and what it was given, since a shape that does not
/// fit is best seen beside the shape that it should fit.
public struct TorchError: RemediedError, Equatable {
  /// The kinds of failure, each with its stable dotted name.
  public enum Code: String, Sendable, CaseIterable {
    /// Any other refusal of libtorch: shapes, scalar types or devices that do not fit.
    case operatorFailed = "torch.operatorFailed"
    case indexOutOfRange = "torch.indexOutOfRange"
    case invalidValue = "torch.invalidValue"
    case invalidType = "torch.invalidType"
    /// No kernel for this scalar type or device.
    case notImplemented = "torch.notImplemented"
    /// A singular matrix and its kin.
    case linearAlgebra = "torch.linearAlgebra"
    /// The process or the device has no memory left.
    case outOfMemory = "torch.outOfMemory"
    /// The accelerator reported an error.
    case deviceFailed = "torch.deviceFailed"
    case unknownOperator = "torch.unknownOperator"
    /// The arguments do not fit the operator's schema.
    case invalidArgument = "torch.invalidArgument"
    /// The operator gave back something that has no form here.
    case unsupportedResult = "torch.unsupportedResult"
    /// The processes of one training cannot join, or lost each other.
    case collectiveFailed = "torch.collectiveFailed"
    /// A C++ exception that is not libtorch's.
    case unexpected = "torch.unexpected"
  }

  /// Which kind of failure it is.
  public let kind: Code
  public let problem: String
  public let remedy: String
  public var code: String { kind.rawValue }

  init(_ kind: Code, problem: String, remedy: String) {
    self.kind = kind
    self.problem = problem
    self.remedy = remedy
  }
}

extension TorchError.Code {
  init(status: ct_status) {
    switch Int(status) {
    case Int(CT_OPERATOR_FAILED): self = .operatorFailed
    case Int(CT_INDEX_OUT_OF_RANGE): self = .indexOutOfRange
    case Int(CT_INVALID_VALUE): self = .invalidValue
    case Int(CT_INVALID_TYPE): self = .invalidType
    case Int(CT_NOT_IMPLEMENTED): self = .notImplemented
    case Int(CT_LINEAR_ALGEBRA): self = .linearAlgebra
    case Int(CT_OUT_OF_MEMORY): self = .outOfMemory
    case Int(CT_DEVICE_FAILED): self = .deviceFailed
    case Int(CT_UNKNOWN_OPERATOR): self = .unknownOperator
    case Int(CT_INVALID_ARGUMENT): self = .invalidArgument
    case Int(CT_UNSUPPORTED_RESULT): self = .unsupportedResult
    default: self = .unexpected
    }
  }

  /// What to do about it; `subject` names the call and what it was given.
  fileprivate func remedy(_ subject: String) -> String {
    switch self {
    case .operatorFailed, .invalidValue, .linearAlgebra: "Check what was given to \(subject)."
    case .indexOutOfRange: "Keep indices and dimensions within the shapes in \(subject)."
    case .invalidType: "Convert the tensors to the scalar type that is asked for, in \(subject)."
    case .notImplemented: "Convert the tensors to a scalar type or device that has a kernel, in \(subject)."
    case .outOfMemory: "Take a smaller batch or a smaller image, or free tensors, before \(subject)."
    case .deviceFailed:
      "Check the device with its driver's tools, then start the process again; it failed in \(subject)."
    case .unknownOperator: "Check the spelling, or install the version of libtorch that has it."
    case .invalidArgument, .unsupportedResult: "Compare the call with the operator's schema: \(subject)."
    case .collectiveFailed: "Run the same command again: \(subject)."
    case .unexpected: "Report this with the call that caused it: \(subject)."
    }
  }
}

extension TorchError {
  /// The failure that this thread's last call into libtorch left behind.
  static func last(_ status: ct_status, in subject: String) -> TorchError {
    let kind = Code(status: status)
    return TorchError(kind, problem: fullSentence(String(cString: ct_last_error())), remedy: kind.remedy(subject))
  }

  /// libtorch's sentences often lack the full stop that lets a remedy follow.
  private static func fullSentence(_ text: String) -> String {
    var text = text
    while let end = text.last, end.isWhitespace { text.removeLast() }
    guard let end = text.last else { return "libtorch gave no reason." }
    return ".!?".contains(end) ? text : text + "."
  }

  static func unsupportedScalarType(_ number: Int32) -> TorchError {
    TorchError(
      .unsupportedResult, problem: "A tensor has libtorch's scalar type number \(number), which has no name here.",
      remedy: "Convert it to one of \(ScalarType.allCases.map(\.description).joined(separator: ", ")).")
  }

  static func unsupportedDevice(_ number: Int32) -> TorchError {
    TorchError(
      .unsupportedResult, problem: "A tensor is on libtorch's device kind number \(number), which has no name here.",
      remedy: "Keep tensors on one of \(Device.Kind.allCases.map(\.rawValue).joined(separator: ", ")).")
  }

  static func unknownDevice(_ name: String) -> TorchError {
    TorchError(
      .invalidArgument, problem: "\"\(name)\" is not the name of a device.", remedy: "Write cpu, cuda or cuda:<number>."
    )
  }

  static func deviceIsAbsent(_ device: Device, count: Int) -> TorchError {
    TorchError(
      .deviceFailed, problem: "There is no device \(device): this machine offers \(count) CUDA devices to libtorch.",
      remedy: "Choose cpu or a device that is there, or install a driver and the CUDA build of torch.")
  }

  static func wrongCount(_ count: Int, shape: [Int]) -> TorchError {
    TorchError(
      .invalidArgument,
      problem: "The shape \(shape) has \(shape.reduce(1, *)) elements but \(count) values were given.",
      remedy: "Give one value for each element.")
  }

  static func notIntegers(_ type: ScalarType) -> TorchError {
    TorchError(
      .invalidType, problem: "A tensor of \(type) cannot be read as integers without loss.",
      remedy: "Round and convert it first with to(type: .int64).")
  }

  static func autocastType(_ type: ScalarType) -> TorchError {
    TorchError(
      .invalidArgument, problem: "Autocast cannot compute in \(type).", remedy: "Choose bfloat16 or float16.")
  }

  static func resultShape(_ operatorName: String, expected: String, schema: String) -> TorchError {
    TorchError(
      .unsupportedResult, problem: "\(operatorName) did not give back \(expected).",
      remedy: "Call it in the form that fits its schema: \(schema).")
  }
}

/// Turns a status into a throw; the subject is only put into words when the call failed.
@inline(__always)
func check(_ status: ct_status, _ subject: @autoclosure () -> String) throws {
  if status != CT_OK { throw TorchError.last(status, in: subject()) }
}
