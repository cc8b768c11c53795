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

  public static func encodeText(_ value: some Encodable) throws -> String { String(decoding: try encode(value), as: UTF8.self) }
}
