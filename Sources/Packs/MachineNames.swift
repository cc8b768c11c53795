internal import Foundation

/// The names by which a machine and its user could be known.
public enum MachineNames {
  /// Of the user, and of this machine without its domain.
  public static var current: [String] {
    var host = [CChar](repeating: 0, count: 256)
    let name =
      gethostname(&host, host.count - 1) == 0
      ? String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: ".").first.map(String.init) : nil
    return [NSUserName(), name].compactMap(\.self).filter { !$0.isEmpty && $0 != "localhost" }
  }
}
