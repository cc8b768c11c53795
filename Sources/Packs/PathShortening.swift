internal import Foundation

/// Takes the machine's paths out of texts: `/home/ann/data/chestxray14` becomes `…/chestxray14`.
///
/// An absolute path (or one from `~`) is any run of characters from a slash that no letter or digit precedes up to white space, a
/// quote, a bracket, a comma or a semicolon. Paths with spaces are found where they are known: the study's own, its data's, its
/// weights'. Two paths that end alike stay two: the second becomes `…/2/name`.
struct PathShortening {
  private let known: [String]
  private var names: [String: String] = [:]
  private var taken: Set<String> = []

  /// - Parameter known: absolute paths that texts may hold with spaces in them.
  init(known: [String]) {
    self.known = Set(known.filter { $0.count > 1 }).sorted { ($0.count, $0) > ($1.count, $1) }
  }

  /// The text without absolute paths, and how many were shortened.
  mutating func shortened(_ text: String) -> (text: String, count: Int) {
    guard text.utf8.contains(UInt8(ascii: "/")) else { return (text, 0) }
    var result = "", count = 0
    var rest = Substring(text), previous: Character?
    while let first = rest.first {
      if Self.mayBegin(after: previous), first == "/" || first == "~", let path = path(at: rest) {
        result += name(of: path)
        count += 1
        rest = rest.dropFirst(path.count)
        previous = path.last
        continue
      }
      // Up to the next place where a path could begin.
      let next = rest.dropFirst().firstIndex { $0 == "/" || $0 == "~" } ?? rest.endIndex
      result += rest[..<next]
      previous = rest[rest.index(before: next)]
      rest = rest[next...]
    }
    return (result, count)
  }

  private static func mayBegin(after previous: Character?) -> Bool {
    guard let previous else { return true }
    return !(previous.isLetter || previous.isNumber || "/.~…_-+:@%)>".contains(previous))
  }

  /// The path that begins here; nil for a lone slash.
  private func path(at rest: Substring) -> String? {
    var length = 0
    for path in known where rest.hasPrefix(path) {
      length = path.count
      break
    }
    let tail = rest.dropFirst(length).prefix { !$0.isWhitespace && !"\"'“”‘’`<>|,;(){}[]\\#".contains($0) }
    var path = String(rest.prefix(length)) + tail
    while let last = path.last, path.count > length, ".:!?/".contains(last) { path.removeLast() }
    let body = path.drop { $0 == "/" || $0 == "~" }
    // `~5` is “about five”, and `/ 2` a division.
    return body.isEmpty || (path.hasPrefix("~") && !path.hasPrefix("~/")) || path.hasPrefix("//") ? nil : path
  }

  private mutating func name(of path: String) -> String {
    if let known = names[path] { return known }
    let last = path.split(separator: "/").last.map(String.init) ?? ""
    var name = "…/\(last)", number = 2
    while !taken.insert(name).inserted {
      name = "…/\(number)/\(last)"
      number += 1
    }
    names[path] = name
    return name
  }
}
