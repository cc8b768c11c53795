internal import Foundation

/// What a NIfTI-1 or NIfTI-2 file says of its volume (nifti1.h of the NIfTI data format working group; nifti2.h).
public struct NIfTIHeader: Sendable, Equatable {
  /// 1 or 2.
  public let version: Int
  public let isBigEndian: Bool
  /// In voxels, one to seven of them: columns, rows, slices, times, ...
  public let dimensions: [Int]
  /// The number of three-dimensional volumes: the product of the dimensions past the third.
  public var volumeCount: Int { dimensions.dropFirst(3).reduce(1) { $0.multipliedReportingOverflow(by: $1).overflow ? .max : $0 * $1 } }
  /// NumPy's name of the stored type; colors are `uint8` with several samples a voxel.
  public let typeName: String
  /// 1, or 3 for RGB and 4 for RGBA.
  public let samplesPerVoxel: Int
  /// Distances along the stored axes, in millimeters as a rule.
  public let zooms: [Double]
  /// What turns them into millimeters: 1 where the file names no unit, as ITK takes it.
  let millimetersPerUnit: Double
  /// value = slope × stored + intercept; 1 and 0 where the file says none.
  public let slope: Double
  public let intercept: Double
  /// Three rows of four: from stored place (i, j, k, 1) to millimeters right, anterior, superior.
  public let affine: [[Double]]
  /// Whether the file says how the volume lies in the patient.
  public let hasOrientation: Bool
  /// What it says and cannot be used, a clause each.
  public let remarks: [String]

  /// Whether voxels may be other than whole numbers, or none at all.
  var isFractional: Bool { typeName.hasPrefix("float") }

  let sample: NIfTISample
  /// Where the voxels begin: in the same file, or in the `.img` beside it.
  let voxelOffset: Int
  let isPair: Bool

  /// Bytes that hold the larger of the two headers.
  static let byteCount = 540

  /// The version and byte order that the first bytes claim, or nil where they are no NIfTI header.
  static func signature(_ bytes: UnsafeRawBufferPointer) -> (version: Int, isBigEndian: Bool, isPair: Bool)? {
    guard bytes.count >= 348 else { return nil }
    let size = bytes.loadUnaligned(as: UInt32.self)
    for (version, length, place) in [(1, UInt32(348), 344), (2, UInt32(540), 4)] {
      guard size == length || size.byteSwapped == length else { continue }
      let magic = bytes[place..<place + 4]
      let digit = version == 1 ? "1" : "2"
      let isPair = magic.elementsEqual("ni\(digit)\0".utf8)
      guard isPair || magic.elementsEqual("n+\(digit)\0".utf8) else { continue }
      return (version, size.littleEndian != length, isPair)
    }
    return nil
  }

  init(_ bytes: UnsafeRawBufferPointer) throws {
    guard let (version, isBigEndian, isPair) = Self.signature(bytes), bytes.count >= (version == 1 ? 348 : 540) else {
      throw FormatFailure.malformed("it has no NIfTI header")
    }
    let fields = NIfTIFields(bytes: bytes, isBigEndian: isBigEndian, isSecond: version == 2)
    self.version = version
    self.isBigEndian = isBigEndian
    self.isPair = isPair
    let count = fields.dimension(0)
    guard (1...7).contains(count) else { throw FormatFailure.malformed("its NIfTI header names \(count) dimensions") }
    dimensions = (1...count).map(fields.dimension)
    guard dimensions.allSatisfy({ $0 > 0 }) else {
      throw FormatFailure.malformed("its NIfTI dimensions are \(dimensions.map(String.init).joined(separator: " × "))")
    }
    let code = fields.dataType
    guard let sample = NIfTISample(code: code) else { throw FormatFailure.unsupported("a NIfTI volume of data type \(code)") }
    self.sample = sample
    typeName = sample.typeName
    samplesPerVoxel = sample.samplesPerVoxel
    let offset = fields.voxelOffset
    guard offset.isFinite, offset >= 0, offset < 1e9 else { throw FormatFailure.malformed("its NIfTI voxels begin at \(offset)") }
    voxelOffset = isPair ? Int(offset) : max(Int(offset), version == 1 ? 348 : 540)
    let (slope, intercept) = (fields.slope, fields.intercept)
    let isScaled = slope != 0 && slope.isFinite && intercept.isFinite && sample.samplesPerVoxel == 1
    self.slope = isScaled ? slope : 1
    self.intercept = isScaled ? intercept : 0
    millimetersPerUnit = fields.millimetersPerUnit
    zooms = (1...count).map { abs(fields.distance($0)) }
    var remarks = [String]()
    // Not a number twice, or 0, is how programs write that there is no scale.
    let isNoScale = slope == 0 || (slope.isNaN && intercept.isNaN)
    if !isScaled, !isNoScale, sample.samplesPerVoxel == 1 { remarks.append("its scale factors (\(slope), \(intercept)) are no numbers and are not used") }
    let places = fields.affines(dimensions: dimensions)
    // A map that cannot be undone says of no voxel where it is; the next one counts.
    guard let chosen = places.first(where: { isInvertible($0.affine) }) else { throw FormatFailure.malformed("its NIfTI orientation cannot be inverted") }
    for place in places.prefix(while: { !isInvertible($0.affine) }) { remarks.append("its \(place.name) cannot be inverted and is not used") }
    affine = chosen.affine
    hasOrientation = chosen.isStated
    self.remarks = remarks
  }
}

