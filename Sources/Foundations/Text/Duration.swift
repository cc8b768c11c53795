/// 75 s → "1 min 15 s".
public func spoken(seconds: Double) -> String {
  let whole = Int(seconds.rounded())
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s" }
  let hours = whole / 3600, minutes = whole % 3600 / 60
  return minutes == 0 ? "\(hours) h" : "\(hours) h \(minutes) min"
}
