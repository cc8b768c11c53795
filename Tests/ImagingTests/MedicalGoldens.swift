import Foundation
import Testing

@testable import Imaging

/// What Tools/goldens/medical_images.py found with pydicom and nibabel.
enum MedicalGoldens {
  struct Files: Decodable {
    let dicom: [String: DICOM]
    let nifti: [String: NIfTI]
  }

  struct DICOM: Decodable {
    let refused: String?
    let type: String?
    let shape: [Int]?
    let sha256: String?
    /// Samples 7919 i mod count.
    let probes: [Double]?
    let isLossy: Bool?
    let syntax: String?
    let rescaled: [Double]?
    let displayed: [Double]?
  }

  struct NIfTI: Decodable {
    let refused: String?
    let type: String?
    let shape: [Int]?
    let sha256: String?
    let scaled: [Double?]?
    let canonicalShape: [Int]?
    let canonical: [Double?]?
    let zooms: [Double]?
  }

  static let folder = Goldens.folder.appendingPathComponent("medical")

  static func file(_ name: String) -> URL { folder.appendingPathComponent(name) }

  static let made = Result { try Goldens.decode(Files.self, from: "medical.json") }
  static let real = Result { try Goldens.decode(Files.self, from: "real-medical.json") }

  static let dicomNames = ((try? made.get().dicom) ?? [:]).keys.sorted()
  static let niftiNames = ((try? made.get().nifti) ?? [:]).keys.sorted()

  /// The samples that the goldens keep of an array.
  static func probes<Values: RandomAccessCollection<Value>, Value>(_ values: Values) -> [Value] where Values.Index == Int {
    (0..<97).map { values[7919 * $0 % values.count] }
  }
}

extension MedicalGoldens {
  /// The same of stored samples, without turning all of them into numbers.
  static func probes(_ samples: StoredSamples) -> [Double] {
    switch samples {
    case .uint8(let values): return probes(values).map { Double($0) }
    case .float32(let values): return probes(values).map { Double($0) }
    default: return probes(samples.doubles)
    }
  }
}

/// The largest difference between two lists; infinite where their lengths differ.
func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
}

extension StoredSamples {
  var doubles: [Double] {
    withBytes { raw in
      func read<Value: BinaryInteger>(_ type: Value.Type) -> [Double] { raw.bindMemory(to: Value.self).map { Double($0) } }
      switch self {
      case .uint8: return read(UInt8.self)
      case .int8: return read(Int8.self)
      case .uint16: return read(UInt16.self)
      case .int16: return read(Int16.self)
      case .uint32: return read(UInt32.self)
      case .int32: return read(Int32.self)
      case .uint64: return read(UInt64.self)
      case .int64: return read(Int64.self)
      case .float32: return raw.bindMemory(to: Float.self).map(Double.init)
      case .float64: return Array(raw.bindMemory(to: Double.self))
      }
    }
  }
}

extension DICOMFile {
  /// All frames one behind the other, as pydicom's `pixel_array` has them.
  func allFrames() throws -> (type: String, bytes: [UInt8], values: [Double]) {
    var bytes: [UInt8] = []
    var values: [Double] = []
    var type = ""
    for index in 0..<header.frames {
      let samples = try frame(index)
      type = samples.typeName
      samples.withBytes { bytes += $0 }
      values += samples.doubles
    }
    return (type, bytes, values)
  }

  /// The shape of `pixel_array`.
  var shape: [Int] {
    (header.frames > 1 ? [header.frames] : []) + [header.rows, header.columns] + (header.samplesPerPixel > 1 ? [header.samplesPerPixel] : [])
  }
}
