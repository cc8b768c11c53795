/// JSON as it is written into a page: keys in the order they are given, shortest round-trip numbers, and no `<`, so that nothing
/// in it can end a script element.
///
/// `JSONEncoder` would need a type for each of plotly's many objects, and takes ten times as long.
public indirect enum JSONText: Sendable, Equatable {
  case text(String)
  case number(Double)
  case flag(Bool)
  case null
  case list([JSONText])
  case object([Member])

  public struct Member: Sendable, Equatable {
    public let key: String
    public let value: JSONText
  }

  static func numbers(_ values: [Double?]) -> JSONText { .list(values.map { $0.map(JSONText.number) ?? .null }) }
  static func texts(_ values: [String]) -> JSONText { .list(values.map(JSONText.text)) }

  public subscript(key: String) -> JSONText? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The same object with one more member.
  func with(_ key: String, _ value: JSONText) -> JSONText {
    guard case .object(let members) = self else { return self }
    return .object(members + [Member(key: key, value: value)])
  }

  public var encoded: String {
    var text = ""
    write(to: &text)
    return text
  }

  func write(to text: inout String) {
    switch self {
    case .text(let value): Self.write(value, to: &text)
    // JSON has no word for infinite and undefined numbers; plotly leaves out null.
    case .number(let value): text += value.isFinite ? Self.shortest(value) : "null"
    case .flag(let value): text += value ? "true" : "false"
    case .null: text += "null"
    case .list(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        value.write(to: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        Self.write(member.key, to: &text)
        text += ":"
        member.value.write(to: &text)
      }
      text += "}"
    }
  }

  private static func shortest(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    return "\(value)"
  }

  private static func write(_ value: String, to text: inout String) {
    text += "\""
    let isPlain = value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C && $0 != 0x3C }
    if isPlain {
      text += value
    } else {
      for scalar in value.unicodeScalars {
        switch scalar {
        case "\"": text += "\\\""
        case "\\": text += "\\\\"
        case "\n": text += "\\n"
        case _
        where scalar.value < 0x20 || scalar == "<" || scalar.value == 0x7F || scalar.value == 0x2028 || scalar.value == 0x2029:
          let digits = String(scalar.value, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: text.unicodeScalars.append(scalar)
        }
      }
    }
    text += "\""
  }
}

extension JSONText: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .text(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(booleanLiteral value: Bool) { self = .flag(value) }
  public init(arrayLiteral values: JSONText...) { self = .list(values) }
  public init(dictionaryLiteral members: (String, JSONText)...) { self = .object(members.map { Member(key: $0, value: $1) }) }
}
