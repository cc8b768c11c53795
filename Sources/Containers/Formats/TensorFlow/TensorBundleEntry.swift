internal import Foundation

/// What a bundle's index says first: `BundleHeaderProto` of tensor_bundle.proto.
struct TensorBundleHeader: Equatable {
  var shardCount = 0
  var isBigEndian = false
  /// The oldest reader version that may read it; this reader is of version 1, as all of TensorFlow's so far.
  var minimumReader = 0

  init(parsing bytes: ArraySlice<UInt8>) throws {
    var reader = ProtocolBufferReader(bytes)
    while let (number, value) = try reader.field() {
      switch (number, value) {
      case (1, .varint(let count)): shardCount = Int(truncatingIfNeeded: count)
      case (2, .varint(let order)): isBigEndian = order != 0
      case (3, .bytes(let version)):
        var reader = ProtocolBufferReader(version)
        while let (number, value) = try reader.field() {
          if number == 2, case .varint(let minimum) = value { minimumReader = Int(truncatingIfNeeded: minimum) }
        }
      default: continue
      }
    }
  }
}

/// What a bundle's index says about one tensor: `BundleEntryProto` of tensor_bundle.proto.
struct TensorBundleEntry: Equatable {
  var dataType: UInt64 = 0
  var shape: [Int] = []
  var shard = 0
  var offset = 0
  var size = 0
  /// Masked, as stored; nil when the writer left it out.
  var checksum: UInt32?
  var isSliced = false

  /// Numbers past Int come out negative and are refused where the places are checked.
  init(parsing bytes: ArraySlice<UInt8>) throws {
    var reader = ProtocolBufferReader(bytes)
    while let (number, value) = try reader.field() {
      switch (number, value) {
      case (1, .varint(let type)): dataType = type
      case (2, .bytes(let shape)): self.shape = try Self.sizes(shape)
      case (3, .varint(let shard)): self.shard = Int(truncatingIfNeeded: shard)
      case (4, .varint(let offset)): self.offset = Int(truncatingIfNeeded: offset)
      case (5, .varint(let size)): self.size = Int(truncatingIfNeeded: size)
      case (6, .fixed32(let checksum)): self.checksum = checksum
      case (7, _): isSliced = true
      default: continue
      }
    }
  }

  /// `TensorShapeProto`: one message a dimension, whose first field is the size. An unknown rank is not a stored tensor's.
  private static func sizes(_ bytes: ArraySlice<UInt8>) throws -> [Int] {
    var sizes: [Int] = []
    var reader = ProtocolBufferReader(bytes)
    while let (number, value) = try reader.field() {
      guard number == 2, case .bytes(let dimension) = value else { continue }
      guard sizes.count < Extent.maximumRank else { throw ContainersError.tooLarge("dimensions", limit: Extent.maximumRank) }
      var size = 0
      var reader = ProtocolBufferReader(dimension)
      while let (number, value) = try reader.field() {
        if number == 1, case .varint(let count) = value { size = Int(truncatingIfNeeded: count) }
      }
      sizes.append(size)
    }
    return sizes
  }

  /// The numbers that TensorFlow gives to what an element is.
  private static let elementTypes: [UInt64: ElementType] = [
    1: .float32, 2: .float64, 3: .int32, 4: .uint8, 5: .int16, 6: .int8, 8: .complex64, 9: .int64, 10: .bool, 14: .bfloat16,
    17: .uint16, 19: .float16, 22: .uint32, 23: .uint64, 24: .float8e5m2, 25: .float8e4m3,
  ]
  private static let otherTypes: [UInt64: String] = [
    7: "string", 11: "qint8", 12: "quint8", 13: "qint32", 15: "qint16", 16: "quint16", 18: "complex128", 20: "resource",
    21: "variant", 29: "int4", 30: "uint4",
  ]

  /// Nil for a type that holds no plain numbers.
  var elementType: ElementType? { Self.elementTypes[dataType] }
  var typeName: String { Self.otherTypes[dataType] ?? "type \(dataType)" }
}