/// The fields of either header by their places.
private struct NIfTIFields {
  let bytes: UnsafeRawBufferPointer
  let isBigEndian: Bool
  let isSecond: Bool

  private func integer<Value: FixedWidthInteger>(_ place: Int, _ type: Value.Type) -> Value {
    let value = bytes.loadUnaligned(fromByteOffset: place, as: Value.self)
    return isBigEndian ? Value(bigEndian: value) : Value(littleEndian: value)
  }

  private func real(_ first: Int, _ second: Int, _ index: Int = 0) -> Double {
    isSecond
      ? Double(bitPattern: integer(second + 8 * index, UInt64.self))
      : Double(Float(bitPattern: integer(first + 4 * index, UInt32.self)))
  }

  private func code(_ first: Int, _ second: Int) -> Int {
    isSecond ? Int(integer(second, Int32.self)) : Int(integer(first, Int16.self))
  }

  func dimension(_ index: Int) -> Int {
    isSecond ? Int(integer(16 + 8 * index, Int64.self)) : Int(integer(40 + 2 * index, Int16.self))
  }

  func distance(_ index: Int) -> Double { real(76, 104, index) }

  /// The low three bits of `xyzt_units`: meters, millimeters, micrometers.
  var millimetersPerUnit: Double {
    switch (isSecond ? Int(integer(500, Int32.self)) : Int(bytes[123])) & 7 {
    case 1: 1000
    case 3: 0.001
    default: 1
    }
  }

  var dataType: Int { Int(integer(isSecond ? 12 : 70, Int16.self)) }
  var voxelOffset: Double { isSecond ? Double(integer(168, Int64.self)) : real(108, 0) }
  var slope: Double { real(112, 176) }
  var intercept: Double { real(116, 184) }
  var quaternionCode: Int { code(252, 344) }
  var surfaceCode: Int { code(254, 348) }

  /// The general map where there is one, the rotation where there is one, and the distances alone around the center, with the first
  /// axis to the left, as nibabel has it.
  func affines(dimensions: [Int]) -> [(name: String, affine: [[Double]], isStated: Bool)] {
    var all = [(name: String, affine: [[Double]], isStated: Bool)]()
    if surfaceCode > 0 { all.append(("affine map (sform)", (0..<3).map { row in (0..<4).map { real(280, 400, 4 * row + $0) } }, true)) }
    if quaternionCode > 0 { all.append(("rotation (qform)", rotation ?? [], true)) }
    let plain = (0..<3).map { row in
      let size = row < dimensions.count ? dimensions[row] : 1
      let stated = row < dimensions.count ? abs(distance(row + 1)) : 1
      // A distance of nothing is no distance.
      let step = (row == 0 ? -1 : 1) * (stated > 0 && stated.isFinite ? stated : 1)
      return (0..<4).map { $0 == row ? step : $0 == 3 ? -step * Double(size - 1) / 2 : 0 }
    }
    return all + [("voxel sizes", plain, false)]
  }

  /// The map that the quaternion says; nil for one longer than 1.
  private var rotation: [[Double]]? {
    let (b, c, d) = (real(256, 352), real(260, 360), real(264, 368))
    let rest = 1 - b * b - c * c - d * d
    guard rest > -1e-5 else { return nil }
    let a = max(rest, 0).squareRoot()
    let flip: Double = distance(0) < 0 ? -1 : 1
    let rotation = [
      [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
      [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
      [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
    ]
    let steps = [abs(distance(1)), abs(distance(2)), abs(distance(3)) * flip]
    return (0..<3).map { row in
      (0..<3).map { rotation[row][$0] * steps[$0] } + [real(268, 376, row)]
    }
  }
}

/// Whether three rows of four tell voxels apart: finite, and of a determinant that is not nothing beside its columns' lengths.
private func isInvertible(_ affine: [[Double]]) -> Bool {
  guard affine.count == 3, affine.joined().allSatisfy(\.isFinite) else { return false }
  let m = affine
  let determinant =
    m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
    + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
  let lengths = (0..<3).map { column in m.reduce(0) { $0 + $1[column] * $1[column] }.squareRoot() }
  return abs(determinant) > 1e-6 * lengths.reduce(1, *)
}

extension NIfTIHeader {
  /// The directions in which the stored axes run, such as "LPS": to the left, posterior, superior.
  public var axisDirections: String { NIfTIOrientation(affine: affine).letters }
}

/// The type of a stored sample.
struct NIfTISample: Sendable, Equatable {
  let typeName: String
  let byteCount: Int
  let samplesPerVoxel: Int

  init?(code: Int) {
    let known: [Int: (String, Int, Int)] = [
      2: ("uint8", 1, 1), 4: ("int16", 2, 1), 8: ("int32", 4, 1), 16: ("float32", 4, 1), 64: ("float64", 8, 1), 128: ("uint8", 1, 3),
      256: ("int8", 1, 1), 512: ("uint16", 2, 1), 768: ("uint32", 4, 1), 1024: ("int64", 8, 1), 1280: ("uint64", 8, 1),
      2304: ("uint8", 1, 4),
    ]
    guard let (typeName, byteCount, samplesPerVoxel) = known[code] else { return nil }
    self.typeName = typeName
    self.byteCount = byteCount
    self.samplesPerVoxel = samplesPerVoxel
  }
}
