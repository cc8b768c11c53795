/// The elements without those that are there before, in their order.
public func distinct<Element: Hashable>(_ all: some Sequence<Element>) -> [Element] {
  var seen: Set<Element> = []
  return all.filter { seen.insert($0).inserted }
}
