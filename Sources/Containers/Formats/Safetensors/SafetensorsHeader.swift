internal import Foundation

/// One array as a safetensors header describes it, before any of it is checked against the file.
struct SafetensorsEntry: Equatable {
  var name: String
  var elementType: String
  var shape: [Int]
  var begin: Int
  var end: Int
}

/// The header of a safetensors file: a JSON object of a fixed form.
///
/// Parsed by hand because the format forbids what JSON decoders let pass: a key that occurs twice, numbers that are not
/// whole, values of another kind. The grammar has a fixed depth, so that no input can make the parser recurse.
struct SafetensorsHeader: Equatable {
  var entries: [SafetensorsEntry] = []
  var metadata: [String: String] = [:]

  /// The format's own limit, in bytes.
  static let byteLimit = 100_000_000

  init() {}

  init(parsing bytes: Data) throws {
    var reader = StrictJSONReader(bytes)
    var names: Set<String> = []
    try reader.object { key, reader in
      guard names.insert(key).inserted else { throw ContainersError.malformedSafetensors("the name \(key) occurs twice") }
      if key == "__metadata__" {
        try reader.object { key, reader in
          guard self.metadata.updateValue(try reader.string(), forKey: key) == nil else {
            throw ContainersError.malformedSafetensors("the metadata key \(key) occurs twice")
          }
        }
      } else {
        self.entries.append(try Self.entry(named: key, from: &reader))
      }
    }
    try reader.end()
  }

  private static func entry(named name: String, from reader: inout StrictJSONReader) throws -> SafetensorsEntry {
    var elementType: String?
    var shape: [Int]?
    var offsets: [Int]?
    try reader.object { key, reader in
      switch key {
      case "dtype" where elementType == nil: elementType = try reader.string()
      case "shape" where shape == nil: shape = try reader.wholeNumbers()
      case "data_offsets" where offsets == nil: offsets = try reader.wholeNumbers()
      case "dtype", "shape", "data_offsets":
        throw ContainersError.malformedSafetensors("\(name) has \(key) twice")
      default: throw ContainersError.malformedSafetensors("\(name) has the unknown field \(key)")
      }
    }
    guard let elementType, let shape, let offsets, offsets.count == 2 else {
      throw ContainersError.malformedSafetensors("\(name) lacks dtype, shape or its two data_offsets")
    }
    return SafetensorsEntry(name: name, elementType: elementType, shape: shape, begin: offsets[0], end: offsets[1])
  }
}
