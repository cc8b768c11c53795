/// The first of many names, separated by commas, and how many more there are: “a, b, c and 4 more”.
public func firstFew(_ names: [String], atMost count: Int = 3, separator: String = ", ") -> String {
  let shown = names.prefix(count).joined(separator: separator)
  return names.count > count ? "\(shown) and \(names.count - count) more" : shown
}
