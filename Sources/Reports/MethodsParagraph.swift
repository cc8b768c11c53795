/// A part of a Methods section on one thing, with what it is about.
public struct MethodsParagraph: Sendable, Equatable {
  public let title: String
  public let text: String

  init(_ title: String, _ sentences: [String]) { (self.title, text) = (title, sentences.filter { !$0.isEmpty }.joined(separator: " ")) }
}

extension [MethodsParagraph] {
  /// Those that say something, the sentences of one title together.
  var said: [MethodsParagraph] {
    var order: [String] = [], sentences: [String: [String]] = [:]
    for one in self where !one.text.isEmpty {
      if sentences[one.title] == nil { order.append(one.title) }
      sentences[one.title, default: []].append(one.text)
    }
    return order.map { MethodsParagraph($0, sentences[$0] ?? []) }
  }

  /// Without titles, as a journal's text.
  var text: String { map(\.text).joined(separator: "\n\n") }
}
