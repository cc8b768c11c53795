internal import CTorch

/// Where a tensor's elements are.
public struct Device: Hashable, Sendable, CustomStringConvertible {
  /// The kinds of device that are used here, by PyTorch's names.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case cpu
    case cuda
    /// Apple's GPU.
    case mps
    /// No memory at all: shapes without values, for those operators that have a kernel for it.
    case meta

    /// libtorch's own number.
    var number: Int32 {
      switch self {
      case .cpu: 0
      case .cuda: 1
      case .mps: 13
      case .meta: 14
      }
    }

    init?(number: Int32) {
      guard let kind = Kind.allCases.first(where: { $0.number == number }) else { return nil }
      self = kind
    }
  }

  public let kind: Kind
  /// Which of several, from 0; nil where there is only one.
  public let index: Int?

  public init(_ kind: Kind, index: Int? = nil) {
    self.kind = kind
    self.index = index
  }

  public static let cpu = Device(.cpu)

  public static func cuda(_ index: Int = 0) -> Device { Device(.cuda, index: index) }

  /// Reads `cpu`, `cuda` or `cuda:1`.
  ///
  /// - Throws: `TorchError` of kind `invalidArgument` for any other text.
  public init(parsing text: String) throws {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let kind = Kind(rawValue: String(parts[0])), parts.count <= 2 else { throw TorchError.unknownDevice(text) }
    switch (kind, parts.count) {
    case (.cuda, 2):
      guard let index = Int(parts[1]), index >= 0 else { throw TorchError.unknownDevice(text) }
      self = .cuda(index)
    case (.cuda, _):
      self = .cuda()
    case (_, 1):
      self.init(kind)
    default:
      throw TorchError.unknownDevice(text)
    }
  }

  /// Whether libtorch was built with CUDA and sees at least one device.
  public static var cudaIsAvailable: Bool { cudaDeviceCount > 0 }

  /// How many CUDA devices libtorch sees; 0 where it was built without CUDA or there is no driver.
  public static var cudaDeviceCount: Int { Int(ct_cuda_device_count()) }

  /// Whether libtorch was built with CUDA, device or not.
  public static var cudaIsBuilt: Bool { ct_cuda_is_built() }

  /// Throws where the device is not there, so that a study fails at its start and not in its first step.
  ///
  /// - Throws: `TorchError` of kind `deviceFailed`.
  public func validate() throws {
    guard kind == .cuda else { return }
    let count = Device.cudaDeviceCount
    if (index ?? 0) >= count { throw TorchError.deviceIsAbsent(self, count: count) }
  }

  public var description: String { index.map { "\(kind.rawValue):\($0)" } ?? kind.rawValue }

  var indexNumber: Int32 { Int32(index ?? -1) }
}
