public import Foundation

/// JSON with one spelling for one value: keys sorted, no white space, slashes not escaped, shortest round-trip numbers.
///
/// Identities are digests of it and run files are written in it, so that the same content is the same bytes.
public enum CanonicalJSON {
  public static func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(value)
    } catch {
      throw FoundationsError.notEncodable("\(error)")
    }
  }

  /// The same, indented for people to read. Ends in a line break.
  public static func encodePretty(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    do {
      return try encoder.encode(value) + Data("\n".utf8)
    } catch {
      throw FoundationsError.notEncodable("\(error)")
    }
  }

  /// Fills empty lists of an indented object with entries that stand on a line each, for what is long and many.
  ///
  /// - Parameters:
  ///   - object: of `encodePretty`; the lists are members of the object itself.
  ///   - lists: by key, in the order of the object; the lines are indented and parted by commas already, several to a piece.
  public static func fill(_ object: Data, _ lists: [(key: String, lines: [Data])]) throws -> Data {
    var text = Data(capacity: lists.reduce(object.count) { $1.lines.reduce($0) { $0 + $1.count + 2 } }), place = object.startIndex
    for (key, lines) in lists where !lines.isEmpty {
      // A text has no line break of its own, so only a member of the outermost object stands so.
      guard let empty = object.range(of: Data("\n  \"\(key)\" : [\n\n  ]".utf8), in: place..<object.endIndex) else {
        throw FoundationsError.notEncodable("there is no empty list “\(key)”")
      }
      text += object[place..<empty.lowerBound] + Data("\n  \"\(key)\" : [\n".utf8)
      for (index, piece) in lines.enumerated() {
        if index > 0 { text += Data(",\n".utf8) }
        text += piece
      }
      text += Data("\n  ]".utf8)
      place = empty.upperBound
    }
    return text + object[place...]
  }

  public static func encodeText(_ value: some Encodable) throws -> String { String(decoding: try encode(value), as: UTF8.self) }
}
