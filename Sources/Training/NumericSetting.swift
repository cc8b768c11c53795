public import Studies
public import Torch

/// The number formats and the place a training computes in.
///
/// `bfloat16` is automatic mixed precision: parameters and optimizer state stay float32, convolutions and products run in
/// bfloat16, losses in float32.
public struct NumericSetting: Sendable {
  public let device: Device
  public let precision: Precision

  public init(device: Device, precision: Precision) {
    self.device = device
    self.precision = precision
  }

  /// The element type of parameters and inputs.
  public var parameterType: ScalarType { precision == .float64 ? .float64 : .float32 }

  /// How images and four-dimensional parameters lie in memory.
  ///
  /// Channels-last is faster in bfloat16 and on a GPU. On a CPU in float32 and float64 PyTorch's own default is kept: then
  /// every loss is PyTorch's, digit for digit, where another layout would round differently from the second step on.
  public var memoryFormat: MemoryFormat { device == .cpu && precision != .bfloat16 ? .contiguous : .channelsLast }

  /// Runs `body` under this setting's autocast.
  public func computing<Result>(_ body: () throws -> Result) throws -> Result {
    try withAutocast(.bfloat16, on: device, enabled: precision == .bfloat16) { try body() }
  }

  /// The device a study's `device` names: `auto` is the first GPU where there is one, else the CPU.
  public static func device(named name: String) throws -> Device {
    let available = ["cpu"] + (0..<Device.cudaDeviceCount).map { "cuda:\($0)" }
    switch name {
    case "auto": return Device.cudaIsAvailable ? .cuda(0) : .cpu
    case "cpu": return .cpu
    default:
      let full = name == "cuda" ? "cuda:0" : name
      guard full != "cpu", available.contains(full), let index = Int(full.dropFirst("cuda:".count)) else {
        throw TrainingError.noSuchDevice(name, available: available.joined(separator: ", "))
      }
      return .cuda(index)
    }
  }
}
