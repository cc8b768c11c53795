internal import Foundation

/// A size as people say it: 512 bytes, 94.2 MB. A MB is 10⁶ bytes, as disks and publishers count.
public func spoken(bytes count: Int) -> String {
  guard count >= 1000 else { return "\(count) byte\(count == 1 ? "" : "s")" }
  var size = Double(count)
  var unit = 0
  let units = ["bytes", "kB", "MB", "GB", "TB"]
  while size >= 999.5, unit < units.count - 1 {
    size /= 1000
    unit += 1
  }
  return String(format: size < 9.995 ? "%.2f %@" : size < 99.95 ? "%.1f %@" : "%.0f %@", size, units[unit])
}
